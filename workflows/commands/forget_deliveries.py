"""Forget what was sent to endpoints long ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete

from workflows.clock import real_now
from workflows.records import WebhookDelivery
from workflows.work import Work

KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ForgetDeliveries:
    """Deliveries older than thirty days (real time) are gone, but for those that still wait."""

    def run(self, work: Work) -> None:
        old = WebhookDelivery.made_at < real_now() - KEPT, WebhookDelivery.state != "pending"
        work.write(delete(WebhookDelivery).where(*old))
