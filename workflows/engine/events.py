"""Delivering events inside a case: who is meant by a message, a signal, an error or an escalation.

The library offers an error to every waiting error event of the case; here errors and escalations climb from the inside
outwards: boundary events of the activity, event sub-processes of its scope, then the scope's own activity, and so on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import CodeEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.spiff.specs.event_definitions import (
    ErrorEventDefinition,
    EscalationEventDefinition,
    SignalEventDefinition,
)

from workflows.engine.incidents import unhandled_error
from workflows.engine.scope import plain
from workflows.engine.tasks import STARTED, WAITING, EngineTask
from workflows.errors import Text

NO_VALUES: Mapping[str, Any] = {}


class MessageWait(NamedTuple):
    """One open wait for a message; ``choice`` is the index at an event-based gateway, else None."""

    task: EngineTask
    name: str
    key: str
    element_id: str
    choice: int | None


def message_waits(case: Any) -> Iterator[MessageWait]:
    """Every open message wait of the case, in tree order."""
    for task in case.event_manager.tasks.values():
        spec = task.task_spec
        known = task.internal_data.get("z")
        if known is None or task._state != WAITING:
            continue
        if "keys" in known:
            for index, definition in enumerate(spec.event_definition.event_definitions):
                if isinstance(definition, MessageEventDefinition):
                    key = known["keys"][str(index)]
                    yield MessageWait(task, definition.name, key, spec.outputs[index].bpmn_id, index)
        elif "key" in known:
            yield MessageWait(task, spec.event_definition.name, known["key"], spec.bpmn_id, None)


def publish(case: Any, name: str, key: str | None, variables: Mapping[str, Any], task_id: bytes | None = None) -> int:
    """Hand a message to the waits it correlates with and say how many there were.

    As in Zeebe a message reaches each process once: of several waits of one process (called processes count as their
    own) the first gets it. ``key`` None matches any key; ``task_id`` names one wait.
    """
    reached: set[int] = set()
    hits = []
    for wait in message_waits(case):
        if wait.name != name or key not in (None, wait.key) or task_id not in (None, wait.task.id):
            continue
        process = id(_process_of(wait.task))
        if process not in reached:
            reached.add(process)
            hits.append(wait)
    for wait in hits:
        fire(wait.task, variables, wait.choice)
    return len(hits)


def _process_of(task: EngineTask) -> Any:
    workflow = task.workflow
    while workflow.owner is not None and not workflow.owner.task_spec.starts_fresh:
        workflow = workflow.owner.workflow
    return workflow


def fire(task: EngineTask, variables: Mapping[str, Any] = NO_VALUES, choice: int | None = None) -> None:
    """Let a waiting event happen; its variables are propagated when it completes."""
    if variables:
        task.workflow.script_engine.results[task.id] = plain(dict(variables))
    task.task_spec.fire(task, choice)


def throw_signal(task: EngineTask, name: str) -> None:
    """Every waiting signal event of the case with this name, and the other cases by way of the outcome."""
    task.workflow.script_engine.signals.append(name)
    broadcast(task.workflow.top_workflow, name, NO_VALUES)


def broadcast(case: Any, name: str, variables: Mapping[str, Any]) -> int:
    """Fire every event of the case that waits for the signal."""
    hits: list[tuple[EngineTask, int | None]] = []
    for task in case.event_manager.tasks.values():
        definition = task.task_spec.event_definition
        choices = getattr(definition, "event_definitions", None)
        for index, one in enumerate([definition] if choices is None else choices):
            if isinstance(one, SignalEventDefinition) and one.name == name:
                hits.append((task, None if choices is None else index))
                break
    for task, choice in hits:
        if task._state == WAITING:
            fire(task, variables, choice)
    return len(hits)


def route_error(
    task: EngineTask, code: str | None, variables: Mapping[str, Any] = NO_VALUES, text: Text | None = None
) -> None:
    """Give an error to the nearest event that catches its code; the activity it is caught at ends at once.

    Raises EngineIncident (UNHANDLED_ERROR_EVENT) if nothing catches it.
    """
    if not _climb(task, ErrorEventDefinition, code, variables):
        raise unhandled_error(task, code or "", text)


def route_escalation(task: EngineTask, code: str | None) -> None:
    """Give an escalation to the nearest event that catches its code; nothing happens if there is none."""
    _climb(task, EscalationEventDefinition, code, NO_VALUES)


def _climb(task: EngineTask, kind: type[CodeEventDefinition], code: str | None, variables: Mapping[str, Any]) -> bool:
    case = task.workflow.top_workflow
    activity: EngineTask | None = task
    while activity is not None:
        caught = _catcher(_boundary_events(activity), kind, code)
        if caught is not None:
            fire(caught, variables)
            if caught.task_spec.cancel_activity:
                _activity_of(activity).cancel()
            return True
        scope = activity.workflow
        caught = _catcher(_event_subprocess_starts(case, scope, activity), kind, code)
        if caught is not None:
            fire(caught, variables)
            return True
        activity = scope.owner
    return False


def _activity_of(task: EngineTask) -> EngineTask:
    """The task the boundary events hang at: of a multi-instance activity its body."""
    parent = task.parent
    if parent is not None and parent.task_spec.instance_spec == task.task_spec.name:
        return parent
    return task


def _boundary_events(task: EngineTask) -> list[EngineTask]:
    split = _activity_of(task).parent
    if split is None or not split.task_spec.is_boundary_split or task.task_spec.is_boundary_event:
        return []
    return list(split.children)


def _event_subprocess_starts(case: Any, scope: Any, inside: EngineTask) -> list[EngineTask]:
    starts: list[EngineTask] = []
    for owner in scope.tasks.values():
        if owner.task_spec.is_event_subprocess and owner._state == STARTED and owner is not inside:
            starts.extend(case.subprocesses[owner.id].tasks.values())
    return starts


def _catcher(tasks: list[EngineTask], kind: type[CodeEventDefinition], code: str | None) -> EngineTask | None:
    """The waiting event for this code; one that catches every code comes second."""
    waiting = [
        task
        for task in tasks
        if task._state == WAITING and isinstance(getattr(task.task_spec, "event_definition", None), kind)
    ]
    for wanted in (code, None):
        for task in waiting:
            if task.task_spec.event_definition.code == wanted:
                return task
    return None
