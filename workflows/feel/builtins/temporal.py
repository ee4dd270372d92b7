"""Date, time and duration functions. The clock is the environment's."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from workflows.feel.arithmetic import moment
from workflows.feel.builtins.registry import builtin
from workflows.feel.errors import Mismatch
from workflows.feel.limits import Run
from workflows.feel.temporal import (
    SECOND,
    UTC,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    days_from_civil,
    days_in_month,
    fixed_zone,
    from_python,
)
from workflows.feel.temporal_text import read_date, read_date_time, read_duration, read_time, read_zone

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@builtin("now", "")
def now(run: Run) -> Any:
    """Date and time now, in Bangkok. / วันเวลาขณะนี้ เวลาไทย

    now() instance of date and time → true
    """
    return from_python(run.env.now())


@builtin("today", "")
def today(run: Run) -> Any:
    """The date today, in Bangkok. / วันนี้ตามเวลาไทย

    today() instance of date → true
    """
    return from_python(run.env.now().date())


@builtin("date", "from: any")
def date_from(_run: Run, value: Any) -> Date:
    """The date in a text, or of a date and time. / วันที่จากข้อความหรือจากวันเวลา

    date("2026-11-22") → @"2026-11-22"
    """
    if isinstance(value, DateTime):
        return value.date
    return value if isinstance(value, Date) else read_date(_text(value))


@builtin("date", "year: whole, month: whole, day: whole")
def date_of(_run: Run, year: int, month: int, day: int) -> Date:
    """A date of year (CE), month and day. / วันที่จากปี ค.ศ. เดือน วัน

    date(2026, 11, 22) → @"2026-11-22"
    """
    return Date.of(year, month, day)


@builtin("time", "from: any")
def time_from(_run: Run, value: Any) -> Time:
    """The time in a text, or of a date and time. / เวลาจากข้อความหรือจากวันเวลา

    time("08:30:00") → @"08:30:00"
    """
    if isinstance(value, DateTime):
        return value.time
    if isinstance(value, Date):
        return Time(0, UTC)
    return value if isinstance(value, Time) else read_time(_text(value))


@builtin("time", "hour: whole, minute: whole, second: number, offset: days or null?")
def time_of(_run: Run, hour: int, minute: int, second: Decimal, offset: DaysDuration | None = None) -> Time:
    """A time of hour, minute and second, with an offset from UTC if given. / เวลาจากชั่วโมง นาที วินาที

    time(8, 30, 0) → @"08:30:00"
    """
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        raise Mismatch
    nanos = (hour * 60 + minute) * 60 * SECOND + int(second * SECOND)
    return Time(nanos, None if offset is None else fixed_zone(offset.nanos // SECOND))


@builtin("date and time", "from: any")
def date_time_from(_run: Run, value: Any) -> DateTime:
    """The date and time in a text; a date alone means midnight. / วันเวลาจากข้อความ วันที่อย่างเดียวคือเที่ยงคืน

    date and time("2026-11-22T08:30:00") → @"2026-11-22T08:30:00"
    """
    if isinstance(value, Date):
        return DateTime.of(value, Time(0))
    return value if isinstance(value, DateTime) else read_date_time(_text(value))


@builtin("date and time", "date: date, time: time")
def date_time_of(_run: Run, date: Date | DateTime, time: Time) -> DateTime:
    """A date and a time together. / รวมวันที่กับเวลา

    date and time(@"2026-11-22", @"08:30:00") → @"2026-11-22T08:30:00"
    """
    return DateTime.of(date if isinstance(date, Date) else date.date, time)


@builtin("date and time", "date and time: date and time, timezone: text")
def date_time_in(_run: Run, value: DateTime, zone: str) -> DateTime:
    """The same instant on the clocks of another zone. / เวลาเดียวกันตามเขตเวลาอื่น

    date and time(@"2026-11-22T01:30:00Z", "Asia/Bangkok") → @"2026-11-22T08:30:00@Asia/Bangkok"
    """
    found = read_zone(zone if zone[:1] in ("+", "-", "Z") else "@" + zone)
    return value if found is None else value.in_zone(found)


@builtin(
    "date and time",
    "year: whole, month: whole, day: whole, hour: whole, minute: whole, second: number, offset: days or null?",
    "year: whole, month: whole, day: whole, hour: whole, minute: whole, second: number, timezone: text",
)
def date_time_of_parts(
    run: Run, year: int, month: int, day: int, hour: int, minute: int, second: Decimal, zone: Any = None
) -> DateTime:
    """A date and time from its parts, with an offset or a zone or without. / สร้างวันและเวลาจากส่วนประกอบ

    date and time(2026, 11, 22, 8, 30, 0) → @"2026-11-22T08:30:00"
    date and time(2026, 11, 22, 8, 30, 0, "Asia/Bangkok") → @"2026-11-22T08:30:00@Asia/Bangkok"
    """
    day_of, named = Date.of(year, month, day), isinstance(zone, str)
    moment_of = DateTime.of(day_of, time_of(run, hour, minute, second, None if named else zone))
    return date_time_in(run, moment_of, zone) if named else moment_of


@builtin("duration", "from: any")
def duration_from(_run: Run, value: Any) -> DaysDuration | MonthsDuration:
    """The duration in a text of ISO 8601. / ระยะเวลาจากข้อความ ISO 8601

    duration("P1DT2H") → @"P1DT2H"
    """
    return value if isinstance(value, DaysDuration | MonthsDuration) else read_duration(_text(value))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Mismatch
    return value


@builtin("years and months duration", "from: date, to: date")
def months_between(_run: Run, start: Date | DateTime, end: Date | DateTime) -> MonthsDuration:
    """Whole months from one date to the other, towards zero. / จำนวนปีและเดือนเต็มระหว่างสองวัน

    years and months duration(@"2024-01-31", @"2026-03-01") → @"P2Y1M"
    """
    one, two = moment(start), moment(end)
    months = (two.date.year - one.date.year) * 12 + two.date.month - one.date.month
    if months > 0 and two.date.day < one.date.day:
        months -= 1
    elif months < 0 and two.date.day > one.date.day:
        months += 1
    return MonthsDuration(months)


def _date(value: Date | DateTime) -> Date:
    return value if isinstance(value, Date) else value.date


@builtin("day of year", "date: date")
def day_of_year(_run: Run, value: Date | DateTime) -> Decimal:
    """The number of the day in its year. / วันที่เท่าไรของปี

    day of year(@"2026-02-01") → 32
    """
    date = _date(value)
    return Decimal(date.days - days_from_civil(date.year, 1, 1) + 1)


@builtin("day of week", "date: date")
def day_of_week(_run: Run, value: Date | DateTime) -> str:
    """The English name of the weekday. / ชื่อวันในสัปดาห์เป็นภาษาอังกฤษ

    day of week(@"2026-11-22") → "Sunday"
    """
    return _DAYS[_date(value).weekday - 1]


@builtin("month of year", "date: date")
def month_of_year(_run: Run, value: Date | DateTime) -> str:
    """The English name of the month. / ชื่อเดือนเป็นภาษาอังกฤษ

    month of year(@"2026-11-22") → "November"
    """
    return _MONTHS[_date(value).month - 1]


@builtin("week of year", "date: date")
def week_of_year(_run: Run, value: Date | DateTime) -> Decimal:
    """The ISO 8601 week: the one that holds the year's first Thursday is week 1. / สัปดาห์ที่เท่าไรของปีตาม ISO 8601

    week of year(@"2026-11-22") → 47
    """
    date = _date(value)
    thursday = Date.from_days(date.days - date.weekday + 4)
    return Decimal((thursday.days - days_from_civil(thursday.year, 1, 1)) // 7 + 1)


@builtin("last day of month", "date: date")
def last_day_of_month(_run: Run, value: Date | DateTime) -> Date:
    """The last date of the month. / วันสุดท้ายของเดือน

    last day of month(@"2026-02-01") → @"2026-02-28"
    """
    date = _date(value)
    return Date(date.year, date.month, days_in_month(date.year, date.month))
