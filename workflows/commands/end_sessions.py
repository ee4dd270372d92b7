"""Sign somebody out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import update

from workflows.chain import Event
from workflows.clock import real_now
from workflows.records import Session
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class EndSessions:
    """End the session of this token, or without a token all sessions of the account."""

    account_id: int
    token: str = ""

    def run(self, work: Work) -> None:
        ending = update(Session).where(Session.account_id == self.account_id, Session.ended_at.is_(None))
        if self.token:
            ending = ending.where(Session.token_hash == hashlib.sha256(self.token.encode()).hexdigest())
        work.write(ending.values(ended_at=real_now()))
        work.record(self.account_id, Event("account.signed_out"))
