"""Reference data that the administration keeps: organisations, target systems, roles, texts, holidays, settings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from workflows.records.base import Base


class Organisation(Base):
    """A unit, a supervising organisation, a region or NHSO itself.

    ``phone`` is the number NHSO staff call back, ``public_phone`` the one for everybody.
    """

    __tablename__ = "organisations"
    __table_args__ = (Index("ix_organisations_name", "name"), Index("ix_organisations_supervisor", "supervisor"))

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    province: Mapped[str] = mapped_column(default="")
    region: Mapped[str] = mapped_column(default="")
    supervisor: Mapped[str | None] = mapped_column(ForeignKey("organisations.code"))
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    main_affiliation: Mapped[str] = mapped_column(default="")
    sub_affiliation: Mapped[str] = mapped_column(default="")
    code9: Mapped[str] = mapped_column(default="")
    public_phone: Mapped[str] = mapped_column(default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    revision: Mapped[int] = mapped_column(default=1)


class TargetSystem(Base):
    """A system access is asked for. A retired one (not ``active``) can no longer be asked for."""

    __tablename__ = "target_systems"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    owner: Mapped[str]
    realm: Mapped[str]
    kind: Mapped[str] = mapped_column(default="web")
    sign_in_url: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    revision: Mapped[int] = mapped_column(default=1)


class Role(Base):
    """A role of a target system: who may have it, which request form it needs, how it is issued."""

    __tablename__ = "roles"
    __table_args__ = (Index("ix_roles_system", "system_code"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    system_code: Mapped[str] = mapped_column(ForeignKey("target_systems.code"))
    name: Mapped[str]
    unit_kinds: Mapped[list[Any]]
    form: Mapped[int]
    channel: Mapped[str]  # regular, smartcard
    single_holder: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    revision: Mapped[int] = mapped_column(default=1)


class Contact(Base):
    """Whom to ask: an office for a region (``region`` 1-13) or a target system, never a person's own number."""

    __tablename__ = "contacts"

    code: Mapped[str] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(default="")
    system_code: Mapped[str | None] = mapped_column(ForeignKey("target_systems.code"))
    name: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    line: Mapped[str] = mapped_column(default="")
    hours: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    revision: Mapped[int] = mapped_column(default=1)


class EditableText(Base):
    """A mail, SMS or agreement text that an administrator may edit."""

    __tablename__ = "texts"

    key: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[str]
    updated_at: Mapped[datetime]
    updated_by: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)


class TextVersion(Base):
    """A text as it was shown to somebody, kept for good: what a consent names by its SHA-256."""

    __tablename__ = "text_versions"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[str]


class CalendarDay(Base):
    """A day that is not worked (``holiday``) or, against the base list, is (``workday``)."""

    __tablename__ = "calendar_days"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(unique=True)
    kind: Mapped[str]
    name_th: Mapped[str]
    name_en: Mapped[str]
    origin: Mapped[str]
    updated_at: Mapped[datetime]
    updated_by: Mapped[str]


class Setting(Base):
    """One named value of the installation: calendar version, pinned clock, running series."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]


class Series(Base):
    """The last number drawn of a running series."""

    __tablename__ = "series"

    name: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


class Heartbeat(Base):
    """When a worker process was last alive (real time)."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class Attempt(Base):
    """How often something was tried in the current window: sign-ins, codes, look-ups."""

    __tablename__ = "attempts"

    key: Mapped[str] = mapped_column(primary_key=True)
    window_ends_at: Mapped[datetime]
    tries: Mapped[int]


class Document(Base):
    """An attachment; its bytes lie sealed outside the web root."""

    __tablename__ = "documents"
    __table_args__ = (Index("ix_documents_case", "case_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[int | None]
    file_name: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    uploaded_by: Mapped[str]
    created_at: Mapped[datetime]
