"""A case under test: the interpreter with a clock to turn, jobs that are written down, and restores at will."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from workflows.actor import CLOCK
from workflows.engine import Definition, Interpreter, Live, OpenTask, Outcome, SnapshotKeys, load
from workflows.engine.definition import _load
from workflows.ports import Context, Operator

NOON = datetime(2026, 1, 5, 5, tzinfo=UTC)  # 12:00 in Bangkok
KEYS = SnapshotKeys("k1", {"k1": bytes(range(32))})
AAD = b"case 1"


def context(now: datetime = NOON) -> Context:
    return Context(now, CLOCK, SimpleNamespace(), 1)  # type: ignore[arg-type]


class Jobs(dict[str, Operator]):
    """Every job type but those in ``external`` has an operator that writes its type down."""

    def __init__(self, operators: Mapping[str, Operator] | None, external: frozenset[str]) -> None:
        super().__init__(operators or {})
        self.external = external
        self.log: list[str] = []

    def get(self, name: str, default: Any = None) -> Any:
        if name in self.external:
            return default
        operator = super().get(name, lambda _inputs, _context: None)

        def logged(inputs: Mapping[str, Any], context: Context) -> Any:
            self.log.append(name)
            return operator(inputs, context)

        return logged

    def __contains__(self, name: object) -> bool:
        return name not in self.external


class Running:
    """One case. With ``restore`` it is dumped and read back, on a freshly parsed definition, after every action."""

    def __init__(
        self,
        *files: bytes,
        variables: Mapping[str, Any] | None = None,
        message: str | None = None,
        operators: Mapping[str, Operator] | None = None,
        external: frozenset[str] = frozenset(),
        decide: Any = None,
        restore: bool = False,
        process_id: str = "P",
        after: Callable[[Running], None] | None = None,
    ) -> None:
        self.files = {f"{number}.bpmn": data for number, data in enumerate(files)}
        self.process_id = process_id
        self.restore = restore
        self.after = after
        self.now = NOON
        self.jobs = Jobs(operators, external)
        self.interpreter = Interpreter(self.jobs, decide, KEYS)
        self.opened: dict[UUID, OpenTask] = {}
        self.steps: list[tuple[str, str]] = []
        live, outcome = self.interpreter.start(self.definition(), variables or {}, context(self.now), message=message)
        self.live: Live = live
        self._note(outcome)

    def definition(self) -> Definition:
        return load(self.process_id, self.files)

    def fresh_definition(self) -> Definition:
        """Another parse of the same files, as in another process."""
        _load.cache_clear()
        return self.definition()

    def _note(self, outcome: Outcome) -> Outcome:
        self.last = outcome
        self.opened.update((task.task_id, task) for task in outcome.opened)
        self.steps += [(step.element_id, step.event) for step in outcome.steps]
        if self.restore:
            sealed = self.interpreter.dump(self.live, AAD)
            self.live = self.interpreter.load(self.fresh_definition(), sealed, AAD)
        if self.after:
            self.after(self)
        return outcome

    # -- looking ---

    @property
    def variables(self) -> Mapping[str, Any]:
        return self.live.variables

    @property
    def completed(self) -> bool:
        return self.live.completed

    @property
    def open(self) -> list[str]:
        """The element ids of the open user tasks, sorted."""
        return sorted(self.opened[task_id].element_id for task_id in self.last.open_ids)

    def task(self, element_id: str | None = None, **fields: Any) -> OpenTask:
        """The first open task of this element (in the order of opening) with these field values."""
        for task in self.opened.values():
            wanted = element_id in (None, task.element_id) and all(getattr(task, n) == v for n, v in fields.items())
            if wanted and task.task_id in self.last.open_ids:
                return task
        raise LookupError(element_id)

    def context(self) -> Context:
        return context(self.now)

    # -- acting ---

    def complete(self, element_id: str | None = None, /, **variables: Any) -> Outcome:
        return self.finish(self.task(element_id).task_id, **variables)

    def finish(self, task_id: UUID, /, **variables: Any) -> Outcome:
        return self._note(self.interpreter.complete(self.live, task_id, variables, context(self.now)))

    def wake(self, **later: float) -> Outcome:
        self.now += timedelta(**later)
        return self._note(self.interpreter.wake(self.live, context(self.now)))

    def deliver(self, name: str, key: str | None, /, task_id: UUID | None = None, **variables: Any) -> int:
        given = (self.live, name, key, variables, context(self.now))
        return self._note(self.interpreter.deliver(*given, task_id=task_id)).correlated

    def signal(self, name: str, /, **variables: Any) -> int:
        return self._note(self.interpreter.signal(self.live, name, variables, context(self.now))).correlated

    def fail(self, task_id: UUID, code: str, /, **variables: Any) -> Outcome:
        return self._note(self.interpreter.fail_job(self.live, task_id, code, "", variables, context(self.now)))

    def set(self, **variables: Any) -> Outcome:
        return self._note(self.interpreter.set_variables(self.live, variables, context(self.now)))
