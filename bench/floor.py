"""The least a step can cost on this machine: the bare engine, the snapshot, and the bare statements of one transaction.

No rights, no audit chain, no header, no JSON but the engine's own, no SQLAlchemy constructs: text and tuples.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.wiring import Product
from bench.diagrams import answers
from bench.product import NOON, REQUESTER, Walk
from workflows.engine import Outcome
from workflows.ports import Context
from workflows.records import Case, WorkItem, new_id
from workflows.register import Register

_SELECT = "SELECT {} FROM cases c JOIN work_items w ON w.case_id = c.id WHERE w.id = :id"
_UPDATE = text(
    "UPDATE cases SET revision = revision + 1, snapshot = :snapshot, wake_at = :wake_at, subject = :subject,"
    " unit_code = :unit_code, stage = :stage, chain_seq = chain_seq + 1, chain_mac = :mac"
    " WHERE id = :id AND revision = :revision"
)
_DELETE = text("DELETE FROM work_items WHERE id = :id")
_INSERT_ITEM = text(
    "INSERT INTO work_items (id, case_id, task_id, element_id, name, form_id, assignee, groups, users, due_at,"
    " follow_up_at, priority, headers, opened_at, held) VALUES (:id, :case_id, :task_id, :element_id, :name, NULL,"
    " :assignee, :groups, '[]', :due_at, NULL, 50, '{}', :now, :held)"
)
_INSERT_INBOX = text("INSERT INTO inbox (principal, due_at, work_item_id) VALUES (:principal, :due_at, :id)")
_INSERT_HISTORY = text(
    "INSERT INTO history (id, subject_id, seq, at, actor, kind, element_id, name, work_item_id, data, sealed, mac)"
    " VALUES (:id, :case_id, :seq, :now, 't1', 'item.completed', :element_id, :name, :item, :data, :sealed, :mac)"
)
_HISTORY_DATA = '{"fields": [' + ", ".join(f'"{n:030d}"' for n in range(12)) + "]}"
_SEALED, _MAC = bytes(60), bytes(32)


class Floor(Walk):
    """A case pushed by bare hands. It shares the tables with the product and nothing above them."""

    def __init__(self, product: Product, process_id: str, steps: int) -> None:
        super().__init__(product, process_id, steps)
        self.database = product.database
        self.interpreter = product.runtime.services.interpreter
        postgresql = self.database.dialect.name == "postgresql"
        self.now: Any = NOON if postgresql else NOON.strftime("%Y-%m-%d %H:%M:%S.%f")
        self.held: Any = False if postgresql else 0
        columns = [f"c.{column.name}" for column in Case.__table__.c]
        columns += [f"w.{column.name} AS item_{column.name}" for column in WorkItem.__table__.c]
        self.select = text(_SELECT.format(", ".join(columns)) + (" FOR UPDATE" if postgresql else ""))
        with self.database.connect() as db:
            found = db.execute(text("SELECT snapshot, revision FROM cases WHERE id = :id"), {"id": self.case_id}).one()
            self.context = Context(NOON, REQUESTER, Register(db, product.keyring, locked=False), self.case_id)
        definition = product.runtime.services.definitions.latest_process(process_id).definition
        self.aad = str(self.case_id).encode()
        self.live = self.interpreter.load(definition, bytes(found.snapshot), self.aad)
        self.seq = 1

    def complete(self, item: Any) -> None:
        with self.database.begin() as db:
            row = db.execute(self.select, {"id": item.id}).one()
            outcome = self.interpreter.complete(
                self.live, UUID(bytes=row.item_task_id), answers(item.element_id), self.context
            )
            snapshot = self.interpreter.dump(self.live, self.aad)
            self.seq += 1
            db.execute(
                _UPDATE,
                {
                    "id": self.case_id,
                    "revision": row.revision,
                    "snapshot": snapshot,
                    "wake_at": self.now,
                    "subject": "ทดสอบ ระบบดี",
                    "unit_code": "99001",
                    "stage": "พิจารณา",
                    "mac": _MAC,
                },
            )
            db.execute(_DELETE, {"id": item.id})
            self._open(db, outcome)
            db.execute(
                _INSERT_HISTORY,
                {
                    "id": new_id(),
                    "case_id": self.case_id,
                    "seq": self.seq,
                    "now": self.now,
                    "element_id": item.element_id,
                    "name": item.element_id,
                    "item": item.id,
                    "data": _HISTORY_DATA,
                    "sealed": _SEALED,
                    "mac": _MAC,
                },
            )

    def _open(self, db: Any, outcome: Outcome) -> None:
        if not outcome.opened:
            return
        items = [
            {
                "id": new_id(),
                "case_id": self.case_id,
                "task_id": task.task_id.bytes,
                "element_id": task.element_id,
                "name": task.name,
                "assignee": task.assignee,
                "groups": "[]",
                "due_at": self.now,
                "now": self.now,
                "held": self.held,
            }
            for task in outcome.opened
        ]
        db.execute(_INSERT_ITEM, items)
        inbox = [
            {"principal": principal, "due_at": self.now, "id": item["id"]}
            for task, item in zip(outcome.opened, items, strict=True)
            for principal in ([task.assignee] if task.assignee else task.candidate_groups)
        ]
        db.execute(_INSERT_INBOX, inbox)
