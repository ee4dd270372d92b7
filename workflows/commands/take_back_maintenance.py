"""Take back a time of maintenance, or end it early."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select, update

from workflows.chain import Event
from workflows.errors import NotAllowed, NotFound
from workflows.records import MaintenanceWindow
from workflows.work import Work

SERVICE = 0
"""The audit chain of the service itself."""


@dataclass(frozen=True, slots=True)
class TakeBackMaintenance:
    """A window is taken back, or ends early. For administrators. Raises NotAllowed, NotFound."""

    id: int

    def run(self, work: Work) -> None:
        if "admin" not in work.actor.roles:
            raise NotAllowed()
        this = MaintenanceWindow.id == self.id
        window = work.db.execute(select(MaintenanceWindow.starts_at, MaintenanceWindow.ends_at).where(this)).first()
        if window is None:
            raise NotFound(window=self.id)
        if window.starts_at < work.now < window.ends_at:
            work.write(update(MaintenanceWindow).where(this).values(ends_at=work.now, updated_by=work.actor.id))
        else:
            work.write(delete(MaintenanceWindow).where(this))
        work.record(SERVICE, Event("maintenance.taken_back", data={"window": str(self.id)}))
