"""Messages to deliver after the commit."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.records.base import Base

LEASE = timedelta(seconds=10)
"""How long (real time) a worker may keep a message before another takes it over."""

MAX_ATTEMPTS = 5
"""How often a delivery is tried before a person must look at it."""


class OutboxRow(Base):
    """Something to do or send. ``key`` makes it happen once; the payload is sealed and emptied after delivery.

    ``lease_until`` and ``lease_token`` say which worker has it (real time); ``attempts`` counts claims, so that a
    message which kills its worker is counted too.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_pending",
            "run_at",
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
        Index("ix_outbox_case", "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    case_id: Mapped[int | None]
    kind: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    payload: Mapped[bytes]
    task_id: Mapped[bytes | None]  # the service task that waits for the answer
    status: Mapped[str]  # pending, done, captured, failed
    run_at: Mapped[datetime]
    created_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    lease_token: Mapped[str | None]
    done_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")
