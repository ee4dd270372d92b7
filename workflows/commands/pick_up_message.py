"""Give a case a message that came before its wait opened."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import and_, delete, select, update

from workflows.actions import Action
from workflows.advance import advance
from workflows.chain import Event
from workflows.records import InboundMessage, Subscription
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class PickUpMessage:
    """Deliver the oldest kept message that the case waits for now; one at a time, so that an incident keeps it.

    Gives False when there is none (another worker was first).
    """

    case_id: int

    def run(self, work: Work) -> bool:
        case = work.case(self.case_id)
        waits = and_(Subscription.name == InboundMessage.name, Subscription.key == InboundMessage.key)
        oldest = (
            select(*InboundMessage.__table__.c)
            .join(Subscription, waits)
            .where(Subscription.case_id == case.id, *InboundMessage.is_kept(work.now))
            .order_by(InboundMessage.id)
            .limit(1)
        )
        message = work.db.execute(oldest).first()
        if message is None:
            return False
        clear = work.services.keyring.unseal(f"inbound/{message.id}", bytes(message.payload))
        this = (InboundMessage.id == message.id, InboundMessage.payload != b"")
        if message.message_id is None:
            work.write(delete(InboundMessage).where(*this), expect=1)
        else:  # its id stays taken until its time is over
            work.write(update(InboundMessage).where(*this).values(payload=b""), expect=1)
        work.keep()
        action = Action("deliver", name=message.name, key=message.key, variables=json.loads(clear))
        advance(work, case, [action], [Event("message.received", data={"name": message.name})])
        return True
