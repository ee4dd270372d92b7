"""Register somebody in LINE, or note that they declined."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select

from workflows.chain import Event
from workflows.errors import Conflict, NotAllowed, Text
from workflows.records import LinePerson, new_id
from workflows.rules import masking
from workflows.work import Work

_TAKEN = Text(
    "เลขประจำตัวประชาชนนี้ลงทะเบียนกับบัญชี LINE อื่นแล้ว เลิกใช้ในบัญชีเดิมก่อน หรือโทร 1330",
    "This citizen ID is registered with another LINE account; leave it there first, or call 1330",
)
_ALREADY = Text("บัญชี LINE นี้ลงทะเบียนแล้ว", "This LINE account is registered already")


@dataclass(frozen=True, slots=True)
class RegisterInLine:
    """Bind the acting LINE account to a person whose rights and age the caller has checked. With ``accepted`` false
    only the refusal of this very text is kept. Raises Conflict when either is bound already. Gives the person's id, or
    that of the refusal."""

    user_id: str
    consent_sha256: str
    accepted: bool
    pid: str = ""
    name: str = ""
    phone: str = ""

    def run(self, work: Work) -> int:
        keyring, id_ = work.services.keyring, new_id()
        user_index = keyring.index("line.user", self.user_id)
        if work.actor.line_index != user_index:
            raise NotAllowed()
        data = {"text": "line_consent", "sha256": self.consent_sha256}
        if not self.accepted:
            work.record(id_, Event("line.declined", data=data))
            return id_
        pid_index = keyring.index("pid", self.pid)
        known = select(LinePerson.user_index).where(
            (LinePerson.user_index == user_index) | (LinePerson.pid_index == pid_index)
        )
        for row in work.db.execute(known):
            raise Conflict(_ALREADY if bytes(row.user_index) == user_index else _TAKEN)
        work.write(
            insert(LinePerson),
            {
                "id": id_,
                "user_sealed": keyring.seal(f"line.user/{id_}", self.user_id.encode()),
                "user_index": user_index,
                "pid_sealed": keyring.seal(f"line.pid/{id_}", self.pid.encode()),
                "pid_index": pid_index,
                "pid_masked": masking.pid(self.pid),
                "name": self.name,
                "phone_sealed": keyring.seal(f"line.phone/{id_}", self.phone.encode()),
                "consent_sha256": self.consent_sha256,
                "consent_at": work.now,
                "registered_at": work.now,
                "left_at": None,
            },
        )
        work.record(id_, Event("line.registered", data=data))
        return id_
