"""Make a code with which one PC of a unit may enrol its card bridge."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, insert, select

from workflows.chain import Event
from workflows.clock import real_now
from workflows.errors import NotFound, Text
from workflows.records import EnrolmentCode, Organisation
from workflows.rules import card_reading
from workflows.work import Work

LIFETIME = timedelta(minutes=10)
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that is read as something else


@dataclass(frozen=True, slots=True)
class MakeEnrolmentCode:
    """Gives the code, which is shown once and works once within ten minutes. Raises NotFound for an unknown unit."""

    unit_code: str

    def run(self, work: Work) -> str:
        if work.db.execute(select(Organisation.code).where(Organisation.code == self.unit_code)).first() is None:
            raise NotFound(Text("ไม่พบหน่วยงานรหัสนี้ ตรวจรหัสแล้วลองใหม่", "There is no such unit; check the code"))
        drawn = "".join(secrets.choice(_LETTERS) for _ in range(12))
        now = real_now()
        work.write(delete(EnrolmentCode).where(EnrolmentCode.expires_at < now - timedelta(days=1)))
        work.write(
            insert(EnrolmentCode),
            {
                "code_hash": card_reading.code_hash(drawn),
                "unit_code": self.unit_code,
                "made_by": work.actor.id,
                "expires_at": now + LIFETIME,
                "used_at": None,
            },
        )
        work.record(work.actor.account_id or 0, Event("card_bridge.code_made", data={"unit": self.unit_code}))
        return "-".join(drawn[at : at + 4] for at in range(0, 12, 4))
