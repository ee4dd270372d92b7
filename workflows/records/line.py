"""People who registered in LINE, the family they answer for, and what they scanned at a unit."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from workflows.records.base import Base


class LinePerson(Base):
    """A LINE account that somebody registered with their citizen ID. One person has one account, one account one
    person: a row that is left has ``left_at`` and no longer counts (its indexes are emptied)."""

    __tablename__ = "line_people"
    __table_args__ = (
        Index("ix_line_people_user", "user_index", unique=True),
        Index("ix_line_people_pid", "pid_index", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    user_sealed: Mapped[bytes]  # the LINE userId, sealed for line.user/<id>
    user_index: Mapped[bytes | None]
    pid_sealed: Mapped[bytes]  # sealed for line.pid/<id>
    pid_index: Mapped[bytes | None]
    pid_masked: Mapped[str]
    name: Mapped[str]
    phone_sealed: Mapped[bytes]  # sealed for line.phone/<id>
    consent_sha256: Mapped[str]
    consent_at: Mapped[datetime]
    registered_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class LineFamily(Base):
    """Somebody without a phone for whom a LINE account answers: ``relation`` is what they are to its owner, parent or
    child. At most five of one account (``place`` 1 to 5 is unique while they are in)."""

    __tablename__ = "line_family"
    __table_args__ = (
        Index("ix_line_family_place", "person_id", "place", unique=True),
        Index("ix_line_family_pid", "pid_index"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("line_people.id"))
    place: Mapped[int | None]  # None: no longer in
    relation: Mapped[str]
    pid_sealed: Mapped[bytes]  # sealed for line.family/<id>
    pid_index: Mapped[bytes]
    pid_masked: Mapped[str]
    name: Mapped[str]
    consent_sha256: Mapped[str]
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class LineScan(Base):
    """A unit's QR scanned with a registered account: proof that its owner was there that day, for themselves or for a
    member of the family. Used by one case at most."""

    __tablename__ = "line_scans"
    __table_args__ = (
        Index("ix_line_scans_proof", "unit_code", "service_on", "pid_index"),
        Index("ix_line_scans_person", "person_id", "scanned_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("line_people.id"))
    family_id: Mapped[int | None]  # None: for themselves
    relation: Mapped[str]  # what the patient is to the account's owner: self, parent, child
    unit_code: Mapped[str]
    service_code: Mapped[str]
    pid_index: Mapped[bytes]
    pid_masked: Mapped[str]
    service_on: Mapped[date]
    scanned_at: Mapped[datetime]
    case_id: Mapped[int | None]
