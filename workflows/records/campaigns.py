"""Campaigns: windows in which a process may be started, with the day by which each level is to be done."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from workflows.records.base import Base


class Campaign(Base):
    """A window of a process. All days are Bangkok days and count to their end.

    A process with campaigns that are not withdrawn is open within them only: to units until ``units_by``, to those who
    supervise units until ``supervisors_by``, to nobody after ``closes_on``.
    """

    __tablename__ = "campaigns"
    __table_args__ = (Index("ix_campaigns_process", "process_id", "opens_on"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    process_id: Mapped[str]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    units_by: Mapped[date | None]
    supervisors_by: Mapped[date | None]
    message: Mapped[str]
    withdrawn_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    updated_by: Mapped[str]
