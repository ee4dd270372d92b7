"""The web process of a fault test: people who start cases and answer whatever is in their inboxes."""

from __future__ import annotations

import random
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy import func, select

from app.wiring import Product
from tests.faults import looping
from tests.faults.journal import Journal
from workflows.actor import Actor
from workflows.commands.complete_work_item import CompleteWorkItem
from workflows.commands.resolve_incident import ResolveIncident
from workflows.commands.start_case import StartCase
from workflows.commands.store_document import StoreDocument
from workflows.errors import AlreadyDone, Conflict, NotFound, StaleCase
from workflows.queries import actors
from workflows.records import Case, InboxRow, Incident, WorkItem
from workflows.rules import citizen_id

USERNAMES = ("requester", "head", "pao", "region", "owner", "owner2", "issuer", "auditor", "admin")
REQUEST = "access_request"
RUNNING = {looping.PROCESS: 16, REQUEST: 3}
"""How many cases of each process the people keep under way."""

_OFFERED = (
    select(WorkItem.id, WorkItem.element_id, WorkItem.case_id, Case.process_id, InboxRow.principal)
    .join(Case, Case.id == WorkItem.case_id)
    .join(InboxRow, InboxRow.work_item_id == WorkItem.id)
)

Answers = dict[str, Any]


class People:
    """Everybody of the demonstration, in one process."""

    def __init__(self, product: Product, journal: Journal, running: Mapping[str, int]) -> None:
        self.runtime = product.runtime
        self.journal = journal
        self.running = running
        with self.runtime.reading() as db:
            self.actors = {name: self._actor(db, name) for name in USERNAMES}
        self.by_principal = {principal: actor for actor in self.actors.values() for principal in actor.principals}

    def _actor(self, db: Any, username: str) -> Actor:
        account = actors.sign_in_account(db, username)
        assert account is not None
        actor = actors.actor_of(db, account["id"], demo=True)
        assert actor is not None
        return actor

    def submit_again(self) -> None:
        """What a person does whose answer got no reply: send it again, with the same content."""
        intents, done = {}, set()
        for kind, fact in self.journal.read("intent", "done"):
            if kind == "intent":
                intents[fact["item"]] = fact
            else:
                done.add(fact["item"])
        for item, fact in intents.items():
            if item not in done:
                self._complete(item, self.actors[fact["actor"]], fact["answers"])

    def answer_everything(self) -> int:
        """Answer some of what is in everybody's inboxes; gives how much was answered."""
        with self.runtime.reading() as db:
            rows = list(db.execute(_OFFERED).mappings())
        answered = 0
        for row in random.sample(rows, min(len(rows), 10)):
            actor = self.by_principal[row["principal"]]
            answers = self._answers(row, actor)
            if answers is not None:
                answered += self._complete(row["id"], actor, answers)
        return answered

    def _complete(self, item: int, actor: Actor, answers: Answers) -> bool:
        self.journal.write("intent", item=item, actor=actor.id, answers=answers)
        try:
            self.runtime.execute(CompleteWorkItem(item, answers), actor)
        except (AlreadyDone, NotFound, StaleCase):
            return False
        self.journal.write("done", item=item)
        return True

    def active(self) -> dict[str, int]:
        """How many cases of each process are under way."""
        with self.runtime.reading() as db:
            rows = db.execute(
                select(Case.process_id, func.count()).where(Case.state == "ACTIVE").group_by(Case.process_id)
            ).tuples()
            return dict(rows.all())

    def start_some(self) -> int:
        """Start cases until as many are under way as should be."""
        started, active = 0, self.active()
        for process, wanted in self.running.items():
            for _ in range(wanted - active.get(process, 0)):
                name = secrets.token_hex(8)
                actor = self.actors["requester"]
                self.journal.write("start", name=name)
                self.runtime.execute(StartCase(process, business_id=name), actor)
                self.journal.write("started", name=name)
                started += 1
        return started

    def resolve_incidents(self) -> int:
        """The administrator repeats what was given up: messages that lost five workers."""
        with self.runtime.reading() as db:
            found = db.execute(select(Incident.id, Incident.error_type).where(Incident.state == "ACTIVE")).all()
        for incident in found:
            self.journal.write("incident", error_type=incident.error_type)
            with suppress(Conflict):
                self.runtime.execute(ResolveIncident(incident.id), self.actors["admin"])
        return len(found)

    def _answers(self, row: Mapping[str, Any], actor: Actor) -> Answers | None:
        """The answers to one work item; None while what they need has not arrived."""
        if row["process_id"] == looping.PROCESS:
            return {"remark": "again"}
        match row["element_id"]:
            case "nda":
                return {"nda_accepted": "yes"}
            case "applicant":
                return _applicant(random.randrange(10**9))
            case "roles":
                return {"roles": ["901", "904"], "new_authen_use": "check"}
            case "attachments":
                files = {"letter": [self._file(actor)], "id_copy": [self._file(actor)]}
                return {**files, "evidence_kind": "citizen_card", "letter_number": "1"}
            case "otp_enter":
                code = self._code(row["case_id"])
                return {"otp_code": code} if code else None
            case "issue":
                return {"confirm": True}
        return {"decision": "approve"}

    def _file(self, actor: Actor) -> dict[str, Any]:
        id_ = secrets.token_hex(16)
        self.runtime.execute(StoreDocument(id_, "a.pdf", "application/pdf", 3, "0" * 64), actor)
        return {"camunda.document.type": "camunda", "storeId": "in-house", "documentId": id_}

    def _code(self, case_id: int) -> str | None:
        """The one-time code of a case, once its SMS has been received."""
        sent = [fact for _, fact in self.journal.read("received") if fact["key"].startswith(f"otp:{case_id}:")]
        found = re.search(r"\b(\d{6})\b", sent[-1]["text"]) if sent else None
        return found[1] if found else None


def _applicant(number: int) -> Answers:
    return {
        "request_kind": "new",
        "applicant_type": "unit",
        "pid": citizen_id.make("099", number),
        "title": "นาย",
        "first_name": "ทดสอบ",
        "last_name": f"คนที่{number}",
        "position": "นักวิชาการ",
        "unit_code": "99001",
        "mobile": "0812345678",
        "email": f"p{number}@example.org",
    }
