"""Suspend an account for irregularity, or lift the suspension: NHSO's hand on the brake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from workflows.chain import Event
from workflows.changes.account_care import move_account
from workflows.errors import Conflict, NotAllowed, NotFound, Text
from workflows.operators.notices import fill
from workflows.ports import Message
from workflows.projection import write_messages
from workflows.records import Account, Organisation
from workflows.rules import masking
from workflows.rules.account_care import answers_for
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class SuspendAccount:
    """Suspend at once (``lift``: end a suspension), with a reason that is kept and told to the holder.

    For NHSO: the administrator and the officers of the unit's region; never one's own account, nor to lift what the
    nightly sweep suspended: that takes a letter. Raises NotFound, NotAllowed, Conflict when the account is not as it
    must be.
    """

    username: str
    reason: str
    lift: bool = False

    def run(self, work: Work) -> None:
        region = select(Organisation.region).where(Organisation.code == Account.unit_code).scalar_subquery()
        statement = select(*Account.__table__.c, region.label("region")).where(Account.username == self.username)
        account = work.db.execute(work.lock(statement)).first()
        if account is None:
            raise NotFound(account=self.username)
        if answers_for(work.actor.groups, account.unit_code, account.region or "") != "nhso":
            raise NotAllowed(account=self.username)
        if account.id == work.actor.account_id:
            raise NotAllowed(Text("ระงับหรือคืนบัญชีของตนเองไม่ได้", "Nobody suspends or restores their own account"))
        if self.lift and account.status_reason == "dormant":
            raise NotAllowed(
                Text(
                    "บัญชีที่ไม่ได้ใช้เกิน 180 วัน ผู้ถือบัญชีต้องยื่นขอเปิดใช้อีกครั้ง",
                    "The holder of an account that was not used for over 180 days must ask to reactivate it",
                )
            )
        before, after = ("suspended", "active") if self.lift else ("active", "suspended")
        if account.status != before:
            raise Conflict(
                Text("สถานะบัญชีเปลี่ยนไปแล้ว กรุณาเปิดหน้านี้ใหม่", "The account's status has changed; open the page again"),
                account=self.username,
            )
        kind = move_account(work, account.id, after, "" if self.lift else "irregular")
        work.record(account.id, Event(kind, private={"reason": self.reason}))
        self._tell(work, account, kind)

    def _tell(self, work: Work, account: Any, kind: str) -> None:
        key = f"mail.{'account_restored' if self.lift else 'account_suspended'}"
        subject, _, text = work.register.text(key).partition("\n")
        values = {
            "name": f"{account.first_name} {account.last_name}",
            "username": account.username,
            "reason": masking.in_text(self.reason),
            "site": work.services.base_url,
        }
        payload = {"to": account.email, "subject": subject.strip(), "text": fill(text.strip(), values)}
        write_messages(work, [Message("mail", payload, f"{kind}/{account.id}/{work.now.isoformat()}")], None)
