"""Campaigns: all of them, the one a case was started in, and whether a process is open to somebody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, select

from workflows import campaigns
from workflows.actor import Actor
from workflows.errors import NotFound, Text
from workflows.records import AnySelect, Campaign
from workflows.rules.campaign_window import Window


def listed(db: Connection) -> Sequence[tuple[Window, bool]]:
    """(campaign, whether it was withdrawn), the newest first."""
    statement: AnySelect = select(*campaigns.COLUMNS, Campaign.withdrawn_at)
    rows = db.execute(statement.order_by(Campaign.opens_on.desc(), Campaign.id.desc()))
    return [(Window(*row[:-1]), row.withdrawn_at is not None) for row in rows]


def find(db: Connection, campaign_id: int) -> Window:
    """A campaign. Raises NotFound."""
    found = campaigns.by_id(db, campaign_id)
    if found is None:
        raise NotFound(campaign=campaign_id)
    return found


def admission(db: Connection, process_id: str, today: date, actor: Actor) -> Window | Text | None:
    """The window in which the actor starts a process today, why it is closed to them, or None where none is needed."""
    return campaigns.admission(db, process_id, today, actor)
