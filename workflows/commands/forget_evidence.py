"""Forget what was read or asked about patients and became evidence of nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from workflows.chain import Event
from workflows.errors import NotAllowed
from workflows.records import Reading, RightsAnswer, table
from workflows.work import Work

KEPT = timedelta(days=1)
SERVICE = 0
"""The audit chain of the service itself."""


@dataclass(frozen=True, slots=True)
class ForgetEvidence:
    """Remove up to ``size`` answers of the rights registry and as many readings of cards, with their photos, that no
    case was bound to within a day. For the system itself. Gives how many rows; the audit says how many of each.

    What a case relies on stays. Of two who forget at once each row goes with one of them.
    """

    size: int = 500

    def run(self, work: Work) -> int:
        if not work.actor.is_system:
            raise NotAllowed()
        counts = {
            "rights_answers": self._forget(work, table(RightsAnswer), "asked_at"),
            "readings": self._forget(work, table(Reading), "at"),
        }
        if any(counts.values()):
            work.record(SERVICE, Event("evidence.forgotten", data=counts))
        return sum(counts.values())

    def _forget(self, work: Work, rows: Any, moment: str) -> int:
        unbound = rows.c.case_id.is_(None)
        old = select(rows.c.id).where(unbound, rows.c[moment] < work.now - KEPT).order_by(rows.c.id).limit(self.size)
        found = work.db.execute(work.lock(old)).scalars().all()
        if found:
            work.write(delete(rows).where(rows.c.id.in_(found), unbound), expect=len(found))
        return len(found)
