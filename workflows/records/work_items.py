"""Open work: one row per open human task, and one inbox row per person or group it is offered to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from workflows.records.base import Base

NO_DUE_DATE = datetime(9999, 12, 31, tzinfo=UTC)
"""Work without a due date sorts last; the inbox key must not be null."""


class WorkItem(Base):
    """One open human task. Completed work lives on in the history only."""

    __tablename__ = "work_items"
    __table_args__ = (Index("ix_work_items_case", "case_id", "task_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    task_id: Mapped[bytes]
    element_id: Mapped[str]
    name: Mapped[str]
    form_id: Mapped[str | None]
    assignee: Mapped[str | None]
    groups: Mapped[list[Any]]
    users: Mapped[list[Any]]
    due_at: Mapped[datetime | None]
    follow_up_at: Mapped[datetime | None]
    priority: Mapped[int]
    headers: Mapped[dict[str, Any]]
    opened_at: Mapped[datetime]
    held: Mapped[bool] = mapped_column(default=False)  # answered, but an incident keeps the case from going on


class InboxRow(Base):
    """Who may act on a work item: ``user:<id>`` or ``group:<group>``; ordered by due date for keyset paging."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_work_item", "work_item_id"), {"sqlite_with_rowid": False})

    principal: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    work_item_id: Mapped[int] = mapped_column(ForeignKey("work_items.id", ondelete="CASCADE"), primary_key=True)


class Draft(Base):
    """Answers a person has begun and not yet sent; sealed."""

    __tablename__ = "drafts"

    work_item_id: Mapped[int] = mapped_column(ForeignKey("work_items.id", ondelete="CASCADE"), primary_key=True)
    actor: Mapped[str] = mapped_column(primary_key=True)
    answers: Mapped[bytes]
    saved_at: Mapped[datetime]
