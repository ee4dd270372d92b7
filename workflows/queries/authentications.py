"""Patients' authentications: by code, of a unit and day, those not closed yet."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select, tuple_

from workflows.actor import Actor
from workflows.records import Authentication, WorkItem
from workflows.sealing import Keyring

ROLE = "frontdesk"
_SEES_ALL = ("admin", "auditor")
_COLUMNS = tuple(column for column in Authentication.__table__.c if column.name not in ("pid_sealed", "details"))
_BY_CODE = select(*_COLUMNS).where(Authentication.claim_code == bindparam("code"))
_BY_CASE = select(*_COLUMNS).where(Authentication.case_id == bindparam("case"))


def own_units(actor: Actor) -> list[str]:
    """The units at whose desk somebody serves."""
    return sorted(group.partition(":")[2] for group in actor.groups if group.startswith(f"{ROLE}:"))


def may_see(actor: Actor, row: Any) -> bool:
    """Front-desk staff see their own units' codes, the region its region's, auditors and administrators every code."""
    regions = {
        group.partition(":")[2]
        for group in actor.groups
        if group.partition(":")[0] in ("reviewer", "region_officer", "region_chief")
    }
    return (
        row["unit_code"] in own_units(actor)
        or row["region"] in regions
        or not actor.roles.isdisjoint(_SEES_ALL)
        or actor.sees_everything
    )


def by_code(db: Connection, claim_code: str) -> dict[str, Any] | None:
    """The authentication of a code, without what is sealed; None if there is none."""
    row = db.execute(_BY_CODE, {"code": claim_code}).mappings().first()
    return dict(row) if row else None


def by_case(db: Connection, case_id: int) -> dict[str, Any] | None:
    """The same of the case that opened it."""
    row = db.execute(_BY_CASE, {"case": case_id}).mappings().first()
    return dict(row) if row else None


def details_of(db: Connection, keyring: Keyring, claim_code: str) -> dict[str, Any]:
    """What is sealed of an authentication: pid, title, first_name, last_name, mobile, phones, rights, identity. For
    those who may see it; empty if there is none."""
    columns = Authentication.pid_sealed, Authentication.details
    row = db.execute(select(*columns).where(Authentication.claim_code == claim_code)).first()
    if row is None:
        return {}
    details = json.loads(keyring.unseal(f"authentication.details/{claim_code}", bytes(row.details)))
    pid = keyring.unseal(f"authentication.pid/{claim_code}", bytes(row.pid_sealed)).decode()
    return {**details, "pid": pid}


def of_unit_day(db: Connection, unit_code: str, on: date) -> list[dict[str, Any]]:
    """The authentications of a unit on a day, newest first."""
    mine = Authentication.unit_code == unit_code, Authentication.service_on == on
    rows = db.execute(select(*_COLUMNS).where(*mine).order_by(Authentication.opened_at.desc())).mappings()
    return [dict(row) for row in rows]


def unclosed(
    db: Connection, units: Collection[str], after: tuple[date, str] | None = None, limit: int = 50
) -> tuple[Sequence[dict[str, Any]], tuple[date, str] | None]:
    """The open authentications of units, oldest day first, each with ``work_item`` (the id of its open task of closing,
    or None); and the key of the next page, if there is more."""
    order = Authentication.service_on, Authentication.claim_code
    closing = (
        select(WorkItem.id)
        .where(WorkItem.case_id == Authentication.case_id, WorkItem.element_id == "close", ~WorkItem.held)
        .limit(1)
        .scalar_subquery()
    )
    mine = [Authentication.unit_code.in_(units), Authentication.state == "open"]
    if after is not None:
        mine.append(tuple_(*order) > after)
    statement = select(*_COLUMNS, closing.label("work_item")).where(*mine).order_by(*order).limit(limit + 1)
    rows = [dict(row) for row in db.execute(statement).mappings()]
    more = rows[limit - 1] if len(rows) > limit else None
    return rows[:limit], (more["service_on"], more["claim_code"]) if more else None
