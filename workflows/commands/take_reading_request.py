"""The outbound line of a card bridge: fetch what its unit wants read, or say that reading failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from workflows.clock import real_now
from workflows.errors import NotAllowed
from workflows.records import CardBridge, ReadingRequest
from workflows.rules import card_reading
from workflows.work import Work

_CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class TakeReadingRequest:
    """Take the oldest waiting request of the bridge's unit; gives its row or None.

    With ``error`` in what the bridge said, the request it was about has failed. ``said`` is what the bridge signed.
    Raises NotAllowed when it did not, is not approved, or said it long ago.
    """

    said: Any
    signature: Any

    def run(self, work: Work) -> Any:
        bridge = self._bridge(work)
        now = real_now()
        if bridge.seen_at is None or now - bridge.seen_at > timedelta(minutes=1):
            work.write(update(CardBridge).where(CardBridge.id == bridge.id).values(seen_at=now))
        if self.said.get("error"):
            failed = update(ReadingRequest).where(
                ReadingRequest.challenge == str(self.said.get("challenge")),
                ReadingRequest.unit_code == bridge.unit_code,
                ReadingRequest.state == "taken",
            )
            work.write(failed.values(state="failed", error=str(self.said["error"])[:40]))
            return None
        waiting = (
            select(*ReadingRequest.__table__.c)
            .where(
                ReadingRequest.unit_code == bridge.unit_code,
                ReadingRequest.state == "waiting",
                ReadingRequest.expires_at > now,
            )
            .order_by(ReadingRequest.id)
            .limit(1)
        )
        found = work.db.execute(work.lock(waiting)).first()
        if found is not None:
            mine = update(ReadingRequest).where(ReadingRequest.id == found.id, ReadingRequest.state == "waiting")
            work.write(mine.values(state="taken"), expect=1)
        return found

    def _bridge(self, work: Work) -> Any:
        said = self.said if isinstance(self.said, dict) else {}
        bridge = work.db.execute(
            select(*CardBridge.__table__.c).where(CardBridge.id == str(said.get("device_id")))
        ).first()
        if bridge is None or bridge.status != "active":
            raise NotAllowed()
        try:
            at = datetime.fromisoformat(str(said.get("at")))
            fresh = abs(at - real_now()) < _CLOCKS_DIFFER
        except (ValueError, TypeError):
            fresh = False
        if not fresh or not card_reading.line_holds(said, self.signature, bytes(bridge.public_key)):
            raise NotAllowed()
        return bridge
