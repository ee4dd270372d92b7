"""Multi-instance activities: a body that opens one instance per item.

The body keeps the books in its ``internal_data``: ``total``, ``done``, and in its scope ``L`` the output collection. A
finished instance has nothing left to say and may be forgotten, so the 300th approval costs no more than the first.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.spiff.specs.defaults import ParallelMultiInstanceTask, SequentialMultiInstanceTask
from SpiffWorkflow.spiff.specs.spiff_task import SpiffBpmnTask

from workflows.engine.node import Node
from workflows.engine.tasks import COMPLETED, READY, STARTED, EngineTask


class Body(Node):
    """What parallel and sequential bodies share."""

    open_state = STARTED
    task_spec: str  # the library's name for ``instance_spec``

    def _update_hook(self, my_task: Any) -> bool:
        SpiffBpmnTask._update_hook(self, my_task)
        data = my_task.internal_data
        if data["total"] == 0:
            return True
        my_task._set_state(STARTED)
        self.open_first(my_task, data)
        return False

    def open_first(self, my_task: Any, data: dict[str, Any]) -> None:
        raise NotImplementedError

    def open_instance(self, my_task: Any, index: int, item: Any) -> None:
        spec = my_task.workflow.spec.task_specs[self.task_spec]
        child = EngineTask(my_task.workflow, spec, my_task)
        child.internal_data.update(idx=index, item=item)
        spec._update(child)

    def merge_child(self, _workflow: Any, child: Any) -> None:
        """An instance has completed (subscribed to its spec when the definition is loaded)."""
        my_task = child.parent
        data = my_task.internal_data
        data["done"] += 1
        if self.is_complete(child, data):
            for task in my_task.children:
                if task._state < COMPLETED:
                    task.cancel()
            my_task._set_state(READY)
        else:
            self.open_next(my_task, data)

    def is_complete(self, child: Any, data: dict[str, Any]) -> bool:
        if data["done"] == data["total"]:
            return True
        condition = self.extensions["instances"].get("condition")
        if condition is None:
            return False
        return bool(child.workflow.script_engine.completion_condition(child, condition, self.counters(data)))

    def counters(self, data: dict[str, Any]) -> dict[str, int]:
        return {
            "numberOfInstances": data["total"],
            "numberOfCompletedInstances": data["done"],
            "numberOfActiveInstances": self.active(data),
            "numberOfTerminatedInstances": 0,
        }

    def active(self, data: dict[str, Any]) -> int:
        raise NotImplementedError

    def open_next(self, my_task: Any, data: dict[str, Any]) -> None:
        """Nothing to open in a parallel body: all instances run already."""


class ParallelBody(Body, ParallelMultiInstanceTask):
    """All instances at once."""

    def open_first(self, my_task: Any, data: dict[str, Any]) -> None:
        for index, item in enumerate(data.pop("items")):
            self.open_instance(my_task, index, item)

    def active(self, data: dict[str, Any]) -> int:
        return int(data["total"] - data["done"])


class SequentialBody(Body, SequentialMultiInstanceTask):
    """One instance after the other."""

    def open_first(self, my_task: Any, data: dict[str, Any]) -> None:
        self.open_next(my_task, data)

    def open_next(self, my_task: Any, data: dict[str, Any]) -> None:
        self.open_instance(my_task, data["done"], data["items"][data["done"]])

    def active(self, _data: dict[str, Any]) -> int:
        return 0
