"""Write down how sending to an endpoint ended, and whether the endpoint goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from workflows.chain import Event
from workflows.clock import real_now
from workflows.operators.notices import fill
from workflows.outgoing import write_messages
from workflows.ports import Message
from workflows.records import Account, Membership, WebhookDelivery, WebhookEndpoint
from workflows.rules import thai_dates
from workflows.rules.webhooks import GIVEN_UP, rest, wait
from workflows.work import Work

SERVICE = 0
"""The audit chain of the service itself."""


@dataclass(frozen=True, slots=True)
class SettleWebhook:
    """Settle the message of a turn: ``status`` is that of the receiver's answer (2xx: delivered), None without one.

    What failed is tried again later, for three days; a receiver that did not answer, or with 5xx or 429, rests. One
    that failed for longer than ``stop_after`` is stopped and its keepers get a mail; what waits for it is kept. A
    worker whose lease was taken over settles nothing. Gives whether it was still ours.
    """

    endpoint_id: int
    delivery_id: int
    token: str
    status: int | None
    error: str
    milliseconds: int
    stop_after: timedelta

    def run(self, work: Work) -> bool:
        columns = WebhookEndpoint.__table__.c
        endpoint = work.db.execute(work.lock(select(*columns).where(columns.id == self.endpoint_id))).one()
        if endpoint.lease_token != self.token:
            return False
        sent = work.db.execute(select(*WebhookDelivery.__table__.c).where(WebhookDelivery.id == self.delivery_id)).one()
        now, good = real_now(), self.status is not None and 200 <= self.status < 300
        row: dict[str, Any] = {
            "attempts": sent.attempts + 1,
            "tried_at": now,
            "status": self.status,
            "error": "" if good else self.error[:300],
            "milliseconds": self.milliseconds,
        }
        rested: dict[str, Any] = {"lease_until": None, "lease_token": None}
        if good:
            row["state"] = "delivered"
            rested |= {"failures": 0, "failing_since": None, "resting_until": None}
        else:
            row["run_at"] = now + wait(sent.attempts + 1)
            if sent.state == "pending" and row["run_at"] - sent.made_at > GIVEN_UP:
                row["state"] = "failed"
            since = endpoint.failing_since or now
            rested |= {"failures": endpoint.failures + 1, "failing_since": since}
            if self.status is None or self.status >= 500 or self.status == 429:
                rested["resting_until"] = now + rest(endpoint.failures + 1)
            if endpoint.state == "active" and now - since > self.stop_after:
                rested["state"] = "stopped"
                self._tell(work, endpoint, since)
        work.write(update(WebhookDelivery).where(WebhookDelivery.id == self.delivery_id).values(**row))
        fence = update(WebhookEndpoint).where(columns.id == self.endpoint_id, columns.lease_token == self.token)
        work.write(fence.values(**rested), expect=1)
        return True

    def _tell(self, work: Work, endpoint: Any, since: Any) -> None:
        """A mail to everybody who may switch it on again."""
        keepers = (Membership.role == "signatory") & (Membership.scope == endpoint.unit_code)
        if not endpoint.unit_code:
            keepers = Membership.role == "admin"
        people = select(Account.email).join(Membership, Membership.account_id == Account.id)
        to = work.db.execute(people.where(keepers, Account.status == "active").distinct()).scalars().all()
        subject, _, text = work.register.text("mail.webhook_stopped").partition("\n")
        values = {
            "unit": endpoint.unit_code or "ทุกหน่วยบริการ",
            "url": endpoint.url,
            "since": thai_dates.long(since),
            "error": self.error[:200],
            "link": f"{work.services.base_url}/webhooks/{endpoint.id}",
        }
        key = f"webhook-stopped/{endpoint.id}/{since.isoformat()}"
        mails = [
            Message(
                "mail",
                {"to": address, "subject": fill(subject, values), "text": fill(text.lstrip("\n"), values)},
                key=f"{key}/{address}",
            )
            for address in to
        ]
        write_messages(work, mails, None)
        work.record(SERVICE, Event("webhook.stopped", data={"endpoint": endpoint.id, "unit": endpoint.unit_code}))
