"""Patients' authentications with their claim codes, and what the rights registry answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.records.base import Base

_OPEN = text("state = 'open'")
FACE_SILENT = text("CAST(evidence AS TEXT) LIKE '%\"no_answer\"%'")
"""Visits in which the face app did not answer. Word for word the condition of the index that counts them."""


class RightsAnswer(Base):
    """What the rights registry said of a person, to whom, when: evidence, bound to at most one case."""

    __tablename__ = "rights_answers"
    __table_args__ = (Index("ix_rights_answers_case", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    actor: Mapped[str]
    unit_code: Mapped[str]
    asked_at: Mapped[datetime]
    source: Mapped[str]  # demo, or the host of the registry
    pid_index: Mapped[bytes]
    answer: Mapped[bytes]  # sealed JSON
    case_id: Mapped[int | None]


class Authentication(Base):
    """One confirmed authentication: who came to which unit, how the identity was proven, and the claim code.

    ``state``: open, closed (ปิดสิทธิ) or void. ``review``: none, awaiting (smart card used as the last resort),
    confirmed or voided; ``review_stage`` says who has it: None, appeal (the unit) or reviewing. ``review_case`` is
    its review, ``void_case`` the open request to void it. Amounts are in satang. ``details`` is sealed JSON with the
    names, the phones and the rights; ``evidence`` lists the attempts on the ladder without anything personal.
    """

    __tablename__ = "authentications"
    __table_args__ = (
        Index("ix_authentications_unit_day", "unit_code", "service_on"),
        Index("ix_authentications_pid_day", "pid_index", "service_on"),
        Index("ix_authentications_unit_state", "unit_code", "state", "service_on"),
        Index("ix_authentications_review", "review", "service_on"),
        Index("ix_authentications_case", "case_id"),
        Index("ix_authentications_unit_opened", "unit_code", "opened_at"),
        # these two hold all that the counts of exceptions need, so that they read no wide row
        Index("ix_authentications_region_opened", "region", "opened_at", "unit_code", "method", "state"),
        Index("ix_authentications_opened", "opened_at", "unit_code", "region", "method", "state"),
        Index(
            "ix_authentications_face_silent",
            "opened_at",
            "unit_code",
            "region",
            sqlite_where=FACE_SILENT,
            postgresql_where=FACE_SILENT,
        ),
        Index(
            "ix_authentications_one_open",
            "unit_code",
            "service_on",
            "service_code",
            "pid_index",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    claim_code: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[int | None]
    unit_code: Mapped[str]
    region: Mapped[str]
    service_on: Mapped[date]
    service_code: Mapped[str]
    visit_kind: Mapped[str]  # general, prevention
    profession: Mapped[str]
    method: Mapped[str]  # face, line, smartcard, endorsed, card, photo, booking
    source: Mapped[str]  # desk, api
    pid_index: Mapped[bytes]
    pid_sealed: Mapped[bytes]
    pid_masked: Mapped[str]
    age: Mapped[int]
    rights_class: Mapped[str]
    details: Mapped[bytes]
    evidence: Mapped[list[Any]]
    reason: Mapped[str]  # why the last resort, or why somebody else answered for the patient
    illness: Mapped[str]  # code of a common illness; empty if not said
    state: Mapped[str]
    review: Mapped[str]
    opened_at: Mapped[datetime]
    opened_by: Mapped[str]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]
    claimable: Mapped[int | None]
    not_claimable: Mapped[int | None]
    visit_number: Mapped[str]
    voided_at: Mapped[datetime | None]
    voided_by: Mapped[str | None]
    void_reason: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)
    review_case: Mapped[int | None]
    review_stage: Mapped[str | None]
    void_case: Mapped[int | None]


class AuthenticationChange(Base):
    """One correction, closing, void or decision of an authentication, with who and why; never altered."""

    __tablename__ = "authentication_changes"
    __table_args__ = (Index("ix_authentication_changes_code", "claim_code", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    claim_code: Mapped[str] = mapped_column(ForeignKey("authentications.claim_code"))
    at: Mapped[datetime]
    actor: Mapped[str]
    kind: Mapped[str]
    """edited, closed, void_asked, void_refused, void_ended, voided;
    review_ended, review_opened, appealed, appeal_missed, review_confirmed,
    review_voided"""
    reason: Mapped[str]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]


class CodeCounter(Base):
    """From which counter on the next block of claim codes is leased. ``key_mark`` names the key the codes are made
    with: another key could repeat codes."""

    __tablename__ = "code_counters"

    name: Mapped[str] = mapped_column(primary_key=True)
    next: Mapped[int]
    key_mark: Mapped[str]
