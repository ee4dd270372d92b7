"""The engine's task: a token with a place in the tree, nothing else.

Three things differ from the library's task, and all of them make a step cheaper without changing what it does:

* nothing is predicted. A task's followers are made when it completes, so every unfinished task is really alive;
* variables live in scopes (``scope.py``), so no data is copied or merged from parent to child;
* a change of state is not logged but noted as a step, and a task that became ready joins the queue of the run.
"""

from __future__ import annotations

from functools import cached_property
from os import urandom
from typing import Any
from uuid import UUID

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

FUTURE, WAITING, READY, STARTED = TaskState.FUTURE, TaskState.WAITING, TaskState.READY, TaskState.STARTED
COMPLETED, ERROR, CANCELLED = TaskState.COMPLETED, TaskState.ERROR, TaskState.CANCELLED
# The values grow with a task's life: a state below COMPLETED means "unfinished".


def new_id() -> bytes:
    """A random UUID (version 4) as its 16 bytes: bytes hash far faster than UUID objects and need no conversion."""
    raw = bytearray(urandom(16))
    raw[6] = raw[6] & 0x0F | 0x40
    raw[8] = raw[8] & 0x3F | 0x80
    return bytes(raw)


class EngineTask(Task):
    """A task of a running case."""

    thread_id = 0
    triggered = False
    last_state_change = 0.0  # the library sorts by it only in joins that we replace

    def __init__(
        self,
        workflow: Any,
        task_spec: Any,
        parent: EngineTask | None = None,
        state: int = FUTURE,
        task_id: bytes | None = None,
    ) -> None:
        self.id = task_id or new_id()
        self.workflow = workflow
        self.task_spec = task_spec
        self.data: dict[str, Any] = {}
        self.internal_data: dict[str, Any] = {}
        self._state = state
        self._children: list[bytes] = []
        self._parent: bytes | None = None
        workflow.tasks[self.id] = self
        if parent is not None:
            self._parent = parent.id
            parent._children.append(self.id)

    @cached_property
    def uuid(self) -> UUID:
        """The id as the world outside the engine knows it."""
        return UUID(bytes=self.id)

    @property
    def parent(self) -> EngineTask | None:
        return None if self._parent is None else self.workflow.tasks.get(self._parent)

    def add_child(self, spec: Any) -> EngineTask:
        """Put a token on the flow node ``spec`` and let it decide whether it may run."""
        child = EngineTask(self.workflow, spec, self)
        spec._update(child)
        return child

    def run(self) -> Any:
        """Run the task; what happens inside may end it (an error caught further out), then it stays ended."""
        result = self.task_spec._run(self)
        if self._state < COMPLETED:
            if result is None:
                self._set_state(STARTED)
            else:
                self.complete()
        return result

    def complete(self) -> None:
        self._set_state(COMPLETED)
        spec = self.task_spec
        if not spec.chooses_outputs:
            for output in spec.outputs:
                EngineTask(self.workflow, output, self)
        spec._on_complete(self)

    def cancel(self) -> None:
        """End the task and everything that was started for it."""
        if self._state < COMPLETED:
            self._set_state(CANCELLED)
            self.task_spec._on_cancel(self)
        for child in self.children:
            child.cancel()

    def _set_state(self, value: int) -> None:
        old = self._state
        if value == old:
            return
        self._state = value
        spec = self.task_spec
        if value == READY and not spec.manual:
            self.workflow.top_workflow.queue.append(self)
        if spec.bpmn_id is not None:
            if value == COMPLETED:
                self.record("completed")
            elif value == spec.open_state:
                self.record("activated")
            elif value == CANCELLED and old == spec.open_state:
                self.record("terminated")

    def record(self, event: str) -> None:
        self.workflow.script_engine.steps.append((self, event))

    def _inherit_data(self) -> None:
        """Nothing to inherit: variables live in scopes."""
