"""How many visits of a profession a unit may authenticate in a month, and who holds a place."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from workflows.records.base import Base


class Quota(Base):
    """The places of one profession at one unit in one month ("2026-11"). What is neither ``held`` nor ``used`` is left.

    A unit without a row has no limit. The total of a month goes on to the months after it until another is set.
    """

    __tablename__ = "quotas"

    unit_code: Mapped[str] = mapped_column(primary_key=True)
    profession: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)
    total: Mapped[int]
    held: Mapped[int] = mapped_column(default=0)
    used: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]
    updated_by: Mapped[str]


class QuotaHold(Base):
    """One place of a quota: held for a booking or an authentication that has begun, then used by its claim code or
    released. ``key`` names who holds it: the case unless the diagram says otherwise. What is still held after its day
    is released by night."""

    __tablename__ = "quota_holds"
    __table_args__ = (
        Index("ix_quota_holds_state", "state", "day"),
        Index("ix_quota_holds_code", "claim_code"),
    )

    key: Mapped[str] = mapped_column(primary_key=True)
    unit_code: Mapped[str]
    profession: Mapped[str]
    month: Mapped[str]
    day: Mapped[date]
    state: Mapped[str]  # held, used, released
    case_id: Mapped[int]
    claim_code: Mapped[str | None]
    updated_at: Mapped[datetime]
