"""Keep a lease while a slow delivery goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update

from workflows.clock import real_now
from workflows.records.outbox import LEASE, OutboxRow
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class ExtendLease:
    """Extend the leases of messages this worker still holds."""

    token: str
    lease: timedelta = LEASE

    def run(self, work: Work) -> None:
        mine = update(OutboxRow).where(OutboxRow.lease_token == self.token, OutboxRow.status == "pending")
        work.write(mine.values(lease_until=real_now() + self.lease))
