"""What must hold whatever was killed when. Each check gives sentences about what is broken; none means it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, select

from app.wiring import Product
from tests.faults import looping
from tests.faults.journal import Journal
from workflows.actor import CLOCK
from workflows.ports import Context
from workflows.projection import inbox_rows
from workflows.queries import cases
from workflows.records import Case, HistoryRow, InboxRow, OutboxRow, WorkItem
from workflows.register import Register

History = dict[int, list[Any]]


class Aftermath:
    """A database and a journal after the killing. ``once`` says whether the outside drops what it has seen before."""

    def __init__(self, product: Product, db: Connection, journal: Journal, *, once: bool) -> None:
        self.product, self.db, self.journal, self.once = product, db, journal, once
        self.cases = db.execute(select(*Case.__table__.c).order_by(Case.id)).all()
        rows = db.execute(select(*HistoryRow.__table__.c).order_by(HistoryRow.subject_id, HistoryRow.seq)).all()
        self.history: History = {case.id: [] for case in self.cases}
        for row in rows:
            if row.subject_id in self.history:
                self.history[row.subject_id].append(row)

    def broken(self) -> dict[str, list[str]]:
        """Everything that does not hold, by the name of the check."""
        found = {name: list(check(self)) for name, check in CHECKS.items()}
        return {name: problems for name, problems in found.items() if problems}


def acknowledged_once(after: Aftermath) -> Iterator[str]:
    """Every acknowledged completion is stored, every stored one was intended, none is stored twice."""
    stored = Counter(
        row.work_item_id for rows in after.history.values() for row in rows if row.kind == "item.completed"
    )
    intended = {fact["item"] for _, fact in after.journal.read("intent")}
    acknowledged = [fact["item"] for _, fact in after.journal.read("done")]
    yield from (f"item {item} acknowledged but not stored" for item in acknowledged if not stored[item])
    yield from (f"item {item} stored {n} times" for item, n in stored.items() if n > 1)
    yield from (f"item {item} stored but nobody completed it" for item in stored if item not in intended)
    yield from (f"item {item} acknowledged {n} times" for item, n in Counter(acknowledged).items() if n > 1)


def started_once(after: Aftermath) -> Iterator[str]:
    """Every acknowledged start made one case; no case came from nowhere."""
    made = Counter(case.business_id for case in after.cases)
    intended = {fact["name"] for _, fact in after.journal.read("start")}
    yield from (f"start {fact['name']} lost" for _, fact in after.journal.read("started") if not made[fact["name"]])
    yield from (f"case {name} made {n} times" for name, n in made.items() if n > 1 or name not in intended)


def no_step_lost_or_doubled(after: Aftermath) -> Iterator[str]:
    """Every finished case went through exactly the steps of the one that nobody disturbed: the first of its process."""
    undisturbed: dict[str, Counter[Any]] = {}
    for case in after.cases:
        if case.state == "ACTIVE":
            continue
        steps = Counter(tuple(step) for row in after.history[case.id] for step in row.data.get("steps", ()))
        kinds = Counter((row.kind, row.element_id) for row in after.history[case.id])
        mended = Counter({key: n for key, n in kinds.items() if key[0].startswith("incident.")})
        seen = steps + kinds - mended
        expected = undisturbed.setdefault(case.process_id, seen)
        if seen != expected:
            yield f"case {case.id} {case.process_id}: missing {expected - seen}, too many {seen - expected}"


def order_of_loops(after: Aftermath) -> Iterator[str]:
    """The looping diagram has no branches: its steps happened in one order only, timers once per lap."""
    expected: list[Any] | None = None
    for case in after.cases:
        if case.process_id == looping.PROCESS and case.state != "ACTIVE":
            steps = [step for row in after.history[case.id] for step in row.data.get("steps", ())]
            expected = expected or steps
            if steps != expected:
                yield f"case {case.id}: steps in another order"
            timers = [step for step in steps if step[0] == "pause" and step[3] == "completed"]
            if len(timers) != looping.LAPS:
                yield f"case {case.id}: {len(timers)} timers fired instead of {looping.LAPS}"


def audit(after: Aftermath) -> Iterator[str]:
    """Every case's chain is whole, up to the head in the case row."""
    for case in after.cases:
        if not cases.audit_is_whole(after.db, after.product.keyring, dict(case._mapping)):
            yield f"case {case.id}: its audit chain is broken"


def inbox(after: Aftermath) -> Iterator[str]:
    """Work items and inbox rows are those that the snapshots say are open."""
    services = after.product.runtime.services
    shown = {tuple(row) for row in after.db.execute(select(InboxRow.work_item_id, InboxRow.principal))}
    rows = after.db.execute(select(*WorkItem.__table__.c)).all()
    items = {(row.case_id, bytes(row.task_id)): row for row in rows}
    rebuilt = set()
    now = after.product.runtime.clock.now()
    for case in after.cases:
        if case.state != "ACTIVE":
            continue
        definition = services.definitions.process(case.definition_key).definition
        live = services.interpreter.load(definition, bytes(case.snapshot), str(case.id).encode())
        register = Register(after.db, services.keyring, locked=False)
        for task in services.interpreter.survey(live, Context(now, CLOCK, register, case.id)).opened:
            row = items.pop((case.id, task.task_id.bytes), None)
            if row is None:
                yield f"case {case.id}: {task.element_id} is open but not in the inbox"
            else:
                given = {"assignee": task.assignee, "users": task.candidate_users, "groups": task.candidate_groups}
                item = {"id": row.id, "due_at": row.due_at, **given}
                rebuilt |= {(line["work_item_id"], line["principal"]) for line in inbox_rows(item, case.id)}
    yield from (f"case {case_id}: a work item without a task" for case_id, _ in items)
    if shown != rebuilt:
        yield f"inbox rows {shown ^ rebuilt} differ from the snapshots"


def outbox(after: Aftermath) -> Iterator[str]:
    """What had to be sent was sent at least once and took effect once."""
    rows = after.db.execute(select(OutboxRow.key, OutboxRow.status, OutboxRow.case_id)).all()
    received = Counter(fact["key"] for _, fact in after.journal.read("received"))
    stored = {row.key for row in rows}
    expected = {
        looping.key(case.id, lap, what)
        for case in after.cases
        if case.process_id == looping.PROCESS and case.state != "ACTIVE"
        for lap in range(looping.LAPS)
        for what in looping.SENT_PER_LAP
    }
    yield from (f"message {key} was never stored" for key in expected - stored)
    yield from (f"message {row.key} is {row.status}" for row in rows if row.status not in ("done", "pending"))
    yield from (f"message {row.key} settled unsent" for row in rows if row.status == "done" and not received[row.key])
    yield from (f"message {key} was sent but never asked for" for key in received if key not in stored)
    if not after.once:
        yield from (f"message {key} took effect {n} times" for key, n in received.items() if n > 1)


CHECKS: dict[str, Callable[[Aftermath], Iterator[str]]] = {
    check.__name__: check
    for check in (
        acknowledged_once,
        started_once,
        no_step_lost_or_doubled,
        order_of_loops,
        audit,
        inbox,
        outbox,
    )
}
