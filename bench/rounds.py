"""What it costs to issue a round of smart-card rights, for each request in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from sqlalchemy import select

from app import preparation
from app.adapters.workbooks import issuance_batch_xlsx
from app.demo import load as demo
from app.wiring import Product
from app.worker import keep_rounds, wake_due_cases
from bench import product as products
from bench.measure import Figure, scaled, timed
from tests.engine.diagrams import END, START, diagram, flows, job, mapping, message, zeebe
from workflows.actor import DEPLOYER, WORKER, Actor
from workflows.clock import BANGKOK
from workflows.commands.claim_messages import ClaimMessages
from workflows.commands.complete_work_item import CompleteWorkItem
from workflows.commands.deploy_diagrams import DeployDiagrams
from workflows.commands.settle_message import SettleMessage
from workflows.commands.start_case import StartCase
from workflows.commands.tell_round_members import TellRoundMembers
from workflows.queries import rounds
from workflows.records import IssuanceRound, WorkItem
from workflows.rules import citizen_id

ISSUER = Actor("issuer", "ผู้ออกรหัส", frozenset({"issuer"}), account_id=1)
PERSON = ("pid", "title", "first_name", "last_name", "position", "email", "mobile", "unit", "case_number")
ISSUED = {name: f"={name}" for name in (*PERSON, "granted_systems", "requested_systems", "request_kind")}
ROUND = {"channel": "smartcard", "unit": "=unit", "systems": "=granted_systems"}
ABOUT = (
    '<zeebe:properties><zeebe:property name="case.pid" value="=pid"/>'
    '<zeebe:property name="case.subject" value="=first_name + &quot; &quot; + last_name"/></zeebe:properties>'
)
MEMBER = diagram(
    zeebe(ABOUT),
    START,
    job("join", "round.join", mapping(ROUND)),
    job("ready", "round.ready"),
    '<bpmn:receiveTask id="wait" messageRef="M"/>',
    job("issue", "account.issue", mapping(ISSUED)),
    END,
    flows("s>join", "join>ready", "ready>wait", "wait>issue", "issue>e"),
    process_id="bench_round_member",
    top=message(name="round_decided", key="=case_id"),
)
"""A request that everybody has approved: it waits for its round, then its account is made."""

SYSTEM = {
    "code": "ERM", "name": "ERM", "realm": "NDC", "roles": [{"code": "100", "name": "ERM", "single_holder": False}],
}  # fmt: skip


def _approved(product: Product, serial: int) -> None:
    variables: dict[str, Any] = {
        "pid": citizen_id.make("0", serial), "title": "นาย", "first_name": "ทดสอบ", "last_name": f"รอบ{serial}",
        "position": "", "email": f"round{serial}@example.org", "mobile": "0800000000", "request_kind": "new",
        "unit": {"code": "99001", "name": "หน่วยทดสอบ", "province": "ขอนแก่น", "region": "7"},
        "case_number": str(serial), "granted_systems": [SYSTEM], "requested_systems": [SYSTEM],
    }  # fmt: skip
    product.runtime.execute(StartCase("bench_round_member", variables=variables), products.REQUESTER)


def _deliver(product: Product, took: dict[str, list[float]], step: str) -> None:
    """What the worker's threads do, one message at a time."""
    effects = product.effects
    while claimed := product.runtime.execute(ClaimMessages(10), WORKER):
        for message_ in claimed:
            if message_.kind in ("case.start", "case.tell"):
                took[step].append(timed(lambda m=message_: effects[m.kind](m.payload, m.key)))  # type: ignore[misc]
            product.runtime.execute(SettleMessage(message_.id, message_.token), WORKER)


def _round(product: Product, count: int) -> dict[str, float]:
    """Milliseconds each step takes for each request it is about, in a round of so many."""
    took: dict[str, list[float]] = defaultdict(list)
    keep_rounds(product)
    _deliver(product, defaultdict(list), "opened")
    for serial in range(1, count + 1):
        _approved(product, serial)
    with product.runtime.reading() as db:
        row = db.execute(select(*IssuanceRound.__table__.c).where(IssuanceRound.state == "open")).one()
    clock: Any = product.runtime.clock
    clock.at = datetime.combine(row.closes_on, time(9), BANGKOK)
    took["close"].append(timed(lambda: [wake_due_cases(product) for _ in range(3)]) / count)
    with product.runtime.reading() as db:
        rows: list[Any] = []
        took["list"].append(timed(lambda: rows.extend(rounds.batch(product.runtime.services, db, row.id))) / count)
        took["workbook"].append(timed(lambda: issuance_batch_xlsx("", rows)) / count)
        assert len(rows) == count
        item = db.execute(select(WorkItem.id).where(WorkItem.element_id == "confirm")).scalar_one()
    confirm = CompleteWorkItem(item, {"confirm": True})
    took["confirm"].append(timed(lambda: product.runtime.execute(confirm, ISSUER)) / count)
    clock.at = datetime.combine(row.effective_on, time(9), BANGKOK)
    took["effect"].append(timed(lambda: wake_due_cases(product)) / count)
    told = 1
    while told:
        counted: list[int] = []
        spent = timed(lambda into=counted: into.append(product.runtime.execute(TellRoundMembers(), WORKER)))  # type: ignore[misc]
        told = counted[0]
        if told:
            took["tell"].append(spent / told)
    _deliver(product, took, "grant")
    with product.runtime.reading() as db:
        effective = rounds.find(db, row.id)
    assert effective["state"] == "issued"
    return {step: max(each) if step == "tell" else sum(each) / len(each) for step, each in took.items()}


def round_2000_vs_20() -> Iterator[Figure]:
    """For each request, the step that suffers most from the size of its round. Goal ≤ 3."""
    found = []
    for count in (20, scaled(2000, 100)):
        with products.sqlite() as product:
            demo.reference(product)
            preparation.deploy_release(product)
            product.runtime.execute(DeployDiagrams({"bench_round_member.bpmn": MEMBER}), DEPLOYER)
            found.append(_round(product, count))
    few, many = found
    worst = max(few, key=lambda step: many[step] / few[step])
    yield Figure("round_2000_vs_20", many[worst], f"ms for each request, {worst}", few[worst])
