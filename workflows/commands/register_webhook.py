"""Register an address that is told of events."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert

from workflows.chain import Event
from workflows.clock import real_now
from workflows.errors import NotAllowed, NotFound
from workflows.records import WebhookEndpoint, new_id
from workflows.rules.webhooks import EVENTS, address_problem, new_secret
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class RegisterWebhook:
    """Register an endpoint of a unit (no unit code: of all units). Gives its id and its secret, which is shown once.

    Raises NotFound for a unit that is not there, NotAllowed for an address or an event that cannot be.
    """

    account_id: int
    unit_code: str
    url: str
    events: tuple[str, ...]
    demo: bool = False

    def run(self, work: Work) -> tuple[int, str]:
        problem = address_problem(self.url, demo=self.demo)
        if problem is not None or not self.events or not set(self.events) <= set(EVENTS):
            raise NotAllowed(problem)
        if self.unit_code:
            unit = work.register.unit(self.unit_code)
            if unit is None or not unit["active"]:
                raise NotFound(unit=self.unit_code)
        id_, secret = new_id(), new_secret()
        place = WebhookEndpoint.place(id_, "secret")
        work.write(
            insert(WebhookEndpoint),
            {
                "id": id_,
                "unit_code": self.unit_code,
                "url": self.url,
                "events": [event for event in EVENTS if event in self.events],
                "secret": work.services.keyring.seal(place, secret.encode()),
                "old_secret": None,
                "old_until": None,
                "state": "active",
                "made_at": real_now(),
                "made_by": work.actor.id,
                "failures": 0,
                "failing_since": None,
                "resting_until": None,
                "lease_until": None,
                "lease_token": None,
            },
        )
        told = {"endpoint": id_, "unit": self.unit_code, "url": self.url, "events": sorted(self.events)}
        work.record(self.account_id, Event("webhook.registered", data=told))
        return id_, secret
