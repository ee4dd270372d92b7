"""Where a process or sub-process begins and ends: the specs the diagram does not show."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import BpmnStartTask, SimpleBpmnTask, _EndJoin

from workflows.engine.node import Node
from workflows.engine.tasks import CANCELLED, COMPLETED, STARTED, WAITING, EngineTask


class EndJoin(Node, _EndJoin):
    """Ends a scope when nothing in it is alive any more, except event sub-processes that never fired."""

    looks_around = True

    def _update_hook(self, my_task: Any) -> bool:
        workflow = my_task.workflow
        for task in workflow.waiting_joins.copy().values():
            if task.task_spec is self and task is not my_task:
                task._set_state(CANCELLED)
                del workflow.waiting_joins[task.id]
        armed = []
        for task in workflow.tasks.values():
            if task._state >= COMPLETED or task is my_task or task.task_spec is self:
                continue
            if not task.task_spec.is_event_subprocess or "fired" in task.internal_data or task._state != STARTED:
                my_task._set_state(WAITING)
                workflow.waiting_joins[my_task.id] = my_task
                return False
            armed.append(task)
        for task in armed:
            task.cancel()
        workflow.waiting_joins.pop(my_task.id, None)
        return True

    def _run_hook(self, _task: Any) -> bool:
        return True


class ScopeEnd(Node, SimpleBpmnTask):
    """Its completion is the completion of the scope."""


class ScopeStart(Node, BpmnStartTask):
    """The root: puts a token on the start event and arms the event sub-processes."""

    chooses_outputs = True

    def begin(self, root: EngineTask, start_event: str | None) -> None:
        for spec in self.outputs:
            if spec.is_event_subprocess or start_event in (None, spec.name):
                EngineTask(root.workflow, spec, root)
        root.complete()


class ProcessSpec(BpmnProcessSpec):
    """The parsed process or sub-process, with our start and end."""

    def __init__(self, name: str, description: str | None = None, filename: str | None = None) -> None:
        super().__init__(name=name, description=description, filename=filename)
        self.task_specs.clear()
        self.start = ScopeStart(self, "Start")
        self.end = EndJoin(self, f"{name}.EndJoin")
        self.end.connect(ScopeEnd(self, "End"))
