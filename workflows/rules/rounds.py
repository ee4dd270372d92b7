"""Rounds: grants that become effective on fixed days, such as the smart-card rights on the 15th and the 28th.

A request belongs to the first round whose cut-off lies after the Bangkok day on which it was sent; one that is sent
before that round opens waits for it. The list of a round closes some working days before its effective day; what is not
approved by then goes to the next round. A schedule is data that a process owner edits: days of the month, days of the
week and every working day are one mechanism.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from typing import NamedTuple

from workflows.clock import BANGKOK, bangkok_date
from workflows.errors import Text
from workflows.rules.working_days import Calendar, OutsideCalendar

_DAY = timedelta(days=1)
_LOOK_BACK = timedelta(days=62)
"""Longer than any schedule goes without a cut-off."""
KINDS = ("monthly", "weekly", "daily")
ROLLS = ("before", "as_is", "after")
EVERY_WORKING_DAY = (0, 1, 2, 3, 4)
"""Monday to Friday; what falls on a holiday then goes to the next working day."""


class MonthlyRound(NamedTuple):
    """Sent before ``cutoff`` (day of the month, 00:00 Bangkok), effective on ``effective`` of the same month."""

    cutoff: int
    effective: int


@dataclass(frozen=True, slots=True)
class Round:
    """One round of a schedule: sent before ``cutoff``, approved before ``closes_on``, granted on ``effective_on``; each
    from 00:00 Bangkok. It takes requests from ``opens_on`` on; None = from always (nothing before it is known)."""

    cutoff: date
    closes_on: date
    effective_on: date
    opens_on: date | None = None

    def opens_after(self, day: date) -> bool:
        """Whether it is not open yet on this day."""
        return self.opens_on is not None and self.opens_on > day


@dataclass(frozen=True, slots=True)
class Schedule:
    """The rounds of each month, in order, or the ``weekdays`` (Monday is 0) of each week; and what happens if an
    effective day is no working day: the working day ``before``, ``as_is`` or the one ``after``.

    ``closes_before`` is how many working days before the effective day the list closes. The cut-off of a weekday's
    round lies ``cutoff_days`` days before its effective day. A round opens ``opens_before`` days before its cut-off,
    never before the previous cut-off; None = on that day.
    """

    rounds: Sequence[MonthlyRound] = ()
    roll: str = "before"
    closes_before: int = 1
    weekdays: Sequence[int] = field(default=(), kw_only=True)
    cutoff_days: int = field(default=0, kw_only=True)
    opens_before: int | None = field(default=None, kw_only=True)

    def round_of(self, sent_at: datetime, calendar: Calendar) -> Round:
        """The round of a request sent at this instant."""
        day = bangkok_date(sent_at)
        return next(found for found in self.upcoming(day, calendar) if day < found.cutoff)

    def open_round(self, sent_at: datetime, calendar: Calendar) -> Round:
        """The same, or the one after it where holidays made the list close before the cut-off and it is closed."""
        day = bangkok_date(sent_at)
        return next(found for found in self.upcoming(day, calendar) if day < min(found.cutoff, found.closes_on))

    def following(self, one: Round, calendar: Calendar) -> Round:
        """The round after this one: where it carries what was not approved in time."""
        return next(found for found in self.upcoming(one.cutoff, calendar) if found.cutoff > one.cutoff)

    def upcoming(self, day: date, calendar: Calendar) -> Iterator[Round]:
        """Every round from about a day on, without end, in order; OutsideCalendar where the calendar ends."""
        last: date | None = None
        for found in self._rounds(day, calendar):
            if last is None:
                last = self._cutoff_before(found, calendar)
            if last is None or found.cutoff > last:  # holidays may roll two days into one
                yield replace(found, opens_on=self._opens(found, last))
                last = found.cutoff

    def _opens(self, found: Round, previous: date | None) -> date | None:
        own = None if self.opens_before is None else found.cutoff - self.opens_before * _DAY
        return max((each for each in (previous, own) if each is not None), default=None)

    def _cutoff_before(self, found: Round, calendar: Calendar) -> date | None:
        """The last cut-off before a round; None where the calendar begins in between."""
        try:
            earlier = self._rounds(found.cutoff - _LOOK_BACK, calendar)
            return max((one.cutoff for one in takewhile(lambda one: one.cutoff < found.cutoff, earlier)), default=None)
        except OutsideCalendar:
            return None

    def _rounds(self, day: date, calendar: Calendar) -> Iterator[Round]:
        return self._by_month(day, calendar) if self.rounds else self._by_week(day, calendar)

    def problem(self, first: date, calendar: Calendar, days: int = 366) -> Text | None:
        """Why the rounds of the coming days cannot be kept, or None."""
        try:
            for found in self.upcoming(first, calendar):
                if found.cutoff > first + days * _DAY:
                    return None
                if found.effective_on < found.cutoff:
                    return Text(
                        f"รอบที่ตัดรอบ {found.cutoff} มีผล {found.effective_on} ก่อนวันตัดรอบ ให้เลื่อนวันตัดรอบหรือวันมีผล",
                        f"The round cut off on {found.cutoff} takes effect before that, on {found.effective_on}; "
                        "move one of the two",
                    )
        except OutsideCalendar as outside:
            return outside.text
        return None

    def _by_month(self, day: date, calendar: Calendar) -> Iterator[Round]:
        month = day.replace(day=1)
        while True:
            for each in self.rounds:
                yield self._round(month.replace(day=each.effective), month.replace(day=each.cutoff), calendar)
            month = (month + 31 * _DAY).replace(day=1)

    def _by_week(self, day: date, calendar: Calendar) -> Iterator[Round]:
        if not self.weekdays:
            raise ValueError("a schedule needs days of the month or of the week")
        while True:
            if day.weekday() in self.weekdays:
                yield self._round(day, None, calendar)
            day += _DAY

    def _round(self, nominal: date, cutoff: date | None, calendar: Calendar) -> Round:
        effective = calendar.roll(nominal, self.roll)
        closes = calendar.add(effective, -self.closes_before) if self.closes_before else effective
        return Round(cutoff or effective - self.cutoff_days * _DAY, closes, effective)


def begins(day: date) -> datetime:
    """The instant a day begins in Bangkok: when a cut-off, a closing or a grant takes place."""
    return datetime.combine(day, time(), BANGKOK)


SMART_CARD = Schedule((MonthlyRound(10, 15), MonthlyRound(22, 28)))
"""Smart-card rights: asked before the 10th, granted on the 15th; before the 22nd, on the 28th."""
TUESDAY_AND_FRIDAY = Schedule((), "after", 0, weekdays=(1, 4))
DAILY = Schedule((), "after", 0, weekdays=EVERY_WORKING_DAY)
