"""Bulk requests: the file as it was read, and one line for each person in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from workflows.records.base import Base


class BundleRow(Base):
    """What an uploaded ZIP (the document of the same id) holds: the unit its name says, its letter (a document, too)
    and the sealed rows of its list."""

    __tablename__ = "bundles"

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    letter_id: Mapped[str] = mapped_column(ForeignKey("documents.id"))
    unit_code: Mapped[str]
    rows: Mapped[bytes]
    created_at: Mapped[datetime]


class BulkLine(Base):
    """One person of a bulk request.

    ``state``: open, returned (to be corrected), rejected, removed (left out of the corrected file, or withdrawn),
    issued, failed (approved, but could not be issued). ``level`` is the last level that approved the line,
    ``systems`` what each system's owner decided. Who it is and why something was decided are sealed.
    """

    __tablename__ = "bulk_lines"
    __table_args__ = (Index("ix_bulk_lines_pid", "pid_index"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str]
    level: Mapped[str] = mapped_column(default="")
    roles: Mapped[list[Any]]
    systems: Mapped[dict[str, Any]]
    pid_index: Mapped[bytes]
    pid_masked: Mapped[str]
    person: Mapped[bytes]
    reasons: Mapped[bytes | None]
