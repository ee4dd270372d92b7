"""Attachments, for those who may see their case."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from app.access import allow, current_actor, product
from app.security import file_answer
from workflows.errors import NotFound
from workflows.queries import documents

pages = Blueprint("documents", __name__)


@pages.get("/documents/<document_id>")
@allow("actor")
def show(document_id: str) -> Any:
    """The file, opened in the page or (``?download=1``) saved. It runs nothing and embeds nothing."""
    wired = product()
    with wired.runtime.reading() as db:
        found = documents.visible(db, current_actor(), document_id)
    if found is None:
        raise NotFound(document=document_id)
    kept, download = wired.documents.get(document_id), bool(request.args.get("download"))
    return file_answer(kept, found["content_type"], found["file_name"], download=download)
