"""The server's permission for one reading, signed by the server and short-lived.

Without it no card is read: an allowed page alone, or a script in it, cannot collect people's cards.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PREFIX: Final = b"card-challenge/v1\n"
_CLOCKS_DIFFER = timedelta(minutes=5)
"""Clinic PCs' clocks are off by minutes; the server's own check of the time is the strict one."""
_LONGEST = 2048


class ChallengeRefused(Exception):
    """The permission is not the server's, not for this bridge, or over."""


@dataclass(frozen=True, slots=True)
class Challenge:
    nonce: str
    audience: str


def verify(token: str, server_key: bytes, *, device_id: str, audience: str, now: datetime) -> Challenge:
    """The permission in a token ``payload.signature`` (base64url). Raises ChallengeRefused."""
    try:
        if len(token) > _LONGEST:
            raise ValueError("too long")
        payload, signature = (base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in token.split("."))
        Ed25519PublicKey.from_public_bytes(server_key).verify(signature, PREFIX + payload)
        said = json.loads(payload)
        nonce, for_device, aud = str(said["nonce"]), said["device_id"], str(said["aud"])
        expires = datetime.fromtimestamp(int(said["exp"]), UTC)
    except (ValueError, KeyError, TypeError, OverflowError, OSError, InvalidSignature) as error:
        raise ChallengeRefused("not a permission of this server") from error
    if for_device not in (None, device_id):
        raise ChallengeRefused("for another bridge")
    if aud != audience:
        raise ChallengeRefused("for another server")
    if expires + _CLOCKS_DIFFER < now:
        raise ChallengeRefused("its time is over; check the clock of this computer")
    return Challenge(nonce, aud)
