"""Appoint somebody to a role, or end an appointment."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select

from workflows.chain import Event
from workflows.errors import Conflict, InvalidAnswers, NotAllowed, NotFound, Text
from workflows.master_data import MEMBERSHIPS, ORGANISATIONS, SYSTEMS, known
from workflows.records import Account, ChainHead, Membership
from workflows.rules.duties import DUTIES
from workflows.work import Work

_OWN = Text(
    "ผู้ดูแลระบบมอบหรือถอนบทบาทของตนเองไม่ได้ ให้ผู้ดูแลระบบคนอื่นทำ", "Nobody changes their own roles; another administrator does"
)
_LAST = Text("ต้องมีผู้ดูแลระบบอย่างน้อยหนึ่งคน", "There must be at least one administrator")
_UNKNOWN_ROLE = Text("กรุณาเลือกบทบาท", "Please choose a role")
_UNKNOWN_SCOPE = {
    "unit": Text("ไม่พบหน่วยบริการรหัสนี้", "There is no unit with this code"),
    "organisation": Text("ไม่พบหน่วยงานรหัสนี้", "There is no organisation with this code"),
    "region": Text("เขตมีเลข 1 ถึง 13", "Regions are numbered 1 to 13"),
    "system": Text("ไม่พบระบบงานรหัสนี้", "There is no target system with this code"),
}
_THERE = Text("บัญชีนี้มีบทบาทนี้อยู่แล้ว", "This account has this role already")
_GONE = Text("บัญชีนี้ไม่มีบทบาทนี้แล้ว", "This account does not have this role any more")


@dataclass(frozen=True, slots=True)
class Appoint:
    """Give (``wanted``) or take back a role of one scope. It holds from the person's next click.

    For administrators, but never about themselves: whoever gives a role and whoever gets it are two people. The last
    administrator stays one. Raises NotAllowed, NotFound, InvalidAnswers, Conflict when it is so already.
    """

    username: str
    role: str
    scope: str
    wanted: bool

    def run(self, work: Work) -> None:
        if "admin" not in work.actor.roles:
            raise NotAllowed()
        account = work.db.execute(work.lock(select(Account.id).where(Account.username == self.username))).first()
        if account is None:
            raise NotFound(account=self.username)
        if account.id == work.actor.account_id:
            raise Conflict(_OWN)
        mine = Membership.account_id == account.id, Membership.role == self.role, Membership.scope == self.scope
        present = work.db.execute(select(Membership.role).where(*mine)).first() is not None
        if self.wanted:
            self._check(work)
            if present:
                raise Conflict(_THERE)
            work.write(insert(Membership), {"account_id": account.id, "role": self.role, "scope": self.scope})
        else:
            if not present:
                raise Conflict(_GONE)
            if self.role == "admin":
                self._others_remain(work)
            work.write(delete(Membership).where(*mine), expect=1)
        kind = "membership.added" if self.wanted else "membership.removed"
        data = {"role": self.role, "scope": self.scope}
        work.record(MEMBERSHIPS.chain, Event(kind, name=self.username, data=data))

    def _check(self, work: Work) -> None:
        duty = DUTIES.get(self.role)
        if duty is None:
            raise InvalidAnswers({"role": _UNKNOWN_ROLE})
        match duty.scope:
            case "":
                good = self.scope == ""
            case "region":
                good = self.scope in {str(number) for number in range(1, 14)}
            case "system":
                good = bool(known(work.db, SYSTEMS, [self.scope]))
            case _:
                good = bool(known(work.db, ORGANISATIONS, [self.scope]))
        if not good:
            raise InvalidAnswers({"scope": _UNKNOWN_SCOPE.get(duty.scope, _UNKNOWN_ROLE)})

    def _others_remain(self, work: Work) -> None:
        """Appointments end one after the other: the head of their chain is locked first."""
        work.db.execute(work.lock(select(ChainHead.seq).where(ChainHead.subject_id == MEMBERSHIPS.chain)))
        admins = (
            select(func.count())
            .select_from(Membership)
            .join(Account, Account.id == Membership.account_id)
            .where(Membership.role == "admin", Account.status == "active")
        )
        if int(work.db.execute(admins).scalar_one()) < 2:
            raise Conflict(_LAST)
