"""Take messages out of the outbox under a lease."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from workflows.clock import real_now
from workflows.ports import NeedsWriteLock
from workflows.records.outbox import LEASE, OutboxRow
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message this worker may now deliver; ``token`` fences it against a worker whose lease ran out."""

    id: int
    kind: str
    key: str
    payload: dict[str, Any]
    case_id: int | None
    task_id: UUID | None
    attempts: int
    token: str


@dataclass(frozen=True, slots=True)
class ClaimMessages:
    """Lease up to ``limit`` due messages. The attempt is counted here, before the work, so that a message which kills
    its worker is counted as well.

    ``abandoned`` takes those whose lease ran out unsettled: their worker died, perhaps of one of them.
    """

    limit: int = 20
    lease: timedelta = LEASE
    abandoned: bool = False

    def run(self, work: Work) -> list[Claimed]:
        now = real_now()
        free = OutboxRow.lease_until < now if self.abandoned else OutboxRow.lease_until.is_(None)
        due = (
            select(*OutboxRow.__table__.c)
            .where(OutboxRow.status == "pending", OutboxRow.run_at <= max(now, work.now), free)
            .order_by(*((OutboxRow.attempts,) if self.abandoned else ()), OutboxRow.run_at)
            .limit(self.limit)
        )
        rows = work.db.execute(work.lock(due, skip_locked=True)).all()
        if not rows:
            return []
        if not work.locked:
            raise NeedsWriteLock
        token = secrets.token_hex(16)
        take = update(OutboxRow).where(OutboxRow.id.in_([row.id for row in rows]))
        work.write(take.values(lease_until=now + self.lease, lease_token=token, attempts=OutboxRow.attempts + 1))
        return [
            Claimed(
                row.id,
                row.kind,
                row.key,
                json.loads(work.services.keyring.unseal(f"outbox/{row.id}", bytes(row.payload))),
                row.case_id,
                UUID(bytes=bytes(row.task_id)) if row.task_id else None,
                row.attempts + 1,
                token,
            )
            for row in rows
        ]
