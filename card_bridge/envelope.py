"""A signed reading: what the server can check about a reading that came through somebody's browser.

A card proves nothing by itself, its bytes can be copied. What the signature says is: an enrolled bridge read this, for
this request of the server (``nonce``), now.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from card_bridge import __version__
from card_bridge.keys import SigningKey
from card_bridge.reading import Read

PREFIX: Final = b"card-bridge/v1\n"


def canonical(value: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys, no spaces, ASCII only: the same bytes on both sides."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def seal(
    read: Read, key: SigningKey, *, audience: str, nonce: str, reader: str, atr: bytes, seq: int, now: datetime
) -> dict[str, Any]:
    """The reading as it goes to the server: card, photo, what is signed, and the signature.

    ``audience`` is the server's origin, ``seq`` grows with every reading of this bridge.
    """
    card = read.card.plain()
    signed = {
        "v": 1,
        "aud": audience,
        "nonce": nonce,
        "device_id": key.device_id,
        "key_id": key.key_id,
        "agent_version": __version__,
        "reader": reader,
        "atr": atr.hex(),
        "read_at": now.astimezone(UTC).isoformat(timespec="milliseconds"),
        "seq": seq,
        "card_sha256": hashlib.sha256(canonical(card)).hexdigest(),
        "photo_sha256": hashlib.sha256(read.photo).hexdigest() if read.photo is not None else None,
    }
    return {
        "card": card,
        "photo": base64.b64encode(read.photo).decode() if read.photo is not None else None,
        "envelope": signed,
        "signature": base64.b64encode(key.sign(PREFIX + canonical(signed))).decode(),
    }
