"""Set the password of an account."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from workflows.chain import Event
from workflows.changes.account_care import end_access, use_up_links
from workflows.clock import real_now
from workflows.errors import NotAllowed, Text
from workflows.operators.notices import fill
from workflows.ports import Message
from workflows.projection import write_messages
from workflows.records import Account, OneTimeLink, Session
from workflows.work import Work

_PURPOSES = ("activation", "reset")


@dataclass(frozen=True, slots=True)
class SetPassword:
    """Store a new password hash: at activation or a reset (``link_hash`` of the one-time link), or by the person.

    The account's links are used up, other sessions end, after a reset its tokens are revoked too, the change is
    confirmed by e-mail. Raises NotAllowed for a used or expired link. Gives the account id.
    """

    password_hash: str
    account_id: int | None = None
    link_hash: str = ""

    def run(self, work: Work) -> int:
        account_id = self._use_link(work) if self.link_hash else self.account_id
        account = work.db.execute(select(*Account.__table__.c).where(Account.id == account_id)).one()
        values = {
            "password_hash": self.password_hash,
            "must_change_password": False,
            "password_void_at": None,
            "reset_guard_until": None,
        }
        first_time = account.status == "pending"
        if first_time:
            values |= {"status": "active", "activated_at": work.now}
        work.write(update(Account).where(Account.id == account.id).values(**values))
        use_up_links(work, account.id, "activation", "reset", "keep")
        if self.link_hash:
            end_access(work, account.id)
        else:
            open_sessions = update(Session).where(Session.account_id == account.id, Session.ended_at.is_(None))
            work.write(open_sessions.values(ended_at=real_now()))
        work.record(account.id, Event("account.activated" if first_time else "account.password_changed"))
        subject, _, text = work.register.text("mail.password_changed").partition("\n")
        name = f"{account.title}{account.first_name} {account.last_name}"
        payload = {
            "to": account.email,
            "subject": subject.strip(),
            "text": fill(text.strip(), {"name": name, "username": account.username}),
        }
        key = f"password/{account.id}/{real_now().isoformat()}"
        write_messages(work, [Message("mail", payload, key)], None)
        return int(account.id)

    def _use_link(self, work: Work) -> int:
        statement = select(*OneTimeLink.__table__.c).where(OneTimeLink.token_hash == self.link_hash)
        link = work.db.execute(work.lock(statement)).first()
        works = link is not None and link.used_at is None and link.expires_at > work.now
        if link is None or not works or link.account_id is None or link.purpose not in _PURPOSES:
            raise NotAllowed(
                Text(
                    "ลิงก์นี้ใช้แล้วหรือหมดอายุ กรุณาขอลิงก์ใหม่ด้วยเมนู ลืมรหัสผ่าน",
                    "This link has been used or has expired; ask for a new one",
                )
            )
        use = update(OneTimeLink).where(OneTimeLink.token_hash == self.link_hash, OneTimeLink.used_at.is_(None))
        work.write(use.values(used_at=work.now), expect=1)
        return int(link.account_id)
