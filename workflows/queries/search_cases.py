"""Searching cases, as far as the actor may see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Select, select

from workflows.actor import Actor
from workflows.errors import NotFound
from workflows.queries import element_counts
from workflows.queries.criteria import Criteria, where
from workflows.queries.element_instances import ElementCount
from workflows.queries.paging import Found, Search, fetch
from workflows.queries.visibility import visible_cases
from workflows.records import Case, DefinitionRow

_case, _definition = Case.__table__.c, DefinitionRow.__table__.c
COLUMNS: dict[str, Any] = {
    "id": _case.id,
    "number": _case.number,
    "process_id": _case.process_id,
    "definition_key": _case.definition_key,
    "process_name": _definition.name,
    "process_version": _definition.version,
    "version_tag": _definition.version_tag,
    "state": _case.state,
    "has_incident": _case.has_incident,
    "started_at": _case.started_at,
    "ended_at": _case.ended_at,
    "business_id": _case.business_id,
}


def search(
    db: Connection,
    actor: Actor,
    wanted: Search,
    constants: Mapping[str, Any],
    keep: Callable[[Mapping[str, Any]], bool] | None = None,
) -> Found:
    """Cases that meet the search; ``constants`` are fields that are the same for every case."""
    conditions = where(wanted.criteria, {**constants, **COLUMNS}, db.dialect.name)
    return fetch(db, [_visible(actor).where(*conditions)], wanted, keep)


def counts(
    db: Connection, actor: Actor, definition_key: int, criteria: Criteria, constants: Mapping[str, Any]
) -> list[ElementCount]:
    """Where the tokens of a process are and were, over its cases that meet the criteria."""
    conditions = where(criteria, {**constants, **COLUMNS}, db.dialect.name)
    chosen = select(Case.id).join(DefinitionRow, DefinitionRow.key == Case.definition_key)
    chosen = chosen.where(Case.definition_key == definition_key, visible_cases(actor), *conditions)
    return element_counts.of_cases(db, [Case.id.in_(chosen)])


def by_id(db: Connection, actor: Actor, case_id: int) -> Mapping[str, Any]:
    """One case with the name and version of its process. Raises NotFound if the actor may not see it."""
    row = db.execute(_visible(actor).where(Case.id == case_id)).mappings().first()
    if row is None:
        raise NotFound(case=case_id)
    return dict(row)


def snapshots(db: Connection, actor: Actor, case_ids: list[int] | None, limit: int) -> list[Mapping[str, Any]]:
    """What reading the variables of cases needs: of these cases, or of the newest ones."""
    statement = select(Case.id, Case.definition_key, Case.snapshot, Case.process_id).where(visible_cases(actor))
    if case_ids is not None:
        statement = statement.where(Case.id.in_(case_ids))
    return [dict(row) for row in db.execute(statement.order_by(Case.id.desc()).limit(limit)).mappings()]


def _visible(actor: Actor) -> Select[Any]:
    shown = [column.label(name) for name, column in COLUMNS.items()]
    return (
        select(*shown)
        .join_from(Case, DefinitionRow, DefinitionRow.key == Case.definition_key)
        .where(visible_cases(actor))
    )
