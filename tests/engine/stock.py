"""The control: the same diagrams on unmodified SpiffWorkflow 3.2 (``spec_classes.STOCK`` and ``BpmnWorkflow``).

Only what the library leaves open is added here, as simply as it can be: Camunda's variable scopes, message correlation,
and event sub-processes. It shares the parser with the engine and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import CallActivity
from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition
from SpiffWorkflow.util.task import TaskState

from tests.engine.running import NOON
from workflows.engine.definition import parse_bundle
from workflows.engine.spec_classes import STOCK
from workflows.feel import Environment, parse_value, to_json

LIVE = TaskState.READY | TaskState.WAITING | TaskState.STARTED


class StockClock(datetime):
    """Stands in for ``datetime`` in the library's timer module."""

    offset = timedelta()

    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return NOON.astimezone(tz) + cls.offset


def ext(task: Any) -> dict[str, Any]:
    return getattr(task.task_spec, "extensions", None) or {}


def is_end_join(task: Any) -> bool:
    return type(task.task_spec).__name__ == "_EndJoin"


def scopes(task: Any) -> list[dict[str, Any]]:
    found = []
    while True:
        if "L" in task.internal_data:
            found.append(task.internal_data["L"])
        parent, workflow = task.parent, task.workflow
        if parent is not None and getattr(parent.task_spec, "task_spec", None) == task.task_spec.name:
            found.append(parent.internal_data["L"])
        found.append(workflow.data["vars"] if "vars" in workflow.data else workflow.data.setdefault("vars", {}))
        if workflow.parent_task_id is None:
            return found
        task = workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
        if isinstance(task.task_spec, CallActivity):
            return found


class StockEngine(PythonScriptEngine):
    def __init__(self) -> None:
        super().__init__()
        self.log: list[str] = []

    def value(self, task: Any, source: str, extra: dict[str, Any] | None = None) -> Any:
        names: dict[str, Any] = {}
        for scope in reversed(scopes(task)):
            names.update(scope)
        return to_json(parse_value(source).evaluate({**names, **(extra or {})}, Environment(lambda: NOON)))

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:
        body = task.parent
        if body is None or getattr(body.task_spec, "task_spec", None) != task.task_spec.name:
            return self.value(task, expression)
        done = sum(each.state == TaskState.COMPLETED for each in body.children)
        return self.value(task, expression, {"numberOfCompletedInstances": done})

    def put(self, task: Any, values: dict[str, Any]) -> None:
        seen = scopes(task)
        for name, value in values.items():
            next((scope for scope in seen if name in scope), seen[-1])[name] = value

    def execute(self, task: Any, script: str, external_context: Any = None) -> bool:
        said, data = ext(task), task.internal_data
        if script == "script":
            self.put(task, {said["script"]["result"]: self.value(task, said["script"]["expression"])})
        elif "instances" in said and script == "enter":
            task.data["items"], data["L"] = self.value(task, said["instances"]["collection"]), {}
            data["n"] = len(task.data["items"])
        elif "instances" in said:
            task.data.clear()
            votes = [None] * data["n"]
            for each in task.children:
                if "out" in each.internal_data:
                    votes[each.internal_data["idx"]] = each.internal_data["out"]
            self.put(task, {said["instances"]["output_collection"]: votes})
        elif script == "enter":
            body = task.parent
            if body is not None and getattr(body.task_spec, "task_spec", None) == task.task_spec.name:
                data["idx"] = data.get("key_or_index", 0)
                data["L"] = {"loopCounter": data["idx"] + 1, ext(body)["instances"]["element"]: task.data.get("item")}
                task.data.clear()
            for source, target in said.get("inputs", ()):
                data.setdefault("L", {})[target] = self.value(task, source)
        elif "idx" in data:
            data["out"] = self.value(task, ext(task.parent)["instances"]["output_element"])
        return True

    def call_service(self, task: Any, operation_name: Any = None, **_other: Any) -> str:
        self.log.append(operation_name)
        return "null"


class StockCase:
    """The part of ``Running`` the walks need, on the library alone."""

    def __init__(self, files: tuple[bytes, ...], variables: dict[str, Any]) -> None:
        StockClock.offset = timedelta()
        spec, inner, _ = parse_bundle("P", tuple((f"{n}.bpmn", data) for n, data in enumerate(files)), STOCK)
        self.engine = StockEngine()
        self.workflow = BpmnWorkflow(spec, inner, script_engine=self.engine)
        self.workflow.data["vars"] = dict(variables)
        self.step()

    # -- looking ---

    def path(self, task: Any) -> str:
        workflow = task.workflow
        above = ""
        if workflow.parent_task_id is not None:
            above = self.path(workflow.top_workflow.get_task_from_id(workflow.parent_task_id))
        number = f"#{task.internal_data['idx'] + 1}" if "idx" in task.internal_data else ""
        return f"{above}/{task.task_spec.bpmn_id}{number}"

    def open_tasks(self) -> list[tuple[str, Any]]:
        ready = [task for task in self.each() if task.state == TaskState.READY and task.task_spec.manual]
        return [(self.path(task), task) for task in sorted(ready, key=lambda task: task.last_state_change)]

    def each(self) -> Iterator[Any]:
        for workflow in (self.workflow, *self.workflow.subprocesses.values()):
            if not workflow.completed:
                yield from list(workflow.tasks.values())

    def waits(self) -> Iterator[tuple[Any, str, str, Any, Any]]:
        for task in self.each():
            definition = getattr(task.task_spec, "event_definition", None)
            if task.state != TaskState.WAITING:
                continue
            outputs = task.task_spec.outputs
            one_of = isinstance(definition, MultipleEventDefinition)
            pairs = (
                zip(definition.event_definitions, outputs, strict=True) if one_of else [(definition, task.task_spec)]
            )
            for one, spec in pairs:
                if isinstance(one, MessageEventDefinition):
                    yield task, one.name, str(self.engine.value(task, spec.extensions["correlationKey"])), one, spec

    def due(self) -> int | None:
        found = []
        for task in self.workflow.event_manager.tasks.values():
            value = task.internal_data.get("event_value")
            if isinstance(value, dict):
                value = value["next"] if value.get("cycles") else None
            if value:
                found.append((TimerEventDefinition.parse_time_or_duration(value) - NOON).total_seconds())
        return round(min(found)) if found else None

    def picture(self) -> dict[str, Any]:
        return {
            "open": sorted(name for name, _ in self.open_tasks()),
            "waits": sorted((self.path(task), name, key) for task, name, key, _, _ in self.waits()),
            "due": self.due(),
            "jobs": sorted(self.engine.log),
            "completed": self.workflow.completed,
        }

    @property
    def variables(self) -> dict[str, Any]:
        return self.workflow.data["vars"]

    # -- acting ---

    def act(self, action: tuple[str, ...], given: dict[str, Any]) -> None:
        match action:
            case ("complete", name):
                task = next(task for other, task in self.open_tasks() if other == name)
                self.engine.put(task, given)
                task.run()
            case ("message", place, name, key):
                here = (wait for wait in self.waits() if (self.path(wait[0]), *wait[1:3]) == (place, name, key))
                task, _, _, definition, _ = next(here)
                task.task_spec.catch(task, BpmnEvent(definition, payload={}))
                task.task_spec._update(task)
            case ("tick",):
                StockClock.offset += timedelta(hours=1, seconds=1)
                self.workflow.refresh_timers()
        self.step()

    def step(self) -> None:
        for _ in range(50):
            self.workflow.do_engine_steps()
            if not self.settle():
                break

    def own(self, workflow: Any) -> list[Any]:
        return [task for task in list(workflow.tasks.values()) if task.workflow is workflow]

    def settle(self) -> bool:
        """Event sub-processes: let the fired ones interrupt or arm again, and the unfired ones not hold their scope."""
        changed = False
        for task in [task for task in self.each() if "interrupting" in ext(task) and "esp" not in task.internal_data]:
            inner = self.workflow.get_subprocess(task)
            if inner is None:
                continue
            others = self.own(task.workflow)
            if any(s.state == TaskState.COMPLETED for s in inner.tasks.values() if s.task_spec.name.endswith("_s")):
                task.internal_data["esp"] = changed = True
                if ext(task)["interrupting"]:
                    for other in others:
                        kin = other is task or other.is_descendant_of(task) or task.is_descendant_of(other)
                        if not kin and other.has_state(TaskState.NOT_FINISHED_MASK) and not is_end_join(other):
                            other.cancel()
                else:
                    fresh = task.parent._add_child(task.task_spec, TaskState.FUTURE)
                    fresh.triggered = True
                    fresh.task_spec._predict(fresh, mask=TaskState.NOT_FINISHED_MASK)
                    fresh.task_spec._update(fresh)
            elif task.state == TaskState.STARTED and not any(
                other.has_state(LIVE) and not is_end_join(other) and "interrupting" not in ext(other)
                for other in others
            ):
                task.cancel()
                changed = True
        if changed:
            for workflow in (self.workflow, *self.workflow.subprocesses.values()):
                for task in self.own(workflow):
                    if is_end_join(task) and task.state == TaskState.WAITING:
                        task.task_spec._update(task)
        return changed
