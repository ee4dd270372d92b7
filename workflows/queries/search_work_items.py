"""Searching work items, open ones and those that are done, as far as the actor may see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    DateTime,
    Select,
    Text,
    case,
    cast,
    null,
    select,
    true,
)
from sqlalchemy.sql.expression import type_coerce

from workflows.actor import Actor
from workflows.errors import NotFound
from workflows.queries.criteria import Criteria, Members, holds, where
from workflows.queries.paging import Found, Search, fetch
from workflows.queries.visibility import may_see, visible_cases
from workflows.records import Case, DefinitionRow, HistoryRow, InboxRow, UtcDateTime, WorkItem
from workflows.work_rights import may_act

OPEN, HELD, DONE, CANCELLED = "CREATED", "COMPLETING", "COMPLETED", "CANCELED"
STATES = (OPEN, HELD, DONE, CANCELLED)
"""Open; answered, but an incident keeps the case from going on; done; ended without an answer."""

_PAST = {"item.completed": DONE, "item.cancelled": CANCELLED}
_CASE_COLUMNS: dict[str, ColumnElement[Any]] = {
    "process_id": Case.__table__.c.process_id,
    "definition_key": Case.__table__.c.definition_key,
    "business_id": Case.__table__.c.business_id,
    "case_number": Case.__table__.c.number,
    "process_name": DefinitionRow.__table__.c.name,
    "process_version": DefinitionRow.__table__.c.version,
}


def search(
    db: Connection,
    actor: Actor,
    wanted: Search,
    constants: Mapping[str, Any],
    keep: Callable[[Mapping[str, Any]], bool] | None = None,
) -> Found:
    """Open work items offered to the actor (all, for who sees everything); done ones of cases the actor may see.

    ``constants`` are fields that are the same for every item.
    A row has the fields of ``WorkItem`` and of its case, and ``state`` and ``completed_at``. The assignee of a finished
    item is the one who did it.
    """
    dialect = db.dialect.name
    branches = []
    states = _states(wanted.criteria)
    if states & {OPEN, HELD}:
        columns = _open_columns()
        offered = select(InboxRow.work_item_id).where(InboxRow.principal.in_(actor.principals))
        mine = true() if actor.sees_everything else WorkItem.id.in_(offered)
        branches.append(
            _branch(columns, WorkItem.case_id).where(mine, *where(wanted.criteria, {**constants, **columns}, dialect))
        )
    if states & {DONE, CANCELLED}:
        columns = _past_columns(dialect)
        # events of no work item stand first in the index that gives the order: skip them
        ended = HistoryRow.work_item_id.is_not(None), HistoryRow.kind.in_(_PAST)
        past = _branch(columns, HistoryRow.subject_id).where(*ended, visible_cases(actor))
        branches.append(past.where(*where(wanted.criteria, {**constants, **columns}, dialect)))
    return fetch(db, branches, wanted, keep)


def by_id(db: Connection, actor: Actor, work_item_id: int) -> Mapping[str, Any]:
    """One work item of any state, for those who may see its case and those it is or was offered to: they may take it
    over, or were too late. Raises NotFound for everybody else, as if there were none."""
    for columns, case_id in (
        (_open_columns(), WorkItem.case_id),
        (_past_columns(db.dialect.name), HistoryRow.subject_id),
    ):
        statement = _branch(columns, case_id).where(columns["id"] == work_item_id)
        if case_id is HistoryRow.subject_id:
            statement = statement.where(HistoryRow.kind.in_(_PAST)).order_by(HistoryRow.seq.desc())
        found = db.execute(statement.limit(1)).mappings().first()
        row = None if found is None else dict(found)
        if row is not None and (_offered(actor, row) or may_see(db, actor, row["case_id"])):
            return row
    raise NotFound(work_item=work_item_id)


def _offered(actor: Actor, row: Mapping[str, Any]) -> bool:
    """Also where a colleague has claimed it or was faster."""
    return row["assignee"] == actor.id or may_act(actor, None, row["users"] or (), row["groups"] or ())


def _states(criteria: Criteria) -> set[str]:
    """The states that the conditions leave open; the rest of the tables need not be read."""
    tests = [one for one in criteria.every if one.field == "state"]
    return {state for state in STATES if all(holds(one, state) for one in tests)}


def _branch(columns: Mapping[str, Any], case_id: Any) -> Select[Any]:
    shown = [(c.column if isinstance(c, Members) else c).label(name) for name, c in columns.items()]
    return (
        select(*shown)
        .join_from(case_id.class_, Case, Case.id == case_id)
        .join(DefinitionRow, DefinitionRow.key == Case.definition_key)
    )


def _open_columns() -> dict[str, Any]:
    item = WorkItem.__table__.c
    return {
        "id": item.id,
        "case_id": item.case_id,
        "element_id": item.element_id,
        "name": item.name,
        "form_id": item.form_id,
        "assignee": item.assignee,
        "groups": Members(item.groups),
        "users": Members(item.users),
        "priority": item.priority,
        "headers": item.headers,
        "due_at": item.due_at,
        "follow_up_at": item.follow_up_at,
        "opened_at": item.opened_at,
        "completed_at": cast(null(), UtcDateTime()),
        "state": case((item.held, HELD), else_=OPEN),
        **_CASE_COLUMNS,
    }


def _past_columns(dialect: str) -> dict[str, Any]:
    row = HistoryRow.__table__.c
    item = row.data["item"]

    def moment(name: str) -> ColumnElement[Any]:
        text = item[name].as_string()
        if dialect == "postgresql":
            return type_coerce(cast(text, DateTime(timezone=True)), UtcDateTime())
        return type_coerce(text, UtcDateTime())

    def text(name: str) -> ColumnElement[Any]:
        return cast(item[name].as_string(), Text)

    return {
        "id": row.work_item_id,
        "case_id": row.subject_id,
        "element_id": row.element_id,
        "name": row.name,
        "form_id": text("form_id"),
        "assignee": case((row.kind == "item.completed", row.actor), else_=text("assignee")),
        "groups": Members(type_coerce(item["groups"], JSON())),
        "users": Members(type_coerce(item["users"], JSON())),
        "priority": item["priority"].as_integer(),
        "headers": cast(null(), JSON()),
        "due_at": moment("due_at"),
        "follow_up_at": moment("follow_up_at"),
        "opened_at": moment("opened_at"),
        "completed_at": row.at,
        "state": case((row.kind == "item.completed", DONE), else_=CANCELLED),
        **_CASE_COLUMNS,
    }
