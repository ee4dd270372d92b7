"""Where units' systems want to be told, and what is on the way to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.records.base import Base


class WebhookEndpoint(Base):
    """An address of a unit's system (no unit: of all units) and the events it asks for.

    ``state``: active, paused (by its keepers), stopped (it failed for days), removed. ``lease_*`` say which worker
    sends to it; ``resting_until`` leaves a receiver that does not answer alone; all in real time.
    """

    __tablename__ = "webhook_endpoints"
    __table_args__ = (Index("ix_webhook_endpoints_unit", "unit_code", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_code: Mapped[str]
    url: Mapped[str]
    events: Mapped[list[Any]]
    secret: Mapped[bytes]  # sealed
    old_secret: Mapped[bytes | None]  # sealed
    old_until: Mapped[datetime | None]
    state: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]
    resting_until: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    lease_token: Mapped[str | None]

    @staticmethod
    def place(endpoint_id: int, which: str) -> str:
        """Where a secret (``secret`` or ``old_secret``) is sealed for."""
        return f"webhook.{which}/{endpoint_id}"


class WebhookDelivery(Base):
    """One message for one endpoint. Its body holds nothing personal. ``state``: pending, delivered, failed."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index("ix_webhook_deliveries_endpoint", "endpoint_id", "id"),
        Index(
            "ix_webhook_deliveries_pending",
            "endpoint_id",
            "run_at",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index("ix_webhook_deliveries_age", "made_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoints.id"))
    event_id: Mapped[str]
    kind: Mapped[str]
    body: Mapped[str]
    state: Mapped[str]
    made_at: Mapped[datetime]  # real time, as everything here
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None]
    status: Mapped[int | None]  # of the last answer
    error: Mapped[str] = mapped_column(default="")
    milliseconds: Mapped[int | None]
