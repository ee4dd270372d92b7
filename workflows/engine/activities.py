"""The activities of a diagram: user tasks, jobs, scripts, decisions, sub-processes, called processes."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.spiff.specs.defaults import (
    CallActivity,
    ManualTask,
    NoneTask,
    ScriptTask,
    ServiceTask,
    SubWorkflowTask,
    UserTask,
)

from workflows.engine.incidents import nothing_to_call
from workflows.engine.node import Node
from workflows.engine.scope import merged, plain, scopes_of
from workflows.engine.tasks import READY, STARTED


class User(Node, UserTask):
    """Waits for a person."""

    open_state = READY


class PassThrough(Node, NoneTask):
    """An undefined task: Camunda passes through it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.manual = False


class Manual(Node, ManualTask):
    """A manual task is outside the engine's control: Camunda passes through it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.manual = False


class Job(Node, ServiceTask):
    """A service task, or what Camunda runs as one: an operator does it at once, or it waits for a worker."""

    open_state = STARTED

    def _run_hook(self, my_task: Any) -> bool | None:
        return my_task.workflow.script_engine.run_job(my_task)


class Script(Node, ScriptTask):
    """A script or a decision table, evaluated at once."""


class SubProcess(Node, SubWorkflowTask):
    """An embedded sub-process: an inner scope that runs while the task is STARTED."""

    open_state = STARTED

    def variables(self, _task: Any) -> dict[str, Any]:
        """What the inner scope starts with."""
        return {}

    def start_workflow(self, my_task: Any) -> None:
        case = my_task.workflow.top_workflow
        if self.spec not in case.subprocess_specs:
            raise nothing_to_call(my_task, self.spec)
        my_task._set_state(STARTED)
        case.create_subprocess(my_task, self.spec).begin(self.variables(my_task))

    def _on_subworkflow_completed(self, _workflow: Any, my_task: Any) -> None:
        if my_task._state == STARTED:
            my_task._set_state(READY)

    def _update_hook(self, my_task: Any) -> bool:
        super()._update_hook(my_task)
        return False


class EventSubProcess(SubProcess):
    """Armed from the start of its scope; it counts as active only once its start event has fired."""

    open_state = 0
    is_event_subprocess = True

    def arm_again(self, my_task: Any, state: dict[str, Any]) -> None:
        """Put a fresh instance beside the one that fired; a cycle timer goes on counting."""
        fresh = my_task.parent.add_child(self)
        for task in my_task.workflow.top_workflow.subprocesses[fresh.id].event_starts():
            task.internal_data.update(state)

    def _on_cancel(self, my_task: Any) -> None:
        if "fired" in my_task.internal_data:
            my_task.record("terminated")
        super()._on_cancel(my_task)


class Call(SubProcess, CallActivity):
    """A called process: starts with a copy of what is visible here, or with the input mappings only."""

    starts_fresh = True

    def variables(self, my_task: Any) -> dict[str, Any]:
        if self.extensions["call"]["parent"]:
            return merged(scopes_of(my_task))
        return plain(my_task.internal_data.get("L", {}))
