"""What card bridges say to the server: enrolment, and the outbound line (``docs/card-bridge.md``)."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives import serialization
from flask import jsonify, request

from app.access import allow, product
from app.api.body import Body, read_body, wrong
from app.api.describe import ANYTHING, FLAG, NUMBER, TEXT, TEXTS, describe, nullable, options, record
from app.api.resource import resource
from workflows.actor import WORKER, Actor
from workflows.commands.accept_reading import AcceptReading
from workflows.commands.count_attempt import CountAttempt
from workflows.commands.enrol_card_bridge import EnrolCardBridge
from workflows.commands.take_reading_request import TakeReadingRequest

routes = resource("card_bridges", prefix="/api/card-bridges")
_ENROLMENTS = (20, timedelta(minutes=15))
"""How many codes one address may try."""
_BUSY, _QUIET = 2, 15
"""Seconds until a bridge asks again: while its unit reads cards, and else."""


@routes.post("")
@allow("public")
@describe(
    "Enrol the card bridge of a PC with a one-time code; it counts when its fingerprint was compared and approved",
    body=options(("code", "public_key"), code=TEXT, public_key=TEXT, name=TEXT, system=TEXT, agent_version=TEXT),
    answers={201: record(device_id=TEXT, origins=TEXTS, server_key=TEXT)},
)
def enrol() -> Any:
    body = read_body()
    wired = product()
    address = wired.keyring.digest("attempt", request.remote_addr or "")
    wired.runtime.execute(CountAttempt(f"enrol/{address}", *_ENROLMENTS), WORKER)
    command = EnrolCardBridge(
        body.required_text("code", longest=40),
        _public_key(body),
        body.text("name", longest=200) or "card bridge",
        body.text("system", longest=200) or "",
        body.text("agent_version", longest=200) or "",
    )
    device_id, _unit = wired.runtime.execute(command, Actor("system:card-bridge"))
    server_key = wired.keyring.signer("card-challenge").public_key()
    raw = server_key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    origin = wired.settings.base_url
    return jsonify(device_id=device_id, origins=[origin], server_key=base64.b64encode(raw).decode()), 201


@routes.post("/next")
@allow("public")
@describe(
    "The outbound line: what the bridge's unit wants read, or that reading failed. Signed by the bridge",
    body=options(("said", "signature"), said=ANYTHING, signature=TEXT),
    answers={200: record(challenge=nullable(TEXT), photo=FLAG, again_in=NUMBER)},
)
def take_next() -> Any:
    body = read_body()
    said, signature = body.mapping("said"), body.required_text("signature", longest=200)
    found = product().runtime.execute(TakeReadingRequest(said, signature), Actor("system:card-bridge"))
    return jsonify(
        challenge=found.challenge if found is not None else None,
        photo=bool(found.with_photo) if found is not None else False,
        again_in=_BUSY if found is not None or said.get("error") else _QUIET,
    )


@routes.post("/readings")
@allow("public")
@describe(
    "The outbound line: a signed reading for the session that asked for it",
    body=options(("reading",), reading=ANYTHING),
    answers={200: record(accepted=FLAG)},
)
def accept() -> Any:
    settings = product().settings
    command = AcceptReading(read_body().mapping("reading"), settings.base_url, None, virtual=settings.demo)
    product().runtime.execute(command, Actor("system:card-bridge"))
    return jsonify(accepted=True)


def _public_key(body: Body) -> bytes:
    try:
        key = base64.b64decode(body.required_text("public_key", longest=100), validate=True)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise wrong("public_key", "an Ed25519 public key (32 bytes, base64)", "กุญแจสาธารณะ Ed25519 (32 ไบต์ base64)")
    return key
