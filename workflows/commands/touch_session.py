"""Note that a session is in use."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import update

from workflows.clock import real_now
from workflows.records import Session
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class TouchSession:
    """Move a session's last use to now (real time)."""

    token: str

    def run(self, work: Work) -> None:
        hashed = hashlib.sha256(self.token.encode()).hexdigest()
        work.write(update(Session).where(Session.token_hash == hashed).values(seen_at=real_now()))
