"""Bring a message from the outside to the case that waits for it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select

from workflows.actions import Action
from workflows.advance import advance
from workflows.chain import Event
from workflows.errors import Conflict, NotFound, Text
from workflows.records import InboundMessage, Subscription, new_id
from workflows.work import Overtaken, Work


@dataclass(frozen=True, slots=True)
class PublishMessage:
    """Correlate by name and key. Without a waiting case the message is kept for ``time_to_live`` (zero: dropped).

    A ``message_id`` can be used again only when the time to live of its message is over, received or not (Conflict
    before). With ``must_correlate`` an unawaited message raises NotFound. Gives (message id, case id or None).
    """

    name: str
    key: str = ""
    variables: dict[str, Any] = field(default_factory=dict)
    time_to_live: timedelta = timedelta()
    message_id: str | None = None
    must_correlate: bool = False

    def run(self, work: Work) -> tuple[int, int | None]:
        id_ = new_id()
        if self.message_id is not None:
            self._refuse_known(work)
        waiting = work.db.execute(
            select(Subscription.case_id)
            .where(Subscription.name == self.name, Subscription.key == self.key)
            .order_by(Subscription.case_id)
            .limit(1)
        ).scalar()
        if waiting is None and self.must_correlate:
            raise NotFound(Text("ไม่มีเรื่องใดรอข้อความนี้", "No case waits for this message"), message=self.name)
        if self.time_to_live > timedelta() and (waiting is None or self.message_id is not None):
            self._keep(work, id_, received=waiting is not None)
        if waiting is not None:
            case = work.case(waiting)
            work.keep()
            action = Action("deliver", name=self.name, key=self.key, variables=self.variables)
            outcome = advance(work, case, [action], [Event("message.received", data={"name": self.name})])
            if not outcome.correlated:
                raise Overtaken  # another message was faster, and the wait is over
        return id_, waiting

    def _refuse_known(self, work: Work) -> None:
        known = select(InboundMessage.id).where(
            InboundMessage.message_id == self.message_id, InboundMessage.expires_at > work.now
        )
        if work.db.execute(known).first():
            raise Conflict(
                Text("ข้อความรหัสนี้ส่งมาแล้ว", "A message with this id has already been published"),
                message_id=self.message_id,
            )

    def _keep(self, work: Work, id_: int, *, received: bool) -> None:
        work.write(delete(InboundMessage).where(InboundMessage.expires_at <= work.now))
        payload = json.dumps(self.variables, ensure_ascii=False).encode()
        work.write(
            insert(InboundMessage),
            {
                "id": id_,
                "name": self.name,
                "key": self.key,
                "message_id": self.message_id,
                "payload": b"" if received else work.services.keyring.seal(f"inbound/{id_}", payload),
                "expires_at": work.now + self.time_to_live,
            },
        )
