"""Calls of programs that may come again because nobody knows whether they arrived."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from workflows.records.base import Base


class IdempotentCall(Base):
    """A call under a key of its caller. ``answer`` is sealed; until it is there, the call is being worked on, by one
    worker until ``lease_until`` (real time)."""

    __tablename__ = "idempotent_calls"
    __table_args__ = (Index("ix_idempotent_calls_age", "made_at"),)

    key: Mapped[str] = mapped_column(primary_key=True)  # keyed digest of caller and key
    request: Mapped[str]  # keyed digest of what was sent
    made_at: Mapped[datetime]
    lease_until: Mapped[datetime]
    answer: Mapped[bytes | None]
