"""Take endpoints that have something due, one message each, under a lease."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update

from workflows.clock import real_now
from workflows.ports import NeedsWriteLock
from workflows.records import AnySelect, WebhookDelivery, WebhookEndpoint
from workflows.work import Work

LEASE = timedelta(seconds=40)
"""How long (real time) a worker may keep an endpoint; a delivery takes a quarter of it at most."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message to send now. ``secrets`` are those that sign it."""

    endpoint_id: int
    delivery_id: int
    event_id: str
    kind: str
    body: str
    url: str
    secrets: tuple[str, ...]
    token: str


@dataclass(frozen=True, slots=True)
class TakeWebhookTurns:
    """Lease up to ``limit`` endpoints with a message due, those that wait longest first. An endpoint is sent one
    message at a time, so one that hangs holds up itself only. ``only`` takes no other endpoint."""

    limit: int
    only: int | None = None

    def run(self, work: Work) -> list[Turn]:
        now = real_now()
        free = (
            WebhookEndpoint.state == "active",
            or_(WebhookEndpoint.lease_until.is_(None), WebhookEndpoint.lease_until < now),
            or_(WebhookEndpoint.resting_until.is_(None), WebhookEndpoint.resting_until <= now),
        )
        due: tuple[Any, ...] = (WebhookDelivery.state == "pending", WebhookDelivery.run_at <= now)
        if self.only is not None:
            due = (*due, WebhookDelivery.endpoint_id == self.only)
        waiting: AnySelect = (
            select(WebhookDelivery.endpoint_id)
            .join(WebhookEndpoint, WebhookEndpoint.id == WebhookDelivery.endpoint_id)
            .where(*due, *free)
            .group_by(WebhookDelivery.endpoint_id)
            .order_by(func.min(WebhookDelivery.run_at))
            .limit(self.limit)
        )
        ids = list(work.db.execute(waiting).scalars())
        if not ids:
            return []
        if not work.locked:
            raise NeedsWriteLock
        mine: AnySelect = select(*WebhookEndpoint.__table__.c).where(WebhookEndpoint.id.in_(ids), *free)
        mine = work.lock(mine, skip_locked=True)
        token = secrets.token_hex(16)
        turns = [turn for row in work.db.execute(mine).all() if (turn := self._turn(work, row, now, token))]
        if turns:
            taken = WebhookEndpoint.id.in_([turn.endpoint_id for turn in turns])
            work.write(update(WebhookEndpoint).where(taken).values(lease_until=now + LEASE, lease_token=token))
        return turns

    def _turn(self, work: Work, row: Any, now: datetime, token: str) -> Turn | None:
        oldest = (
            select(*WebhookDelivery.__table__.c)
            .where(
                WebhookDelivery.endpoint_id == row.id,
                WebhookDelivery.state == "pending",
                WebhookDelivery.run_at <= now,
            )
            .order_by(WebhookDelivery.run_at, WebhookDelivery.id)
            .limit(1)
        )
        found = work.db.execute(oldest).first()
        if found is None:
            return None
        keyring = work.services.keyring
        valid = [keyring.unseal(WebhookEndpoint.place(row.id, "secret"), bytes(row.secret)).decode()]
        if row.old_secret is not None and row.old_until > now:
            valid.append(keyring.unseal(WebhookEndpoint.place(row.id, "old_secret"), bytes(row.old_secret)).decode())
        return Turn(row.id, found.id, found.event_id, found.kind, found.body, row.url, tuple(valid), token)
