"""People, their accounts, what they may do, and how they prove who they are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.records.base import Base


class Account(Base):
    """A person's account in one realm (``DC``, ``NDC``, ``OSS`` for those who registered themselves): one per citizen
    ID and realm (ADM007), one e-mail each."""

    __tablename__ = "accounts"
    __table_args__ = (
        Index("ix_accounts_pid_realm", "pid_index", "realm", unique=True),
        Index("ix_accounts_email_realm", "email", "realm", unique=True),
        Index(
            "ix_accounts_dormancy",
            "last_used_at",
            "id",
            sqlite_where=text("status = 'active' AND realm = 'DC'"),
            postgresql_where=text("status = 'active' AND realm = 'DC'"),
        ),
        Index("ix_accounts_unit", "unit_code", "username"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    username: Mapped[str] = mapped_column(unique=True)
    realm: Mapped[str]
    status: Mapped[str]  # pending (not yet activated), active, suspended, cancelled
    status_reason: Mapped[str] = mapped_column(default="")  # of a suspended one: dormant, irregular
    title: Mapped[str] = mapped_column(default="")
    first_name: Mapped[str]
    last_name: Mapped[str]
    position: Mapped[str] = mapped_column(default="")
    unit_code: Mapped[str] = mapped_column(default="")
    email: Mapped[str]
    pid_sealed: Mapped[bytes]
    pid_index: Mapped[bytes]
    pid_masked: Mapped[str]
    mobile_sealed: Mapped[bytes | None]
    password_hash: Mapped[str | None]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    password_void_at: Mapped[datetime | None]  # since when a reset lets it open nothing; it only tells its owner
    reset_guard_until: Mapped[datetime | None]  # the owner had not asked: until then a request alone voids nothing
    created_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    case_id: Mapped[int | None]  # the case that created it
    self_registered_at: Mapped[datetime | None]  # its holder made it in OSS, not an administrator
    thaid_verified_at: Mapped[datetime | None]  # ThaID last confirmed its holder
    thaid_ial: Mapped[str | None]  # with which identity assurance level

    @classmethod
    def idle_since(cls) -> ColumnElement[datetime]:
        """The last use: a sign-in or a report of use; the activation, if there was none."""
        return func.coalesce(cls.last_used_at, cls.activated_at, cls.created_at)


class Membership(Base):
    """A group an account acts for: a role and its scope (a unit, an organisation, a region, a system, or none)."""

    __tablename__ = "memberships"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True, default="")


class Grant(Base):
    """A role of a target system that an account holds, from when, by which case."""

    __tablename__ = "grants"
    __table_args__ = (
        Index("ix_grants_account", "account_id"),
        Index("ix_grants_single", "single_holder", unique=True),
        Index("ix_grants_system", "system_code", "account_id"),
        Index("ix_grants_unit", "unit_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    system_code: Mapped[str]
    role_code: Mapped[str]
    unit_code: Mapped[str]
    granted_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    case_id: Mapped[int | None]
    single_holder: Mapped[str | None]  # "<unit>/<role>" while held, for roles that one person of a unit may hold


class Session(Base):
    """A signed-in browser; the cookie holds the token, the table only its hash."""

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_account", "account_id"),)

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class OneTimeLink(Base):
    """A link that works once: activation, reset and its refusal (``keep``), a new address, return to a request."""

    __tablename__ = "one_time_links"
    __table_args__ = (Index("ix_one_time_links_account", "account_id"),)

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    account_id: Mapped[int | None]
    case_id: Mapped[int | None]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    code: Mapped[dict[str, Any] | None]  # the one-time code sent by SMS before the link may be used


class ApiToken(Base):
    """A bearer token, or the secret of client credentials. ``account_id`` made it: a program that uses it acts as that
    person, or, with a ``unit_code``, as the unit's own system, whatever becomes of the person."""

    __tablename__ = "api_tokens"
    __table_args__ = (Index("ix_api_tokens_account", "account_id"), Index("ix_api_tokens_unit", "unit_code"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    token_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    name: Mapped[str]
    unit_code: Mapped[str] = mapped_column(default="")
    scopes: Mapped[list[Any]]  # workflows.rules.scopes
    client_id: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]

    @classmethod
    def living_of(cls, whose: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
        """The conditions for tokens of persons that are not revoked."""
        return whose, cls.unit_code == "", cls.revoked_at.is_(None)


class Consent(Base):
    """Evidence that somebody accepted or declined a text: which version, when, by whom."""

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_case", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    case_id: Mapped[int]
    text_key: Mapped[str]
    text_sha256: Mapped[str]
    accepted: Mapped[bool]
    actor: Mapped[str]
    at: Mapped[datetime]
