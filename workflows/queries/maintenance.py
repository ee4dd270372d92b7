"""Times of maintenance: now, announced, planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from workflows.errors import NotFound, Text
from workflows.records import AnySelect, MaintenanceWindow, TargetSystem
from workflows.rules.maintenance import ANNOUNCED_FOR, refusal


@dataclass(frozen=True, slots=True)
class Window:
    """A time of maintenance of the whole service, or of one target system (its code and name)."""

    id: int
    starts_at: datetime
    ends_at: datetime
    text: Text
    system_code: str | None
    system_name: str | None

    def is_now(self, now: datetime) -> bool:
        return self.starts_at <= now < self.ends_at

    @property
    def refusal(self) -> Text:
        """What somebody reads who may not sign in because of it."""
        return refusal(self.ends_at, self.text)


def maintenance_now(db: Connection, now: datetime) -> Window | None:
    """The window in which the whole service rests now, the one that ends last; None when people may sign in."""
    resting = MaintenanceWindow.system_code.is_(None), MaintenanceWindow.starts_at <= now
    found = _windows(db, _of(now).where(*resting).order_by(MaintenanceWindow.ends_at.desc()).limit(1))
    return found[0] if found else None


def announced(db: Connection, now: datetime) -> list[Window]:
    """What every page tells of: windows that are on, and those that begin within three days."""
    soon = MaintenanceWindow.starts_at <= now + ANNOUNCED_FOR
    return _windows(db, _of(now).where(soon).order_by(MaintenanceWindow.starts_at).limit(5))


def planned(db: Connection, now: datetime, limit: int = 100) -> list[Window]:
    """All windows that are not over, the next one first."""
    return _windows(db, _of(now).order_by(MaintenanceWindow.starts_at).limit(limit))


def by_id(db: Connection, id_: int) -> Window:
    """One window. Raises NotFound."""
    found = _windows(db, _all().where(MaintenanceWindow.id == id_))
    if not found:
        raise NotFound(window=id_)
    return found[0]


def systems(db: Connection) -> list[Mapping[str, Any]]:
    """The target systems one can choose from: code and name."""
    rows = db.execute(select(TargetSystem.code, TargetSystem.name).order_by(TargetSystem.name)).mappings()
    return [dict(row) for row in rows]


def _all() -> AnySelect:
    joined = select(*MaintenanceWindow.__table__.c, TargetSystem.name)
    return joined.outerjoin(TargetSystem, TargetSystem.code == MaintenanceWindow.system_code)


def _of(now: datetime) -> AnySelect:
    return _all().where(MaintenanceWindow.ends_at > now)


def _windows(db: Connection, statement: AnySelect) -> list[Window]:
    return [
        Window(row.id, row.starts_at, row.ends_at, Text(row.text_th, row.text_en), row.system_code, row.name)
        for row in db.execute(statement)
    ]
