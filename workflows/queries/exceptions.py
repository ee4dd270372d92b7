"""How often units use the ways that are exceptions: by unit and month, for those who answer for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, case, func, literal, select, union_all

from workflows.actor import Actor
from workflows.clock import BANGKOK
from workflows.queries.scopes import scope_of
from workflows.records import AnySelect, Authentication, Organisation
from workflows.records.authentications import FACE_SILENT

Column = Literal["month", "unit_code", "total", "smartcard", "endorsed", "face_timeouts", "voided", "share"]
COLUMNS: Sequence[str] = get_args(Column)
_COUNTED = ("total", "smartcard", "endorsed", "face_timeouts", "voided")
_SHOWN = ("month", "unit_code", "unit_name", "region", *_COUNTED, "share")


@dataclass(frozen=True, slots=True)
class Wanted:
    """First and last month (their first days), and perhaps one region or unit; the order of the lines."""

    first: date
    last: date
    region: str = ""
    unit: str = ""
    order: str = "share"
    descending: bool = True

    def told(self) -> dict[str, str]:
        """What was asked for, for the audit chain."""
        return {
            name: str(value) for name in ("first", "last", "region", "unit", "order") if (value := getattr(self, name))
        }


def lines(
    db: Connection, actor: Actor, wanted: Wanted, *, offset: int = 0, limit: int | None = 50
) -> list[dict[str, Any]]:
    """One line for a unit and month: month ("2026-11"), unit_code, unit_name, region, total, smartcard, endorsed,
    face_timeouts (visits in which the face app did not answer), voided, share (smart cards of all, 0 to 1)."""
    rows = db.execute(_ordered(_grouped(actor, wanted), wanted, offset, limit)).mappings()
    return [_line(row) for row in rows]


def sums(db: Connection, actor: Actor, wanted: Wanted) -> dict[str, int]:
    """The same over all lines: lines, total, smartcard, endorsed, face_timeouts, voided."""
    grouped = _grouped(actor, wanted).subquery()
    columns = [func.coalesce(func.sum(grouped.c[name]), 0).label(name) for name in _COUNTED]
    row = db.execute(select(func.count().label("lines"), *columns)).mappings().one()
    return {name: int(value) for name, value in row.items()}


def page(
    db: Connection, actor: Actor, wanted: Wanted, *, offset: int = 0, limit: int = 50
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """``lines`` and ``sums`` in one reading of the authentications."""
    grouped = _grouped(actor, wanted)
    of_all = [func.sum(grouped.selected_columns[name]).over().label(f"all_{name}") for name in _COUNTED]
    statement = grouped.add_columns(func.count().over().label("all_lines"), *of_all)
    rows = db.execute(_ordered(statement, wanted, offset, limit)).mappings().all()
    if not rows:  # nothing there, or a page beyond the last
        return [], sums(db, actor, wanted)
    return [_line(row) for row in rows], {name: int(rows[0][f"all_{name}"]) for name in ("lines", *_COUNTED)}


def _line(row: RowMapping) -> dict[str, Any]:
    return {name: float(row[name] or 0) if name == "share" else row[name] for name in _SHOWN}


def _ordered(statement: Any, wanted: Wanted, offset: int, limit: int | None) -> Any:
    column = statement.selected_columns[wanted.order if wanted.order in COLUMNS else "share"]
    first = column.desc() if wanted.descending else column.asc()
    names = statement.selected_columns
    return statement.order_by(first, names["unit_code"], names["month"]).offset(offset or None).limit(limit)


def _grouped(actor: Actor, wanted: Wanted) -> AnySelect:
    """Counted month by month within two narrow indexes (``records/authentications.py``): the rows themselves are wide,
    and a month may have millions. The service day is always the day of opening."""
    months = list(_months(wanted))
    counted = union_all(*(_counted(actor, wanted, *month) for month in months)).subquery()
    silent = union_all(*(_silent(actor, wanted, *month) for month in months)).subquery()
    same = [silent.c[name] == counted.c[name] for name in ("month", "unit_code", "region")]
    return (
        select(
            counted.c.month,
            counted.c.unit_code,
            func.coalesce(Organisation.name, "").label("unit_name"),
            counted.c.region,
            counted.c.total,
            counted.c.smartcard,
            counted.c.endorsed,
            func.coalesce(silent.c.face_timeouts, 0).label("face_timeouts"),
            counted.c.voided,
            (counted.c.smartcard * 1.0 / counted.c.total).label("share"),
        )
        .outerjoin(silent, and_(*same))
        .outerjoin(Organisation, Organisation.code == counted.c.unit_code)
    )


def _counted(actor: Actor, wanted: Wanted, first: date, after: date) -> AnySelect:
    def count(condition: ColumnElement[bool], name: str) -> Any:
        return func.sum(case((condition, 1), else_=0)).label(name)

    return _of_month(
        actor,
        wanted,
        first,
        after,
        func.count().label("total"),
        count(Authentication.method == "smartcard", "smartcard"),
        count(Authentication.method == "endorsed", "endorsed"),
        count(Authentication.state == "void", "voided"),
    )


def _silent(actor: Actor, wanted: Wanted, first: date, after: date) -> AnySelect:
    return _of_month(actor, wanted, first, after, func.count().label("face_timeouts")).where(FACE_SILENT)


def _of_month(actor: Actor, wanted: Wanted, first: date, after: date, *counts: Any) -> AnySelect:
    month = literal(first.isoformat()[:7]).label("month")
    statement = select(month, Authentication.unit_code, Authentication.region, *counts).where(
        scope_of(actor).of(Authentication.unit_code, Authentication.region),
        Authentication.opened_at >= datetime.combine(first, time(), BANGKOK),
        Authentication.opened_at < datetime.combine(after, time(), BANGKOK),
    )
    if wanted.region:
        statement = statement.where(Authentication.region == wanted.region)
    if wanted.unit:
        statement = statement.where(Authentication.unit_code == wanted.unit)
    return statement.group_by(Authentication.unit_code, Authentication.region)


def _months(wanted: Wanted) -> Iterator[tuple[date, date]]:
    """Each month as its first day and the next one's."""
    first = wanted.first.replace(day=1)
    while first <= wanted.last:
        after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        yield first, after
        first = after
