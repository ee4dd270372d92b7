"""A case in SpiffWorkflow's own JSON, for its tools and as a way out of this product.

Our snapshot names specs of our own classes, which the library's serializer does not know. So the diagram is parsed once
more into the library's classes, the tasks are laid out on them, and what the library predicts is predicted. Joins that
wait keep their books under ``tokens``, which the library does not read: it would count their tasks instead.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.task import Task
from SpiffWorkflow.workflow import Workflow

from workflows.engine.definition import Definition, parse_bundle
from workflows.engine.spec_classes import STOCK
from workflows.engine.tasks import COMPLETED
from workflows.engine.workflow import CaseWorkflow

_serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(SPIFF_CONFIG))


def to_library_json(definition: Definition, case: CaseWorkflow) -> str:
    """What ``BpmnWorkflowSerializer`` of SpiffWorkflow 3.2 reads (configuration ``SPIFF_CONFIG``)."""
    spec, subprocess_specs = _library_specs(definition)
    exported = BpmnWorkflow(spec, subprocess_specs, deserializing=True)
    _lay_out(case, exported)
    for scope in case.subprocesses.values():
        owner = UUID(bytes=scope.owner.id)
        inner = BpmnSubWorkflow(subprocess_specs[scope.spec.name], owner, exported, deserializing=True)
        exported.subprocesses[owner] = inner
        _lay_out(scope, inner)
    for workflow in (exported, *exported.subprocesses.values()):
        Workflow._predict(workflow)
    text: str = _serializer.serialize_json(exported)
    return text


@lru_cache(16)
def _library_specs(definition: Definition) -> tuple[Any, dict[str, Any]]:
    spec, subprocess_specs, _ = parse_bundle(definition.process_id, definition.files, STOCK)
    return spec, subprocess_specs


def _lay_out(scope: Any, exported: Any) -> None:
    specs = exported.spec.task_specs
    for task in scope.tasks.values():
        parent = task.parent
        copy = Task(exported, specs[task.task_spec.name], state=task._state, id=UUID(bytes=task.id))
        copy.last_state_change = 0.0
        copy.internal_data = _internal_data(task)
        if task.task_spec.instance_spec is not None:
            copy.data["items"] = task.internal_data.get("items", [])
        if parent is not None:
            copy._parent = UUID(bytes=parent.id)
            exported.tasks[copy._parent]._children.append(copy.id)
            copy.triggered = parent._state < COMPLETED  # an instance, or a branch of an event that stays armed
    exported.task_tree = exported.tasks[UUID(bytes=scope.task_tree.id)]
    exported.data = {"vars": scope.data["vars"]}
    exported.success, exported.completed = scope.success, scope.completed


def _internal_data(task: Any) -> dict[str, Any]:
    data = dict(task.internal_data)
    if task.task_spec.instance_spec is not None:
        data["merged"] = []
        data["remaining"] = list(range(data["done"] + 1, data["total"]))
    if "idx" in data:
        data["key_or_index"] = data["idx"]
    if "timers" in data:
        data["event_value"] = min(data["timers"].values(), default=None)
    return data
