"""Searching incidents of the cases the actor may see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Select, case, select

from workflows.actor import Actor
from workflows.errors import NotFound
from workflows.queries.criteria import where
from workflows.queries.paging import Found, Search, fetch
from workflows.queries.visibility import visible_cases
from workflows.records import Case, Incident, WorkItem

_incident, _item = Incident.__table__.c, WorkItem.__table__.c
COLUMNS: dict[str, Any] = {
    "id": _incident.id,
    "case_id": _incident.case_id,
    "element_id": _incident.element_id,
    "error_type": _incident.error_type,
    "text_en": _incident.text_en,
    "text_th": _incident.text_th,
    "state": _incident.state,
    "created_at": _incident.created_at,
    "process_id": Case.__table__.c.process_id,
    "definition_key": Case.__table__.c.definition_key,
    # an incident of the answered task itself is that task's; of a later element, it stands for that element
    "element_instance": case((_item.element_id == _incident.element_id, _item.id), else_=_incident.id),
}


def search(db: Connection, actor: Actor, wanted: Search, constants: Mapping[str, Any]) -> Found:
    """Incidents that meet the search; ``constants`` are fields that are the same for every incident."""
    conditions = where(wanted.criteria, {**constants, **COLUMNS}, db.dialect.name)
    return fetch(db, [_visible(actor).where(*conditions)], wanted)


def by_id(db: Connection, actor: Actor, incident_id: int) -> Mapping[str, Any]:
    """One incident. Raises NotFound if the actor may not see its case."""
    row = db.execute(_visible(actor).where(Incident.id == incident_id)).mappings().first()
    if row is None:
        raise NotFound(incident=incident_id)
    return dict(row)


def _visible(actor: Actor) -> Select[Any]:
    shown = [column.label(name) for name, column in COLUMNS.items()]
    return (
        select(*shown)
        .join_from(Incident, Case, Case.id == Incident.case_id)
        .outerjoin(WorkItem, WorkItem.id == Incident.work_item_id)
        .where(visible_cases(actor))
    )
