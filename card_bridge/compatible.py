"""Answers in the shape that hospital programs already ask for (``GET /api/smartcard/…``), for those that cannot change.

Off unless the setting ``compatible`` is on. Only what the card itself says: rights and claim codes are asked of the
server. The caller is a program on this computer; pages of other sites are refused.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from card_bridge import pcsc
from card_bridge.bridge import Bridge
from card_bridge.card import Card, CardDate
from card_bridge.errors import CardError

TERMINALS, READ, READ_CARD_ONLY = "/api/smartcard/terminals", "/api/smartcard/read", "/api/smartcard/read-card-only"
ROUTES: Final = (TERMINALS, READ, READ_CARD_ONLY)
_TITLES: Final = {
    "เด็กชาย": "001",
    "ด.ช.": "001",
    "เด็กหญิง": "002",
    "ด.ญ.": "002",
    "นาย": "003",
    "นางสาว": "004",
    "น.ส.": "004",
    "นาง": "005",
}
"""Codes of the registration office for the common titles; any other title is given as text."""
_SEX: Final = {"male": "ชาย", "female": "หญิง"}
_THE_PROGRAMS_CODES: Final = {"no_reader": 418, "no_service": 418}


def answer(bridge: Bridge, route: str, asked: Mapping[str, str]) -> tuple[int, Any]:
    """Status and JSON body. Errors: 418 without a reader, 500 without a card, as those programs expect."""
    try:
        if route == TERMINALS:
            return 200, [{"terminalName": name, "isPresent": True} for name in pcsc.reader_names()]
        read, _, _ = bridge.read(with_photo=asked.get("readImageFlag", "").lower() == "true")
    except CardError as error:
        status = _THE_PROGRAMS_CODES.get(error.code, 500)
        return status, {"status": status, "error": error.code, "message": error.thai}
    body = card_fields(read.card)
    if read.photo is not None:
        body["image"] = base64.b64encode(read.photo).decode()
    if route == READ:
        today = datetime.now(UTC).astimezone().date()
        body["checkDate"] = today.isoformat()
        if years := age(read.card.birth, today):
            body["age"] = years
    return 200, body


def card_fields(card: Card) -> dict[str, Any]:
    """The card under the names those programs know."""
    name = card.thai_name
    return {
        "pid": card.citizen_id,
        "titleName": _TITLES.get(name.prefix, name.prefix),
        "fname": name.first,
        "lname": name.last,
        "birthDate": card.birth.raw,
        "sex": _SEX.get(card.sex, ""),
    }


def age(birth: CardDate, today: date) -> str:
    """``54 ปี 4 เดือน 22 วัน``; empty where the card does not know the day."""
    if birth.year is None or birth.month is None or birth.day is None:
        return ""
    years, months, days = today.year - birth.year, today.month - birth.month, today.day - birth.day
    if days < 0:
        months -= 1
        before = date(today.year, today.month, 1).toordinal() - 1
        days += date.fromordinal(before).day
    if months < 0:
        years, months = years - 1, months + 12
    return f"{years} ปี {months} เดือน {days} วัน"
