"""``value.name``: entries of contexts, parts of dates, times, durations and ranges, and each of these over a list."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from workflows.feel.limits import CALL, CLOCK, Run
from workflows.feel.temporal import DAY, SECOND, Date, DateTime, DaysDuration, MonthsDuration, Time
from workflows.feel.values import Range, read


def member(value: Any, name: str, run: Run) -> Any:
    """The member, or null if there is none; of a list, the list of its elements' members."""
    if value is None:
        return None
    if isinstance(value, list):
        run.charge(len(value))
        return [read(item.get(name)) if item.__class__ is dict else member(read(item), name, run) for item in value]
    if isinstance(value, dict):
        return read(value.get(name))
    if isinstance(value, Range):
        return {
            "start": value.low,
            "end": value.high,
            "start included": value.low_included,
            "end included": value.high_included,
        }.get(name)
    run.charge(CLOCK if name == "time offset" else CALL)
    found = _part(value, name)
    return Decimal(found) if found.__class__ is int else found


def _part(value: Any, name: str) -> Any:
    """Integers here, Decimals outside."""
    if isinstance(value, DaysDuration | MonthsDuration):
        return _duration_part(value, name)
    if isinstance(value, Date | DateTime) and name in ("year", "month", "day", "weekday"):
        return getattr(value if isinstance(value, Date) else value.date, name)
    if isinstance(value, Time | DateTime):
        clock = value if isinstance(value, Time) else value.time
        if name in ("hour", "minute", "second"):
            return getattr(clock, name)
        if name == "timezone":
            return None if value.zone is None else value.zone.key
        if name == "time offset":
            return None if value.offset is None else DaysDuration(value.offset * SECOND)
    return None


def _duration_part(value: DaysDuration | MonthsDuration, name: str) -> int | None:
    """Every part carries the sign of the whole."""
    if isinstance(value, MonthsDuration):
        size, sign = abs(value.months), -1 if value.months < 0 else 1
        parts = {"years": size // 12, "months": size % 12}
    else:
        size, sign = abs(value.nanos), -1 if value.nanos < 0 else 1
        parts = {
            "days": size // DAY,
            "hours": size // (3600 * SECOND) % 24,
            "minutes": size // (60 * SECOND) % 60,
            "seconds": size // SECOND % 60,
        }
    part = parts.get(name)
    return None if part is None else sign * part
