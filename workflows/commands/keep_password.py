"""Let an account keep its password: its holder had not asked for the reset."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from workflows.chain import Event
from workflows.changes.account_care import use_up_links
from workflows.errors import NotAllowed, Text
from workflows.records import Account, OneTimeLink
from workflows.work import Work

GUARD = timedelta(days=7)
"""For how long afterwards a request alone voids nothing; only its link does."""


@dataclass(frozen=True, slots=True)
class KeepPassword:
    """The old password works again and the links of the reset work no more. Raises NotAllowed for a used link."""

    link_hash: str

    def run(self, work: Work) -> None:
        statement = select(*OneTimeLink.__table__.c).where(
            OneTimeLink.token_hash == self.link_hash,
            OneTimeLink.purpose == "keep",
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > work.now,
        )
        link = work.db.execute(work.lock(statement)).first()
        if link is None:
            raise NotAllowed(
                Text(
                    "ลิงก์นี้ใช้แล้วหรือหมดอายุ หากต้องการรหัสผ่านใหม่ ใช้เมนู ลืมรหัสผ่าน",
                    "This link has been used or has expired; for a new password use “Forgot password”",
                )
            )
        use = update(OneTimeLink).where(OneTimeLink.token_hash == self.link_hash, OneTimeLink.used_at.is_(None))
        work.write(use.values(used_at=work.now), expect=1)
        use_up_links(work, link.account_id, "reset", "keep")
        values = {"password_void_at": None, "reset_guard_until": work.now + GUARD}
        work.write(update(Account).where(Account.id == link.account_id).values(**values))
        work.record(link.account_id, Event("account.reset_refused"))
