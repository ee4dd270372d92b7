"""How grants reach the target systems, and what is known about what is there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from workflows.records.base import Base


def token_place(system_code: str) -> str:
    """What the token of a target system is sealed for."""
    return f"provisioning.token/{system_code}"


class ProvisioningTarget(Base):
    """The adapter of a target system. A system without a row is served by hand.

    ``kind`` is manual, csv or scim; ``url`` and ``token_sealed`` belong to scim. ``checked_at`` and ``result`` tell how
    the last comparison with the target ended.
    """

    __tablename__ = "provisioning_targets"

    system_code: Mapped[str] = mapped_column(ForeignKey("target_systems.code"), primary_key=True)
    kind: Mapped[str]
    url: Mapped[str] = mapped_column(default="")
    token_sealed: Mapped[bytes | None]
    updated_at: Mapped[datetime]
    updated_by: Mapped[str]
    checked_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None]


class Provisioning(Base):
    """One change that a target system has to follow. ``key`` names the outbox message that carries it, whose state is
    the state of the change; None while it waits for the next file of a system served by files."""

    __tablename__ = "provisionings"
    __table_args__ = (
        Index("ix_provisionings_grant", "grant_id", "id"),
        Index("ix_provisionings_system", "system_code", "id"),
        Index("ix_provisionings_key", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    system_code: Mapped[str]
    username: Mapped[str]
    role_code: Mapped[str | None]
    grant_id: Mapped[int | None]
    action: Mapped[str]  # grant, revoke, suspend, resume
    at: Mapped[datetime]
    key: Mapped[str | None]


class AcceptedDifference(Base):
    """A difference between what is granted and what is there that the system's owner accepts; ``side`` says whether
    the role is ``missing`` or ``extra`` there."""

    __tablename__ = "accepted_differences"

    system_code: Mapped[str] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(primary_key=True)
    role_code: Mapped[str] = mapped_column(primary_key=True)
    side: Mapped[str]
    reason: Mapped[str]
    accepted_by: Mapped[str]
    at: Mapped[datetime]
