"""Enrol the card bridge of a PC that has a code."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from workflows.chain import Event
from workflows.clock import real_now
from workflows.errors import Conflict, NotAllowed, Text
from workflows.records import CardBridge, EnrolmentCode, new_id
from workflows.rules import card_reading
from workflows.work import Work

_REFUSED = Text(
    "รหัสลงทะเบียนไม่ถูกต้อง ใช้แล้ว หรือหมดอายุ ขอรหัสใหม่จากผู้ดูแลระบบ",
    "The enrolment code is wrong, used or expired; ask the administrator for a new one",
)


@dataclass(frozen=True, slots=True)
class EnrolCardBridge:
    """Keep the public key of a PC. It counts only when somebody has compared its fingerprint and approved.

    Gives (device id, unit code). Raises NotAllowed for a code that does not work, Conflict for a key already known.
    """

    code: str
    public_key: bytes
    name: str
    system: str = ""
    agent_version: str = ""

    def run(self, work: Work) -> tuple[str, str]:
        code_hash, now = card_reading.code_hash(self.code), real_now()
        found = work.db.execute(
            work.lock(select(*EnrolmentCode.__table__.c).where(EnrolmentCode.code_hash == code_hash))
        )
        code = found.first()
        if code is None or code.used_at is not None or code.expires_at < now:
            raise NotAllowed(_REFUSED)
        key_id = card_reading.key_id(self.public_key)
        if work.db.execute(select(CardBridge.id).where(CardBridge.key_id == key_id)).first() is not None:
            raise Conflict(Text("เครื่องนี้ลงทะเบียนแล้ว", "This PC is enrolled already"))
        used = update(EnrolmentCode).where(EnrolmentCode.code_hash == code_hash, EnrolmentCode.used_at.is_(None))
        work.write(used.values(used_at=now), expect=1)
        device_id = "cb_" + secrets.token_hex(8)
        work.write(
            insert(CardBridge),
            {
                "id": device_id,
                "unit_code": code.unit_code,
                "name": self.name[:80],
                "system": self.system[:40],
                "agent_version": self.agent_version[:20],
                "public_key": self.public_key,
                "key_id": key_id,
                "status": "pending",
                "made_at": work.now,
                "made_by": code.made_by,
                "decided_at": None,
                "decided_by": None,
                "last_seq": 0,
                "seen_at": None,
            },
        )
        work.record(new_id(), Event("card_bridge.enrolled", data={"device": device_id, "unit": code.unit_code}))
        return device_id, str(code.unit_code)
