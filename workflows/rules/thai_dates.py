"""Dates and times as people here read and write them: Buddhist era, Bangkok time, Thai or English words.

Stored and exchanged values stay ISO and Gregorian; this is for the eye and for typed input only. Buddhist year =
Gregorian year + 543.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time

from workflows.clock import BANGKOK, bangkok_date
from workflows.errors import Text
from workflows.rules.thai_text import arabic_digits, normalise

MONTHS_TH = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
SHORT_MONTHS_TH = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS_TH = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")
DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NEAR = {
    -1: Text("เมื่อวาน", "yesterday"),
    0: Text("วันนี้", "today"),
    1: Text("พรุ่งนี้", "tomorrow"),
    2: Text("มะรืนนี้", "the day after tomorrow"),
}
BUDDHIST_ERA = 543
FIRST_YEAR, LAST_YEAR = 1857, 2157  # what can be typed: 2400 to 2700 in the Buddhist era

_NUMERIC = re.compile(r"([0-9]{1,2})\s*[/.\-]\s*([0-9]{1,2})\s*[/.\-]\s*([0-9]{1,4})")
_WORDED = re.compile(r"([0-9]{1,2})\s*([^\s0-9]+)\s*(?:พ\.\s?ศ\.\s*)?([0-9]{1,4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?::[0-9]{2})?\s*(?:น\.?)?")
_MONTH_NUMBERS = {
    name.replace(".", "").lower(): number
    for names in (MONTHS_TH, SHORT_MONTHS_TH, MONTHS_EN, tuple(month[:3] for month in MONTHS_EN))
    for number, name in enumerate(names, 1)
}

NOT_A_DATE = Text(
    "วันที่ไม่ถูกต้อง กรุณากรอกเป็น วัน/เดือน/ปี พ.ศ. เช่น 23/11/2569",
    "This is no date; write day/month/Buddhist year, e.g. 23/11/2569",
)
NOT_A_MONTH = Text(
    "เดือนไม่ถูกต้อง กรุณากรอกเป็น เดือน/ปี พ.ศ. เช่น 11/2569", "This is no month; write month/Buddhist year, e.g. 11/2569"
)
NOT_BUDDHIST = Text(
    "กรุณากรอกปีเป็น พ.ศ. สี่หลัก เช่น 2569 (ปี ค.ศ. บวก 543)",
    "Write the year in the Buddhist era with four digits, e.g. 2569 (Gregorian year plus 543)",
)
NOT_A_TIME = Text("เวลาไม่ถูกต้อง กรุณากรอกเป็น ชั่วโมง:นาที เช่น 14:05", "This is no time; write hours:minutes, e.g. 14:05")


def short(value: date | datetime, language: str = "th") -> str:
    """``23 พ.ย. 2569``, ``23 Nov 2026``. An instant is shown as its Bangkok day."""
    day = _day(value)
    if language == "en":
        return f"{day.day} {MONTHS_EN[day.month - 1][:3]} {day.year}"
    return f"{day.day} {SHORT_MONTHS_TH[day.month - 1]} {day.year + BUDDHIST_ERA}"


def long(value: date | datetime, language: str = "th", *, weekday: bool = False) -> str:
    """``23 พฤศจิกายน 2569``, with the weekday ``วันจันทร์ที่ 23 พฤศจิกายน 2569``; ``Monday 23 November 2026``."""
    day = _day(value)
    if language == "en":
        text = f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}"
        return f"{DAYS_EN[day.weekday()]} {text}" if weekday else text
    text = f"{day.day} {MONTHS_TH[day.month - 1]} {day.year + BUDDHIST_ERA}"
    return f"วัน{DAYS_TH[day.weekday()]}ที่ {text}" if weekday else text


def month(value: date, language: str = "th") -> str:
    """``พฤศจิกายน 2569``, ``November 2026``."""
    if language == "en":
        return f"{MONTHS_EN[value.month - 1]} {value.year}"
    return f"{MONTHS_TH[value.month - 1]} {value.year + BUDDHIST_ERA}"


def parse_month(text: str) -> date | Text:
    """The first day of a typed month: ``11/2569``, ``พ.ย. 2569``, ``พฤศจิกายน 2569``, ``2026-11``; or what is wrong."""
    typed = arabic_digits(normalise(text))
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}", typed):
        day = _ISO.fullmatch(f"{typed}-01")
        return parse_date(f"{typed}-01") if day else NOT_A_MONTH
    separator = "/" if re.fullmatch(r"[0-9]{1,2}\s*[/.\-]\s*[0-9]{4}", typed) else " "
    found = parse_date(f"1{separator}{typed}")
    return NOT_A_MONTH if found == NOT_A_DATE else found


def clock_time(value: datetime | time, language: str = "th") -> str:
    """``14:05 น.``, ``14:05``. An instant is shown in Bangkok time."""
    shown = value.astimezone(BANGKOK) if isinstance(value, datetime) else value
    return f"{shown:%H:%M}" if language == "en" else f"{shown:%H:%M} น."


def moment(value: datetime, language: str = "th") -> str:
    """Date and time: ``23 พ.ย. 2569 14:05 น.``."""
    return f"{short(value, language)} {clock_time(value, language)}"


def numeric(value: date | datetime) -> str:
    """``23/11/2569``: what a date field shows and :func:`parse_date` reads."""
    day = _day(value)
    return f"{day.day:02d}/{day.month:02d}/{day.year + BUDDHIST_ERA}"


def near(value: date | datetime, today: date, language: str = "th") -> str:
    """``พรุ่งนี้`` for the days around today, else the short date."""
    word = NEAR.get((_day(value) - today).days)
    return short(value, language) if word is None else word.en if language == "en" else word.th


def parse_date(text: str) -> date | Text:
    """Reads ``23/11/2569``, ``23 พ.ย. 2569`` or ISO ``2026-11-23``; the message if it is no date.

    Day-first dates are Buddhist and a year below 2400 is refused: 2026 there is a slip, not the year 1483.
    """
    typed = arabic_digits(normalise(text))
    if iso := _ISO.fullmatch(typed):
        year, month, day = (int(part) for part in iso.groups())
        return NOT_BUDDHIST if year >= FIRST_YEAR + BUDDHIST_ERA else _date(year, month, day)
    if numeric_ := _NUMERIC.fullmatch(typed):
        day, month, year = (int(part) for part in numeric_.groups())
    elif worded := _WORDED.fullmatch(typed):
        day, year = int(worded[1]), int(worded[3])
        month = _MONTH_NUMBERS.get(worded[2].replace(".", "").lower(), 0)
    else:
        return NOT_A_DATE
    if not FIRST_YEAR <= year - BUDDHIST_ERA <= LAST_YEAR:
        return NOT_BUDDHIST
    return _date(year - BUDDHIST_ERA, month, day)


def parse_time(text: str) -> time | Text:
    """Reads ``14:05``, ``14.05 น.``; the message if it is no time of day."""
    found = _TIME.fullmatch(arabic_digits(normalise(text)))
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        return NOT_A_TIME
    return time(int(found[1]), int(found[2]))


def _day(value: date | datetime) -> date:
    return bangkok_date(value) if isinstance(value, datetime) else value


def _date(year: int, month: int, day: int) -> date | Text:
    try:
        return date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else NOT_A_DATE
    except ValueError:
        return NOT_A_DATE
