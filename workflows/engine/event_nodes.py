"""The events of a diagram: catching, throwing, starting, ending, at the boundary of an activity."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    EndEvent,
    EventBasedGateway,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    ReceiveTask,
    StartEvent,
)
from SpiffWorkflow.bpmn.specs.event_definitions.simple import TerminateEventDefinition
from SpiffWorkflow.specs.base import TaskSpec

from workflows.engine.event_definitions import NoneEvent
from workflows.engine.node import Node
from workflows.engine.tasks import CANCELLED, WAITING, EngineTask


class Catching(Node):
    """Waits for its event. ``fire`` makes it happen; variables of the event propagate when it completes."""

    open_state = WAITING
    event_definition: Any

    def _update_hook(self, my_task: Any) -> bool:
        engine = my_task.workflow.script_engine
        if my_task._state < WAITING:
            engine.enter(my_task)
        if self.event_definition.has_fired(my_task):
            return True
        my_task._set_state(WAITING)
        my_task.workflow.top_workflow.event_manager.add_task(my_task)
        return False

    def _run_hook(self, my_task: Any) -> bool:
        my_task.workflow.script_engine.leave(my_task)
        return True

    def _on_cancel(self, my_task: Any) -> None:
        my_task.workflow.top_workflow.event_manager.remove_task(my_task)

    def fire(self, my_task: Any, _choice: int | None) -> None:
        my_task._ready()


class CatchEvent(Catching, IntermediateCatchEvent):
    """An intermediate catch event."""


class Receive(Catching, ReceiveTask):
    """A receive task."""


class EventGateway(Catching, EventBasedGateway):
    """Waits for the first of several events and goes on behind that one."""

    chooses_outputs = True

    def connect(self, child: Any) -> None:
        """The gateway waits for the events behind it; they themselves only pass the token on."""
        TaskSpec.connect(self, child)
        self.event_definition.event_definitions.append(child.event_definition)
        child.event_definition = NoneEvent()

    def fire(self, my_task: Any, choice: int | None) -> None:
        my_task.internal_data["winner"] = choice
        my_task._ready()

    def _run_hook(self, my_task: Any) -> bool:
        spec = self.outputs[my_task.internal_data["winner"]]
        child = EngineTask(my_task.workflow, spec, my_task)
        engine = my_task.workflow.script_engine
        if my_task.id in engine.results:
            engine.results[child.id] = engine.results.pop(my_task.id)
        return True


class Start(Catching, StartEvent):
    """The start event of a process or an embedded sub-process: whoever starts it has decided, so it never waits."""

    open_state = 0

    def _update_hook(self, _task: Any) -> bool:
        return True


class EventSubProcessStart(Catching, StartEvent):
    """The start event of an event sub-process: when it fires it interrupts the scope around, or arms a fresh copy."""

    open_state = 0

    def _on_ready_hook(self, my_task: Any) -> None:
        super()._on_ready_hook(my_task)
        owner = my_task.workflow.owner
        owner.internal_data["fired"] = True
        owner.record("activated")
        if owner.task_spec.extensions["interrupting"]:
            owner.workflow.end_everything(spare=owner)
        elif self.event_definition.may_fire_again(my_task):
            owner.task_spec.arm_again(owner, self.event_definition.hand_over(my_task))


class InterruptingBoundary(Catching, BoundaryEvent):
    """Ends its activity (see ``boundary.py``) and goes on instead of it."""

    open_state = 0
    is_boundary_event = True


class NonInterruptingBoundary(Catching, BoundaryEvent):
    """Each firing starts one more branch; the event stays armed while its activity runs.

    The library lets it fire once only, and drops what an earlier firing started when the activity ends.
    """

    open_state = 0
    is_boundary_event = True
    chooses_outputs = True

    def _update_hook(self, my_task: Any) -> bool:
        if super()._update_hook(my_task):
            self.fire(my_task, None)
        return False

    def fire(self, my_task: Any, _choice: int | None) -> None:
        my_task._set_state(WAITING)
        my_task.workflow.script_engine.leave(my_task)
        my_task.record("completed")
        if self.event_definition.may_fire_again(my_task):
            my_task.workflow.top_workflow.event_manager.add_task(my_task)
        else:
            self.disarm(my_task)
        for spec in self.outputs:
            if not spec.is_boundary_join:
                my_task.add_child(spec)

    def disarm(self, my_task: Any) -> None:
        """Fire no more; the branches that run go on."""
        my_task.workflow.top_workflow.event_manager.remove_task(my_task)
        my_task._set_state(CANCELLED)


class Throw(Node, IntermediateThrowEvent):
    """An intermediate throw event: signal, escalation or none. A message throw is a job."""


class End(Node, EndEvent):
    """An end event; a terminate end event ends everything else in its scope."""

    def _on_complete_hook(self, my_task: Any) -> None:
        if isinstance(self.event_definition, TerminateEventDefinition):
            my_task.workflow.end_everything()
            my_task.workflow._mark_complete(my_task)
