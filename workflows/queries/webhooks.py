"""Endpoints and what was sent to them, for their keepers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from workflows.errors import NotFound
from workflows.records import AnySelect, Organisation, WebhookDelivery, WebhookEndpoint

_SHOWN = tuple(
    column
    for column in WebhookEndpoint.__table__.c
    if column.name not in ("secret", "old_secret", "lease_token", "lease_until")
)


def endpoints(db: Connection, units: Collection[str] | None) -> list[dict[str, Any]]:
    """The endpoints of these units (None: all), with ``unit_name`` and how many messages are ``waiting``."""
    waiting = (
        select(func.count())
        .where(WebhookDelivery.endpoint_id == WebhookEndpoint.id, WebhookDelivery.state == "pending")
        .scalar_subquery()
    )
    statement: AnySelect = (
        select(*_SHOWN, Organisation.name.label("unit_name"), waiting.label("waiting"))
        .outerjoin(Organisation, Organisation.code == WebhookEndpoint.unit_code)
        .where(WebhookEndpoint.state != "removed")
        .order_by(WebhookEndpoint.unit_code, WebhookEndpoint.id)
        .limit(500)
    )
    if units is not None:
        statement = statement.where(WebhookEndpoint.unit_code.in_(units))
    return [dict(row) for row in db.execute(statement).mappings()]


def endpoint(db: Connection, endpoint_id: int, units: Collection[str] | None) -> Mapping[str, Any]:
    """One endpoint of these units (None: any). Raises NotFound for any other."""
    for row in endpoints(db, units):
        if row["id"] == endpoint_id:
            return row
    raise NotFound(webhook=endpoint_id)


def deliveries(db: Connection, endpoint_id: int, limit: int = 50) -> list[dict[str, Any]]:
    """What was and is to be sent to an endpoint, newest first."""
    mine = select(*WebhookDelivery.__table__.c).where(WebhookDelivery.endpoint_id == endpoint_id)
    rows = db.execute(mine.order_by(WebhookDelivery.id.desc()).limit(limit))
    return [dict(row) for row in rows.mappings()]
