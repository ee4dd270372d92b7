"""Proposes the government holidays of a year from the ``holidays`` library.

A proposal, not the calendar: an administrator looks at the rows and accepts them, so that an upgrade of the library
never moves a deadline silently. Rule: the public holidays without Labour Day (no government holiday) and Children's Day
(never a weekday), plus the days that only the government keeps (Royal Ploughing, announced year by year).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import holidays

_NOT_OF_THE_GOVERNMENT = ("Labor Day", "Children's Day", "วันแรงงานแห่งชาติ", "วันเด็กแห่งชาติ")


class HolidayRow(NamedTuple):
    """One proposed day off."""

    day: date
    name_th: str
    name_en: str


def government_holidays(years: Iterable[int]) -> list[HolidayRow]:
    """The days off of these years (Gregorian), in order; days in lieu and special days are among them."""
    wanted = list(years)
    thai, english = _names(wanted, "th"), _names(wanted, "en_US")
    return [HolidayRow(day, thai[day], name) for day, name in sorted(english.items())]


def _names(years: list[int], language: str) -> dict[date, str]:
    # The language must be explicit: the library otherwise follows the locale of the machine.
    found = holidays.country_holidays("TH", years=years, language=language, categories=("public", "government"))
    names = {}
    for day, joined in found.items():
        kept = [name for name in joined.split("; ") if not any(word in name for word in _NOT_OF_THE_GOVERNMENT)]
        if kept:
            names[day] = ", ".join(kept)
    return names
