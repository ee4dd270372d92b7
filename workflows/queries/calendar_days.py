"""The days off as the administration entered them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from workflows.errors import NotFound
from workflows.records import CalendarDay


def of_year(db: Connection, year: int) -> list[Mapping[str, Any]]:
    """The entries of a (Gregorian) year, in order."""
    rows = db.execute(
        select(*CalendarDay.__table__.c)
        .where(CalendarDay.day >= date(year, 1, 1), CalendarDay.day <= date(year, 12, 31))
        .order_by(CalendarDay.day)
    )
    return [dict(row) for row in rows.mappings()]


def by_id(db: Connection, id_: str) -> date:
    """The day of an entry. Raises NotFound."""
    if id_.isascii() and id_.isdigit() and len(id_) < 20:
        day = db.execute(select(CalendarDay.day).where(CalendarDay.id == int(id_))).scalar()
        if day is not None:
            return day
    raise NotFound(calendar_day=id_)
