"""ThaID confirmed who holds an account."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from workflows.chain import Event
from workflows.errors import NotFound
from workflows.records import Account
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class NoteThaid:
    """Remember that ThaID just confirmed the holder of an account: the citizen ID it told is the account's. Raises
    NotFound for an account of somebody else."""

    account_id: int
    pid: str
    ial: str

    def run(self, work: Work) -> None:
        index = work.services.keyring.index("pid", self.pid)
        mine = Account.id == self.account_id, Account.pid_index == index
        if work.db.execute(work.lock(select(Account.id).where(*mine))).first() is None:
            raise NotFound(account=self.account_id)
        work.write(update(Account).where(*mine).values(thaid_verified_at=work.now, thaid_ial=self.ial), expect=1)
        work.record(self.account_id, Event("account.thaid_verified", data={"ial": self.ial}))
