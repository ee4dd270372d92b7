"""The running case: one workflow per process or sub-process, a queue instead of searches, limits instead of hope."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.workflow import Workflow

from workflows.engine.contraction import contract, join_waits
from workflows.engine.incidents import endless_loop
from workflows.engine.tasks import COMPLETED, READY, WAITING, EngineTask

MAX_ROUNDS = 2_000
CROWDED = 200  # unfinished and finished tasks in one tree that make a contraction in the middle of a run worth while


class ScopeTree:
    """What the whole case and each of its sub-processes have in common."""

    tasks: dict[bytes, EngineTask]
    task_tree: EngineTask
    data: dict[str, Any]
    completed: bool
    success: bool
    last_task: EngineTask | None
    spec: Any
    top_workflow: Any

    def begin(self, variables: dict[str, Any], start_event: str | None = None) -> None:
        """Make the root task and run it; ``start_event`` leaves out the other start events."""
        self.data = {"vars": variables}
        self.waiting_joins: dict[bytes, EngineTask] = {}
        self.contract_above = CROWDED
        self.task_tree = root = EngineTask(self, self.spec.start)
        self.spec.start.begin(root, start_event)

    def update_waiting_tasks(self) -> None:
        """After a task has completed, only joins that look at the whole scope can have changed their mind."""
        for task_id, task in list(self.waiting_joins.items()):
            if task._state != WAITING:
                self.waiting_joins.pop(task_id, None)
            elif task.task_spec.looks_around:
                task.task_spec._update(task)

    def restored(self) -> None:
        """Rebuild what is not stored, from the tasks that are."""
        self.waiting_joins = join_waits(self)
        self.contract_above = CROWDED

    def end_everything(self, spare: EngineTask | None = None) -> None:
        """Cancel every unfinished task of this scope except ``spare``."""
        for task in list(self.tasks.values()):
            if task._state < COMPLETED and task is not spare:
                task.cancel()

    def _mark_complete(self, _task: EngineTask) -> None:
        self.completed = True


class ScopeWorkflow(ScopeTree, BpmnSubWorkflow):
    """A sub-process, an event sub-process or a called process that runs for its owner task."""

    def __init__(self, spec: Any, owner: EngineTask) -> None:
        self.owner = owner
        self.parent_task_id = owner.id
        self.top_workflow = owner.workflow.top_workflow
        self.correlations: dict[str, Any] = {}
        self.depth = owner.workflow.depth + 1
        Workflow.__init__(self, spec, deserializing=True)
        self.completed_event.connect(owner.task_spec._on_subworkflow_completed, owner)

    @property
    def parent_workflow(self) -> Any:
        return self.owner.workflow

    def event_starts(self) -> list[EngineTask]:
        """The waiting start event of an event sub-process."""
        return [task for task in self.tasks.values() if task._state == WAITING]

    def cancel(self, success: bool = False) -> None:
        self.success, self.completed = success, True
        self.end_everything()


class CaseWorkflow(ScopeTree, BpmnWorkflow):
    """The case itself: the root scope, the queue of tasks that may run, and all scopes inside."""

    def __init__(self, spec: Any, subprocess_specs: Any, script_engine: Any) -> None:
        BpmnWorkflow.__init__(self, spec, subprocess_specs, script_engine=script_engine, deserializing=True)
        self.queue: list[EngineTask] = []
        self.owner = None

    @property
    def scopes(self) -> list[Any]:
        """The case and its sub-processes, parents first."""
        return [self, *self.subprocesses.values()]

    def create_subprocess(self, my_task: EngineTask, spec_name: str) -> ScopeWorkflow:
        scope = ScopeWorkflow(self.subprocess_specs[spec_name], my_task)
        self.subprocesses[my_task.id] = scope
        return scope

    def find(self, task_id: bytes) -> EngineTask | None:
        """The task with this id in any scope that still runs."""
        for scope in self.scopes:
            task = scope.tasks.get(task_id)
            if task is not None:
                return task
        return None

    def advance(self, *, timers: bool = True) -> None:
        """Run everything that may run without a person or the outside world, then drop what is history.

        With ``timers`` each timer that is due fires, once. Raises EngineIncident after MAX_ROUNDS rounds: the diagram
        loops without ever waiting.
        """
        self._run()
        if timers:
            for task in list(self.event_manager.tasks.values()):
                if task.task_spec.event_definition.has_timer and task._state == WAITING:
                    task.task_spec._update(task)
            self._run()
        contract(self)

    def _run(self) -> None:
        for _ in range(MAX_ROUNDS):
            self._check_conditions()
            if not self.queue:
                break
            self._round()
        else:
            raise endless_loop(self.queue[0])

    def _round(self) -> None:
        batch, self.queue = self.queue, []
        for task in batch:
            if task._state == READY:
                task.run()
        for scope in self.scopes:
            if len(scope.tasks) > scope.contract_above:
                contract(self)
                break

    def _check_conditions(self) -> None:
        """Conditional events look again whenever a variable has been written."""
        if self.script_engine.conditions_may_differ:
            self.script_engine.conditions_may_differ = False
            for task in list(self.event_manager.tasks.values()):
                if task.task_spec.event_definition.depends_on_variables and task._state == WAITING:
                    task.task_spec._update(task)
