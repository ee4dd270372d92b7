"""Note that an account is in use, so that it does not count as dormant."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import update

from workflows.records import Account
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class NoteUse:
    """The account was used now by a program that acts for it; a sign-in on the page notes the same itself."""

    account_id: int

    def run(self, work: Work) -> None:
        work.write(update(Account).where(Account.id == self.account_id).values(last_used_at=work.now))
