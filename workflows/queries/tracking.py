"""Following a case with its number and phone, without signing in."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from workflows.records import Case, HistoryRow, Organisation
from workflows.rules.phone import parse
from workflows.sealing import Keyring


def track(db: Connection, keyring: Keyring, number: str, phone: str) -> Mapping[str, Any] | None:
    """The case, if number and phone belong together; None otherwise.

    The same statements run and the same comparison is made for an unknown number, so that the time tells nothing.
    """
    number_form = parse(phone)
    wanted = keyring.index("phone", number_form.national if number_form else phone)
    row = (
        db.execute(
            select(*Case.__table__.c, Organisation.name.label("unit_name"))
            .outerjoin(Organisation, Organisation.code == Case.unit_code)
            .where(Case.number == number)
        )
        .mappings()
        .first()
    )
    kept = bytes(row["phone_index"]) if row is not None and row["phone_index"] else bytes(16)
    return dict(row) if hmac.compare_digest(wanted, kept) and row is not None else None


def milestones(db: Connection, case_id: int) -> list[Mapping[str, Any]]:
    """When each step of a case was done: element, name, time, decision; nothing about people."""
    rows = db.execute(
        select(HistoryRow.element_id, HistoryRow.name, HistoryRow.at, HistoryRow.data, HistoryRow.kind)
        .where(
            HistoryRow.subject_id == case_id,
            HistoryRow.kind.in_(("item.completed", "case.started", "case.withdrawn", "case.cancelled")),
        )
        .order_by(HistoryRow.seq)
    ).mappings()
    return [{**row, "decision": row["data"].get("decision", "")} for row in rows]
