"""Keep what ThaID confirmed about somebody at a unit's counter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import insert, select

from workflows.chain import Event
from workflows.errors import Conflict, Text
from workflows.records import ThaidProof, new_id
from workflows.rules import masking
from workflows.work import Work

LIFETIME = timedelta(minutes=15)
"""How long a confirmation may wait for its use: the endorser is still at the counter."""
_ANSWERED = Text(
    "ลิงก์ยืนยันนี้ใช้ไปแล้ว ให้เจ้าหน้าที่สร้างลิงก์ใหม่",
    "This link was used already; ask the officer for a new one",
)


@dataclass(frozen=True, slots=True)
class KeepThaidProof:
    """Keep a confirmation for one use within :data:`LIFETIME`. ``ask`` names the invitation of ``asked_by`` at
    ``unit_code``; a second answer to it raises Conflict. Gives the proof's id."""

    ask: str
    asked_by: str
    unit_code: str
    pid: str
    name: str
    issuer: str
    ial: str

    def run(self, work: Work) -> int:
        answered = work.lock(select(ThaidProof.id).where(ThaidProof.ask == self.ask))
        if work.db.execute(answered).first() is not None:
            raise Conflict(_ANSWERED)
        id_, keyring = new_id(), work.services.keyring
        work.write(
            insert(ThaidProof),
            {
                "id": id_,
                "ask": self.ask,
                "asked_by": self.asked_by,
                "unit_code": self.unit_code,
                "pid_sealed": keyring.seal(f"thaid_proof.pid/{id_}", self.pid.encode()),
                "pid_index": keyring.index("pid", self.pid),
                "pid_masked": masking.pid(self.pid),
                "name": self.name,
                "issuer": self.issuer,
                "ial": self.ial,
                "confirmed_at": work.now,
                "expires_at": work.now + LIFETIME,
                "used_at": None,
                "used_case": None,
            },
        )
        work.record(id_, Event("thaid.confirmed", data={"unit": self.unit_code, "by": self.asked_by, "ial": self.ial}))
        return id_
