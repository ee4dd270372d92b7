"""Queues booked ahead."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from workflows.records.base import Base


class Booking(Base):
    """A place in a unit's queue. ``state``: held (until ``held_until``), booked, arrived (identity confirmed at the
    unit, waits for its authentication), used; or expired, cancelled, no_show.

    ``place`` names unit, profession, day, slot and seat, and is unique: whoever comes second to the last seat cannot
    have it. It is emptied when the seat is free again.
    """

    __tablename__ = "bookings"
    __table_args__ = (
        Index("ix_bookings_place", "place", unique=True),
        Index("ix_bookings_token", "token_hash", unique=True),
        Index("ix_bookings_unit_day", "unit_code", "service_on", "state"),
        Index("ix_bookings_case", "case_id"),
        Index("ix_bookings_person", "line_person_id"),
        Index("ix_bookings_pid_day", "pid_index", "service_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    case_id: Mapped[int]
    token_hash: Mapped[str]  # SHA-256 of the token in the QR
    token_sealed: Mapped[bytes]  # sealed for booking.token/<id>: to show the QR again
    unit_code: Mapped[str]
    profession: Mapped[str]
    service_on: Mapped[date]
    slot: Mapped[str]  # HH:MM at which it begins, Bangkok time
    place: Mapped[str | None]
    state: Mapped[str]
    held_until: Mapped[datetime]
    pid_sealed: Mapped[bytes]  # sealed for booking.pid/<id>
    pid_index: Mapped[bytes]
    pid_masked: Mapped[str]
    name: Mapped[str]
    phone_sealed: Mapped[bytes]  # sealed for booking.phone/<id>
    line_person_id: Mapped[int | None]  # who booked in LINE
    relation: Mapped[str]  # self, parent, child; other where it was not booked in LINE
    made_at: Mapped[datetime]
    booked_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    arrived_by: Mapped[str | None]
    used_case: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str]
