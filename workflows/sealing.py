"""Secrets at rest: sealing, blind indexes and message authentication, all from one master secret.

Every use has its own sub-key (HKDF-SHA256 with the purpose as info), so no two uses can be confused. Sealed values
are ``version(1) nonce(12) ciphertext`` under AES-256-GCM; the associated data ties a value to its place, so that
copying it to another row makes it unreadable.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from workflows.errors import SitthiError

_VERSION = b"\x01"


class SealBroken(SitthiError):
    """A sealed value is not authentic or belongs elsewhere / ข้อมูลที่ปิดผนึกไว้ถูกแก้ไขหรืออยู่ผิดที่"""


class Keyring:
    """Derives and holds the sub-keys of one installation. ``secret`` must be at least 32 random bytes."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < 32:
            raise ValueError("the master secret must have at least 32 bytes")
        self._secret = secret

    def subkey(self, purpose: str) -> bytes:
        """A 256-bit key for one purpose."""
        return HKDF(SHA256(), 32, salt=None, info=f"sitthi/{purpose}".encode()).derive(self._secret)

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(self.subkey("seal"))

    @cached_property
    def _index_key(self) -> bytes:
        return self.subkey("blind-index")

    @cached_property
    def _audit(self) -> hmac.HMAC:
        return hmac.new(self.subkey("audit"), digestmod="sha256")

    def seal(self, place: str, clear: bytes) -> bytes:
        """Encrypt ``clear`` for one place, e.g. ``account.pid/42``."""
        nonce = secrets.token_bytes(12)
        return _VERSION + nonce + self._cipher.encrypt(nonce, clear, place.encode())

    def unseal(self, place: str, sealed: bytes) -> bytes:
        """The clear value. Raises SealBroken when it was altered or sealed for another place."""
        if sealed[:1] != _VERSION:
            raise SealBroken()
        try:
            return self._cipher.decrypt(bytes(sealed[1:13]), bytes(sealed[13:]), place.encode())
        except InvalidTag as broken:
            raise SealBroken() from broken

    def index(self, field: str, normal_form: str) -> bytes:
        """A 16-byte blind index: equal values give equal indexes, nothing else can be learnt without the key."""
        return hmac.digest(self._index_key, f"{field}\0{normal_form}".encode(), hashlib.sha256)[:16]

    def digest(self, purpose: str, text: str) -> str:
        """A keyed digest (hex) of a short secret, such as a one-time code or an API token."""
        return hmac.new(self.subkey(f"digest/{purpose}"), text.encode(), hashlib.sha256).hexdigest()

    def signer(self, purpose: str) -> Ed25519PrivateKey:
        """A signing key for one purpose, whose public half others may keep."""
        return Ed25519PrivateKey.from_private_bytes(self.subkey(f"sign/{purpose}"))

    def chain(self, previous: bytes, body: bytes) -> bytes:
        """The next link of an audit chain."""
        mac = self._audit.copy()  # setting up the key costs more than the rest
        mac.update(previous + body)
        return mac.digest()
