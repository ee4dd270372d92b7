"""What the QR codes at the counter hold: which unit and service, which booking, which claim code.

A hand scanner types what it reads as a keyboard does. Where the PC is switched to Thai, the keys give Thai letters
(Kedmanee layout); such a text is turned back. Nothing else is guessed: what is not exactly one of these is none.
"""

from __future__ import annotations

import base64
import re
import secrets
from dataclasses import dataclass

from workflows.rules import claim_code
from workflows.rules.thai_text import normalise

_PREFIX = "SITTHI"
_UNIT = re.compile(r"[0-9]{5}")
_SERVICE = re.compile(r"[A-Z]{2}[0-9]{7}")
_TOKEN = re.compile(r"[A-Z2-7]{24}")
_LINK = re.compile(r"HTTPS?://[^/]+/BOOKING/([A-Z2-7]{24})")
_TOKEN_BYTES = 15  # 120 bits: nobody guesses a booking
_KEYS = (
    "`1234567890-=~!@#$%^&*()_+qwertyuiop[]\\QWERTYUIOP{}|asdfghjkl;'ASDFGHJKL:\"zxcvbnm,./ZXCVBNM<>?",
    '_ๅ/-ภถุึคตจขช%+๑๒๓๔ู฿๕๖๗๘๙ๆไำพะัีรนยบลฃ๐"ฎฑธํ๊ณฯญฐ,ฅฟหกดเ้่าสวงฤฆฏโฌ็๋ษศซ.ผปแอิืทมใฝ()ฉฮฺ์?ฒฬฦ',
)
_FROM_THAI_KEYS = str.maketrans(_KEYS[1], _KEYS[0])
_THAI = re.compile("[\u0e01-\u0e5b]")


@dataclass(frozen=True, slots=True)
class UnitCode:
    """Printed at a unit, scanned by people in LINE."""

    unit_code: str
    service_code: str


@dataclass(frozen=True, slots=True)
class BookingCode:
    """Shown by whoever booked, scanned by the unit."""

    token: str


@dataclass(frozen=True, slots=True)
class ClaimCode:
    """On the slip."""

    code: str


def for_unit(unit_code: str, service_code: str) -> str:
    """The text of a unit's QR. Raises ValueError for anything but a 5-digit unit and a service code."""
    if not (_UNIT.fullmatch(unit_code) and _SERVICE.fullmatch(service_code)):
        raise ValueError(f"no QR of a unit: {unit_code!r} {service_code!r}")
    return f"{_PREFIX}:U:{unit_code}:{service_code}"


def for_booking(token: str) -> str:
    """The text of a booking's QR. Raises ValueError for anything but a token of ``new_token``."""
    if not _TOKEN.fullmatch(token):
        raise ValueError("no token of a booking")
    return f"{_PREFIX}:B:{token}"


def for_claim(code: str) -> str:
    """The text of a claim code's QR: the bare code. Raises ValueError when it is none."""
    if claim_code.parse(code) != code:
        raise ValueError("no claim code")
    return code


def new_token() -> str:
    """A token that nobody guesses, of capitals and digits only: QR codes hold these densest."""
    return base64.b32encode(secrets.token_bytes(_TOKEN_BYTES)).decode()


def parse(text: str) -> UnitCode | BookingCode | ClaimCode | None:
    """What a scanned text stands for; None for anything else. Small letters and a Thai keyboard are forgiven, and the
    link in the SMS of a booking is as good as its QR."""
    return _parse(text) or (_parse(text.strip().translate(_FROM_THAI_KEYS)) if _THAI.search(text) else None)


def _parse(text: str) -> UnitCode | BookingCode | ClaimCode | None:
    if len(text) > 200:
        return None
    found = normalise(text).upper()
    if link := _LINK.fullmatch(found):
        return BookingCode(link[1])
    match found.split(":"):
        case [prefix, "U", unit_code, service_code] if prefix == _PREFIX:
            sound = _UNIT.fullmatch(unit_code) and _SERVICE.fullmatch(service_code)
            return UnitCode(unit_code, service_code) if sound else None
        case [prefix, "B", token] if prefix == _PREFIX:
            return BookingCode(token) if _TOKEN.fullmatch(token) else None
        case [_]:
            code = claim_code.parse(text)
            return ClaimCode(code) if code else None
        case _:
            return None
