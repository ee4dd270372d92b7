"""Pause, resume or remove an endpoint, or change where it is and what it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from workflows.chain import Event
from workflows.errors import NotAllowed, NotFound
from workflows.records import WebhookDelivery, WebhookEndpoint
from workflows.rules.webhooks import EVENTS, address_problem
from workflows.work import Work

STATES = ("active", "paused", "removed")


@dataclass(frozen=True, slots=True)
class ChangeWebhook:
    """Give an endpoint other values; what is None stays. One that is ``removed`` is gone for good, with what waits.

    Becoming active begins anew: earlier failures are forgotten. Raises NotFound, NotAllowed as RegisterWebhook.
    """

    account_id: int
    endpoint_id: int
    url: str | None = None
    events: tuple[str, ...] | None = None
    state: str | None = None
    demo: bool = False

    def run(self, work: Work) -> None:
        this = WebhookEndpoint.id == self.endpoint_id
        row = work.db.execute(work.lock(select(WebhookEndpoint.state).where(this))).first()
        if row is None or row.state == "removed":
            raise NotFound(webhook=self.endpoint_id)
        values: dict[str, Any] = {}
        if self.url is not None:
            problem = address_problem(self.url, demo=self.demo)
            if problem is not None:
                raise NotAllowed(problem)
            values["url"] = self.url
        if self.events is not None:
            if not self.events or not set(self.events) <= set(EVENTS):
                raise NotAllowed(events=self.events)
            values["events"] = [event for event in EVENTS if event in self.events]
        if self.state is not None:
            if self.state not in STATES:
                raise NotAllowed(state=self.state)
            values["state"] = self.state
        if self.state == "active" or self.url is not None:
            values |= {"failures": 0, "failing_since": None, "resting_until": None}
        if not values:
            return
        work.write(update(WebhookEndpoint).where(this).values(**values))
        if self.state == "removed":
            waiting = WebhookDelivery.endpoint_id == self.endpoint_id, WebhookDelivery.state == "pending"
            work.write(update(WebhookDelivery).where(*waiting).values(state="failed", error="removed"))
        told: dict[str, Any] = {name: values[name] for name in ("url", "events", "state") if name in values}
        work.record(self.account_id, Event("webhook.changed", data={"endpoint": self.endpoint_id, **told}))
