"""One patient's visit as a unit's own system follows it: the case of the authentication, and the claim code once it is
there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select

from workflows.actor import Actor
from workflows.errors import NotFound
from workflows.queries.authentications import by_case, by_code, own_units
from workflows.queries.work_items import variables_of
from workflows.records import Case, WorkItem, table
from workflows.work import Services

PROCESS = "patient_authentication"
_CASE = select(*table(Case).c).where(Case.id == bindparam("case"))
_OPEN = select(WorkItem.element_id, WorkItem.id).where(WorkItem.case_id == bindparam("case"), ~WorkItem.held)


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit. ``authentication`` is None before there is a code; ``tasks`` are its open tasks, element to id;
    ``variables`` those of the case."""

    case: Mapping[str, Any]
    authentication: Mapping[str, Any] | None
    tasks: Mapping[str, int]
    variables: Mapping[str, Any]


def find(db: Connection, services: Services, actor: Actor, code_or_key: str) -> Visit:
    """The visit with this claim code or case key at a unit where the actor serves, or one the actor began that ended
    before its unit was known. Raises NotFound for any other."""
    case_id = _key(code_or_key)
    found = by_code(db, code_or_key) if case_id is None else by_case(db, case_id)
    row = db.execute(_CASE, {"case": found["case_id"] if found else case_id}).mappings().first()
    if row is None or row["process_id"] != PROCESS:
        raise NotFound()
    mine = row["unit_code"] in own_units(actor) if row["unit_code"] else row["requester"] == actor.id
    if not mine:
        raise NotFound()
    tasks = {item.element_id: item.id for item in db.execute(_OPEN, {"case": row["id"]})}
    return Visit(dict(row), found, tasks, variables_of(services, dict(row)))


def _key(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 and int(text) < 2**63 else None
