"""Innovation units: what they registered in OSS, and the personnel who serve there."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from workflows.records.base import Base


class InnovationUnit(Base):
    """What a unit registered. It may authenticate patients while it is registered and re-activated (domain: OSS).

    ``general`` holds address, phones (for NHSO, for the public), e-mail, latitude and longitude.
    """

    __tablename__ = "innovation_units"

    unit_code: Mapped[str] = mapped_column(primary_key=True)
    general: Mapped[dict[str, Any]]
    professions: Mapped[list[Any]]
    registered_at: Mapped[datetime | None]
    registered_case: Mapped[int | None]
    reactivated_at: Mapped[datetime | None]
    reactivated_case: Mapped[int | None]
    active_until: Mapped[date | None]  # None: no end
    updated_at: Mapped[datetime]
    updated_by: Mapped[str]


class UnitPerson(Base):
    """Somebody who serves patients at a unit, and when. ``hours`` is {weekday 0-6 or "holiday": [[from, to], …]}, at
    most two ranges a day, as "HH:MM"; whoever serves ``every_day`` has the same ranges under "every"."""

    __tablename__ = "unit_personnel"
    __table_args__ = (
        Index("ix_unit_personnel_unit", "unit_code", "profession"),
        Index("ix_unit_personnel_pid", "pid_index"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_code: Mapped[str]
    profession: Mapped[str]
    pid_sealed: Mapped[bytes]
    pid_index: Mapped[bytes]
    pid_masked: Mapped[str]
    first_name: Mapped[str]
    last_name: Mapped[str]
    licence_number: Mapped[str]
    licence_found: Mapped[bool]
    specialty: Mapped[str]
    registration_types: Mapped[list[Any]]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    every_day: Mapped[bool]
    hours: Mapped[dict[str, Any]]
    confirmed_at: Mapped[datetime | None]  # the person's identity is verified (ยืนยันแล้ว)
    confirmed_by: Mapped[str | None]
    removed_at: Mapped[datetime | None]
    case_id: Mapped[int | None]
    updated_at: Mapped[datetime]
