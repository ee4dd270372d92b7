"""Our own functions: Thai working days, dates and citizen IDs, as ``workflows.rules`` knows them.

The calendar is the environment's. Where a day is asked for, a date as a case stores it (ISO text) will do.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from workflows.errors import Text
from workflows.feel.builtins.registry import builtin
from workflows.feel.errors import FeelError, Mismatch
from workflows.feel.limits import CLOCK, Run
from workflows.feel.temporal import Date
from workflows.rules import age, citizen_id, thai_dates
from workflows.rules.working_days import Calendar, OutsideCalendar

_STYLES: Final[dict[str, Callable[[date], str]]] = {
    "short": thai_dates.short,
    "long": thai_dates.long,
    "weekday": lambda day: thai_dates.long(day, weekday=True),
    "numeric": thai_dates.numeric,
}


@builtin("working days after", "date: day, days: whole")
def working_days_after(run: Run, start: date, days: int) -> Any:
    """The n-th working day after a date, before it if n is negative; for 0 the date itself or the next working day.
    / วันทำการที่ n หลังวันที่กำหนด ถ้า n ติดลบคือก่อนหน้า ถ้าเป็น 0 คือวันนั้นเองหรือวันทำการถัดไป

    working days after(@"2026-04-10", 1) → @"2026-04-16"
    working days after(@"2026-04-16", -1) → @"2026-04-10"
    working days after(@"2026-04-13", 0) → @"2026-04-16"
    """
    found = _ask(run, lambda calendar: calendar.add(start, days) if days else calendar.roll(start))
    return Date(found.year, found.month, found.day)


@builtin("working days between", "from: day, to: day")
def working_days_between(run: Run, start: date, end: date) -> Decimal:
    """How many working days come after the first date up to the second, which counts; negative if it lies before.
    / จำนวนวันทำการหลังวันแรกจนถึงวันหลัง โดยนับวันหลังด้วย ถ้าวันหลังมาก่อนจะติดลบ

    working days between(@"2026-04-10", @"2026-04-17") → 2
    working days between("2026-04-10", "2026-04-10") → 0
    """
    return Decimal(_ask(run, lambda calendar: calendar.count(start, end)))


@builtin("thai id valid", "text: text")
def thai_id_valid(run: Run, text: str) -> bool:
    """Whether a text is a Thai citizen ID with the right check digit; blanks, dashes and Thai digits may be in it.
    / เป็นเลขประจำตัวประชาชนที่ถูกต้องหรือไม่ มีช่องว่าง ขีด หรือเลขไทยได้

    thai id valid("0-1234-56789-01-6") → true
    thai id valid("0123456789017") → false
    """
    run.charge(CLOCK + (len(text) << 2))
    return citizen_id.problem(citizen_id.clean(text)) is None


@builtin("buddhist date", "date: day, style: text or null?")
def buddhist_date(_run: Run, day: date, style: str | None = None) -> str:
    """The date in Thai words in the Buddhist era; styles are long (if none is given), short, weekday and numeric.
    / วันที่แบบไทย พ.ศ. รูปแบบคือ long (เมื่อไม่ระบุ) short weekday และ numeric

    buddhist date(@"2026-11-22") → "22 พฤศจิกายน 2569"
    buddhist date(@"2026-11-22", "short") → "22 พ.ย. 2569"
    buddhist date(@"2026-11-22", "weekday") → "วันอาทิตย์ที่ 22 พฤศจิกายน 2569"
    buddhist date("2026-11-22", "numeric") → "22/11/2569"
    """
    if style is not None and style not in _STYLES:
        raise Mismatch
    return _STYLES[style or "long"](day)


@builtin("age on", "birth: day, day: day")
def age_on(_run: Run, birth: date, day: date) -> Decimal:
    """Completed years on a day, a number; null before the birth. Who was born on 29 February is older on 1 March.
    / อายุเต็มปี ณ วันที่กำหนด ก่อนวันเกิดได้ null ผู้เกิด 29 กุมภาพันธ์ครบปีวันที่ 1 มีนาคม

    age on(@"2000-11-23", @"2026-11-22") → 25
    age on("2000-11-23", "2026-11-23") → 26
    """
    years = age.completed_years(birth, day)
    if years < 0:
        raise Mismatch
    return Decimal(years)


def _ask(run: Run, question: Callable[[Calendar], Any]) -> Any:
    """What the calendar answers; FeelError where there is none or the day lies outside: no deadline is guessed."""
    calendar = run.env.working_days
    if calendar is None:
        text = Text("ที่นี่ไม่มีปฏิทินวันทำการ", "There is no calendar of working days here")
        raise FeelError(text, reason="calendar")
    try:
        return question(calendar)
    except OutsideCalendar as outside:
        raise FeelError(outside.text, reason="calendar") from None
