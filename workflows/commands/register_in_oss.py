"""Somebody makes their own account in OSS."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select

from workflows.chain import Event
from workflows.errors import Conflict, InvalidAnswers, Text
from workflows.records import Account, new_id
from workflows.rules import masking, usernames
from workflows.work import Work

REALM = "OSS"
_PRESENT = Text("ท่านมีบัญชี OSS อยู่แล้ว เข้าสู่ระบบด้วย ThaID ได้เลย", "You have an OSS account already; sign in with ThaID")
_TAKEN = Text("อีเมลนี้เป็นของบัญชี OSS อื่นแล้ว", "This e-mail belongs to another OSS account")
_UNKNOWN_UNIT = Text("ไม่พบหน่วยบริการรหัสนี้ในทะเบียน", "There is no unit with this code")


@dataclass(frozen=True, slots=True)
class Made:
    """The new account."""

    account_id: int
    username: str


@dataclass(frozen=True, slots=True)
class RegisterInOss:
    """Make an active account of realm OSS for a person whom ThaID just confirmed; it has no password: its holder signs
    in with ThaID, or sets one by “forgot password”. It acts for no unit before it is appointed. Raises Conflict for a
    second account of the person, InvalidAnswers for an unknown unit or a taken e-mail."""

    pid: str
    title: str
    first_name: str
    last_name: str
    ial: str
    unit_code: str
    position: str
    email: str
    mobile: str

    def run(self, work: Work) -> Made:
        keyring, id_, email = work.services.keyring, new_id(), self.email.lower()
        index = keyring.index("pid", self.pid)
        in_oss = Account.realm == REALM
        if work.db.execute(select(Account.id).where(in_oss, Account.pid_index == index)).first() is not None:
            raise Conflict(_PRESENT)
        unit = work.register.unit(self.unit_code)
        if unit is None or not unit["active"]:
            raise InvalidAnswers({"unit_code": _UNKNOWN_UNIT})
        if work.db.execute(select(Account.id).where(in_oss, Account.email == email)).first() is not None:
            raise InvalidAnswers({"email": _TAKEN})
        running = int(work.register.next_number(usernames.oss_series(self.unit_code)))
        username = usernames.oss_username(self.unit_code, running)
        row = {
            "id": id_,
            "username": username,
            "realm": REALM,
            "status": "active",
            "status_reason": "",
            "title": self.title,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "position": self.position,
            "unit_code": self.unit_code,
            "email": email,
            "pid_sealed": keyring.seal(f"account.pid/{id_}", self.pid.encode()),
            "pid_index": index,
            "pid_masked": masking.pid(self.pid),
            "mobile_sealed": keyring.seal(f"account.mobile/{id_}", self.mobile.encode()),
            "password_hash": None,
            "must_change_password": False,
            "created_at": work.now,
            "activated_at": work.now,
            "self_registered_at": work.now,
            "thaid_verified_at": work.now,
            "thaid_ial": self.ial,
        }
        work.write(insert(Account), row)
        work.record(id_, Event("account.self_registered", data={"unit": self.unit_code, "ial": self.ial}))
        return Made(id_, username)
