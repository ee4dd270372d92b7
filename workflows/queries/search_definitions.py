"""Searching deployed processes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, case, func, select

from workflows.queries.criteria import where
from workflows.queries.paging import Found, Search, fetch
from workflows.records import DefinitionRow


def search(db: Connection, wanted: Search, constants: Mapping[str, Any]) -> Found:
    """Process definitions of all versions; ``constants`` are fields that are the same for every one."""
    row = DefinitionRow.__table__.c
    newest = func.max(row.version).over(partition_by=row.id)
    all_versions = (
        select(
            row.key.label("id"),
            row.id.label("process_id"),
            row.version,
            row.name,
            row.resource_name,
            row.version_tag,
            row.start_form,
            case((row.start_form.is_(None), False), else_=True).label("has_start_form"),
            case((row.version == newest, True), else_=False).label("is_latest"),
        )
        .where(row.kind == "process")
        .subquery()
    )
    columns: dict[str, Any] = dict(all_versions.c)
    found = select(all_versions).where(*where(wanted.criteria, {**constants, **columns}, db.dialect.name))
    return fetch(db, [found], wanted)
