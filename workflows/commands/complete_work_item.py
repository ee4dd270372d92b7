"""Complete a work item with its answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, select

from workflows import bulk_lines
from workflows.actions import Action
from workflows.actor import Actor
from workflows.advance import advance
from workflows.answering import completed
from workflows.attachments import attach
from workflows.errors import AlreadyDone, NotAllowed, OwnRequest
from workflows.records import Case, Lockable, WorkItem, table
from workflows.work import STEP_COLUMNS, Work
from workflows.work_rights import gone, may_act

_ITEM_AND_CASE = Lockable(
    select(*STEP_COLUMNS, *(column.label(f"item_{column.name}") for column in table(WorkItem).c))
    .join(WorkItem, WorkItem.case_id == Case.id)
    .where(WorkItem.id == bindparam("item"))
)
_NAMES_SOMEBODY = ("requester", "pid")


@dataclass(frozen=True, slots=True)
class CompleteWorkItem:
    """Answer an open work item. ``answers`` have passed the form's validation.

    Raises AlreadyDone (naming who was first), NotAllowed for somebody it is not offered to, OwnRequest for an approver
    who is the applicant (in a process that names one: its property ``case.requester`` or ``case.pid``), EngineIncident
    when the case cannot go on (the answers are kept with the incident).
    """

    work_item_id: int
    answers: dict[str, Any] = field(default_factory=dict)

    def run(self, work: Work) -> int:
        """Gives the case id."""
        row = _ITEM_AND_CASE.first(work.db, item=self.work_item_id)
        if row is None or row.item_held:
            raise gone(work.db, self.work_item_id)
        item = _Item(row)
        if not may_act(work.actor, item.assignee, item.users, item.groups):
            raise NotAllowed(work_item=self.work_item_id)
        if "decision" in self.answers:
            definition = work.services.definitions.process(row.definition_key).definition
            if not definition.header.keys().isdisjoint(_NAMES_SOMEBODY):
                refuse_own_request(work.actor, row)
            decides_lines = definition.properties.get("decides") == "lines" and item.headers.get("own") != "pass"
            if decides_lines and bulk_lines.is_listed(work.db, row.id, work.actor.pid_index):
                raise OwnRequest(case=row.id)
        task_id = UUID(bytes=bytes(item.task_id))
        if row.revision and not row.snapshot:
            raise AlreadyDone(work_item=self.work_item_id)
        attach(work, row.id, self.answers)
        work.keep()
        event = completed(item, self.work_item_id, self.answers)
        advance(work, row, [Action("complete", task_id, variables=self.answers)], [event], item=item)
        return int(row.id)


def refuse_own_request(actor: Actor, case: Any) -> None:
    """Raise OwnRequest if the actor asked for what is to be decided, or it is about them (domain rule: four eyes)."""
    about_them = case.pid_index is not None and actor.pid_index == bytes(case.pid_index)
    if about_them or case.requester == actor.id:
        raise OwnRequest(case=case.id)


class _Item:
    """The work item's columns of the joined row, under their own names."""

    def __init__(self, row: Row[Any]) -> None:
        self._row = row

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, f"item_{name}")
