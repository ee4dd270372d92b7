"""The service promise of a case: how many days the office has, and how many it used.

A value, changed by the events of a case and asked with a calendar. What decides:

- Day 1 is the first counted day after the documents were complete; that day itself never counts (Civil and Commercial
  Code s.193/3). The last day counts to its end: late is from 00:00 Bangkok of the day after.
- A return for correction pauses: the day of the return is still used, the days until the day of the resubmission are
  not, and that day itself is not either. With ``on_return="restart"`` the count begins anew at the resubmission.
- A case that was late before it was returned stays late: nothing that happens afterwards hides it.
- In calendar days a last day that is no working day moves to the next one (s.193/8). In working days it cannot happen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, NamedTuple

from workflows.clock import BANGKOK, bangkok_date
from workflows.errors import SitthiError
from workflows.rules.working_days import Calendar

State = Literal["not_started", "running", "paused", "met", "breached"]
Unit = Literal["working", "calendar"]
OnReturn = Literal["pause", "restart"]
_DAY = timedelta(days=1)


class EventsOutOfOrder(SitthiError):
    """The clock of a case cannot go back: this date lies before an earlier event
    / วันที่นี้อยู่ก่อนเหตุการณ์ก่อนหน้าของเรื่อง นาฬิกาของเรื่องเดินย้อนกลับไม่ได้"""


class Pause(NamedTuple):
    """Returned for correction on one day, complete again on another (None: still with the requester)."""

    returned_on: date
    resubmitted_on: date | None = None


@dataclass(frozen=True, slots=True)
class Sla:
    """``total`` days, counted from ``started_on`` (the Bangkok day on which the documents were complete)."""

    total: int
    unit: Unit = "working"
    started_on: date | None = None
    pauses: tuple[Pause, ...] = ()
    stopped_on: date | None = None
    on_return: OnReturn = "pause"

    # -- events: each gives a new value; one that changes nothing gives the same value ------------------------------

    def start(self, on: date) -> Sla:
        """The documents are complete. A second start changes nothing."""
        return self if self.started_on else replace(self, started_on=on)

    def pause(self, on: date) -> Sla:
        """Returned for correction. Before the start the clock never ran, so nothing changes."""
        if not self.started_on or self.stopped_on or self.is_paused:
            return self
        self._not_before(self.pauses[-1].resubmitted_on if self.pauses else self.started_on, on)
        return replace(self, pauses=(*self.pauses, Pause(on)))

    def resume(self, on: date) -> Sla:
        """Complete again. A resubmission that is still incomplete is no resumption: do not call this for it."""
        if not self.is_paused or self.stopped_on:
            return self
        self._not_before(self.pauses[-1].returned_on, on)
        return replace(self, pauses=(*self.pauses[:-1], Pause(self.pauses[-1].returned_on, on)))

    def stop(self, on: date) -> Sla:
        """The answer is sent. Without a start there was no promise, so nothing changes."""
        if not self.started_on or self.stopped_on:
            return self
        last = self.pauses[-1] if self.pauses else Pause(self.started_on)
        self._not_before(last.resubmitted_on or last.returned_on, on)
        return replace(self, stopped_on=on)

    # -- questions ---------------------------------------------------------------------------------------------------

    @property
    def is_paused(self) -> bool:
        """Whether the case is with its requester now."""
        return bool(self.pauses) and self.pauses[-1].resubmitted_on is None

    def state(self, calendar: Calendar, today: date) -> State:
        """Where the promise stands on a Bangkok day."""
        if not self.started_on:
            return "not_started"
        due = self.due(calendar)
        if due is not None and (self.stopped_on or today) > due:
            return "breached"
        if self.stopped_on:
            return "met"
        return "paused" if self.is_paused else "running"

    def due(self, calendar: Calendar) -> date | None:
        """The last day that is on time; None before the start and while paused in time."""
        return self._day(calendar, self.total, at_return=False)

    def breached_on(self, calendar: Calendar) -> date | None:
        """The day from whose 00:00 (Bangkok) the case is late."""
        due = self.due(calendar)
        return due + _DAY if due else None

    def reminder_on(self, calendar: Calendar) -> date | None:
        """The day on which two thirds of the time are used; None before the start and if a pause came first."""
        return self._day(calendar, -(-2 * self.total // 3), at_return=True)

    def next_check_at(self, calendar: Calendar, instant: datetime) -> datetime | None:
        """When to look again: the next Bangkok midnight that brings the reminder or the breach; None if none."""
        if self.stopped_on:
            return None
        days = (self.reminder_on(calendar), self.breached_on(calendar))
        midnights = (datetime.combine(day, time.min, BANGKOK) for day in days if day)
        return min((at for at in midnights if at > instant), default=None)

    def used(self, calendar: Calendar, today: date) -> int:
        """Counted days up to and including ``today``; more than ``total`` when late."""
        end = self.stopped_on or today
        used = sum(
            self._count(calendar, start, min(stop or end, end)) for start, stop in self._spans(calendar) if start < end
        )
        due = self.due(calendar)
        return min(used, self.total) if due is None or end <= due else used

    def remaining(self, calendar: Calendar, today: date) -> int:
        """Counted days left; negative = days late."""
        return self.total - self.used(calendar, today)

    def paused(self, calendar: Calendar, today: date) -> int:
        """Days (of the unit) that did not count because the case was with its requester."""
        end = self.stopped_on or today
        return sum(
            self._count(calendar, returned, min(back or end, end)) for returned, back in self.pauses if returned < end
        )

    # -- how it counts -----------------------------------------------------------------------------------------------

    def _spans(self, calendar: Calendar) -> list[tuple[date, date | None]]:
        """The stretches (after, until] that count; the last may be open. With "restart" it is only the last one,
        unless an earlier one was late."""
        starts = [self.started_on, *(pause.resubmitted_on for pause in self.pauses)]
        ends = [*(pause.returned_on for pause in self.pauses), None]
        spans = [(start, end) for start, end in zip(starts, ends, strict=True) if start]
        if self.on_return == "restart":
            for start, end in spans:
                if end is not None and end > self._add(calendar, start, self.total):
                    return [(start, None)]
            return spans[-1:]
        return spans

    def _day(self, calendar: Calendar, number: int, *, at_return: bool) -> date | None:
        """The day that is day ``number`` of the count. If that is the very day of a return, the return leaves nothing:
        the day is then either that one (``at_return``) or the day on which the case came back."""
        used = 0
        for start, end in self._spans(calendar):
            day = self._add(calendar, start, number - used) if number > used else start
            if end is None or day < end or (at_return and day == end):
                return day
            used += self._count(calendar, start, end)
        return None

    def _add(self, calendar: Calendar, start: date, days: int) -> date:
        if self.unit == "working":
            return calendar.add(start, days)
        return calendar.roll(start + timedelta(days=days), "after")

    def _count(self, calendar: Calendar, after: date, until: date) -> int:
        return calendar.count(after, until) if self.unit == "working" else (until - after).days

    def _not_before(self, earlier: date | None, on: date) -> None:
        if earlier is not None and on < earlier:
            raise EventsOutOfOrder(earlier=earlier.isoformat(), on=on.isoformat())

    # -- plain data --------------------------------------------------------------------------------------------------

    def to_json(self) -> dict[str, Any]:
        """Plain data for a case variable; dates as ISO text."""
        return {
            "total": self.total,
            "unit": self.unit,
            "on_return": self.on_return,
            "started_on": _iso(self.started_on),
            "pauses": [[_iso(day) for day in pause] for pause in self.pauses],
            "stopped_on": _iso(self.stopped_on),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Sla:
        """The value that :meth:`to_json` described."""
        return cls(
            total=int(data["total"]),
            unit=data.get("unit", "working"),
            on_return=data.get("on_return", "pause"),
            started_on=_date(data.get("started_on")),
            pauses=tuple(Pause(date.fromisoformat(a), _date(b)) for a, b in data.get("pauses", ())),
            stopped_on=_date(data.get("stopped_on")),
        )


def complete_on(recorded_at: datetime, submitted_at: datetime) -> date:
    """The day the count starts from: when an officer recorded the documents complete, never before the submission."""
    return max(bangkok_date(recorded_at), bangkok_date(submitted_at))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
