"""Dates, times and durations of FEEL as exact integers.

The standard library stops at years 1 to 9999 and at microseconds; FEEL has years of nine digits and nanoseconds.
Calendar: proleptic Gregorian. Text forms live in ``temporal_text``.
"""

from __future__ import annotations

import datetime as py
from calendar import monthrange
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from io import BytesIO
from typing import Final
from zoneinfo import ZoneInfo

import tzdata

from workflows.feel.errors import Mismatch

SECOND: Final = 1_000_000_000
"""Nanoseconds of one second: the unit of every time and days-time duration here."""
DAY: Final = 86_400 * SECOND
MAX_YEAR: Final = 999_999_999
_DAYS_TO_1970: Final = 719_468
_DAYS_OF_400_YEARS: Final = 146_097


def days_from_civil(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 of a calendar date (Howard Hinnant, chrono-compatible date algorithms)."""
    year -= month <= 2
    era, of_era = divmod(year, 400)
    of_year = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    return era * _DAYS_OF_400_YEARS + of_era * 365 + of_era // 4 - of_era // 100 + of_year - _DAYS_TO_1970


def civil_from_days(days: int) -> tuple[int, int, int]:
    """Year, month and day of a number of days since 1970-01-01."""
    era, of_era = divmod(days + _DAYS_TO_1970, _DAYS_OF_400_YEARS)
    year = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    shifted = (5 * of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    return year + era * 400 + (month <= 2), month, of_year - (153 * shifted + 2) // 5 + 1


def days_in_month(year: int, month: int) -> int:
    """28 to 31; any year, as the calendar repeats every 400 years."""
    return monthrange(2000 + year % 400, month)[1]


@dataclass(frozen=True, slots=True)
class Zone:
    """A fixed offset from UTC in seconds, or a region of the time-zone database; then ``key`` is its name."""

    offset: int
    key: str | None = None

    def offset_at(self, local: int) -> int:
        """Seconds ahead of UTC at a local time (nanoseconds since 1970 on the wall)."""
        return self.offset if self.key is None else _seconds(_python(local, _region(self.key)))

    def offset_of(self, instant: int) -> int:
        """Seconds ahead of UTC at an instant (nanoseconds since 1970 in UTC): never in doubt when clocks change."""
        if self.key is None:
            return self.offset
        return _seconds(_python(instant, py.UTC).astimezone(_region(self.key)))


UTC: Final = Zone(0)


def _python(nanos: int, zone: py.tzinfo) -> py.datetime:
    """Nanoseconds since 1970 on the clocks of a zone, in the standard library, which knows years 1 to 9999.

    Beyond them stands a year with the same calendar, before them the first: that is what the zone rules need.
    """
    days, rest = divmod(nanos, DAY)
    year, month, day = civil_from_days(days)
    year = year if 1 < year < 9999 else 2 if year <= 1 else 2000 + year % 400
    midnight = py.datetime(year, month, min(day, days_in_month(year, month)), tzinfo=zone)
    return midnight + py.timedelta(seconds=rest // SECOND)


def _seconds(moment: py.datetime) -> int:
    shift = moment.utcoffset()
    return 0 if shift is None else int(shift.total_seconds())


def _database() -> dict[str, bytes]:
    """The pinned time-zone database, name by name: read once, so that no evaluation ever touches a file."""
    package = resources.files(tzdata)
    names = package.joinpath("zones").read_text(encoding="ascii").split()
    return {name: package.joinpath("zoneinfo", *name.split("/")).read_bytes() for name in names}


_REGIONS: Final = _database()


@lru_cache(None)
def _region(key: str) -> ZoneInfo:
    return ZoneInfo.from_file(BytesIO(_REGIONS[key]), key)


def fixed_zone(offset: int) -> Zone:
    """The zone so many seconds ahead of UTC; Mismatch beyond the 14 hours of XML Schema."""
    if abs(offset) > 14 * 3600:
        raise Mismatch
    return Zone(offset)


def region(key: str) -> Zone:
    """The zone of a name of the time-zone database such as ``Asia/Bangkok``; Mismatch if there is none."""
    if key not in _REGIONS:
        raise Mismatch
    return Zone(0, key)


@dataclass(frozen=True, slots=True, order=True)
class Date:
    """A calendar date."""

    year: int
    month: int
    day: int

    @classmethod
    def of(cls, year: int, month: int, day: int) -> Date:
        """The date, or Mismatch if the calendar has no such day."""
        if not (-MAX_YEAR <= year <= MAX_YEAR and 1 <= month <= 12 and 1 <= day <= days_in_month(year, month)):
            raise Mismatch
        return cls(year, month, day)

    @classmethod
    def from_days(cls, days: int) -> Date:
        """The date so many days after 1970-01-01; Mismatch beyond years of nine digits."""
        if abs(days) > 366 * MAX_YEAR:
            raise Mismatch
        return cls.of(*civil_from_days(days))

    @property
    def days(self) -> int:
        """Days since 1970-01-01."""
        return days_from_civil(self.year, self.month, self.day)

    @property
    def weekday(self) -> int:
        """1 Monday to 7 Sunday (ISO 8601)."""
        return (self.days + 3) % 7 + 1

    def plus_months(self, months: int) -> Date:
        """The same day so many months later, or the last day of that month if it is shorter."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        if abs(year) > MAX_YEAR:
            raise Mismatch
        return Date.of(year, month + 1, min(self.day, days_in_month(year, month + 1)))

    def midnight(self) -> DateTime:
        """The first moment of the date in UTC: how FEEL compares and subtracts dates."""
        return DateTime(self.days * DAY, UTC)


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day in nanoseconds since midnight, with a zone or without."""

    nanos: int
    zone: Zone | None = None
    _order: int | None = field(default=None, init=False, compare=False, repr=False)

    @property
    def hour(self) -> int:
        return self.nanos // (3600 * SECOND)

    @property
    def minute(self) -> int:
        return self.nanos // (60 * SECOND) % 60

    @property
    def second(self) -> int:
        return self.nanos // SECOND % 60

    @property
    def offset(self) -> int | None:
        """Seconds ahead of UTC; a region counts as on 1970-01-01, as a time alone has no date."""
        return None if self.zone is None else self.zone.offset_at(self.nanos)

    @property
    def order(self) -> int:
        """What times are compared by; times with and without zone are never compared."""
        if self._order is None:  # asking a region is slow: once for each value
            object.__setattr__(self, "_order", self.nanos - (self.offset or 0) * SECOND)
        return self._order  # type: ignore[return-value]

    def plus(self, nanos: int) -> Time:
        """The clock so much later; it wraps at midnight."""
        return Time((self.nanos + nanos) % DAY, self.zone)


@dataclass(frozen=True, slots=True)
class DateTime:
    """A moment as local nanoseconds since 1970-01-01T00:00 on the wall, with a zone or without."""

    local: int
    zone: Zone | None = None
    _order: int | None = field(default=None, init=False, compare=False, repr=False)

    @property
    def date(self) -> Date:
        return Date(*civil_from_days(self.local // DAY))

    @property
    def time(self) -> Time:
        return Time(self.local % DAY, self.zone)

    @property
    def offset(self) -> int | None:
        """Seconds ahead of UTC at this moment."""
        return None if self.zone is None else self.zone.offset_at(self.local)

    @property
    def order(self) -> int:
        """Nanoseconds since 1970 in UTC, or on the wall if there is no zone."""
        if self._order is None:
            object.__setattr__(self, "_order", self.local - (self.offset or 0) * SECOND)
        return self._order  # type: ignore[return-value]

    def plus(self, nanos: int) -> DateTime:
        """So much later in elapsed time: across a change of clocks the wall shows the difference."""
        local = self.local + nanos
        if self.zone is not None and self.zone.key is not None:
            instant = self.order + nanos
            local = instant + self.zone.offset_of(instant) * SECOND
        return DateTime.of(Date.from_days(local // DAY), Time(local % DAY, self.zone))

    def plus_months(self, months: int) -> DateTime:
        """The same time on the date so many months later."""
        return DateTime.of(self.date.plus_months(months), self.time)

    def in_zone(self, zone: Zone) -> DateTime:
        """The same moment on the clocks of another zone; a moment without zone is taken as already there."""
        if self.zone is None:
            return DateTime(self.local, zone)
        return DateTime(self.order + zone.offset_of(self.order) * SECOND, zone)

    @classmethod
    def of(cls, date: Date, time: Time) -> DateTime:
        return cls(date.days * DAY + time.nanos, time.zone)


@dataclass(frozen=True, slots=True, order=True)
class DaysDuration:
    """A days and time duration in nanoseconds."""

    nanos: int


@dataclass(frozen=True, slots=True, order=True)
class MonthsDuration:
    """A years and months duration in months."""

    months: int


def from_python(value: py.date | py.time | py.timedelta) -> Date | Time | DateTime | DaysDuration:
    """The FEEL value of a value of the standard library."""
    if isinstance(value, py.timedelta):
        return DaysDuration(value // py.timedelta(microseconds=1) * 1000)
    if isinstance(value, py.datetime):
        return DateTime.of(Date(value.year, value.month, value.day), _clock(value, _zone_of(value)))
    if isinstance(value, py.date):
        return Date(value.year, value.month, value.day)
    return Time(_clock(value, None).nanos, _zone_of(value))


def _clock(value: py.time | py.datetime, zone: Zone | None) -> Time:
    seconds = (value.hour * 60 + value.minute) * 60 + value.second
    return Time(seconds * SECOND + value.microsecond * 1000, zone)


def _zone_of(value: py.time | py.datetime) -> Zone | None:
    """A moment carries its offset; a bare time keeps the region, which has no offset without a date."""
    shift = value.utcoffset()
    if shift is not None:
        return Zone(int(shift.total_seconds()))
    key = value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None
    return Zone(0, key) if key in _REGIONS else None
