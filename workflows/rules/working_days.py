"""Working days of a Thai government office. The only place of the product that decides whether a day is one.

A day works if it is Monday to Friday and no holiday, or if it is a declared make-up day. A calendar knows a closed
range of days and answers nothing outside it: a deadline guessed without a holiday list would be wrong silently.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from workflows.clock import BANGKOK
from workflows.errors import SitthiError, Text

_UNNAMED = Text("วันหยุดราชการ", "Government holiday")
_SATURDAY = 5


class OutsideCalendar(SitthiError):
    """The holiday calendar does not reach that day / ปฏิทินวันหยุดยังไม่ครอบคลุมวันที่นี้"""

    def __init__(self, day: date, first: date, last: date) -> None:
        super().__init__(
            Text(
                f"ปฏิทินวันหยุดมีตั้งแต่ {first} ถึง {last} ไม่ครอบคลุม {day} กรุณาให้ผู้ดูแลระบบรับปฏิทินปีที่ขาด",
                f"The holiday calendar runs from {first} to {last} and does not reach {day}; "
                "ask the administrator to accept the missing year",
            ),
            day=day.isoformat(),
        )


class Calendar:
    """Holidays of a range of days, with answers in constant or logarithmic time.

    ``holidays`` are days off (with their names, if a mapping); ``make_up`` are days that work although they fall on a
    weekend or a holiday. Every method raises :class:`OutsideCalendar` rather than guess.
    """

    def __init__(
        self,
        holidays: Mapping[date, Text | str] | Iterable[date],
        first: date,
        last: date,
        make_up: Iterable[date] = (),
    ) -> None:
        named = holidays if isinstance(holidays, Mapping) else dict.fromkeys(holidays, _UNNAMED)
        self.first, self.last = first, last
        self._make_up = frozenset(make_up)
        self._names = {day: _as_text(name) for day, name in named.items() if day not in self._make_up}
        self._working: list[date] = []
        self._before = [0]  # how many working days lie before the day of this index
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            if day in self._make_up or (day.weekday() < _SATURDAY and day not in self._names):
                self._working.append(day)
            self._before.append(len(self._working))

    def is_working(self, day: date) -> bool:
        """Whether the office works on this day."""
        index = self._index(day)
        return self._before[index + 1] > self._before[index]

    def holiday(self, day: date) -> Text | None:
        """The name of the holiday on this day; None if the day is no holiday (it may still be a weekend)."""
        self._index(day)
        return self._names.get(day)

    def add(self, start: date, days: int) -> date:
        """The n-th working day strictly after ``start``; with a negative number, strictly before it."""
        if days == 0:
            raise ValueError("days must not be 0: ask roll() for a working day at or after a date")
        self._index(start)
        index = bisect_right(self._working, start) + days - 1 if days > 0 else bisect_left(self._working, start) + days
        if not 0 <= index < len(self._working):
            edge, step = (self.last, 1) if days > 0 else (self.first, -1)
            raise OutsideCalendar(edge + timedelta(days=step), self.first, self.last)
        return self._working[index]

    def count(self, after: date, until: date) -> int:
        """Working days in the half-open range (after, until]; negative if ``until`` lies before ``after``."""
        return self._before[self._index(until) + 1] - self._before[self._index(after) + 1]

    def roll(self, day: date, rule: str = "after") -> date:
        """A working day for ``day``: itself if it works or the rule is "as_is", else the one "before" or "after"."""
        if rule not in ("before", "as_is", "after"):
            raise ValueError(f"unknown roll rule {rule!r}")
        if rule == "as_is" or self.is_working(day):
            return day
        return self.add(day, 1 if rule == "after" else -1)

    def counting_date(self, instant: datetime, cutoff: time | None = None) -> date:
        """The Bangkok day an event counts for. At or after the office's ``cutoff`` hour it is the next working day."""
        local = instant.astimezone(BANGKOK)
        return self.add(local.date(), 1) if cutoff is not None and local.time() >= cutoff else local.date()

    def _index(self, day: date) -> int:
        if not self.first <= day <= self.last:
            raise OutsideCalendar(day, self.first, self.last)
        return (day - self.first).days


def _as_text(name: Text | str) -> Text:
    return name if isinstance(name, Text) else Text(name, name)
