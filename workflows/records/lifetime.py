"""What the nightly sweep has done to accounts, and when the service rests."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from workflows.records.base import Base


class DormancyMark(Base):
    """A step of the nightly sweep that was taken for an account: warned so many days ahead, or suspended (step 0).

    The key names the last use that the step follows from, so that each step happens once, whoever sweeps, and again
    only after the account was used again.
    """

    __tablename__ = "dormancy_marks"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    last_used: Mapped[datetime] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]


class MaintenanceWindow(Base):
    """A time in which the whole service (``system_code`` None) or one target system is not to be used."""

    __tablename__ = "maintenance_windows"
    __table_args__ = (Index("ix_maintenance_windows_ends", "ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    system_code: Mapped[str | None] = mapped_column(ForeignKey("target_systems.code"))
    text_th: Mapped[str]
    text_en: Mapped[str]
    updated_at: Mapped[datetime]
    updated_by: Mapped[str]
