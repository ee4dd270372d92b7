"""The bridge's own key. It is made on this computer and never leaves it; the server knows its public half."""

from __future__ import annotations

import base64
import hashlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_RAW = serialization.Encoding.Raw


class KeyStore(Protocol):
    """Where the private key is kept."""

    def load(self) -> bytes | None: ...

    def save(self, secret: bytes) -> None: ...


class FileStore:
    """A file that only this user may read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> bytes | None:
        """The stored key, or None. Raises PermissionError when others may read it."""
        if not self._path.exists():
            return None
        if os.name == "posix" and self._path.stat().st_mode & 0o077:
            raise PermissionError(f"others may read {self._path}; set its mode to 600")
        return base64.b64decode(self._path.read_text("ascii"))

    def save(self, secret: bytes) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(base64.b64encode(secret).decode())
        os.replace(fresh, self._path)


class KeyringStore:
    """The computer's own vault: DPAPI behind the Windows credential manager, or the macOS keychain."""

    SERVICE = "sitthi-card-bridge"

    def load(self) -> bytes | None:
        import keyring

        found = keyring.get_password(self.SERVICE, "signing-key")
        return base64.b64decode(found) if found else None

    def save(self, secret: bytes) -> None:
        import keyring

        keyring.set_password(self.SERVICE, "signing-key", base64.b64encode(secret).decode())


def store_for(directory: Path) -> KeyStore:
    """The vault on Windows and macOS, a file elsewhere."""
    return KeyringStore() if sys.platform in ("win32", "darwin") else FileStore(directory / "signing-key")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The key and the name the server gave this bridge (empty before it is enrolled)."""

    private: Ed25519PrivateKey
    device_id: str = ""

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes(_RAW, serialization.PublicFormat.Raw)

    @property
    def key_id(self) -> str:
        return hashlib.sha256(self.public).hexdigest()[:16]

    @property
    def fingerprint(self) -> str:
        """What the administrator compares on both screens: groups of four letters and digits."""
        digits = hashlib.sha256(self.public).hexdigest()[:24].upper()
        return "-".join(digits[at : at + 4] for at in range(0, len(digits), 4))

    def sign(self, data: bytes) -> bytes:
        return self.private.sign(data)


def load_or_make(store: KeyStore, device_id: str = "") -> SigningKey:
    """The stored key, or a new one that is stored first."""
    secret = store.load()
    if secret is None:
        private = Ed25519PrivateKey.generate()
        secret = private.private_bytes(_RAW, serialization.PrivateFormat.Raw, serialization.NoEncryption())
        store.save(secret)
    return SigningKey(Ed25519PrivateKey.from_private_bytes(secret), device_id)
