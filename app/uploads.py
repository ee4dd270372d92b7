"""Files that arrive: checked and stored first, then answered for by their ids."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from flask import Flask, request
from werkzeug.datastructures import MultiDict

from app.access import current_actor, product
from app.adapters.bundles import open_bundle
from app.adapters.documents import StoredFile
from forms import schema
from intake.bundle import MOST_BYTES
from workflows.commands.count_attempt import CountAttempt
from workflows.commands.store_bundle import Bundle, File, StoreBundle
from workflows.commands.store_document import StoreDocument
from workflows.errors import FileRejected, NotAllowed, NotFound, Text
from workflows.queries import work_items

_BUNDLES = (60, timedelta(minutes=15))
"""How many bundles one person may send: each keeps a process busy."""
_AROUND_A_FILE = 1024 * 1024
_API = "api_documents.store"
BUNDLE = "application/zip"


def install(app: Flask) -> None:
    """Let a request be as large as the largest file its form asks for; all others stay small."""
    usual = int(app.config["MAX_CONTENT_LENGTH"])

    @app.before_request
    def _room() -> None:
        if (request.content_length or 0) > usual:
            wanted = _largest_file()
            if wanted > usual:
                request.max_content_length = wanted + _AROUND_A_FILE


def store_uploads(posted: MultiDict[str, str]) -> dict[str, Text]:
    """Store every file of this request and add its id to the answers under the field's name.

    Gives what is wrong, by field. Files that were right are kept, so that a person need not choose them again.
    """
    errors: dict[str, Text] = {}
    for name, file in request.files.items(multi=True):
        if not file.filename:
            continue
        try:
            stored = store(file.filename, file.read())
        except FileRejected as rejected:
            errors[name] = rejected.text
            continue
        if stored.content_type == BUNDLE:  # the corrected list stands in place of the wrong one sent before
            posted.setlist(name, [stored.id])
        else:
            posted.add(name, stored.id)
    return errors


def store(file_name: str, data: bytes) -> StoredFile:
    """Check and keep one file of the current actor. Raises FileRejected saying what is wrong with it."""
    if file_name.lower().endswith(".zip"):
        return _store_bundle(file_name, data)
    stored = product().documents.put(file_name, data)
    command = StoreDocument(stored.id, stored.file_name, stored.content_type, stored.size, stored.sha256)
    product().runtime.execute(command, current_actor())
    return stored


def _store_bundle(file_name: str, data: bytes) -> StoredFile:
    actor, documents = current_actor(), product().documents
    if actor.account_id is None:
        raise NotAllowed()
    product().runtime.execute(CountAttempt(f"bundle/{actor.account_id}", *_BUNDLES), actor)
    found = open_bundle(file_name, data)
    archive = documents.keep(file_name, BUNDLE, data)
    letter = documents.keep(found.letter_name, "application/pdf", found.letter)
    bundle = Bundle(found.unit_code, found.rows)
    command = StoreBundle(File(**asdict(archive)), File(**asdict(letter)), bundle)
    product().runtime.execute(command, actor)
    return archive


def _largest_file() -> int:
    """Bytes of the largest file that the form of this request asks for; 0 if it asks for none."""
    if request.endpoint == _API:
        return MOST_BYTES
    arguments: dict[str, Any] = request.view_args or {}
    form_id: str | None = None
    if current_actor().account_id is None:
        return 0
    try:
        if request.endpoint == "start.start":
            form_id = product().runtime.services.definitions.latest_process(arguments["process_id"]).start_form
        elif request.endpoint == "work.complete":
            with product().runtime.reading() as db:
                form_id = work_items.form_of(db, arguments["work_item_id"])
        found = schema.parse(product().runtime.services.definitions.form(form_id)) if form_id else ()
    except NotFound:
        return 0
    return max((each.custom_number("max_bytes", 0) for each in found if each.type == "filepicker"), default=0)
