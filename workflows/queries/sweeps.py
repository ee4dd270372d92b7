"""Which sweep is due, and how the last one went."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from workflows.records import Setting
from workflows.rules.dormancy import sweep_day


def last(db: Connection) -> Mapping[str, Any] | None:
    """The day of the last sweep that ended, when it ended and what it did; None before the first."""
    return db.execute(select(Setting.value).where(Setting.name == "sweep")).scalars().first()


def due(db: Connection, now: datetime) -> date | None:
    """The Bangkok day that still has to be swept; None when it was, or when it is too early."""
    day, done = sweep_day(now), last(db)
    return None if day is None or (done is not None and done["day"] == day.isoformat()) else day
