"""Deployed diagrams: numbered, unchangeable."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from workflows.records.base import Base


class DefinitionRow(Base):
    """One deployed version of a process, decision or form.

    ``bundle`` names the called processes as bound at deployment.

    ``sha256`` covers the file and, for a process, the definitions it is bound to: same content, same definition.
    """

    __tablename__ = "definitions"
    __table_args__ = (Index("ix_definitions_kind_id_version", "kind", "id", "version", unique=True),)

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]  # process, decision, form
    id: Mapped[str]
    version: Mapped[int]
    name: Mapped[str]
    resource_name: Mapped[str]
    version_tag: Mapped[str | None]
    sha256: Mapped[str]
    body: Mapped[bytes]
    bundle: Mapped[dict[str, Any]]  # {process id: definition key}
    start_form: Mapped[str | None]
    deployment_key: Mapped[int]
    deployed_at: Mapped[datetime]
    deployed_by: Mapped[str]
