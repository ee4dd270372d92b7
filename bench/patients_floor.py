"""The least an authentication can cost on this machine: the same engine steps and operators, and bare transactions.

No HTTP, no forms, no rights of access, no audit chain, no header of the case, no SQLAlchemy constructs for writing.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, TextClause, text

from app.wiring import Product, build
from bench.patients_data import DESK, PEOPLE, keep_readings, visit
from config import Settings
from workflows.actor import WORKER, Actor
from workflows.code_lease import LeaseCodes
from workflows.engine import Live, Outcome
from workflows.ports import Change, Context, NeedsCounters
from workflows.records import Authentication, Case, HistoryRow, InboxRow, RightsAnswer, Subscription, WorkItem, new_id
from workflows.register import Register

SECONDS = 4.0
PROCESS = "patient_authentication"
_FOREVER = datetime(9999, 12, 31, tzinfo=UTC)
_MAC, _SEALED = bytes(32), bytes(120)
_MOVE = text(
    "UPDATE cases SET revision = revision + 1, snapshot = :snapshot, wake_at = :wake_at, subject = :subject, number ="
    " :number, chain_seq = chain_seq + 1, chain_mac = :mac WHERE id = :id AND revision = :revision"
)
_ITEM = text(
    "SELECT c.revision, c.snapshot, c.requester, c.chain_seq, c.chain_mac, w.task_id, w.element_id, w.groups"
    " FROM cases c JOIN work_items w ON w.case_id = c.id WHERE w.id = :id FOR UPDATE"
)
_CLOSE = text("DELETE FROM work_items WHERE id = :id")
_BIND = {
    "reading.bind": text("UPDATE readings SET case_id = :case WHERE id = :id"),
    "rights.bind": text("UPDATE rights_answers SET case_id = :case WHERE id = :id"),
}


def _insertion(rows: Any) -> TextClause:
    names = [column.name for column in rows.__table__.c]
    places = ", ".join(f":{name}" for name in names)
    return text(f"INSERT INTO {rows.__tablename__} ({', '.join(names)}) VALUES ({places})")


_INSERT = {
    rows: (_insertion(rows), dict.fromkeys(column.name for column in rows.__table__.c))
    for rows in (Authentication, Case, HistoryRow, InboxRow, RightsAnswer, Subscription, WorkItem)
}


class Floor:
    """Authentications pushed by bare hands, with the card, from the start to the claim code."""

    def __init__(self, product: Product) -> None:
        self.product, self.database = product, product.database
        self.services = product.runtime.services
        process = self.services.definitions.latest_process(PROCESS)
        self.definition, self.key = process.definition, process.key
        self.actor = Actor(DESK, DESK, frozenset({"frontdesk:99003"}), "99003", account_id=1)

    def authenticate(self, person: Mapping[str, Any], reading: str) -> str:
        """One whole case; gives its claim code."""
        case_id, now, answer = new_id(), datetime.now(UTC), new_id()
        with self.database.begin() as db:
            sealed = self.product.keyring.seal(f"rights/{answer}", json.dumps(person["answer"]).encode())
            index = self.product.keyring.index("pid", person["pid"])
            about = {"id": answer, "actor": DESK, "unit_code": "99003", "asked_at": now, "source": "demo"}
            _insert(db, RightsAnswer, {**about, "pid_index": index, "answer": sealed})
        with self.database.begin() as db:
            variables = {**visit(person["pid"], reading), "rights_answer": str(answer)}
            context = self._context(db, now, case_id)
            given = {**variables, "requester": DESK, "case_id": str(case_id)}
            live, outcome = self.services.interpreter.start(self.definition, given, context, message=None)
            self._insert_case(db, case_id, now, live, outcome)
            item = self._written(db, case_id, now, outcome)
        for element, answers in (
            ("identify", {"method": "card", "reading_id": reading}),
            ("confirm", {"confirm": True}),
        ):
            item = self._step(case_id, item, element, answers, live)
        return str(live.variables["claim_code"])

    def _step(self, case_id: int, item: int, element: str, answers: Mapping[str, Any], live: Live) -> int:
        now = datetime.now(UTC)
        try:
            with self.database.begin() as db:
                row = db.execute(_ITEM, {"id": item}).one()
                assert row.element_id == element
                context = self._context(db, now, case_id)
                outcome = self.services.interpreter.complete(live, UUID(bytes=bytes(row.task_id)), answers, context)
                moved = {
                    "id": case_id,
                    "revision": row.revision,
                    "snapshot": self.services.interpreter.dump(live, str(case_id).encode()),
                    "wake_at": outcome.wake_at,
                    "subject": "ผู้รับบริการ",
                    "number": live.variables.get("claim_code"),
                    "mac": _MAC,
                }
                following = self._written(db, case_id, now, outcome)
                db.execute(_MOVE, moved)
                db.execute(_CLOSE, {"id": item})
                return following
        except NeedsCounters:
            self.product.runtime.execute(LeaseCodes(self.services.codes), WORKER)
            definition, aad = self.definition, str(case_id).encode()
            with self.database.connect() as db:
                snapshot = db.execute(text("SELECT snapshot FROM cases WHERE id = :id"), {"id": case_id}).scalar_one()
            again = self.services.interpreter.load(definition, bytes(snapshot), aad)
            following = self._step(case_id, item, element, answers, again)
            live.variables.update(again.variables)
            return following

    def _context(self, db: Connection, now: datetime, case_id: int) -> Context:
        register = Register(db, self.product.keyring, locked=True, codes=self.services.codes)
        calendar = self.services.holidays.calendar()
        return Context(now, self.actor, register, case_id, process_id=PROCESS, working_days=calendar)

    def _insert_case(self, db: Connection, case_id: int, now: datetime, live: Live, outcome: Outcome) -> None:
        texts = dict.fromkeys(("subject", "region", "stage", "outcome", "systems", "channel", "pid_masked"), "")
        more = dict.fromkeys(("sla_state", "subscriptions_mac"), "")
        flags = {"has_incident": False, "recompute": False}
        row = {"id": case_id, "process_id": PROCESS, "definition_key": self.key, "state": "ACTIVE", "started_at": now}
        snapshot = self.services.interpreter.dump(live, str(case_id).encode())
        moved = {"revision": 1, "snapshot": snapshot, "wake_at": outcome.wake_at, "chain_seq": 1, "chain_mac": _MAC}
        _insert(db, Case, {**texts, **more, **flags, **row, **moved, "requester": DESK, "unit_code": "99003"})

    def _written(self, db: Connection, case_id: int, now: datetime, outcome: Outcome) -> int:
        """What the step changes, in bare statements; gives the item it opened."""
        for change in outcome.changes:
            self._change(db, case_id, now, change)
        (task,) = outcome.opened
        item = {"id": new_id(), "case_id": case_id, "task_id": task.task_id.bytes, "element_id": task.element_id}
        shown = {"name": task.name, "form_id": task.form_id, "priority": 50, "opened_at": now, "held": False}
        _insert(db, WorkItem, {**item, **shown, "groups": '["frontdesk:99003"]', "users": "[]", "headers": "{}"})
        offer = {"principal": "group:frontdesk:99003", "due_at": _FOREVER, "work_item_id": item["id"]}
        _insert(db, InboxRow, offer)
        for wait in outcome.subscriptions:
            about = {"case_id": case_id, "task_id": wait.task_id.bytes, "name": wait.name, "key": wait.key}
            _insert(db, Subscription, {**about, "element_id": wait.element_id})
        told = {"id": new_id(), "subject_id": case_id, "seq": next(_SEQ), "at": now, "actor": DESK}
        rest = {"kind": "item.completed", "element_id": task.element_id, "name": task.name, "data": "{}"}
        _insert(db, HistoryRow, {**told, **rest, "sealed": _SEALED, "mac": _MAC})
        found: int = item["id"]
        return found

    def _change(self, db: Connection, case_id: int, now: datetime, change: Change) -> None:
        given, keyring = change.values, self.product.keyring
        if change.kind in _BIND:
            db.execute(_BIND[change.kind], {"id": given["id"], "case": case_id})
        elif change.kind == "authentication.open":
            names = ("claim_code", "unit_code", "region", "service_code", "visit_kind", "profession", "method")
            more = ("source", "age", "rights_class", "reason", "illness", "review")
            details = json.dumps(given["details"], ensure_ascii=False).encode()
            sealed = {
                "pid_index": keyring.index("pid", given["pid"]),
                "pid_sealed": keyring.seal("pid", given["pid"].encode()),
                "details": keyring.seal("details", details),
            }
            row = {name: given[name] for name in (*names, *more)} | sealed
            opened = {"state": "open", "opened_at": now, "opened_by": DESK, "revision": 1, "case_id": case_id}
            texts = {"pid_masked": "", "visit_number": "", "void_reason": "", "review_stage": ""}
            on = {"service_on": date.fromisoformat(given["service_on"]), "evidence": json.dumps(given["evidence"])}
            _insert(db, Authentication, {**row, **opened, **texts, **on})


_SEQ = itertools.count(1)


def _insert(db: Connection, rows: Any, values: Mapping[str, Any]) -> None:
    statement, nothing = _INSERT[rows]
    db.execute(statement, {**nothing, **values})


def main(url: str, directory: Path, share: int) -> None:
    """A child: get warm, say so, then at every number on stdin authenticate patients for SECONDS in so many threads and
    print how many."""
    settings = {"DEMO": "1", "DATABASE_URL": url, "DATA_DIR": str(directory), "SECRET_KEY": "0" * 64}
    product = build(Settings.from_env(settings))
    floor, people = Floor(product), PEOPLE[share::2]
    close = text("UPDATE authentications SET state = 'closed' WHERE claim_code = ANY(:codes)")

    def some(people: Sequence[Mapping[str, Any]], seconds: float, least: int) -> int:
        done, started = 0, time.monotonic()
        while done < least or time.monotonic() - started < seconds:
            readings = keep_readings(product, [person["pid"] for person in people])
            codes = [floor.authenticate(*pair) for pair in zip(people, readings, strict=True)]
            with product.database.begin() as db:
                db.execute(close, {"codes": codes})
            done += len(codes)
        return round(done / (time.monotonic() - started) * SECONDS)

    some(people, 0, 40)
    print("warm", flush=True)
    for line in sys.stdin:
        threads = int(line)
        with ThreadPoolExecutor(threads) as pool:
            shares = [people[number::threads] for number in range(threads)]
            print(sum(pool.map(lambda mine: some(mine, SECONDS, 1), shares)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
