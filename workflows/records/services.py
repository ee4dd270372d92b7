"""What units offer to patients: service codes, professions, common illnesses, reasons for which somebody else answers
for a patient."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from workflows.records.base import Base


class ServiceCode(Base):
    """A kind of service that a claim code is drawn for, with the days on which it may be used (both included)."""

    __tablename__ = "service_codes"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    level: Mapped[str]  # main, secondary
    visit_kind: Mapped[str]  # general, prevention
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    position: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)


class Profession(Base):
    """A kind of innovation service by the profession that gives it (nursing, pharmacy, dentistry …)."""

    __tablename__ = "professions"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    licensed_by: Mapped[str]  # the council that gives the licence
    position: Mapped[int]
    active: Mapped[bool]
    revision: Mapped[int] = mapped_column(default=1)


class EndorsementReason(Base):
    """Why a guardian, a caretaker or an officer may answer for a patient."""

    __tablename__ = "endorsement_reasons"

    code: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    below_age: Mapped[int | None]  # only for patients younger than this; None: for everybody
    position: Mapped[int]
    active: Mapped[bool]
    revision: Mapped[int] = mapped_column(default=1)


class CommonIllness(Base):
    """A common illness (อาการเจ็บป่วยเล็กน้อย) that units of innovation treat and record with a visit."""

    __tablename__ = "common_illnesses"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    position: Mapped[int]
    active: Mapped[bool]
    revision: Mapped[int] = mapped_column(default=1)
