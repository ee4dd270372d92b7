"""What ThaID, the state's digital identity, confirmed about people."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from workflows.records.base import Base


class ThaidProof(Base):
    """ThaID told a unit who somebody is, for one use within some minutes: an endorser who stands at the counter.

    ``ask`` names the invitation that was answered, so that nobody answers it twice.
    """

    __tablename__ = "thaid_proofs"
    __table_args__ = (
        Index("ix_thaid_proofs_unit_pid", "unit_code", "pid_index"),
        Index("ix_thaid_proofs_ask", "ask", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ask: Mapped[str]
    asked_by: Mapped[str]
    unit_code: Mapped[str]
    pid_sealed: Mapped[bytes]
    pid_index: Mapped[bytes]
    pid_masked: Mapped[str]
    name: Mapped[str]
    issuer: Mapped[str]
    ial: Mapped[str]
    confirmed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_case: Mapped[int | None]
