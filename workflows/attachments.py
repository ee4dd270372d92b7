"""Attachments that answers name: they belong to the case from then on, and nobody attaches what is not theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select, update

from workflows.errors import InvalidAnswers, Text
from workflows.records import Document
from workflows.work import Work

NOT_YOURS = Text("ไม่พบไฟล์นี้ กรุณาแนบใหม่", "This file was not found; attach it again")


def attach(work: Work, case_id: int, answers: Mapping[str, Any]) -> None:
    """Bind every document the answers refer to to the case; answers without any cost nothing. What the product itself
    hands on from one case to another stays with the first.

    Raises InvalidAnswers for a document that is unknown, of another case, or uploaded by somebody else.
    """
    named = {id_: field for field, value in answers.items() for id_ in references(value)}
    if not named:
        return
    rows = work.db.execute(select(Document.id, Document.case_id, Document.uploaded_by).where(Document.id.in_(named)))
    known = {row.id: row for row in rows}
    fresh = []
    for id_, field in named.items():
        row = known.get(id_)
        if row is not None and (row.case_id == case_id or work.actor.is_system):
            continue
        if row is None or row.case_id is not None or row.uploaded_by != work.actor.id:
            raise InvalidAnswers({field: NOT_YOURS})
        fresh.append(id_)
    if fresh:
        unbound = update(Document).where(Document.id.in_(fresh), Document.case_id.is_(None))
        work.write(unbound.values(case_id=case_id), expect=len(fresh))


def references(value: Any) -> Iterator[str]:
    """The ids of all document references in an answer, however deep."""
    if isinstance(value, Mapping):
        id_ = value.get("documentId")
        if value.get("camunda.document.type") and isinstance(id_, str):
            yield id_
        else:
            for inner in value.values():
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)
