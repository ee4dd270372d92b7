"""What Zeebe evaluates when a flow node is activated: who may do a user task, until when, and correlation keys.

Evaluated once per task and kept in ``internal_data["z"]`` as JSON; a loop makes a new task, so its values are fresh.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition

from workflows.clock import BANGKOK
from workflows.engine import iso8601
from workflows.engine.incidents import wrong_value
from workflows.engine.outcome import Job, OpenTask
from workflows.engine.scope import merged, scopes_of
from workflows.engine.tasks import EngineTask
from workflows.errors import Text

_ASSIGNEE = Text("ผู้รับผิดชอบ", "the assignee")
_CANDIDATES = Text("กลุ่มหรือผู้มีสิทธิรับงาน", "the candidate groups or users")
_FORM = Text("รหัสแบบฟอร์ม", "the form id")
_TIME = Text("กำหนดเวลา", "the due or follow-up date")
_PRIORITY = Text("ลำดับความสำคัญ (0 ถึง 100)", "the priority (0 to 100)")
_KEY = Text("คีย์จับคู่ข้อความ (correlationKey)", "the correlation key")


def describe_user_task(engine: Any, task: EngineTask) -> dict[str, Any]:
    """Evaluate the user task's fields; EngineIncident if one has a value of the wrong kind."""
    extensions = task.task_spec.extensions
    known: dict[str, Any] = {}
    for field, read in _READERS.items():
        source = extensions.get(field)
        if source is not None:
            value = engine.value(task, source)
            if value is not None:
                known[field] = read(task, value)
    return known


def describe_event(engine: Any, task: EngineTask) -> dict[str, Any]:
    """Evaluate the correlation keys of what a catching event waits for."""
    spec = task.task_spec
    definition = spec.event_definition
    if isinstance(definition, MessageEventDefinition):
        return {"key": _key(engine, task, spec.extensions.get("correlationKey"))}
    choices = getattr(definition, "event_definitions", None)
    if choices is None:
        return {}
    outputs = spec.outputs
    return {
        "keys": {
            str(index): _key(engine, task, outputs[index].extensions.get("correlationKey"))
            for index, choice in enumerate(choices)
            if isinstance(choice, MessageEventDefinition)
        }
    }


def open_task(task: EngineTask) -> OpenTask:
    """The user task as the inbox needs it."""
    spec, data = task.task_spec, task.internal_data
    known = data["z"]
    due, follow_up = known.get("dueDate"), known.get("followUpDate")
    return OpenTask(
        task_id=task.uuid,
        element_id=spec.bpmn_id,
        name=spec.bpmn_name or spec.bpmn_id,
        form_id=known.get("formId"),
        assignee=known.get("assignee"),
        candidate_groups=tuple(known.get("candidateGroups", ())),
        candidate_users=tuple(known.get("candidateUsers", ())),
        due_at=None if due is None else datetime.fromisoformat(due),
        follow_up_at=None if follow_up is None else datetime.fromisoformat(follow_up),
        priority=known.get("priority", 50),
        headers=spec.extensions.get("headers", {}),
        loop_counter=data.get("idx", -1) + 1 or None,
    )


def job(engine: Any, task: EngineTask) -> Job:
    """The open job as a worker sees it, with all variables visible to it."""
    extensions = task.task_spec.extensions
    retries = engine.value(task, extensions["retries"])
    return Job(
        task_id=task.uuid,
        element_id=task.task_spec.bpmn_id,
        type=task.internal_data["job"],
        retries=int(retries) if str(retries).isdigit() else 3,
        headers=extensions.get("headers", {}),
        variables=merged(scopes_of(task)),
    )


def _key(engine: Any, task: EngineTask, source: str | None) -> str:
    value = None if source is None else engine.value(task, source)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise wrong_value(task, _KEY, value)
    return str(value)


def _text(what: Text) -> Any:
    def read(task: EngineTask, value: Any) -> str:
        if not isinstance(value, str):
            raise wrong_value(task, what, value)
        return value

    return read


def _names(task: EngineTask, value: Any) -> list[str]:
    """A list of names, or one text with commas."""
    if isinstance(value, str):
        return [name.strip() for name in value.split(",") if name.strip()]
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise wrong_value(task, _CANDIDATES, value)
    return value


def _time(task: EngineTask, value: Any) -> str:
    """A time with its zone; without a zone it is Bangkok time, and a day alone means its last second."""
    try:
        if isinstance(value, str) and len(value) == 10:
            return datetime.combine(datetime.fromisoformat(value), time(23, 59, 59), BANGKOK).isoformat()
        return iso8601.instant(value).astimezone(BANGKOK).isoformat()
    except (ValueError, TypeError, KeyError) as error:
        raise wrong_value(task, _TIME, value) from error


def _priority(task: EngineTask, value: Any) -> int:
    try:
        number = int(value)
    except (ValueError, TypeError):
        number = -1
    if not 0 <= number <= 100:
        raise wrong_value(task, _PRIORITY, value)
    return number


_READERS: Mapping[str, Any] = {
    "assignee": _text(_ASSIGNEE),
    "candidateGroups": _names,
    "candidateUsers": _names,
    "formId": _text(_FORM),
    "dueDate": _time,
    "followUpDate": _time,
    "priority": _priority,
}
