"""Card bridges on clinics' PCs, and what they read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from workflows.records.base import Base


class CardBridge(Base):
    """An enrolled program on one PC. Its readings count while it is ``active``."""

    __tablename__ = "card_bridges"
    __table_args__ = (Index("ix_card_bridges_unit", "unit_code"), Index("ix_card_bridges_key", "key_id", unique=True))

    id: Mapped[str] = mapped_column(primary_key=True)
    unit_code: Mapped[str]
    name: Mapped[str]
    system: Mapped[str]
    agent_version: Mapped[str]
    public_key: Mapped[bytes]
    key_id: Mapped[str]
    status: Mapped[str]  # pending (its fingerprint is not compared yet), active, revoked
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    last_seq: Mapped[int] = mapped_column(default=0)
    seen_at: Mapped[datetime | None]


class EnrolmentCode(Base):
    """A code with which one PC of a unit may enrol, once, for some minutes of real time."""

    __tablename__ = "enrolment_codes"

    code_hash: Mapped[str] = mapped_column(primary_key=True)
    unit_code: Mapped[str]
    made_by: Mapped[str]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ReadingRequest(Base):
    """A page's wish to have one card read: by whom, in which session, what for. Answered once, within a minute or two
    of real time. ``state`` is waiting, taken (by the outbound line), answered or failed."""

    __tablename__ = "reading_requests"
    __table_args__ = (
        Index("ix_reading_requests_nonce", "nonce_hash", unique=True),
        Index("ix_reading_requests_unit_state", "unit_code", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    nonce_hash: Mapped[str]
    challenge: Mapped[str]
    actor: Mapped[str]
    session_hash: Mapped[str]
    unit_code: Mapped[str]
    purpose: Mapped[str]
    with_photo: Mapped[bool]
    state: Mapped[str]
    error: Mapped[str] = mapped_column(default="")
    expires_at: Mapped[datetime]
    reading_id: Mapped[int | None]


class Reading(Base):
    """What an enrolled card bridge read from one card, signed: evidence, bound to at most one case."""

    __tablename__ = "readings"
    __table_args__ = (Index("ix_readings_case", "case_id"), Index("ix_readings_pid", "pid_index"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    bridge_id: Mapped[str]
    actor: Mapped[str]
    unit_code: Mapped[str]
    purpose: Mapped[str]
    at: Mapped[datetime]
    pid_index: Mapped[bytes]
    card: Mapped[bytes]  # sealed JSON
    photo: Mapped[bytes | None]  # sealed JPEG
    envelope: Mapped[dict[str, Any]]
    signature: Mapped[bytes]
    case_id: Mapped[int | None]
