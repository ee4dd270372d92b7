"""What the face verification app says to the server."""

from __future__ import annotations

from typing import Any

from flask import jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from app.access import allow
from app.adapters import face
from app.api.describe import FLAG, NUMBER, TEXT, describe, options, record
from app.api.resource import resource
from app.face_answers import receive

routes = resource("face", prefix="/api/face")


@routes.post("/callback")
@allow("public")
@describe(
    "The face app's answer to a question, signed with the shared secret over the raw body "
    "(X-Face-Timestamp, X-Face-Signature); taken once",
    body=options(
        ("session", "transaction", "result"),
        session=TEXT,
        transaction=TEXT,
        result=TEXT,
        reason=TEXT,
        score=NUMBER,
        at=TEXT,
        latitude=NUMBER,
        longitude=NUMBER,
    ),
    answers={200: record(received=FLAG)},
)
def callback() -> Any:
    body = request.get_data(cache=False) if (request.content_length or 0) <= face.LONGEST else None
    if body is None or len(body) > face.LONGEST:
        raise RequestEntityTooLarge()
    receive(dict(request.headers), body)
    return jsonify(received=True)
