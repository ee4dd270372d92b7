"""The working-day calendar as the administration keeps it, loaded once and refreshed within two seconds of a change."""

from __future__ import annotations

import threading
import time
from datetime import date

from sqlalchemy import Connection, Engine, select

from workflows.errors import Text
from workflows.records import CalendarDay, Setting
from workflows.records.database import for_reading
from workflows.rules.working_days import Calendar

_FRESH_SECONDS = 2.0
SETTING = "calendar"


class HolidayStore:
    """Gives the calendar in force and its version, which grows with every change."""

    def __init__(self, database: Engine) -> None:
        self._database = for_reading(database)
        self._lock = threading.Lock()
        self._calendar: Calendar | None = None
        self._version = -1
        self._checked = -_FRESH_SECONDS

    def calendar(self) -> Calendar:
        """The calendar in force."""
        if self._calendar is None or time.monotonic() - self._checked >= _FRESH_SECONDS:
            self._refresh()
        assert self._calendar is not None  # _refresh gives one or raises
        return self._calendar

    def changed(self) -> None:
        """This process changed the calendar: look again at once."""
        self._checked = -_FRESH_SECONDS

    def _refresh(self) -> None:
        with self._lock, self._database.connect() as db:
            setting = db.execute(select(Setting.value).where(Setting.name == SETTING)).scalars().first() or {}
            version = setting.get("version", 0)
            if version != self._version or self._calendar is None:
                self._calendar = _load(db, setting)
                self._version = version
            self._checked = time.monotonic()


def _load(db: Connection, setting: dict[str, str]) -> Calendar:
    rows = db.execute(select(CalendarDay.day, CalendarDay.kind, CalendarDay.name_th, CalendarDay.name_en)).all()
    holidays = {row.day: Text(row.name_th, row.name_en) for row in rows if row.kind == "holiday"}
    make_up = [row.day for row in rows if row.kind == "workday"]
    first, last = setting.get("first", "2024-01-01"), setting.get("last", "2024-12-31")
    return Calendar(holidays, date.fromisoformat(first), date.fromisoformat(last), make_up)
