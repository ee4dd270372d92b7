"""Deployed definitions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from workflows.errors import NotFound
from workflows.records import DefinitionRow

_LIST = tuple(c for c in DefinitionRow.__table__.c if c.name != "body")


def latest(db: Connection, kind: str | None = None) -> list[Mapping[str, Any]]:
    """The newest version of everything deployed, by kind and id."""
    newest = (
        select(DefinitionRow.kind, DefinitionRow.id, func.max(DefinitionRow.version).label("version"))
        .group_by(DefinitionRow.kind, DefinitionRow.id)
        .subquery()
    )
    statement = select(*_LIST).join(
        newest,
        (DefinitionRow.kind == newest.c.kind)
        & (DefinitionRow.id == newest.c.id)
        & (DefinitionRow.version == newest.c.version),
    )
    if kind is not None:
        statement = statement.where(DefinitionRow.kind == kind)
    rows = db.execute(statement.order_by(DefinitionRow.kind, DefinitionRow.id)).mappings()
    return [dict(row) for row in rows]


def versions(db: Connection, kind: str, id_: str) -> list[Mapping[str, Any]]:
    """All versions of one definition, newest first."""
    rows = db.execute(
        select(*_LIST).where(DefinitionRow.kind == kind, DefinitionRow.id == id_).order_by(DefinitionRow.version.desc())
    ).mappings()
    return [dict(row) for row in rows]


def same_file(db: Connection, row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The definitions that came in one file with this one, itself among them, as they were deployed."""
    together = (
        DefinitionRow.deployment_key == row["deployment_key"],
        DefinitionRow.resource_name == row["resource_name"],
    )
    wanted = (*together, DefinitionRow.kind == row["kind"])
    return [dict(found) for found in db.execute(select(*_LIST).where(*wanted).order_by(DefinitionRow.key)).mappings()]


def by_key(db: Connection, key: int) -> Mapping[str, Any]:
    """One definition with its file. Raises NotFound."""
    row = db.execute(select(*DefinitionRow.__table__.c).where(DefinitionRow.key == key)).mappings().first()
    if row is None:
        raise NotFound(definition=key)
    return dict(row)
