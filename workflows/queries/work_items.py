"""One open work item with what its page and its form need."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from workflows.actor import Actor
from workflows.errors import NotAllowed
from workflows.queries.visibility import may_see
from workflows.records import Case, Draft, WorkItem
from workflows.work import Services
from workflows.work_rights import gone, may_act

_ITEM = tuple(c.label(f"item_{c.name}") for c in WorkItem.__table__.c)

_OPEN_ITEM = (
    select(*_ITEM, *Case.__table__.c).join(Case, Case.id == WorkItem.case_id).where(WorkItem.id == bindparam("item"))
)


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A work item as an actor may see it; ``variables`` are what the form can refer to."""

    item: Mapping[str, Any]
    case: Mapping[str, Any]
    variables: Mapping[str, Any]
    form_id: str | None
    may_act: bool


def open_item(services: Services, db: Connection, actor: Actor, work_item_id: int) -> OpenItem:
    """The open item.

    Raises AlreadyDone (who, when) if it is done, NotFound, or NotAllowed if it is not the actor's to see.
    """
    row = db.execute(_OPEN_ITEM, {"item": work_item_id}).mappings().first()
    if row is None or row["item_held"]:
        raise gone(db, work_item_id)
    item = {name.removeprefix("item_"): row[name] for name in row if name.startswith("item_")}
    case = {name: row[name] for name in row if not name.startswith("item_")}
    acts = may_act(actor, item["assignee"], item["users"], item["groups"])
    if not acts and not may_see(db, actor, case["id"]):
        raise NotAllowed(work_item=work_item_id)
    variables = variables_of(services, case, UUID(bytes=bytes(item["task_id"])))
    return OpenItem(item, case, variables, item["form_id"], acts)


def form_of(db: Connection, work_item_id: int) -> str | None:
    """The form of an open work item; None without one."""
    return db.execute(select(WorkItem.form_id).where(WorkItem.id == work_item_id)).scalar()


def variables_of(services: Services, case: Mapping[str, Any], task_id: UUID | None = None) -> dict[str, Any]:
    """The variables of a case, decoded from its snapshot: of the whole case, or as one task sees them."""
    if not case["snapshot"]:
        return {}
    definition = services.definitions.process(case["definition_key"]).definition
    live = services.interpreter.load(definition, bytes(case["snapshot"]), str(case["id"]).encode())
    return dict(live.variables) if task_id is None else live.seen_by(task_id)


def draft_of(services: Services, db: Connection, actor: Actor, work_item_id: int) -> dict[str, Any] | None:
    """The actor's saved draft answers of an item, if any."""
    row = db.execute(select(Draft.answers).where(Draft.work_item_id == work_item_id, Draft.actor == actor.id)).scalar()
    if row is None:
        return None
    clear = services.keyring.unseal(f"draft/{work_item_id}/{actor.id}", bytes(row))
    answers: dict[str, Any] = json.loads(clear)
    return answers
