"""The campaigns of processes as the register has them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select

from workflows.actor import Actor
from workflows.errors import Text
from workflows.records import AnySelect, Campaign
from workflows.rules.campaign_window import Window, standing

COLUMNS: tuple[Any, ...] = tuple(getattr(Campaign, name) for name in Window._fields)
_OF_PROCESS: AnySelect = select(*COLUMNS).where(
    Campaign.process_id == bindparam("process"), Campaign.withdrawn_at.is_(None)
)


def admission(db: Connection, process_id: str, today: date, actor: Actor) -> Window | Text | None:
    """The window in which the actor starts a process today, why it is closed to them, or None where none is needed."""
    return standing(of_process(db, process_id), today, "supervisor" in actor.roles)


def of_process(db: Connection, process_id: str) -> list[Window]:
    """The campaigns of a process that were not withdrawn."""
    return [Window(*row) for row in db.execute(_OF_PROCESS, {"process": process_id})]


def by_id(db: Connection, campaign_id: int) -> Window | None:
    """A campaign, withdrawn or not."""
    statement: AnySelect = select(*COLUMNS).where(Campaign.id == campaign_id)
    row = db.execute(statement).first()
    return Window(*row) if row else None
