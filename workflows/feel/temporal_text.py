"""The text forms of dates, times and durations (ISO 8601 with FEEL's ``@Region/City`` suffix), read and written."""

from __future__ import annotations

import re
from typing import Final

from workflows.feel.errors import Mismatch
from workflows.feel.temporal import (
    DAY,
    SECOND,
    UTC,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    Zone,
    fixed_zone,
    region,
)

Temporal = Date | Time | DateTime | DaysDuration | MonthsDuration

_DATE: Final = re.compile(r"(-?)(\d{4}|[1-9]\d{4,8})-(\d\d)-(\d\d)", re.ASCII)
_TIME: Final = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,18}))?([Zz]|[+-]\d\d:\d\d(?::\d\d)?|@[\w/+-]{1,64})?", re.ASCII
)
_OFFSET_AND_REGION: Final = re.compile(r"([^T]{1,16})T([\d:.]{1,32})(Z|[+-][\d:]{5,8})\[([\w/+-]{1,64})\]", re.ASCII)
_DAYS: Final = re.compile(
    r"(-)?P(?=.)(?:(\d{1,18})D)?(?:T(?=.)(?:(\d{1,18})H)?(?:(\d{1,18})M)?(?:(\d{1,18})(?:\.(\d{0,18}))?S)?)?", re.ASCII
)
_MONTHS: Final = re.compile(r"(-)?P(?=.)(?:(\d{1,18})Y)?(?:(\d{1,18})M)?", re.ASCII)


def read_date(text: str) -> Date:
    """``2026-11-22``; Mismatch for anything else."""
    found = _DATE.fullmatch(text)
    if not found:
        raise Mismatch
    sign, year, month, day = found.groups()
    return Date.of(-int(year) if sign else int(year), int(month), int(day))


def read_time(text: str) -> Time:
    """``08:30:00``, ``08:30:00.5Z``, ``08:30:00+07:00`` or ``08:30:00@Asia/Bangkok``; Mismatch for anything else."""
    found = _TIME.fullmatch(text)
    if not found:
        raise Mismatch
    hour, minute, second = (int(part) for part in found.groups()[:3])
    if hour > 23 or minute > 59 or second > 59:
        raise Mismatch
    return Time(((hour * 60 + minute) * 60 + second) * SECOND + _fraction(found[4]), read_zone(found[5]))


def read_zone(text: str | None) -> Zone | None:
    """``Z``, ``+07:00`` or ``@Asia/Bangkok``; None without text."""
    if not text:
        return None
    if text in ("Z", "z"):
        return UTC
    if text[0] == "@":
        return region(text[1:])
    hours, minutes, rest = (int(part) for part in (*text[1:].split(":"), "0")[:3])
    if minutes > 59 or rest > 59:
        raise Mismatch
    seconds = (hours * 60 + minutes) * 60 + rest
    return fixed_zone(-seconds if text[0] == "-" else seconds)


def read_date_time(text: str) -> DateTime:
    """A date, or a date and a time joined by ``T``; Mismatch for anything else.

    Camunda also writes ``2026-11-22T08:30:00+07:00[Asia/Bangkok]``: the region counts.
    """
    both = _OFFSET_AND_REGION.fullmatch(text)
    if both:
        read_time(both[2] + both[3])
        text = f"{both[1]}T{both[2]}@{both[4]}"
    date, mark, time = text.partition("T")
    if time.startswith("24:00:00"):  # the end of the day, as ISO 8601 may write it
        end = DateTime.of(read_date(date), read_time("00" + time[2:]))
        return DateTime(end.local + DAY, end.zone)
    return DateTime.of(read_date(date), read_time(time) if mark else Time(0))


def read_duration(text: str) -> DaysDuration | MonthsDuration:
    """``P2DT3H``, ``P1Y6M``; Mismatch for anything else."""
    found = _MONTHS.fullmatch(text)
    if found:
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return MonthsDuration(-months if found[1] else months)
    found = _DAYS.fullmatch(text)
    if not found:
        raise Mismatch
    days, hours, minutes, seconds = (int(part or 0) for part in found.group(2, 3, 4, 5))
    nanos = days * DAY + ((hours * 60 + minutes) * 60 + seconds) * SECOND + _fraction(found[6])
    return DaysDuration(-nanos if found[1] else nanos)


def read_temporal(text: str) -> Temporal:
    """Whatever ``@"…"`` may hold; Mismatch for anything else."""
    if "P" in text[:2]:
        return read_duration(text)
    if "T" in text:
        return read_date_time(text)
    return read_time(text) if ":" in text else read_date(text)


def write_temporal(value: Temporal, *, iso: bool = False) -> str:
    """The FEEL text of the value; with ``iso`` a region is written as its offset, which other programs read."""
    if isinstance(value, Date):
        return _date(value)
    if isinstance(value, Time):
        return _time(value, value.offset if iso else None)
    if isinstance(value, DateTime):
        return f"{_date(value.date)}T{_time(value.time, value.offset if iso else None)}"
    if isinstance(value, MonthsDuration):
        years, months = divmod(abs(value.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return ("-P" if value.months < 0 else "P") + text
    return _days(value)


def write_zone(zone: Zone | None) -> str:
    """``Z``, ``+07:00``, ``@Asia/Bangkok`` or nothing."""
    if zone is None:
        return ""
    if zone.key is not None:
        return "@" + zone.key
    if not zone.offset:
        return "Z"
    minutes, seconds = divmod(abs(zone.offset), 60)
    text = f"{'-' if zone.offset < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"
    return text + (f":{seconds:02}" if seconds else "")


def _date(value: Date) -> str:
    return f"{'-' if value.year < 0 else ''}{abs(value.year):04}-{value.month:02}-{value.day:02}"


def _time(value: Time, offset: int | None) -> str:
    zone = value.zone if offset is None else Zone(offset)
    return f"{value.hour:02}:{value.minute:02}:{value.second:02}{_decimals(value.nanos)}{write_zone(zone)}"


def _days(value: DaysDuration) -> str:
    days, rest = divmod(abs(value.nanos), DAY)
    hours, rest = divmod(rest, 3600 * SECOND)
    minutes, rest = divmod(rest, 60 * SECOND)
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if rest:
        clock += f"{rest // SECOND}{_decimals(rest)}S"
    text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-P" if value.nanos < 0 else "P") + (text or "T0S")


def _fraction(digits: str | None) -> int:
    return int(digits[:9].ljust(9, "0")) if digits else 0


def _decimals(nanos: int) -> str:
    rest = nanos % SECOND
    return f".{rest:09}".rstrip("0") if rest else ""
