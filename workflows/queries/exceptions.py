"""How often units use the ways that are exceptions: by unit and month, for those who answer for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Connection, String, case, cast, func, select

from workflows.actor import Actor
from workflows.clock import BANGKOK
from workflows.queries.scopes import scope_of
from workflows.records import AnySelect, Authentication, Organisation

Column = Literal["month", "unit_code", "total", "smartcard", "endorsed", "face_timeouts", "voided", "share"]
COLUMNS: Sequence[str] = get_args(Column)


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
    found = _grouped(actor, wanted)
    column = found.selected_columns[wanted.order if wanted.order in COLUMNS else "share"]
    first = column.desc() if wanted.descending else column.asc()
    ordered = found.order_by(first, "unit_code", "month").offset(offset or None)
    rows = db.execute(ordered.limit(limit) if limit else ordered).mappings()
    return [{**row, "share": float(row["share"] or 0)} for row in rows]


def sums(db: Connection, actor: Actor, wanted: Wanted) -> dict[str, int]:
    """The same over all lines: lines, total, smartcard, endorsed, face_timeouts, voided."""
    grouped = _grouped(actor, wanted).subquery()
    names = ("total", "smartcard", "endorsed", "face_timeouts", "voided")
    columns = [func.coalesce(func.sum(grouped.c[name]), 0).label(name) for name in names]
    row = db.execute(select(func.count().label("lines"), *columns)).mappings().one()
    return {name: int(value) for name, value in row.items()}


def _grouped(actor: Actor, wanted: Wanted) -> AnySelect:
    def count(condition: ColumnElement[bool], name: str) -> Any:
        return func.sum(case((condition, 1), else_=0)).label(name)

    month = func.substr(cast(Authentication.service_on, String), 1, 7)
    smartcard = Authentication.method == "smartcard"
    share = func.sum(case((smartcard, 1.0), else_=0.0)) / func.count()
    after = date(wanted.last.year + wanted.last.month // 12, wanted.last.month % 12 + 1, 1)
    statement: AnySelect = (
        select(
            month.label("month"),
            Authentication.unit_code,
            func.max(func.coalesce(Organisation.name, "")).label("unit_name"),
            Authentication.region,
            func.count().label("total"),
            count(smartcard, "smartcard"),
            count(Authentication.method == "endorsed", "endorsed"),
            count(cast(Authentication.evidence, String).contains('"no_answer"'), "face_timeouts"),
            count(Authentication.state == "void", "voided"),
            share.label("share"),
        )
        .outerjoin(Organisation, Organisation.code == Authentication.unit_code)
        .where(
            scope_of(actor).of(Authentication.unit_code, Authentication.region),
            Authentication.opened_at >= datetime.combine(wanted.first, time(), BANGKOK),
            Authentication.opened_at < datetime.combine(after, time(), BANGKOK),
        )
        .group_by(month, Authentication.unit_code, Authentication.region)
    )
    if wanted.region:
        statement = statement.where(Authentication.region == wanted.region)
    if wanted.unit:
        statement = statement.where(Authentication.unit_code == wanted.unit)
    return statement
