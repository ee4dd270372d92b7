"""Attachments and who may see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from workflows.actor import Actor
from workflows.queries.linked import second_of
from workflows.queries.visibility import may_see
from workflows.records import Document


def visible(db: Connection, actor: Actor, document_id: str) -> Mapping[str, Any] | None:
    """The document's row if the actor uploaded it or may see its case or that one's second part; else None."""
    row = db.execute(select(*Document.__table__.c).where(Document.id == document_id)).mappings().first()
    if row is None:
        return None
    if row["uploaded_by"] == actor.id:
        return dict(row)
    if row["case_id"] is None:
        return None
    cases = [row["case_id"], *db.execute(second_of(row["case_id"])).scalars()]
    return dict(row) if any(may_see(db, actor, case_id) for case_id in cases) else None
