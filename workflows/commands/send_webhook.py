"""Send something to an endpoint because its keeper wants to see it: a test, or an earlier message again."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select, update

from workflows.announcing import delivery, queue
from workflows.clock import real_now
from workflows.errors import Conflict, NotFound, Text
from workflows.records import WebhookDelivery, WebhookEndpoint
from workflows.rules.webhooks import TEST
from workflows.work import Work

_NOT_ACTIVE = Text("ปลายทางนี้หยุดรับอยู่ เปิดใช้ก่อนจึงส่งได้", "This endpoint is not active: switch it on first")


@dataclass(frozen=True, slots=True)
class SendWebhook:
    """Send a test event, or the delivery ``again`` once more under its own event id, by which the receiver knows it.

    A receiver that is resting is tried at once. Raises NotFound, Conflict when the endpoint is not active.
    """

    endpoint_id: int
    again: int | None = None

    def run(self, work: Work) -> None:
        this = WebhookEndpoint.id == self.endpoint_id
        row = work.db.execute(select(WebhookEndpoint.state, WebhookEndpoint.unit_code).where(this)).first()
        if row is None or row.state == "removed":
            raise NotFound(webhook=self.endpoint_id)
        if row.state != "active":
            raise Conflict(_NOT_ACTIVE)
        work.write(update(WebhookEndpoint).where(this).values(resting_until=None))
        if self.again is None:
            said = {"unit": row.unit_code, "created": work.now.isoformat(timespec="seconds"), "data": {}}
            queue(work, [self.endpoint_id], TEST, said)
            return
        columns = (WebhookDelivery.event_id, WebhookDelivery.kind, WebhookDelivery.body)
        mine = (WebhookDelivery.id == self.again, WebhookDelivery.endpoint_id == self.endpoint_id)
        sent = work.db.execute(select(*columns).where(*mine)).first()
        if sent is None:
            raise NotFound(delivery=self.again)
        again = delivery(self.endpoint_id, sent.event_id, sent.kind, sent.body, real_now())
        work.write(insert(WebhookDelivery), again)
