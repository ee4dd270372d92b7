"""What the front desk of a unit has before it: patients begun, codes of today, codes not closed yet."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from workflows.records import Authentication, Case, InboxRow, WorkItem
from workflows.sealing import Keyring

PROCESS = "patient_authentication"
_MOST = 40
_CODE = (
    Authentication.claim_code,
    Authentication.case_id,
    Authentication.pid_masked,
    Authentication.service_on,
    Authentication.opened_at,
    Authentication.state,
    Authentication.review,
    Case.subject,
)


def begun(db: Connection, units: Sequence[str]) -> list[Mapping[str, Any]]:
    """Patients whose authentication waits for these desks, newest first: case_id, subject, stage, started_at."""
    offered = [f"group:frontdesk:{unit}" for unit in units]
    waiting = (
        select(Case.id.label("case_id"), Case.definition_key, Case.subject, Case.stage, Case.started_at)
        .join(WorkItem, WorkItem.case_id == Case.id)
        .join(InboxRow, InboxRow.work_item_id == WorkItem.id)
        .where(InboxRow.principal.in_(offered), Case.process_id == PROCESS, Case.number.is_(None))
        .order_by(Case.id.desc())
        .limit(_MOST)
    )
    return [dict(row) for row in db.execute(waiting).mappings()]


def drawn_on(db: Connection, units: Sequence[str], day: date) -> list[Mapping[str, Any]]:
    """The codes of a day, newest first."""
    of_day = Authentication.unit_code.in_(units), Authentication.service_on == day
    codes = select(*_CODE).outerjoin(Case, Case.id == Authentication.case_id).where(*of_day)
    return [dict(row) for row in db.execute(codes.order_by(Authentication.opened_at.desc()).limit(_MOST)).mappings()]


def unclosed_before(db: Connection, units: Sequence[str], day: date) -> tuple[int, list[Mapping[str, Any]]]:
    """Codes of earlier days that nobody closed: how many, and the oldest of them."""
    open_ = (
        Authentication.unit_code.in_(units),
        Authentication.state == "open",
        Authentication.service_on < day,
    )
    count = db.execute(select(func.count()).select_from(Authentication).where(*open_)).scalar_one()
    if not count:
        return 0, []
    codes = select(*_CODE).outerjoin(Case, Case.id == Authentication.case_id).where(*open_)
    rows = db.execute(codes.order_by(Authentication.service_on, Authentication.claim_code).limit(_MOST)).mappings()
    return count, [dict(row) for row in rows]


def last_phones(db: Connection, keyring: Keyring, units: Sequence[str], pid: str) -> dict[str, str]:
    """What the desk itself wrote down of a patient the last time: mobile, phones, profession; empty for a new one."""
    known = Authentication.pid_index == keyring.index("pid", pid), Authentication.unit_code.in_(units)
    row = db.execute(
        select(Authentication.claim_code, Authentication.profession, Authentication.details)
        .where(*known)
        .order_by(Authentication.service_on.desc(), Authentication.opened_at.desc())
        .limit(1)
    ).first()
    if row is None:
        return {}
    details = _details(keyring, row)
    return {"mobile": details.get("mobile") or "", "phones": details.get("phones") or "", "profession": row.profession}


def of_case(db: Connection, keyring: Keyring, case_id: int) -> dict[str, Any] | None:
    """The authentication that a case led to, its details in clear; for whoever may see the case."""
    found = select(*Authentication.__table__.c).where(Authentication.case_id == case_id)
    row = db.execute(found.order_by(Authentication.opened_at.desc()).limit(1)).mappings().first()
    return {**row, "details": _details(keyring, row)} if row else None


def case_of_code(db: Connection, units: Sequence[str], code: str) -> int | None:
    """The case of a claim code of these units."""
    found = select(Authentication.case_id).where(Authentication.claim_code == code, Authentication.unit_code.in_(units))
    return db.execute(found).scalar()


def _details(keyring: Keyring, row: Any) -> dict[str, Any]:
    code, sealed = (row["claim_code"], row["details"]) if isinstance(row, Mapping) else (row.claim_code, row.details)
    details: dict[str, Any] = json.loads(keyring.unseal(f"authentication.details/{code}", bytes(sealed)))
    return details
