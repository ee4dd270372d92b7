"""Readings of card bridges: permissions to read, and what makes a reading believable. The protocol is in
``docs/card-bridge.md``; nothing of the bridge's code is shared."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from workflows.rules import citizen_id

CHALLENGE: Final = b"card-challenge/v1\n"
READING: Final = b"card-bridge/v1\n"
LINE: Final = b"card-bridge-line/v1\n"
MOST_PHOTO: Final = 8192
"""Bytes of a card's photo; the card has room for 5,118."""


class Unbelievable(Exception):
    """The reading does not prove what it says; the word says why and is for the log."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A reading whose signature and hashes hold."""

    nonce: str
    device_id: str
    seq: int
    pid: str
    card: dict[str, Any]
    photo: bytes | None
    envelope: dict[str, Any]
    signature: bytes


def permission(key: Ed25519PrivateKey, *, nonce: str, audience: str, device_id: str | None, expires: datetime) -> str:
    """A token that lets a bridge read one card: ``base64url(payload).base64url(signature)``."""
    said = {"nonce": nonce, "aud": audience, "device_id": device_id, "exp": int(expires.timestamp())}
    payload = json.dumps(said, separators=(",", ":")).encode()
    return f"{_b64url(payload)}.{_b64url(key.sign(CHALLENGE + payload))}"


def canonical(value: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys, no spaces, ASCII only."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def check(reading: Any, public_key: bytes, *, audience: str) -> Checked:
    """The reading, if the key signed it for this server and every part is what was signed. Raises Unbelievable."""
    try:
        envelope, card = reading["envelope"], reading["card"]
        signature = base64.b64decode(reading["signature"], validate=True)
        photo = base64.b64decode(reading["photo"], validate=True) if reading.get("photo") else None
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, READING + canonical(envelope))
        nonce, device_id, seq = str(envelope["nonce"]), str(envelope["device_id"]), int(envelope["seq"])
        pid = str(card["citizen_id"])
    except InvalidSignature as error:
        raise Unbelievable("signature") from error
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Unbelievable("form") from error
    if envelope.get("v") != 1 or envelope.get("aud") != audience:
        raise Unbelievable("audience")
    if envelope.get("card_sha256") != hashlib.sha256(canonical(card)).hexdigest():
        raise Unbelievable("card")
    if envelope.get("photo_sha256") != (hashlib.sha256(photo).hexdigest() if photo is not None else None):
        raise Unbelievable("photo")
    if photo is not None and (len(photo) > MOST_PHOTO or not photo.startswith(b"\xff\xd8")):
        raise Unbelievable("photo")
    if citizen_id.problem(pid) is not None:
        raise Unbelievable("citizen id")
    return Checked(nonce, device_id, seq, pid, card, photo, envelope, signature)


def line_holds(said: Any, signature: Any, public_key: bytes) -> bool:
    """Whether the bridge with this key signed what came over the outbound line."""
    try:
        key = Ed25519PublicKey.from_public_bytes(public_key)
        key.verify(base64.b64decode(signature, validate=True), LINE + canonical(said))
    except (InvalidSignature, TypeError, ValueError):
        return False
    return True


def key_id(public_key: bytes) -> str:
    """A short name of a key."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def fingerprint(public_key: bytes) -> str:
    """What people compare on both screens: groups of four letters and digits."""
    digits = hashlib.sha256(public_key).hexdigest()[:24].upper()
    return "-".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def code_hash(code: str) -> str:
    """How an enrolment code is found again: without blanks and dashes, in capitals."""
    return hashlib.sha256("".join(filter(str.isalnum, code.upper())).encode()).hexdigest()


def _b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
