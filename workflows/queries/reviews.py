"""The yearly review: when it comes, and how far the last one is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from workflows.records import Case, OutboxRow, Setting

_PROCESS = "account_review"


def plan(db: Connection) -> Mapping[str, Any]:
    """next, last: ISO dates or None; units: how many the last one had."""
    value = db.execute(select(Setting.value).where(Setting.name == "account_review")).scalars().first()
    return {"next": None, "last": None, "units": 0, **(value or {})}


def due(db: Connection, day: date) -> date | None:
    """The day of the review that has to begin by now; None if none has."""
    next_on = plan(db)["next"]
    return date.fromisoformat(next_on) if next_on and next_on <= day.isoformat() else None


def progress(db: Connection) -> Mapping[str, int]:
    """How many units still wait for their case, are at work, and are done; of all reviews there were."""
    waiting = select(func.count()).where(
        OutboxRow.status == "pending",
        OutboxRow.kind == "case.start",
        OutboxRow.key.startswith("case.start:account_review/"),
    )
    states = select(Case.state, func.count()).where(Case.process_id == _PROCESS).group_by(Case.state)
    by_state = dict(db.execute(states).all())
    running = by_state.pop("ACTIVE", 0)
    return {"waiting": db.execute(waiting).scalar_one(), "running": running, "done": sum(by_state.values())}
