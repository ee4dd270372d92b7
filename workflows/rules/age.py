"""Age as Thai law counts it: completed years, the birthday begins the next (Civil and Commercial Code s.16)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import NamedTuple


def completed_years(birth: date, day: date) -> int:
    """Birthdays from the birth until this day; negative before the birth. A 29 February counts on 1 March in years
    without one (s.193/5)."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


class Age(NamedTuple):
    """An age as people say it. Months and days are None where the birth date is not known that exactly."""

    years: int
    months: int | None = None
    days: int | None = None


def birth_date(year: int, month: int | None = None, day: int | None = None) -> date:
    """The birth date of somebody of whom less is known: the first day of the month, or of the year (s.16)."""
    return date(year, month or 1, day or 1 if month else 1)


def elapsed(birth: date, day: date) -> tuple[int, int, int]:
    """Completed years, then months, then days from the birth until a day that is not before it."""
    years = completed_years(birth, day)
    months = (day.month - birth.month - (day.day < birth.day)) % 12
    year, month = divmod(birth.month - 1 + months, 12)
    year += birth.year + years
    reached = date(year, month + 1, min(birth.day, monthrange(year, month + 1)[1]))
    return years, months, (day - reached).days
