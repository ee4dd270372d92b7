"""The face verification app (FVS): asking it to verify a patient, and believing what it answers.

Both ways a JSON body is signed with the shared secret: HMAC-SHA256 over ``<purpose>\\n<timestamp>\\n<body>`` as hex in
``X-Face-Signature``, Unix seconds in ``X-Face-Timestamp``. The purpose (``face-ask/v1``, ``face-answer/v1``) keeps a
question from being sent back as an answer.
"""

from __future__ import annotations

import hmac
import json
import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from httpx2 import Client, HTTPError

from config import Settings
from workflows.clock import real_now
from workflows.delivery import Captured, Effect
from workflows.sealing import Keyring

SIGNATURE, TIMESTAMP = "X-Face-Signature", "X-Face-Timestamp"
ASK, ANSWER = "face-ask/v1", "face-answer/v1"
CALLBACK = "/api/face/callback"
FRESH = timedelta(minutes=5)
"""How far the clocks of app and server may be apart; a signed answer is of no use afterwards."""
LONGEST = 8192
"""Bytes of an answer."""
_TIMEOUT = 8.0  # seconds
_RESULTS = ("match", "no_match", "error")


class Unbelievable(Exception):
    """An answer that is not the app's, or not of now; says why without anything personal."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the app says about one question (``session``). The position is where the phone was, if it said so."""

    session: str
    transaction: str
    matched: bool
    reason: str
    score: float | None
    at: str
    latitude: float | None
    longitude: float | None

    def variables(self) -> dict[str, Any]:
        """As the waiting case gets it."""
        names = ("matched", "at", "latitude", "longitude", "transaction", "reason", "score")
        return {"face_result": {name: getattr(self, name) for name in names}}


def key_of(settings: Settings, keyring: Keyring) -> bytes:
    """The secret shared with the app; one of our own where a demonstration plays the app."""
    return settings.face_key.encode() if settings.face_key else keyring.subkey("face")


def signed(key: bytes, purpose: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers that go with a body."""
    timestamp = str(int(now.timestamp()))
    return {TIMESTAMP: timestamp, SIGNATURE: _mac(key, purpose, timestamp, body)}


def read(key: bytes, headers: Mapping[str, str], body: bytes, now: datetime) -> Answer:
    """The answer in a signed body. Raises Unbelievable."""
    timestamp, signature = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12 and signature.isascii()):
        raise Unbelievable("it is not signed")
    if not hmac.compare_digest(signature, _mac(key, ANSWER, timestamp, body)):
        raise Unbelievable("the signature does not match")
    if abs(now.timestamp() - int(timestamp)) > FRESH.total_seconds():
        raise Unbelievable("it is not of now")
    try:
        said = json.loads(body)
        result = said["result"]
        if result not in _RESULTS or not all(isinstance(said[name], str) for name in ("session", "transaction")):
            raise ValueError("result")
        return Answer(
            said["session"][:80],
            said["transaction"][:80],
            result == "match",
            "" if result == "match" else str(said.get("reason") or result)[:80],
            _number(said.get("score"), 0, 1),
            str(said.get("at") or now.isoformat(timespec="seconds"))[:40],
            *_place(said),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unbelievable(f"it cannot be read ({type(error).__name__})") from None


def asks(settings: Settings, keyring: Keyring, *, timeout: float = _TIMEOUT) -> Effect:
    """The effect ``face.ask``: ``{face_ref, pid, unit_code, profession, expires_at}``. In a demonstration without
    FACE_URL the question is kept for the page that plays the app."""
    key, callback = key_of(settings, keyring), settings.base_url + CALLBACK
    http = Client(timeout=timeout, follow_redirects=False)

    def ask(payload: Mapping[str, Any], ref: str) -> None:
        if not settings.face_url:
            if settings.demo:
                raise Captured
            raise LookupError("FACE_URL is not set")
        question = {
            "session": payload["face_ref"],
            "pid": payload["pid"],
            "unit": payload["unit_code"],
            "profession": payload["profession"],
            "expires_at": payload["expires_at"],
            "callback": callback,
            "nonce": secrets.token_urlsafe(16),
            "idempotency_key": ref,
        }
        body = json.dumps(question, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", **signed(key, ASK, body, real_now())}
        try:
            answer = http.post(settings.face_url, content=body, headers=headers)
        except HTTPError as error:
            raise ConnectionError(type(error).__name__) from None
        if answer.status_code // 100 != 2:
            raise ConnectionError(f"HTTP {answer.status_code}")

    return ask


def _mac(key: bytes, purpose: str, timestamp: str, body: bytes) -> str:
    return hmac.new(key, f"{purpose}\n{timestamp}\n".encode() + body, sha256).hexdigest()


def _number(value: Any, low: float, high: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value) if low <= value <= high else None


def _place(said: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Latitude and longitude, both or neither."""
    latitude, longitude = _number(said.get("latitude"), -90, 90), _number(said.get("longitude"), -180, 180)
    return (latitude, longitude) if latitude is not None and longitude is not None else (None, None)
