"""Cases: one row each, rewritten by every step."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from workflows.records.base import Base


class Case(Base):
    """A running or ended instance of a definition.

    ``snapshot`` is the sealed engine state (empty before the first step and after the retention of an ended case).
    ``revision`` grows by one with every step and is what two writers compete for. ``wake_at`` is the earliest moment at
    which the clock has something to do. ``chain_seq`` and ``chain_mac`` are the head of the audit chain.
    The header columns (number … outcome) come from the diagram's ``case.*`` properties.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_wake_at", "wake_at"),
        Index("ix_cases_process_state", "process_id", "state", "id"),
        Index("ix_cases_requester", "requester", "id"),
        Index("ix_cases_unit", "unit_code", "id"),
        Index("ix_cases_region", "region", "id"),
        Index("ix_cases_pid", "pid_index"),
        Index("ix_cases_business", "business_id"),
        Index("ix_cases_started", "started_at", "id"),
        Index("ix_cases_sent", "sent_at", "id"),
        Index("ix_cases_campaign", "campaign_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[str | None] = mapped_column(unique=True)
    process_id: Mapped[str]
    definition_key: Mapped[int] = mapped_column(ForeignKey("definitions.key"))
    revision: Mapped[int]
    state: Mapped[str]  # ACTIVE, COMPLETED, TERMINATED
    snapshot: Mapped[bytes]
    wake_at: Mapped[datetime | None]
    started_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]  # when it got its number
    ended_at: Mapped[datetime | None]
    requester: Mapped[str] = mapped_column(default="")
    business_id: Mapped[str | None]
    subject: Mapped[str] = mapped_column(default="")
    unit_code: Mapped[str] = mapped_column(default="")
    region: Mapped[str] = mapped_column(default="")
    stage: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(default="")
    pid_index: Mapped[bytes | None]
    pid_masked: Mapped[str] = mapped_column(default="")
    phone_index: Mapped[bytes | None]
    sla: Mapped[dict[str, Any] | None]
    sla_state: Mapped[str] = mapped_column(default="")
    sla_due: Mapped[date | None]
    systems: Mapped[str] = mapped_column(default="")  # codes of the target systems asked for, a space around each
    channel: Mapped[str] = mapped_column(default="")  # how what is asked for is issued: regular, smartcard
    origin: Mapped[str | None] = mapped_column(unique=True)  # key of the message that started it, if one did
    campaign_id: Mapped[int | None]  # the window it was started in
    subscriptions_mac: Mapped[str] = mapped_column(default="")
    has_incident: Mapped[bool] = mapped_column(default=False)
    recompute: Mapped[bool] = mapped_column(default=False)  # the calendar changed under a running deadline
    chain_seq: Mapped[int] = mapped_column(default=0)
    chain_mac: Mapped[bytes] = mapped_column(default=b"")


class Subscription(Base):
    """One open wait for a message: where an incoming message finds its case."""

    __tablename__ = "subscriptions"
    __table_args__ = (Index("ix_subscriptions_name_key", "name", "key"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    task_id: Mapped[bytes] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str]
    element_id: Mapped[str]


class InboundMessage(Base):
    """A message that nobody waited for yet; kept until its time to live is over.

    One with an id stays until then even after it was received, with an empty payload, so that its id stays taken.
    """

    __tablename__ = "inbound_messages"
    __table_args__ = (Index("ix_inbound_messages_name_key", "name", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    key: Mapped[str]
    message_id: Mapped[str | None] = mapped_column(unique=True)
    payload: Mapped[bytes]
    expires_at: Mapped[datetime]

    @classmethod
    def is_kept(cls, now: datetime) -> tuple[ColumnElement[bool], ...]:
        """Conditions: it may still be received."""
        return cls.expires_at > now, cls.payload != b""


UNDELIVERED = "JOB_NO_RETRIES"
"""The error type of an incident whose message could not be delivered: nothing the engine does mends it."""


class Incident(Base):
    """A case that cannot go on, with the action to take up again once the cause is mended."""

    __tablename__ = "incidents"
    __table_args__ = (Index("ix_incidents_state", "state", "id"), Index("ix_incidents_case", "case_id"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    work_item_id: Mapped[int | None]
    element_id: Mapped[str]
    error_type: Mapped[str]
    text_th: Mapped[str]
    text_en: Mapped[str]
    state: Mapped[str]  # ACTIVE, RESOLVED
    action: Mapped[bytes]  # sealed
    actor: Mapped[str]
    created_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None]
