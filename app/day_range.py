"""The first and the last day that a list is narrowed to, as people type them."""

from __future__ import annotations

from datetime import date, timedelta

from workflows.errors import Text
from workflows.rules.thai_dates import numeric, parse_date

USUAL_DAYS = 30
_UPSIDE_DOWN = Text("วันสุดท้ายต้องไม่ก่อนวันแรก", "The last day must not be before the first one")


def usual(today: date) -> dict[str, str]:
    """The last thirty days, as they would be typed."""
    return {"from": numeric(today - timedelta(days=USUAL_DAYS)), "to": numeric(today)}


def understood(typed: dict[str, str]) -> tuple[date | None, date | None, dict[str, Text]]:
    """The days of ``from`` and ``to`` (None: not given, or wrong), and what is wrong by field."""
    days: dict[str, date | None] = {}
    errors: dict[str, Text] = {}
    for name in ("from", "to"):
        day = parse_date(typed[name]) if typed[name] else None
        if isinstance(day, Text):
            errors[name] = day
        else:
            days[name] = day
    first, last = days.get("from"), days.get("to")
    if first and last and last < first:
        errors["to"] = _UPSIDE_DOWN
    return first, last, errors
