"""Instants, durations and cycles as timers write them (ISO 8601). Calendar months are counted in Bangkok."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from workflows.clock import BANGKOK

_DURATION = re.compile(
    r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_ZONE = re.compile(r"(?:@|\[)(?P<zone>[A-Za-z_/+\-0-9]+)\]?$")
_CYCLE = re.compile(r"R(?P<count>\d*)/(?:(?P<start>\d[^/]*)/)?(?P<duration>P[^/]+)")
FOREVER = -1


def instant(text: str) -> datetime:
    """The UTC time a text names; without a zone it is Bangkok time. ValueError if it is none."""
    named = _ZONE.search(text)
    zone = BANGKOK
    if named:
        text = text[: named.start()]
        zone = ZoneInfo(named["zone"])
    value = datetime.fromisoformat(text)
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)


def after(start: datetime, duration: str) -> datetime:
    """The UTC time this long after ``start``. ValueError if the text is not a duration."""
    found = _DURATION.fullmatch(duration)
    if found is None or duration[-1] in "PT":
        raise ValueError(duration)
    part = {name: float(value or 0) for name, value in found.groupdict().items()}
    local = start.astimezone(BANGKOK)
    month = local.month - 1 + int(part["years"]) * 12 + int(part["months"])
    year, month = local.year + month // 12, month % 12 + 1
    local = local.replace(year=year, month=month, day=min(local.day, monthrange(year, month)[1]))
    return (
        local
        + timedelta(
            weeks=part["weeks"],
            days=part["days"],
            hours=part["hours"],
            minutes=part["minutes"],
            seconds=part["seconds"],
        )
    ).astimezone(UTC)


def cycle(text: str, now: datetime) -> tuple[int, datetime, str]:
    """How often (FOREVER without a number), the first time, and the duration between. ValueError if it is no cycle."""
    found = _CYCLE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    first = instant(found["start"]) if found["start"] else after(now, found["duration"])
    after(now, found["duration"])
    return int(found["count"]) if found["count"] else FOREVER, first, found["duration"]
