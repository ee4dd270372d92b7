"""The engine's front door: start a case, let something happen to it, save it, bring it back.

An ``Interpreter`` knows the operators and the keys and is shared by all threads. A ``Live`` case belongs to one thread
at a time. Every action runs to the next waits and returns an ``Outcome``; when it raises, the live case is spoiled and
must be thrown away: the snapshot before the action still stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from SpiffWorkflow.exceptions import SpiffWorkflowException

from workflows.engine import events, snapshot
from workflows.engine.definition import Definition
from workflows.engine.export import to_library_json
from workflows.engine.expressions import Decide, Expressions
from workflows.engine.incidents import incident
from workflows.engine.outcome import Outcome
from workflows.engine.report import outcome
from workflows.engine.scope import merged, plain, scopes_of
from workflows.engine.snapshot import SnapshotKeys
from workflows.engine.tasks import READY, STARTED, EngineTask
from workflows.engine.workflow import CaseWorkflow
from workflows.errors import AlreadyDone, NotFound, Text
from workflows.ports import Context, OperatorTable


@dataclass(slots=True, eq=False)
class Live:
    """A case in memory. ``spoiled`` after an exception: any further use raises RuntimeError.

    While ``timers_rest`` no timer fires, however late it is.
    """

    definition: Definition
    workflow: CaseWorkflow
    spoiled: bool = False
    timers_rest: bool = False

    @property
    def variables(self) -> Mapping[str, Any]:
        """The variables of the case itself; to be read, not changed."""
        return self.workflow.data["vars"]

    def seen_by(self, task_id: UUID) -> dict[str, Any]:
        """A copy of all variables an open task sees; of the case itself if there is no such task."""
        task = self.workflow.find(task_id.bytes)
        return merged([self.workflow.data["vars"]] if task is None else scopes_of(task))

    @property
    def completed(self) -> bool:
        return self.workflow.completed

    def open_ids(self) -> frozenset[UUID]:
        """The ids of all open user tasks."""
        return frozenset(
            task.uuid
            for scope in self.workflow.scopes
            for task in scope.tasks.values()
            if task._state == READY and task.task_spec.manual
        )


class Interpreter:
    """Runs cases. ``decide(decision_id, variables, env)`` evaluates a decision table."""

    def __init__(self, operators: OperatorTable, decide: Decide, keys: SnapshotKeys) -> None:
        self.operators = operators
        self.decide = decide
        self.keys = keys

    def start(
        self, definition: Definition, variables: Mapping[str, Any], context: Context, message: str | None = None
    ) -> tuple[Live, Outcome]:
        """A new case, begun at the none start event or at the one of this message.

        NotFound if the process has no such start event.
        """
        start = definition.none_start if message is None else definition.message_starts.get(message)
        if start is None:
            raise NotFound(
                Text(
                    "ผังงานนี้ไม่มีจุดเริ่มต้นแบบที่ขอ",
                    "This process has no start event of that kind",
                ),
                process_id=definition.process_id,
            )
        engine = self._engine(context)
        live = Live(definition, CaseWorkflow(definition.spec, definition.subprocess_specs, engine))
        with self._running(live, engine):
            live.workflow.begin(plain(dict(variables)), start)
            engine.root = live.workflow.data["vars"]
            engine.changed.update(engine.root)
            return live, self._advance(live, engine)

    def complete(self, live: Live, task_id: UUID, variables: Mapping[str, Any], context: Context) -> Outcome:
        """A person has done a user task, or a worker a job. AlreadyDone if it is not open."""
        engine = self._engine(context)
        task = self._open(live, task_id)
        with self._running(live, engine):
            engine.results[task.id] = plain(dict(variables))
            if task._state == READY:
                task.run()
            else:
                task.complete()
            return self._advance(live, engine)

    def wake(self, live: Live, context: Context) -> Outcome:
        """Let the timers that are due fire, each at most once; ``wake_at`` of the outcome says when to come back."""
        engine = self._engine(context)
        with self._running(live, engine):
            return self._advance(live, engine)

    def deliver(
        self,
        live: Live,
        name: str,
        key: str | None,
        variables: Mapping[str, Any],
        context: Context,
        task_id: UUID | None = None,
    ) -> Outcome:
        """Correlate a message with the waits for this name and key, or with one wait named by its task id.

        ``correlated`` of the outcome is 0 if nothing waits for it (any more). ``key`` None matches every key.
        """
        engine = self._engine(context)
        with self._running(live, engine):
            wait_id = None if task_id is None else task_id.bytes
            hits = events.publish(live.workflow, name, key, variables, wait_id)
            return self._advance(live, engine, hits)

    def signal(self, live: Live, name: str, variables: Mapping[str, Any], context: Context) -> Outcome:
        """A signal from outside: every wait for it continues; ``correlated`` counts them."""
        engine = self._engine(context)
        with self._running(live, engine):
            return self._advance(live, engine, events.broadcast(live.workflow, name, variables))

    def fail_job(
        self,
        live: Live,
        task_id: UUID,
        code: str,
        message: str,
        variables: Mapping[str, Any],
        context: Context,
    ) -> Outcome:
        """A worker reports a BPMN error: the nearest error event for the code goes on instead of the job.

        EngineIncident (UNHANDLED_ERROR_EVENT) if nothing catches it; AlreadyDone if the job is not open.
        """
        engine = self._engine(context)
        task = self._open(live, task_id)
        with self._running(live, engine):
            events.route_error(task, code, variables, Text(message, message))
            return self._advance(live, engine)

    def set_variables(self, live: Live, variables: Mapping[str, Any], context: Context) -> Outcome:
        """Write variables of the case itself, as an administrator does; conditional events look again."""
        engine = self._engine(context)
        with self._running(live, engine):
            engine.write([engine.root], plain(dict(variables)))
            return self._advance(live, engine)

    def survey(self, live: Live, context: Context) -> Outcome:
        """The outcome as if everything open had opened just now; nothing runs."""
        engine = self._engine(context)
        with self._running(live, engine):
            return outcome(live.definition, live.workflow, engine, everything=True)

    def load(self, definition: Definition, sealed: bytes, aad: bytes) -> Live:
        """The case of a snapshot; SnapshotRejected if it is not authentic or not of this definition."""
        return Live(definition, snapshot.load(sealed, definition, self.keys, aad, None))

    def dump(self, live: Live, aad: bytes) -> bytes:
        """The snapshot of a case, sealed for this ``aad``."""
        self._refuse_spoiled(live)
        return snapshot.dump(live.workflow, self.keys, aad)

    def export_json(self, live: Live) -> str:
        """The case in SpiffWorkflow's own JSON."""
        self._refuse_spoiled(live)
        return to_library_json(live.definition, live.workflow)

    def _engine(self, context: Context) -> Expressions:
        return Expressions(context, self.operators, self.decide)

    def _advance(self, live: Live, engine: Expressions, correlated: int = 0) -> Outcome:
        case = live.workflow
        case.advance(timers=not live.timers_rest)
        return outcome(live.definition, case, engine, correlated=correlated)

    def is_open(self, live: Live, task_id: UUID) -> bool:
        """Whether ``complete`` would find this task open."""
        try:
            self._open(live, task_id)
        except AlreadyDone:
            return False
        return True

    def _open(self, live: Live, task_id: UUID) -> EngineTask:
        self._refuse_spoiled(live)
        task = live.workflow.find(task_id.bytes)
        if task is None or task._state != task.task_spec.open_state or task._state not in (READY, STARTED):
            raise AlreadyDone()
        if task._state == STARTED and "job" not in task.internal_data:
            raise AlreadyDone()
        return task

    def _refuse_spoiled(self, live: Live) -> None:
        if live.spoiled:
            raise RuntimeError("a live case is used again after an exception; load it from its snapshot")

    @contextmanager
    def _running(self, live: Live, engine: Expressions) -> Iterator[None]:
        self._refuse_spoiled(live)
        live.spoiled = True
        live.workflow.script_engine = engine
        engine.root = live.workflow.data.get("vars", {})
        try:
            yield
        except SpiffWorkflowException as error:
            raise incident(live.workflow.task_tree, "UNKNOWN", Text(str(error), str(error))) from error
        live.spoiled = False
