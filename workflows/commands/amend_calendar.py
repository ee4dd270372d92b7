"""Declare or take back days off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from sqlalchemy import delete, insert, select, update

from workflows.chain import Event
from workflows.errors import NotAllowed
from workflows.records import CalendarDay, Case, Setting, new_id
from workflows.work import Work

CALENDAR = 1
"""The audit chain of the calendar."""


class Day(NamedTuple):
    """One day of the calendar: ``holiday``, ``workday`` (a make-up day), or ``none`` to take an entry back."""

    day: date
    kind: Literal["holiday", "workday", "none"]
    name_th: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class AmendCalendar:
    """Enter days and widen the known range; every open case whose service clock runs is recomputed by the worker.

    For administrators. Raises NotAllowed.
    """

    days: Sequence[Day]
    origin: str = "admin"
    first: date | None = None
    last: date | None = None

    def run(self, work: Work) -> int:
        """Gives the new version of the calendar."""
        if not work.actor.is_system and "admin" not in work.actor.roles:
            raise NotAllowed()
        statement = select(Setting.value).where(Setting.name == "calendar")
        value = work.db.execute(work.lock(statement)).scalars().first()
        years = [day.day.year for day in self.days]
        first = self.first or date(min(years), 1, 1)
        last = self.last or date(max(years), 12, 31)
        if value:
            first = min(first, date.fromisoformat(value["first"]))
            last = max(last, date.fromisoformat(value["last"]))
        version = (value["version"] if value else 0) + 1
        stored = {"version": version, "first": first.isoformat(), "last": last.isoformat()}
        if value:
            work.write(update(Setting).where(Setting.name == "calendar").values(value=stored))
        else:
            work.write(insert(Setting), {"name": "calendar", "value": stored})
        work.write(delete(CalendarDay).where(CalendarDay.day.in_([day.day for day in self.days])))
        rows = [
            {
                "id": new_id(),
                "day": day.day,
                "kind": day.kind,
                "name_th": day.name_th,
                "name_en": day.name_en or day.name_th,
                "origin": self.origin,
                "updated_at": work.now,
                "updated_by": work.actor.id,
            }
            for day in self.days
            if day.kind != "none"
        ]
        if rows:
            work.write(insert(CalendarDay), rows)
        work.write(
            update(Case)
            .where(Case.state == "ACTIVE", Case.sla_state.in_(("running", "breached")))
            .values(recompute=True)
        )
        data = {"version": version, "days": [[d.day.isoformat(), d.kind, d.name_th] for d in self.days][:60]}
        work.record(CALENDAR, Event("calendar.amended", data=data))
        work.after_commit(work.services.holidays.changed)
        return version
