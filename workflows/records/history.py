"""What happened: append-only rows, each a link of its case's audit chain."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from workflows.records.base import Base


class HistoryRow(Base):
    """One event of a case, an account or the service itself (``subject_id``).

    ``data`` holds nothing personal; ``sealed`` holds the rest (comments, answers) and may be made unreadable later
    without breaking the chain, because ``mac`` covers the sealed bytes.
    """

    __tablename__ = "history"
    __table_args__ = (
        Index("ix_history_subject_seq", "subject_id", "seq", unique=True),
        Index("ix_history_work_item", "work_item_id"),
        Index("ix_history_actor", "actor", "kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject_id: Mapped[int]
    seq: Mapped[int]
    at: Mapped[datetime]
    actor: Mapped[str]
    kind: Mapped[str]
    element_id: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(default="")
    work_item_id: Mapped[int | None]
    data: Mapped[dict[str, Any]]
    sealed: Mapped[bytes | None]
    mac: Mapped[bytes]


class ChainHead(Base):
    """The head of an audit chain whose subject is not a case (a case keeps its head in its own row)."""

    __tablename__ = "chain_heads"

    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    mac: Mapped[bytes]
