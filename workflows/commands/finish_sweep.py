"""Note that the sweep of a day is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, insert, select

from workflows.chain import Event
from workflows.errors import NotAllowed
from workflows.records import Setting
from workflows.work import Work

SETTING = "sweep"
SERVICE = 0
"""The audit chain of the service itself."""


@dataclass(frozen=True, slots=True)
class FinishSweep:
    """The sweep of ``day`` is done and need not run again; ``counts`` say what it did. For the system itself."""

    day: date
    counts: dict[str, int]

    def run(self, work: Work) -> None:
        if not work.actor.is_system:
            raise NotAllowed()
        known = work.db.execute(work.lock(select(Setting.value).where(Setting.name == SETTING))).scalars().first()
        if known is not None and known["day"] == self.day.isoformat():
            return  # another worker was faster
        value = {"day": self.day.isoformat(), "at": work.now.isoformat(), **self.counts}
        work.write(delete(Setting).where(Setting.name == SETTING))
        work.write(insert(Setting), {"name": SETTING, "value": value})
        work.record(SERVICE, Event("sweep.finished", data=value))
