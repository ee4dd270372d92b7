"""Count something that may be tried only so often: sign-ins, one-time codes, look-ups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, insert, select, update

from workflows.clock import real_now
from workflows.errors import TooMany
from workflows.ports import NeedsWriteLock
from workflows.records import Attempt
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class CountAttempt:
    """Count one attempt under ``key``; raises TooMany when ``limit`` were made within ``window`` of real time.

    The key must hold nothing personal: use a keyed digest. The count is stored even if what follows fails.
    """

    key: str
    limit: int
    window: timedelta

    def run(self, work: Work) -> int:
        if not work.locked:
            raise NeedsWriteLock
        now = real_now()
        row = work.db.execute(work.lock(select(*Attempt.__table__.c).where(Attempt.key == self.key))).first()
        if row is not None and row.window_ends_at > now:
            if row.tries >= self.limit:
                raise TooMany(retry_after=int((row.window_ends_at - now).total_seconds()) + 1)
            work.write(update(Attempt).where(Attempt.key == self.key).values(tries=row.tries + 1))
            return int(row.tries) + 1
        if row is not None:
            work.write(delete(Attempt).where(Attempt.key == self.key))
        work.write(insert(Attempt), {"key": self.key, "window_ends_at": now + self.window, "tries": 1})
        return 1
