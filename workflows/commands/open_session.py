"""Sign somebody in."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import insert, update

from workflows.chain import Event
from workflows.clock import real_now
from workflows.records import Account, Session
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Make a session for an account whose password was just verified; gives the token for the cookie."""

    account_id: int

    def run(self, work: Work) -> str:
        token, now = secrets.token_urlsafe(32), real_now()
        work.write(
            insert(Session),
            {
                "token_hash": hashlib.sha256(token.encode()).hexdigest(),
                "account_id": self.account_id,
                "created_at": now,
                "seen_at": now,
                "ended_at": None,
            },
        )
        work.write(update(Account).where(Account.id == self.account_id).values(last_used_at=work.now))
        work.record(self.account_id, Event("account.signed_in"))
        return token
