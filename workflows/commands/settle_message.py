"""Write down how the delivery of a message ended."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from workflows.actions import Action
from workflows.advance import advance, is_open
from workflows.chain import Event
from workflows.clock import real_now
from workflows.records import UNDELIVERED, Case, Incident, new_id
from workflows.records.outbox import MAX_ATTEMPTS, OutboxRow
from workflows.work import Work

_LONGEST_WAIT = 3600


@dataclass(frozen=True, slots=True)
class SettleMessage:
    """Settle one leased message: delivered (with the outside's answer), or failed with the reason.

    A failure is tried again after 2ⁿ seconds (at most an hour, with some chance added), but not before ``pause``
    seconds where the other side asked for that; after five attempts it becomes an incident, unless its case waited for
    the answer and has gone on without. A worker whose lease was taken over settles nothing. Gives whether it was ours.
    """

    message_id: int
    token: str
    error: str = ""
    reply: dict[str, Any] = field(default_factory=dict)
    keep_payload: bool = False
    pause: int = 0

    def run(self, work: Work) -> bool:
        statement = select(*OutboxRow.__table__.c).where(OutboxRow.id == self.message_id)
        row = work.db.execute(work.lock(statement)).first()
        if row is None or row.lease_token != self.token or row.status != "pending":
            return False
        fence = update(OutboxRow).where(OutboxRow.id == row.id, OutboxRow.lease_token == self.token)
        if self.error:
            self._failed(work, row, fence)
            return True
        values: dict[str, Any] = {
            "status": "captured" if self.keep_payload else "done",
            "done_at": work.now,
            "lease_until": None,
            "lease_token": None,
            "last_error": "",
        }
        if not self.keep_payload:
            values["payload"] = b""
        work.write(fence.values(**values), expect=1)
        if row.case_id is not None and row.task_id is not None:
            case = work.case(row.case_id)
            if case.state == "ACTIVE":
                action = Action("reply", UUID(bytes=bytes(row.task_id)), variables=self.reply)
                work.keep()
                advance(work, case, [action], [Event("reply.received", data={"kind": row.kind})])
        return True

    def _failed(self, work: Work, row: Any, fence: Any) -> None:
        final = row.attempts >= MAX_ATTEMPTS
        wait = min(max(2**row.attempts, self.pause), _LONGEST_WAIT) * random.uniform(1.0, 1.3)  # noqa: S311 - jitter, not a secret
        work.write(
            fence.values(
                status="failed" if final else "pending",
                run_at=real_now() + timedelta(seconds=wait),
                lease_until=None,
                lease_token=None,
                last_error=self.error[:500],
            ),
            expect=1,
        )
        if not final or row.case_id is None or _is_given_up(work, row):
            return
        id_ = new_id()
        action = json.dumps(Action("send", name=row.key).to_json()).encode()
        work.write(
            insert(Incident),
            {
                "id": id_,
                "case_id": row.case_id,
                "work_item_id": None,
                "element_id": "",
                "error_type": UNDELIVERED,
                "text_th": f"ส่งข้อความ ({row.kind}) ไม่สำเร็จ {row.attempts} ครั้ง: {self.error[:300]}",
                "text_en": f"Delivery ({row.kind}) failed {row.attempts} times: {self.error[:300]}",
                "state": "ACTIVE",
                "action": work.services.keyring.seal(f"incident/{id_}", action),
                "actor": work.actor.id,
                "created_at": work.now,
                "resolved_at": None,
                "resolved_by": None,
            },
        )
        work.write(update(Case).where(Case.id == row.case_id).values(has_incident=True))
        work.append(row.case_id, Event("incident.raised", data={"incident": id_, "error_type": UNDELIVERED}))


def _is_given_up(work: Work, row: Any) -> bool:
    """Whether the case asked for an answer and waits no more: its diagram knew what to do without."""
    if row.task_id is None:
        return False
    case = work.case(row.case_id)
    return case.state != "ACTIVE" or not is_open(work, case, UUID(bytes=bytes(row.task_id)))
