"""Approve the card bridge of a PC after comparing fingerprints, or revoke it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from workflows.chain import Event
from workflows.errors import Conflict, NotFound
from workflows.records import CardBridge
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class DecideCardBridge:
    """``approve`` lets readings of a pending bridge count; otherwise it is revoked for good, from this moment.

    Raises NotFound, and Conflict when somebody decided first.
    """

    device_id: str
    approve: bool

    def run(self, work: Work) -> None:
        row = work.db.execute(work.lock(select(CardBridge.status).where(CardBridge.id == self.device_id))).first()
        if row is None:
            raise NotFound(card_bridge=self.device_id)
        if row.status not in (("pending",) if self.approve else ("pending", "active")):
            raise Conflict(card_bridge=self.device_id)
        status = "active" if self.approve else "revoked"
        same = update(CardBridge).where(CardBridge.id == self.device_id, CardBridge.status == row.status)
        work.write(same.values(status=status, decided_at=work.now, decided_by=work.actor.id), expect=1)
        verb = "approved" if self.approve else "revoked"
        work.record(work.actor.account_id or 0, Event(f"card_bridge.{verb}", data={"device": self.device_id}))
