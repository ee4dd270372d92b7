"""Incidents: what waits for an administrator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from workflows.errors import NotFound, Text
from workflows.records import Case, Incident


def listed(db: Connection, *, state: str = "ACTIVE", before: int | None = None, limit: int = 50) -> list[Any]:
    """Incidents of a state with their cases, newest first."""
    statement = select(*Incident.__table__.c, Case.number, Case.process_id, Case.subject).join(
        Case, Case.id == Incident.case_id
    )
    statement = statement.where(Incident.state == state)
    if before is not None:
        statement = statement.where(Incident.id < before)
    return [dict(row) for row in db.execute(statement.order_by(Incident.id.desc()).limit(limit)).mappings()]


def by_id(db: Connection, incident_id: int) -> Mapping[str, Any]:
    """One incident. Raises NotFound."""
    row = (
        db.execute(
            select(*Incident.__table__.c, Case.number, Case.process_id, Case.subject)
            .join(Case, Case.id == Incident.case_id)
            .where(Incident.id == incident_id)
        )
        .mappings()
        .first()
    )
    if row is None:
        raise NotFound(incident=incident_id)
    return dict(row)


def of_case(db: Connection, case_id: int) -> list[Mapping[str, Any]]:
    """The open incidents of a case, each with its text."""
    rows = db.execute(select(*Incident.__table__.c).where(Incident.case_id == case_id, Incident.state == "ACTIVE"))
    return [{**row, "text": Text(row["text_th"], row["text_en"]), "at": row["created_at"]} for row in rows.mappings()]
