"""How often something was tried lately."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from workflows.records import Attempt


def refused_for(db: Connection, key: str, limit: int, now: datetime) -> int:
    """Seconds (real time) until the attempts under this key are below the limit again; 0 when they are."""
    row = db.execute(select(Attempt.window_ends_at, Attempt.tries).where(Attempt.key == key)).first()
    if row is None or row.tries < limit or row.window_ends_at <= now:
        return 0
    return int((row.window_ends_at - now).total_seconds()) + 1
