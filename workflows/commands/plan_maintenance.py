"""Announce, change or take back a time of maintenance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from workflows.chain import Event
from workflows.errors import NotAllowed, NotFound
from workflows.records import MaintenanceWindow, new_id
from workflows.work import Work

SERVICE = 0
"""The audit chain of the service itself."""


@dataclass(frozen=True, slots=True)
class PlanMaintenance:
    """Enter a window, or with ``id`` change one. Without a ``system_code`` the whole service rests. For administrators.

    The times were checked by the page (``rules/maintenance.py``). Raises NotAllowed, NotFound. Gives the id.
    """

    starts_at: datetime
    ends_at: datetime
    text_th: str
    text_en: str
    system_code: str | None = None
    id: int | None = None

    def run(self, work: Work) -> int:
        if "admin" not in work.actor.roles:
            raise NotAllowed()
        values: dict[str, Any] = {
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "system_code": self.system_code,
            "text_th": self.text_th,
            "text_en": self.text_en,
            "updated_at": work.now,
            "updated_by": work.actor.id,
        }
        id_ = self.id
        if id_ is None:
            id_ = new_id()
            work.write(insert(MaintenanceWindow), {"id": id_, **values})
        else:
            if work.db.execute(select(MaintenanceWindow.id).where(MaintenanceWindow.id == id_)).first() is None:
                raise NotFound(window=id_)
            work.write(update(MaintenanceWindow).where(MaintenanceWindow.id == id_).values(**values), expect=1)
        told = {name: values[name] for name in ("system_code", "text_th", "text_en")}
        times = {"from": self.starts_at.isoformat(), "until": self.ends_at.isoformat()}
        work.record(SERVICE, Event("maintenance.planned", data={"window": str(id_), **times, **told}))
        return id_
