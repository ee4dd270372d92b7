"""The wired product in this very process: what the web and the worker would do, done by hand, at a time that stands
still until a test moves it."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import pikepdf
from PIL import Image
from sqlalchemy import select

from app import preparation
from app.wiring import build
from app.worker import deliver, keep_rounds, pick_up_messages, recompute_deadlines, wake_due_cases
from config import Settings
from forms import builder
from forms.builder import BoundForm
from forms.options import for_actor
from workflows.actor import CLOCK, Actor
from workflows.clock import BANGKOK, FixedClock
from workflows.commands.complete_work_item import CompleteWorkItem
from workflows.commands.deploy_diagrams import DeployDiagrams, Deployment
from workflows.commands.start_case import StartCase, Started
from workflows.commands.store_document import StoreDocument
from workflows.errors import InvalidAnswers
from workflows.ports import Context
from workflows.queries import actors, audit, cases, inbox, outbox, work_items
from workflows.records import NO_DUE_DATE, Case, InboxRow, Subscription, WorkItem
from workflows.register import Register
from workflows.rules import citizen_id, one_time_code
from workflows.runtime import Command

T = TypeVar("T")

SECRET = "0" * 64
MORNING = datetime(2026, 11, 2, 9, 0, tzinfo=BANGKOK)
"""A Monday; the next government holiday is 7 December, so 15 working days end on 23 November."""

LINK = re.compile(r"/(activate|return|reset|keep-password|confirm-email)/([A-Za-z0-9_-]{20,})")
CODE = re.compile(r"\b(\d{6})\b")


def settings(database_url: str, directory: Path) -> Settings:
    """A demonstration that stands on this database and keeps its files in this directory."""
    return Settings(
        database_url=database_url,
        secret_key=SECRET,
        demo=True,
        base_url="https://sitthi.example",
        data_directory=directory,
        puzzle_bits=8,
    )


def prepare(database_url: str, directory: Path) -> None:
    """Bring a database to what is there before the first request."""
    product = build(settings(database_url, directory), clock=FixedClock(MORNING))
    preparation.prepare(product)
    product.database.dispose()


class World:
    """One installation. People are named by their user names; a visitor is an ``Actor`` of their own."""

    def __init__(self, database_url: str, directory: Path) -> None:
        self.clock = FixedClock(MORNING)
        self.product = build(settings(database_url, directory), clock=self.clock)
        self.runtime = self.product.runtime
        self.services = self.runtime.services
        self.keyring = self.product.keyring
        self.database = self.product.database
        self._actors: dict[str, Actor] = {}

    def close(self) -> None:
        self.database.dispose()

    # -- people ------------------------------------------------------------------------------------------------------

    def actor(self, who: str | Actor) -> Actor:
        """A demo person, or the actor itself."""
        if isinstance(who, Actor):
            return who
        if who not in self._actors:
            with self.runtime.reading() as db:
                account = actors.sign_in_account(db, who)
                assert account is not None, f"nobody is called {who}"
                found = actors.actor_of(db, account["id"], demo=True)
            assert found is not None, f"{who} may not act"
            self._actors[who] = found
        return self._actors[who]

    def visitor(self, name: str = "a") -> Actor:
        """Somebody who has not signed in, as the browser session knows them."""
        return Actor(f"visitor:{name * 16}")

    # -- doing -------------------------------------------------------------------------------------------------------

    def execute(self, command: Command[T], who: str | Actor) -> T:
        return self.runtime.execute(command, self.actor(who))

    def start(self, process_id: str, who: str | Actor, **variables: Any) -> Started:
        return self.execute(StartCase(process_id, variables=variables), who)

    def deploy(self, **files: str | bytes) -> Deployment:
        """Deploy files by their names; ``__`` in a name stands for the dot."""
        named = {
            name.replace("__", "."): content.encode() if isinstance(content, str) else content
            for name, content in files.items()
        }
        return self.execute(DeployDiagrams(named), "designer")

    def items(self, who: str | Actor, element: str | None = None) -> Sequence[Mapping[str, Any]]:
        """The inbox of somebody, most urgent first; only this element's items if one is named."""
        with self.runtime.reading() as db:
            rows = inbox.page(db, self.actor(who), self.clock.now()).rows
        return [row for row in rows if element in (None, row["element_id"])]

    def item(self, who: str | Actor, element: str, case_id: int | None = None) -> Mapping[str, Any]:
        """The one item of this element (and case) in somebody's inbox."""
        items = self.items(who)
        found = [item for item in items if item["element_id"] == element and case_id in (None, item["case_id"])]
        assert len(found) == 1, f"{who} has {[item['element_id'] for item in items]}, not one {element}"
        return found[0]

    def form(self, who: str | Actor, item_id: int, answers: Mapping[str, Any]) -> BoundForm:
        """The form of an item with answers filled in, bound as the API does it."""
        with self.runtime.reading() as db:
            found = work_items.open_item(self.services, db, self.actor(who), item_id)
            schema = self.services.definitions.form(found.form_id) if found.form_id else {"components": []}
            otp = found.variables.get("otp")
            rules: builder.ExtraRules = {}
            if isinstance(otp, dict):
                check = one_time_code.problem
                rules = {"otp_code": lambda code, _: check(otp, str(code), self.clock.now(), self.keyring.digest)}
            form = builder.from_json(
                schema,
                found.variables,
                answers,
                env=for_actor(self.product.feel(), self.actor(who)),
                lookups=Register(db, self.keyring, locked=False),
                extra_rules=rules,
            )
            form.validate()
            return form

    def do(self, who: str | Actor, element: str, case_id: int | None = None, /, **answers: Any) -> int:
        """Fill in the form of somebody's item and complete it; gives the case. Raises InvalidAnswers."""
        return self.answer(who, self.item(who, element, case_id)["id"], **answers)

    def answer(self, who: str | Actor, item_id: int, **answers: Any) -> int:
        """Fill in the form of this item and complete it; gives the case. Raises InvalidAnswers."""
        form = self.form(who, item_id, answers)
        if form.errors:
            raise InvalidAnswers(form.errors)
        return self.execute(CompleteWorkItem(item_id, form.answers), who)

    def upload(self, who: str | Actor, name: str = "letter.pdf") -> dict[str, Any]:
        """Store a small PDF, or a picture where the name says so; gives the reference that answers carry."""
        written = io.BytesIO()
        if name.endswith(".jpg"):
            Image.new("RGB", (40, 30), (210, 225, 240)).save(written, "JPEG")
        else:
            pdf = pikepdf.new()
            pdf.add_blank_page()
            pdf.save(written)
        kept = self.product.documents.put(name, written.getvalue())
        self.execute(StoreDocument(kept.id, kept.file_name, kept.content_type, kept.size, kept.sha256), who)
        return {
            "camunda.document.type": "camunda",
            "storeId": "in-house",
            "documentId": kept.id,
            "contentHash": kept.sha256,
            "metadata": {"fileName": kept.file_name, "contentType": kept.content_type, "size": kept.size},
        }

    # -- time --------------------------------------------------------------------------------------------------------

    def later(self, **duration: int) -> None:
        """Let time pass (``timedelta`` words) without anybody noticing yet."""
        self.clock.at += timedelta(**duration)

    def go_to(self, day: date, at: time = time(9)) -> None:
        """Move to a moment of a Bangkok day."""
        self.clock.at = datetime.combine(day, at, BANGKOK)

    def tick(self) -> int:
        """What the worker does with time: deadlines, timers, early messages; gives how many cases moved."""
        recompute_deadlines(self.product)
        return wake_due_cases(self.product) + pick_up_messages(self.product)

    def run_rounds(self) -> None:
        """What the worker does with rounds until it has nothing to do: open, wake, tell, deliver."""
        for _ in range(3):
            keep_rounds(self.product)
            self.deliver()
            self.tick()

    def deliver(self) -> int:
        """What the worker does with the outbox."""
        return deliver(self.product.deliverer())

    # -- looking -----------------------------------------------------------------------------------------------------

    def case(self, case_id: int) -> Mapping[str, Any]:
        with self.runtime.reading() as db:
            return cases.find(db, self.actor("admin"), str(case_id))

    def sla(self, case_id: int) -> dict[str, Any] | None:
        """The service clock of a case as the API shows it."""
        return cases.sla_summary(self.case(case_id), self.services.holidays.calendar(), self.clock.now())

    def variables(self, case_id: int) -> dict[str, Any]:
        return work_items.variables_of(self.services, self.case(case_id))

    def seen(self, who: str | Actor, item_id: int) -> Mapping[str, Any]:
        """The variables that the form of somebody's item can refer to."""
        with self.runtime.reading() as db:
            return work_items.open_item(self.services, db, self.actor(who), item_id).variables

    def history(self, case_id: int) -> list[dict[str, Any]]:
        with self.runtime.reading() as db:
            return cases.timeline(db, self.keyring, case_id)

    def told(self, case_id: int) -> list[str]:
        """The kinds of a case's events in order, those of items as ``completed:element``."""
        return [
            f"{event['kind'].removeprefix('item.')}:{event['element_id']}"
            if event["kind"].startswith("item.")
            else event["kind"]
            for event in self.history(case_id)
        ]

    def sent(self, to: str) -> list[Mapping[str, Any]]:
        """What was sent to an address or number, newest first: the payloads."""
        with self.runtime.reading() as db:
            messages = outbox.messages(db, self.keyring)
        return [message["payload"] for message in messages if message["payload"].get("to") == to]

    def code_for(self, mobile: str) -> str:
        """The newest one-time code sent to a mobile."""
        found = CODE.search(self.sent(mobile)[0]["text"])
        assert found is not None
        return found[1]

    def link_for(self, email: str, purpose: str) -> str:
        """The token hash of the newest link (``activate``, ``return``, ``reset`` …) mailed to an address."""
        for message in self.sent(email):
            for kind, token in LINK.findall(message["text"]):
                if kind == purpose:
                    return hashlib.sha256(token.encode()).hexdigest()
        raise AssertionError(f"no {purpose} link was sent to {email}")

    def account(self, username: str) -> Mapping[str, Any]:
        """The row of an account, with what is sealed of it in clear."""
        with self.runtime.reading() as db:
            return Register(db, self.keyring, locked=False).accounts_of(username=username)[0]

    # -- what must always be true ------------------------------------------------------------------------------------

    def check(self) -> None:
        """The audit chains are whole, and inbox, waits and wake-up times are what the snapshots say."""
        with self.runtime.reading() as db:
            verified = audit.verify(db, self.keyring)
            assert verified.broken == ()
            for case in db.execute(select(*Case.__table__.c)).mappings():
                items = db.execute(select(*WorkItem.__table__.c).where(WorkItem.case_id == case["id"])).mappings()
                waits = select(Subscription.name, Subscription.key).where(Subscription.case_id == case["id"])
                found = {UUID(bytes=bytes(item["task_id"])): item for item in items}
                rows = db.execute(select(*InboxRow.__table__.c).join(WorkItem).where(WorkItem.case_id == case["id"]))
                self._check_case(dict(case), found, sorted(map(tuple, db.execute(waits))), list(rows))

    def _check_case(
        self, case: dict[str, Any], items: Mapping[UUID, Any], waits: list[Any], inbox_rows: list[Any]
    ) -> None:
        if case["state"] != "ACTIVE":
            assert (items, waits, case["wake_at"]) == ({}, [], None), f"case {case['id']} has ended with work open"
            return
        if not case["snapshot"]:
            assert items == {}
            return
        definition = self.services.definitions.process(case["definition_key"]).definition
        live = self.services.interpreter.load(definition, bytes(case["snapshot"]), str(case["id"]).encode())
        with self.runtime.reading() as db:
            nothing_runs = Context(self.clock.now(), CLOCK, Register(db, self.keyring, locked=False), case["id"])
            outcome = self.services.interpreter.survey(live, nothing_runs)
        assert set(items) == {task.task_id for task in outcome.opened}
        for task in outcome.opened:
            item = items[task.task_id]
            assert (item["element_id"], item["name"], item["form_id"]) == (task.element_id, task.name, task.form_id)
            assert set(item["groups"]) >= set(task.candidate_groups)  # an escalation offers it to more
            assert item["users"] == list(task.candidate_users)
            assert task.assignee in (None, item["assignee"])
            due_at = item["due_at"] or NO_DUE_DATE
            offered = {(row.principal, row.due_at) for row in inbox_rows if row.work_item_id == item["id"]}
            assert offered == {(principal, due_at) for principal in _principals(item)}
        assert waits == sorted((wait.name, wait.key) for wait in outcome.subscriptions)
        if outcome.wake_at is not None and not case["has_incident"]:
            assert case["wake_at"] is not None
            assert case["wake_at"] <= outcome.wake_at


def _principals(item: Mapping[str, Any]) -> set[str]:
    """Who may see a work item in their inbox."""
    if item["held"]:
        return set()
    if item["assignee"]:
        return {f"user:{item['assignee']}"}
    groups = item["groups"] if item["users"] or item["groups"] else ("designer", "admin")
    return {f"user:{user}" for user in item["users"]} | {f"group:{group}" for group in groups}


def person(serial: int, unit_code: str = "99001", **other: Any) -> dict[str, Any]:
    """What a fictional applicant fills in about themselves."""
    return {
        "request_kind": "new",
        "applicant_type": "unit",
        "pid": citizen_id.make("0", serial),
        "title": "นาย",
        "first_name": "ทดสอบ",
        "last_name": f"ระบบดี{serial}",
        "position": "นักวิชาการสาธารณสุข",
        "unit_code": unit_code,
        "mobile": f"08{serial:08d}",
        "email": f"person{serial}@example.org",
        **other,
    }
