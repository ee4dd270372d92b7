"""The outcome of a run: one look over the case when it has come to rest."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from workflows.engine import activation, events
from workflows.engine.definition import Definition
from workflows.engine.expressions import Expressions
from workflows.engine.outcome import Job, OpenTask, Outcome, Step, Subscription
from workflows.engine.tasks import READY, STARTED
from workflows.engine.workflow import CaseWorkflow


def outcome(
    definition: Definition, case: CaseWorkflow, engine: Expressions, *, correlated: int = 0, everything: bool = False
) -> Outcome:
    """Describe what is open now and what this run did; ``everything`` reports every open task as newly opened."""
    opened: list[OpenTask] = []
    open_ids: list[UUID] = []
    jobs: list[Job] = []
    working = False
    for scope in case.scopes:
        for task in scope.tasks.values():
            state, spec = task._state, task.task_spec
            if state == READY and spec.manual:
                open_ids.append(task.uuid)
                is_new = "z" not in task.internal_data
                if is_new:
                    task.internal_data["z"] = activation.describe_user_task(engine, task)
                if is_new or everything:
                    opened.append(activation.open_task(task))
            elif state == STARTED and "job" in task.internal_data:
                working = True
                if task.internal_data["job"] not in engine.operators:
                    jobs.append(activation.job(engine, task))
    due = []
    for task in case.event_manager.tasks.values():
        if "z" not in task.internal_data:
            known = activation.describe_event(engine, task)
            if known:
                task.internal_data["z"] = known
        next_due = task.task_spec.event_definition.next_due(task.internal_data)
        if next_due is not None:
            due.append(next_due)
    return Outcome(
        completed=case.completed,
        opened=tuple(opened),
        open_ids=frozenset(open_ids),
        jobs=tuple(jobs),
        subscriptions=tuple(
            Subscription(wait.task.uuid, wait.element_id, wait.name, wait.key) for wait in events.message_waits(case)
        ),
        wake_at=datetime.fromisoformat(min(due)) if due else None,
        steps=_steps(engine.steps),
        header=header(definition, case, engine),
        messages=tuple(engine.messages),
        changes=tuple(engine.changes),
        variables_changed=frozenset(engine.changed),
        signals=tuple(engine.signals),
        correlated=correlated,
        decisions=tuple(engine.decisions),
        stuck=not (case.completed or open_ids or working or case.event_manager.tasks),
    )


def header(definition: Definition, case: CaseWorkflow, engine: Expressions) -> dict[str, Any]:
    """The ``case.*`` properties over the case's variables."""
    scopes = [case.data["vars"]]
    return {name: engine.value(case.task_tree, source, scopes=scopes) for name, source in definition.header.items()}


def _steps(recorded: list[tuple[Any, Any]]) -> tuple[Step, ...]:
    return tuple(
        Step(
            order,
            task.task_spec.bpmn_id,
            task.task_spec.bpmn_name or task.task_spec.bpmn_id,
            task.task_spec.kind,
            task.uuid,
            event,
        )
        for order, (task, event) in enumerate(recorded)
    )
