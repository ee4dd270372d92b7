"""The server's half, as far as a bridge sees it: permissions to read, and the check of what comes back."""

from __future__ import annotations

import base64
import json
import secrets
import time
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SERVER = "https://sitthi.example"


class ServerSide:
    """One server with its key."""

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.generate()
        self.public = self._key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)

    def permission(self, device_id: str | None = "d1", *, audience: str = SERVER, seconds: int = 90) -> str:
        """A token that lets a bridge read once."""
        said = {
            "nonce": secrets.token_urlsafe(32),
            "aud": audience,
            "device_id": device_id,
            "exp": int(time.time()) + seconds,
        }
        payload = json.dumps(said).encode()
        return f"{_b64(payload)}.{_b64(self._key.sign(b'card-challenge/v1' + bytes([10]) + payload))}"


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def signature_holds(reading: dict[str, Any], public: bytes) -> bool:
    """Whether this key signed exactly this envelope; written from the document, not from the bridge's code."""
    text = json.dumps(reading["envelope"], sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    key = Ed25519PublicKey.from_public_bytes(public)
    try:
        key.verify(base64.b64decode(reading["signature"]), b"card-bridge/v1\n" + text.encode())
    except Exception:
        return False
    return True
