"""Slots of a queue: when they begin, how many can come, when to remind of one and when it is missed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from workflows.clock import BANGKOK

DAYS_AHEAD = 14
"""So far ahead a place may be booked, today included."""
_EVENING_BEFORE = time(18)
_HOURS_BEFORE = timedelta(hours=2)


def seats_of_day(people: Sequence[Sequence[Sequence[str]]], minutes: int, seats: int) -> dict[str, int]:
    """Beginning of each slot ("08:30") → how many patients it takes. ``people`` are the ranges of time of each person
    who serves; each takes ``seats`` patients in every slot that lies wholly within one of their ranges. Slots are
    ``minutes`` long and begin with the earliest range."""
    if minutes <= 0 or seats <= 0:
        return {}
    spans = [[(_minute(first), _minute(last)) for first, last in ranges] for ranges in people]
    flat = [span for ranges in spans for span in ranges]
    if not flat:
        return {}
    begins, ends = min(first for first, _ in flat), max(last for _, last in flat)
    found: Counter[str] = Counter()
    for at in range(begins, ends - minutes + 1, minutes):
        serving = sum(any(first <= at and at + minutes <= last for first, last in ranges) for ranges in spans)
        if serving:
            found[f"{at // 60:02d}:{at % 60:02d}"] = serving * seats
    return dict(found)


def begins(on: date, slot: str) -> datetime:
    """The moment at which a slot begins."""
    return datetime.combine(on, time.fromisoformat(slot), BANGKOK)


def remind_at(on: date, slot: str, booked_at: datetime) -> datetime:
    """When to remind: at six in the evening before; for whoever booked after that, two hours before. It may lie in the
    past for a place that is taken at short notice: then the confirmation was the reminder."""
    evening = datetime.combine(on - timedelta(days=1), _EVENING_BEFORE, BANGKOK)
    return evening if booked_at < evening else begins(on, slot) - _HOURS_BEFORE


def missed_at(on: date) -> datetime:
    """When whoever has not come did not come: at the end of the service day."""
    return datetime.combine(on + timedelta(days=1), time(), BANGKOK)


def _minute(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)
