"""The account of an SLA, day by day, folded into stretches a person can read."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import Literal, NamedTuple

from workflows.errors import Text
from workflows.rules.sla import Sla
from workflows.rules.working_days import Calendar

Kind = Literal["counted", "weekend", "holiday", "paused", "restarted"]


class Stretch(NamedTuple):
    """Days in a row of one kind. ``name`` is the holiday's; ``numbers`` are the first and last day number of the count;
    ``ahead`` marks days that have not come yet."""

    kind: Kind
    first: date
    last: date
    name: Text | None = None
    numbers: tuple[int, int] | None = None
    ahead: bool = False

    @property
    def days(self) -> int:
        """How many days of the week the stretch spans."""
        return (self.last - self.first).days + 1


def ledger(sla: Sla, calendar: Calendar, today: date) -> list[Stretch]:
    """Every day from the one after the documents were complete to the end: the answer, the due day or today.

    A restart shows the days before it as "restarted": they were used once and count no more.
    """
    if not sla.started_on:
        return []
    due = sla.due(calendar)
    end = sla.stopped_on or (max(today, due) if due else today)
    restart = next((back for _, back in reversed(sla.pauses) if back), None) if sla.on_return == "restart" else None
    days: list[Stretch] = []
    number = 0
    for offset in range(1, (end - sla.started_on).days + 1):
        day = sla.started_on + timedelta(days=offset)
        kind, name = _kind(sla, calendar, day)
        if kind == "counted":
            if restart and day <= restart and (due is None or due > restart):
                kind = "restarted"
            else:
                number += 1
        numbers = (number, number) if kind == "counted" else None
        days.append(Stretch(kind, day, day, name, numbers, day > today))
    return [_fold(list(run)) for _, run in groupby(days, key=lambda day: (day.kind, day.name, day.ahead))]


def _kind(sla: Sla, calendar: Calendar, day: date) -> tuple[Kind, Text | None]:
    if any(returned < day and (back is None or day <= back) for returned, back in sla.pauses):
        return "paused", None
    if sla.unit == "calendar" or calendar.is_working(day):
        return "counted", None
    name = calendar.holiday(day)
    return ("holiday", name) if name else ("weekend", None)


def _fold(run: list[Stretch]) -> Stretch:
    first, last = run[0], run[-1]
    numbers = (first.numbers[0], last.numbers[1]) if first.numbers and last.numbers else None
    return first._replace(last=last.last, numbers=numbers)
