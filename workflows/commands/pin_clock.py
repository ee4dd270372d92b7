"""Pin or free the product's clock (demonstration and tests only)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert

from workflows.chain import Event
from workflows.errors import NotAllowed
from workflows.records import Setting
from workflows.work import Work

SETTING = "clock"
SERVICE = 0
"""The audit chain of the service itself."""


@dataclass(frozen=True, slots=True)
class PinClock:
    """The clock stands at ``at``; None lets it run again. For administrators."""

    at: datetime | None

    def run(self, work: Work) -> None:
        if "admin" not in work.actor.roles:
            raise NotAllowed()
        work.write(delete(Setting).where(Setting.name == SETTING))
        if self.at is not None:
            work.write(insert(Setting), {"name": SETTING, "value": {"at": self.at.isoformat()}})
        work.record(SERVICE, Event("clock.pinned", data={"at": self.at.isoformat() if self.at else None}))
