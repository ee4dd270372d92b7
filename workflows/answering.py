"""Answers to work items: what the history keeps of them, and answers that are known before an item opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from workflows.advance import Answered, Answering
from workflows.attachments import attach
from workflows.chain import Event
from workflows.engine import Live, OpenTask, Outcome
from workflows.projection import offered
from workflows.records import new_id
from workflows.work import Work
from workflows.work_rights import may_act

PRIVATE_ANSWERS = ("comment", "note", "phone_enquiry_answer")


@dataclass(frozen=True, slots=True)
class FreshItem:
    """A user task that has just opened and is not stored yet, its case, and the variables its form can refer to."""

    task: OpenTask
    case: Mapping[str, Any]
    variables: Mapping[str, Any]


KnownAnswers = Callable[[Connection, FreshItem, frozenset[str]], Mapping[str, Any] | None]
"""The checked answers to an item; None lets it wait for somebody. The set names the elements answered so far. It is
asked anew when a command is run again, so it must keep nothing."""


def completed(item: Any, work_item_id: int, answers: Mapping[str, Any]) -> Event:
    """What the history keeps of answers to a work item: which fields, what was decided; private texts sealed."""
    private = {key: answers[key] for key in PRIVATE_ANSWERS if answers.get(key)}
    data: dict[str, Any] = {"fields": sorted(answers), "item": offered(item)}
    if isinstance(answers.get("decision"), str):
        data["decision"] = answers["decision"]
    return Event("item.completed", item.element_id, item.name, work_item_id, data, private)


def from_known(work: Work, case: Mapping[str, Any], known: KnownAnswers) -> Answering:
    """Answer what opens with what is known, as far as it is offered to the actor. Such an item never lies in an inbox;
    the history tells it like any other. Decisions are never known beforehand."""
    answered: set[str] = set()

    def answer(live: Live, outcome: Outcome) -> Answered | None:
        for task in outcome.opened:
            if not may_act(work.actor, task.assignee, task.candidate_users, task.candidate_groups):
                continue
            item = FreshItem(task, case, live.seen_by(task.task_id))
            answers = known(work.db, item, frozenset(answered))
            if answers is None or "decision" in answers:
                continue
            answered.add(task.element_id)
            attach(work, case["id"], answers)
            return Answered(task.task_id, answers, completed(_Opened(task, work.now), new_id(), answers))
        return None

    return answer


class _Opened:
    """An open task with the names that work items have."""

    def __init__(self, task: OpenTask, opened_at: Any) -> None:
        self.groups, self.users, self.opened_at = task.candidate_groups, task.candidate_users, opened_at
        self._task = task

    def __getattr__(self, name: str) -> Any:
        return getattr(self._task, name)
