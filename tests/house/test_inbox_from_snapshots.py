"""What the tables say is open is what the snapshots say is open, after any walk: inbox, waits, next due time."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.wiring import Product, build
from config import Settings
from tests.engine.diagrams import (
    END,
    PAID,
    START,
    boundary,
    diagram,
    event_sub_process,
    flows,
    gateway,
    instances,
    mapping,
    message,
    timer,
    user,
)
from workflows.actor import CLOCK, DEPLOYER, Actor
from workflows.clock import FixedClock
from workflows.commands.cancel_case import CancelCase
from workflows.commands.complete_work_item import CompleteWorkItem
from workflows.commands.deploy_diagrams import DeployDiagrams
from workflows.commands.publish_message import PublishMessage
from workflows.commands.start_case import StartCase
from workflows.commands.wake_case import WakeCase
from workflows.ports import Context
from workflows.projection import inbox_rows
from workflows.queries import due
from workflows.records import NO_DUE_DATE, Case, InboxRow, Subscription, WorkItem

CASES, STEPS = 12, 150


def assignment(assignee: str = "", groups: str = "", users: str = "") -> str:
    given = {"assignee": assignee, "candidateGroups": groups, "candidateUsers": users}
    attributes = " ".join(f"{name}='{value}'" for name, value in given.items() if value)
    return f"<zeebe:assignmentDefinition {attributes}/>"


WALK = diagram(
    START,
    user("fill", assignment("=requester")),
    gateway("parallel", "fork"),
    user("head", assignment(groups="=[\"unit_head:\" + unit, \"region_chief:7\"]")),
    boundary("late", "head", timer("=duration(\"P1D\")"), interrupting=False),
    user("chief", assignment(groups="region_chief:7", users="a, b")),
    user("vote", assignment("=approver") + mapping({"ok": "=null"}), instances()),
    gateway("parallel", "join"),
    user("review", assignment(groups="region_officer:7") + '<zeebe:taskSchedule dueDate="=due"/>'),
    gateway("exclusive", "again", default="e"),
    END,
    event_sub_process("note", PAID, user("noted", assignment(users="c")), "noted", interrupting=False),
    flows("s>fill", "fill>fork", "fork>head", "fork>vote", "head>join", "vote>join", "join>review", "review>again"),
    flows("again>fill[=more = true]", "again>e", "late>chief", "chief>e"),
    process_id="walk",
    top=message(key="=number"),
)  # fmt: skip


class Walk:
    """A product whose cases take random steps; the clock moves along."""

    def __init__(self, url: str, directory: Path) -> None:
        environment = {"DATABASE_URL": url, "SECRET_KEY": "0" * 64, "DATA_DIR": str(directory)}
        self.clock = FixedClock(datetime(2026, 11, 23, 2, tzinfo=UTC))
        self.product: Product = build(Settings.from_env(environment), clock=self.clock)
        self.runtime = self.product.runtime
        self.random = random.Random(20261123)
        self.taken: Counter[str] = Counter()
        self.runtime.execute(DeployDiagrams({"walk.bpmn": WALK}), DEPLOYER)

    def start(self, number: int) -> int:
        due_at = (self.clock.now() + timedelta(days=number)).isoformat() if number % 2 else None
        values = {"unit": "99001", "approvers": ["a", "b"], "number": str(number), "due": due_at, "more": False}
        return self.runtime.execute(StartCase("walk", variables=values), Actor("requester")).case_id

    def step(self) -> None:
        self.clock.at += timedelta(hours=self.random.randrange(12))
        kind = self.random.choices(("complete", "wake", "message", "cancel"), (20, 3, 3, 0.3))[0]
        getattr(self, kind)()
        self.taken[kind] += 1

    def complete(self) -> None:
        with self.runtime.reading() as db:
            items = db.execute(select(*WorkItem.__table__.c).order_by(WorkItem.id)).all()
        item = self.random.choice(items)
        actor = (
            Actor(item.assignee or "whoever", groups=frozenset(item.groups)) if not item.users else Actor(item.users[0])
        )
        self.runtime.execute(CompleteWorkItem(item.id, {"more": self.random.random() < 0.8}), actor)

    def wake(self) -> None:
        with self.runtime.reading() as db:
            found = due.due_cases(db, self.clock.now())
        for case_id in found:
            self.runtime.execute(WakeCase(case_id), CLOCK)

    def message(self) -> None:
        self.runtime.execute(PublishMessage("paid", str(self.random.randrange(CASES))), Actor("system:test"))

    def cancel(self) -> None:
        with self.runtime.reading() as db:
            ids = db.execute(select(Case.id).where(Case.state == "ACTIVE").order_by(Case.id)).scalars().all()
        self.runtime.execute(CancelCase(self.random.choice(ids)), Actor("admin", groups=frozenset({"admin"})))

    def in_the_tables(self) -> dict[str, list[Any]]:
        """What the rows say is open."""
        with self.runtime.reading() as db:
            items = {row.id: row for row in db.execute(select(*WorkItem.__table__.c))}
            inbox = db.execute(select(InboxRow.principal, InboxRow.due_at, InboxRow.work_item_id)).all()
            waits = db.execute(select(Subscription.case_id, Subscription.task_id, Subscription.name, Subscription.key))
            cases = db.execute(select(Case.id, Case.wake_at).where(Case.state == "ACTIVE")).all()
            return {
                "items": sorted((row.case_id, bytes(row.task_id), row.element_id) for row in items.values()),
                "inbox": sorted((p, at, bytes(items[item].task_id)) for p, at, item in inbox),
                "subscriptions": sorted((case, bytes(task), name, key) for case, task, name, key in waits),
                "wakes": sorted((case, at or NO_DUE_DATE) for case, at in cases),
            }

    def in_the_snapshots(self) -> dict[str, list[Any]]:
        """What the engine says is open in every snapshot, decoded afresh."""
        found: dict[str, list[Any]] = {"items": [], "inbox": [], "subscriptions": [], "wakes": []}
        services = self.runtime.services
        with self.runtime.reading() as db:
            cases = db.execute(select(*Case.__table__.c).where(Case.state == "ACTIVE")).all()
        for case in cases:
            definition = services.definitions.process(case.definition_key).definition
            live = services.interpreter.load(definition, bytes(case.snapshot), str(case.id).encode())
            context = Context(self.clock.now(), CLOCK, None, case.id)  # type: ignore[arg-type]  # a survey asks nothing
            survey = services.interpreter.survey(live, context)
            for task in survey.opened:
                found["items"].append((case.id, task.task_id.bytes, task.element_id))
                offered = {"id": 0, "assignee": task.assignee, "users": task.candidate_users}
                rows = inbox_rows({**offered, "groups": task.candidate_groups, "due_at": task.due_at}, case.id)
                found["inbox"] += [(row["principal"], row["due_at"], task.task_id.bytes) for row in rows]
            found["subscriptions"] += [(case.id, s.task_id.bytes, s.name, s.key or "") for s in survey.subscriptions]
            found["wakes"].append((case.id, survey.wake_at or NO_DUE_DATE))
        return {kind: sorted(rows) for kind, rows in found.items()}


@pytest.mark.slow
def test_the_tables_equal_the_snapshots_after_any_walk(database_url: str, tmp_path: Path) -> None:
    walk = Walk(database_url, tmp_path)
    for number in range(CASES):
        walk.start(number)
    for step in range(STEPS):
        walk.step()
        if step % 10 == 9:
            assert walk.in_the_tables() == walk.in_the_snapshots(), f"after step {step}"
    open_now = walk.in_the_tables()
    assert all(open_now.values()), "a walk must leave something open to compare"
    assert {element for _, _, element in open_now["items"]} >= {"fill", "head", "vote", "chief", "noted"}
    assert set(walk.taken) >= {"complete", "wake", "message"}
