"""The product's clock when it may be pinned: kept in the database, followed by all processes within two seconds."""

from __future__ import annotations

import time
from datetime import datetime

from sqlalchemy import Engine, select

from workflows.clock import SystemClock
from workflows.records import Setting
from workflows.records.database import for_reading

_FRESH_SECONDS = 1.0


class PinnedClock:
    """Real time, unless the database says otherwise."""

    def __init__(self, database: Engine) -> None:
        self._database = for_reading(database)
        self._system = SystemClock()
        self._at: datetime | None = None
        self._checked = -_FRESH_SECONDS

    def now(self) -> datetime:
        if time.monotonic() - self._checked >= _FRESH_SECONDS:
            with self._database.connect() as db:
                value = db.execute(select(Setting.value).where(Setting.name == "clock")).scalars().first()
            self._at = datetime.fromisoformat(value["at"]) if value else None
            self._checked = time.monotonic()
        return self._at or self._system.now()

    def changed(self) -> None:
        """This process pinned or freed the clock: look again at once."""
        self._checked = -_FRESH_SECONDS
