"""Accept what a card bridge read, as evidence."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from workflows.chain import Event
from workflows.clock import real_now
from workflows.errors import NotAllowed, Text
from workflows.records import CardBridge, Reading, ReadingRequest, new_id
from workflows.rules import card_reading
from workflows.work import Work


class ReadingRefused(NotAllowed):
    """The reading was not accepted; read the card again / ไม่รับผลการอ่านบัตรนี้ ให้อ่านบัตรใหม่"""

    def __init__(self, why: str) -> None:
        super().__init__(_WORDS.get(why), why=why)


_WORDS = {
    "bridge": Text(
        "เครื่องอ่านบัตรนี้ยังไม่ได้รับอนุมัติหรือถูกยกเลิกแล้ว ติดต่อผู้ดูแลระบบ",
        "This card bridge is not approved, or was revoked; ask the administrator",
    ),
    "unit": Text("เครื่องอ่านบัตรนี้เป็นของหน่วยงานอื่น", "This card bridge belongs to another unit"),
    "late": Text("ใช้เวลานานเกินไป ให้อ่านบัตรใหม่", "That took too long; read the card again"),
}


@dataclass(frozen=True, slots=True)
class AcceptReading:
    """Take a signed reading once: fresh, for the session that asked, from an approved bridge of the same unit.

    ``session_hash`` is None when the bridge itself brings it over the outbound line; then only its own signature and
    the request count, and the session is checked when the page fetches it. Virtual readers count in a demonstration
    only (``virtual``). Gives the reading's id. Raises ReadingRefused.
    """

    reading: Any
    audience: str
    session_hash: str | None
    virtual: bool = False

    def run(self, work: Work) -> int:
        bridge = self._bridge(work)
        try:
            checked = card_reading.check(self.reading, bytes(bridge.public_key), audience=self.audience)
        except card_reading.Unbelievable as unbelievable:
            raise ReadingRefused(str(unbelievable)) from unbelievable
        if str(checked.envelope.get("reader", "")).startswith("Virtual PCD") and not self.virtual:
            raise ReadingRefused("reader")
        nonce_hash = hashlib.sha256(checked.nonce.encode()).hexdigest()
        asked = work.db.execute(
            work.lock(select(*ReadingRequest.__table__.c).where(ReadingRequest.nonce_hash == nonce_hash))
        ).first()
        if asked is None or asked.state not in ("waiting", "taken"):
            raise ReadingRefused("used")
        if self.session_hash is not None and (asked.actor, asked.session_hash) != (work.actor.id, self.session_hash):
            raise ReadingRefused("session")
        if asked.unit_code != bridge.unit_code:
            raise ReadingRefused("unit")
        if asked.expires_at < real_now():
            raise ReadingRefused("late")
        if checked.seq <= bridge.last_seq:
            raise ReadingRefused("seq")
        return self._keep(work, checked, asked, bridge)

    def _bridge(self, work: Work) -> Any:
        envelope = self.reading.get("envelope") if isinstance(self.reading, dict) else None
        device_id = envelope.get("device_id") if isinstance(envelope, dict) else None
        named = select(*CardBridge.__table__.c).where(CardBridge.id == str(device_id))
        bridge = work.db.execute(work.lock(named)).first()
        if bridge is None or bridge.status != "active":
            raise ReadingRefused("bridge")
        return bridge

    def _keep(self, work: Work, checked: card_reading.Checked, asked: Any, bridge: Any) -> int:
        id_, keyring = new_id(), work.services.keyring
        answered = update(ReadingRequest).where(ReadingRequest.id == asked.id, ReadingRequest.state == asked.state)
        work.write(answered.values(state="answered", reading_id=id_), expect=1)
        counted = update(CardBridge).where(CardBridge.id == bridge.id, CardBridge.last_seq == bridge.last_seq)
        work.write(counted.values(last_seq=checked.seq, seen_at=real_now()), expect=1)
        work.write(
            insert(Reading),
            {
                "id": id_,
                "bridge_id": bridge.id,
                "actor": asked.actor,
                "unit_code": asked.unit_code,
                "purpose": asked.purpose,
                "at": work.now,
                "pid_index": keyring.index("pid", checked.pid),
                "card": keyring.seal(f"reading/{id_}", json.dumps(checked.card, ensure_ascii=False).encode()),
                "photo": keyring.seal(f"reading.photo/{id_}", checked.photo) if checked.photo is not None else None,
                "envelope": checked.envelope,
                "signature": checked.signature,
                "case_id": None,
            },
        )
        work.record(id_, Event("card.read", data={"bridge": bridge.id, "purpose": asked.purpose, "by": asked.actor}))
        return id_
