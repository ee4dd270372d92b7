"""Give an endpoint a new secret to sign with; the one before signs, too, for a day."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from workflows.chain import Event
from workflows.clock import real_now
from workflows.errors import NotFound
from workflows.records import WebhookEndpoint
from workflows.rules.webhooks import OLD_SECRET, new_secret
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class RotateWebhookSecret:
    """Gives the new secret, shown once. Messages carry a signature of each of both secrets until the receiver has the
    new one, at most a day; with ``at_once`` the old one signs no more (it leaked). Raises NotFound."""

    account_id: int
    endpoint_id: int
    at_once: bool = False

    def run(self, work: Work) -> str:
        this = WebhookEndpoint.id == self.endpoint_id
        row = work.db.execute(work.lock(select(WebhookEndpoint.secret, WebhookEndpoint.state).where(this))).first()
        if row is None or row.state == "removed":
            raise NotFound(webhook=self.endpoint_id)
        keyring, fresh = work.services.keyring, new_secret()
        present = keyring.unseal(WebhookEndpoint.place(self.endpoint_id, "secret"), bytes(row.secret))
        old = keyring.seal(WebhookEndpoint.place(self.endpoint_id, "old_secret"), present)
        work.write(
            update(WebhookEndpoint)
            .where(this)
            .values(
                secret=keyring.seal(WebhookEndpoint.place(self.endpoint_id, "secret"), fresh.encode()),
                old_secret=None if self.at_once else old,
                old_until=None if self.at_once else real_now() + OLD_SECRET,
            )
        )
        told = {"endpoint": self.endpoint_id, "at_once": self.at_once}
        work.record(self.account_id, Event("webhook.secret_rotated", data=told))
        return fresh
