"""Choose the day of the yearly review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, insert, select

from workflows.chain import Event
from workflows.errors import NotAllowed
from workflows.records import Setting
from workflows.work import Work

SETTING = "account_review"
SERVICE = 0
"""The audit chain of the service itself."""


@dataclass(frozen=True, slots=True)
class PlanReview:
    """The next review begins in the night to ``next_on``; None: none is planned. For administrators, and for the
    system, which plans the next year's when it has begun one (``begun``: how many units).
    """

    next_on: date | None
    begun: int | None = None

    def run(self, work: Work) -> None:
        if not work.actor.is_system and "admin" not in work.actor.roles:
            raise NotAllowed()
        known = work.db.execute(work.lock(select(Setting.value).where(Setting.name == SETTING))).scalars().first()
        value = dict(known or {})
        if self.begun is not None:
            value |= {"last": value.get("next"), "units": self.begun}
        value["next"] = self.next_on.isoformat() if self.next_on else None
        if known == value:
            return
        work.write(delete(Setting).where(Setting.name == SETTING))
        work.write(insert(Setting), {"name": SETTING, "value": value})
        work.record(SERVICE, Event("review.planned", data=value))
