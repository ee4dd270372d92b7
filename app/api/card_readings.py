"""A unit's own system has a card read by a card bridge of its unit, as evidence for an authentication.

The program asks; a bridge with its outbound line on fetches the wish within seconds and brings the signed reading. Or
the program itself hands the ``challenge`` to the bridge of its PC, and brings what that signed. Either way the reading
belongs to the program that asked, and its id proves who was there.
"""

from __future__ import annotations

from typing import Any

from flask import jsonify

from app.access import allow, current_actor, product
from app.api.body import read_body
from app.api.describe import ANYTHING, FLAG, NUMBER, TEXT, describe, nullable, one_of, options, record
from app.api.resource import key, resource
from workflows.commands.accept_reading import AcceptReading
from workflows.commands.request_reading import LIFETIME, RequestReading
from workflows.errors import NotFound
from workflows.queries import readings
from workflows.rules import masking
from workflows.rules.scopes import AUTHENTICATIONS_WRITE

routes = resource("card_readings", prefix="/api/card-readings")

_STATES = ("waiting", "taken", "answered", "failed")
_READING = record(
    id=TEXT, state=one_of(*_STATES), reading_id=nullable(TEXT), pid=nullable(TEXT), has_photo=FLAG, error=nullable(TEXT)
)


@routes.post("")
@allow("api", scope=AUTHENTICATIONS_WRITE)
@describe(
    "Ask for one card to be read by a card bridge of the token's unit; photo asks for the picture on it, too",
    body=options((), photo=FLAG),
    answers={201: record(id=TEXT, challenge=TEXT, seconds=NUMBER)},
)
def ask() -> Any:
    photo = read_body().flag("photo") is True
    command = RequestReading(_mark(), "api", product().settings.base_url, photo)
    request_id, challenge = product().runtime.execute(command, current_actor())
    return jsonify(id=key(request_id), challenge=challenge, seconds=int(LIFETIME.total_seconds())), 201


@routes.get("/<key:request_id>")
@allow("api", scope=AUTHENTICATIONS_WRITE)
@describe(
    "Whether the card was read: reading_id is the evidence, good for 15 minutes and one visit",
    answers={200: _READING},
)
def read(request_id: int) -> Any:
    return jsonify(_shown(request_id))


@routes.post("/<key:request_id>/reading")
@allow("api", scope=AUTHENTICATIONS_WRITE)
@describe(
    "Bring what the bridge of the caller's own PC signed over the challenge",
    body=options(("reading",), reading=ANYTHING),
    answers={200: _READING},
)
def hand_in(request_id: int) -> Any:
    settings, reading = product().settings, read_body().mapping("reading")
    _shown(request_id)  # somebody else's is not there
    command = AcceptReading(reading, settings.base_url, _mark(), virtual=settings.demo)
    product().runtime.execute(command, current_actor())
    return jsonify(_shown(request_id))


def _mark() -> str:
    """What stands in the place of a browser's session: the caller, and nobody else."""
    return product().keyring.digest("reading-by-program", current_actor().id)


def _shown(request_id: int) -> dict[str, Any]:
    """A request of this very caller, with the masked number of its reading. Raises NotFound for any other."""
    actor = current_actor()
    with product().runtime.reading() as db:
        asked = readings.request_of(db, request_id, actor, _mark())
        if asked is None:
            raise NotFound(reading=request_id)
        found = readings.reading(db, product().keyring, asked["reading_id"], actor) if asked["reading_id"] else None
    return {
        "id": key(request_id),
        "state": asked["state"],
        "reading_id": key(asked["reading_id"]),
        "pid": masking.pid(found["card"]["citizen_id"]) if found else None,
        "has_photo": found is not None and found["photo"] is not None,
        "error": asked["error"] or None,
    }
