"""Rounds of grants: the schedules a process owner keeps, the rounds that came of them, and which cases are in each."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.records.base import Base


class RoundSchedule(Base):
    """When roles of a channel are granted (``workflows.rules.rounds.Schedule``), and for whom.

    ``days`` are [cut-off, effective] days of the month, ``weekdays`` days of the week (Monday is 0). ``regions``,
    ``systems`` and ``roles`` narrow whom it covers; an empty list covers all.
    """

    __tablename__ = "round_schedules"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    channel: Mapped[str]  # regular, smartcard
    kind: Mapped[str]  # monthly, weekly, daily
    days: Mapped[list[Any]]
    weekdays: Mapped[list[Any]]
    cutoff_days: Mapped[int]
    opens_before: Mapped[int | None]  # days before the cut-off; None = at the previous cut-off
    closes_before: Mapped[int]
    roll: Mapped[str]  # before, as_is, after
    regions: Mapped[list[Any]]
    systems: Mapped[list[Any]]
    roles: Mapped[list[Any]]
    active: Mapped[bool]
    updated_at: Mapped[datetime]
    updated_by: Mapped[str]


class IssuanceRound(Base):
    """One round, named by its schedule and cut-off. ``case_id`` is the case that carries it out, once that is open; a
    regular round whose cases were all issued one by one has none."""

    __tablename__ = "rounds"
    __table_args__ = (Index("ix_rounds_state", "state", "effective_on"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    schedule: Mapped[str] = mapped_column(ForeignKey("round_schedules.code"))
    cutoff: Mapped[date]
    closes_on: Mapped[date]
    effective_on: Mapped[date]
    opens_on: Mapped[date | None]
    state: Mapped[str]  # open, listed (the list is closed), issued
    case_id: Mapped[int | None]


class RoundMember(Base):
    """A case in a round. ``news`` says that the case has not been told yet what its line now says.

    States: waiting (for its approvals), approved, confirmed (by the issuer), effective, refused (by the issuer),
    carried (to a later round), left (rejected or withdrawn), singly (the issuer took the case up by itself).
    """

    __tablename__ = "round_members"
    __table_args__ = (
        Index("ix_round_members_case", "case_id"),
        Index("ix_round_members_state", "round_id", "state", "case_id"),
        Index("ix_round_members_news", "case_id", sqlite_where=text("news"), postgresql_where=text("news")),
    )

    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    news: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime]
