"""Attachments: stored first, then named in the answers of a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import jsonify, request

from app import uploads
from app.access import allow, current_actor, product
from app.api.body import storable, wrong
from app.api.describe import ANYTHING, NUMBER, TEXT, describe, nullable, options, record
from app.api.resource import resource, when
from app.security import file_answer
from workflows.commands.forget_uploads import KEPT
from workflows.errors import NotFound
from workflows.queries import documents
from workflows.rules.scopes import AUTHENTICATIONS_WRITE, FULL

STORE = "database"

routes = resource("documents")

REFERENCE = record(
    **{"camunda.document.type": TEXT},
    storeId=TEXT,
    documentId=TEXT,
    contentHash=nullable(TEXT),
    metadata=record(
        contentType=TEXT,
        fileName=TEXT,
        expiresAt=nullable(TEXT),
        size=NUMBER,
        processDefinitionId=nullable(TEXT),
        processInstanceKey=nullable(TEXT),
        customProperties=ANYTHING,
    ),
)


@routes.post("/documents")
@allow("api", scope=AUTHENTICATIONS_WRITE)
@describe(
    "Store an attachment (part file: .pdf or .jpg, at most 2 MB, or the .zip of a bulk request, at most 30 MB); "
    "it belongs to a case once answers name it",
    body=options(("file",), file={"type": "string", "format": "binary"}, metadata=ANYTHING),
    media="multipart/form-data",
    answers={201: REFERENCE},
)
def store() -> Any:
    file = request.files.get("file")
    if file is None or not file.filename or not storable(file.filename):
        raise wrong("file", "given, a part with a file name", "ไฟล์ที่มีชื่อ")
    kept = uploads.store(file.filename, file.read())
    with product().runtime.reading() as db:
        return jsonify(reference(_visible(db, kept.id))), 201


@routes.get("/documents/<document_id>")
@allow("api", scope=FULL)
@describe(
    "The bytes of an attachment, for those who may see its case",
    answers={200: TEXT},
    produces="application/octet-stream",
)
def read(document_id: str) -> Any:
    with product().runtime.reading() as db:
        row = _visible(db, document_id)
    return file_answer(product().documents.get(document_id), row["content_type"], row["file_name"], download=True)


def reference(row: Mapping[str, Any]) -> dict[str, Any]:
    """Camunda's document reference for a stored attachment."""
    return {
        "camunda.document.type": "camunda",
        "storeId": STORE,
        "documentId": row["id"],
        "contentHash": row["sha256"],
        "metadata": {
            "contentType": row["content_type"],
            "fileName": row["file_name"],
            "expiresAt": when(row["created_at"] + KEPT) if row["case_id"] is None else None,
            "size": row["size"],
            "processDefinitionId": None,
            "processInstanceKey": str(row["case_id"]) if row["case_id"] is not None else None,
            "customProperties": {},
        },
    }


def _visible(db: Any, document_id: str) -> Mapping[str, Any]:
    row = documents.visible(db, current_actor(), document_id) if storable(document_id) else None
    if row is None:
        raise NotFound(document=document_id)
    return row
