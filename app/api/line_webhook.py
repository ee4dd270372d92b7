"""What the LINE platform sends: events, signed. Answered at once; the work comes afterwards."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, jsonify, request

from app.access import allow, product
from app.adapters.line import is_signed
from workflows.actor import WORKER
from workflows.commands.take_line_events import TakeLineEvents

routes = Blueprint("line_webhook", __name__)
_LARGEST = 1024 * 1024
_MOST_EVENTS = 500


@routes.post("/line/webhook")
@allow("public")
def take() -> Any:
    """Keep every event once, whoever it is from. The signature is over the bytes as they came."""
    line = product().line
    if line is None:
        abort(404)
    if (request.content_length or 0) > _LARGEST:
        abort(413)
    body = request.get_data(cache=False)
    if not is_signed(line.secret, body, request.headers.get("X-Line-Signature", "")):
        abort(403)
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        abort(400)
    found = told.get("events") if isinstance(told, Mapping) else None
    if not isinstance(found, list):
        abort(400)
    events = [event for event in found[:_MOST_EVENTS] if _is_whole(event)]
    if events:
        product().runtime.execute(TakeLineEvents(events), WORKER)
    return jsonify({})


def _is_whole(event: Any) -> bool:
    """An event with the id by which it is known again; members that are not known are taken as they are."""
    id_ = event.get("webhookEventId") if isinstance(event, Mapping) else None
    return isinstance(id_, str) and 0 < len(id_) <= 100
