"""The page that plays the face verification app in a demonstration: it answers as the app does, signed."""

from __future__ import annotations

import json
import secrets
from contextlib import suppress
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext as _

from app.access import allow, current_actor, product
from app.adapters import face
from app.adapters.rights_demo import DemoRegistry
from app.face_answers import receive
from app.i18n import words
from workflows.actor import Actor
from workflows.clock import bangkok_date, real_now
from workflows.errors import Conflict, NotFound
from workflows.queries import face_questions
from workflows.rules import masking

pages = Blueprint("demo_face", __name__)
_PLACE = {"latitude": 16.4419, "longitude": 102.836}
_SAYS: dict[str, dict[str, Any]] = {
    "match": {"result": "match", "score": 0.97, **_PLACE},
    "no_match": {"result": "no_match", "score": 0.31, "reason": "no_match", **_PLACE},
    "no_place": {"result": "match", "score": 0.95},
}
"""What its buttons answer; whoever presses none lets the time run out."""


@pages.get("/demo/face")
@allow("frontdesk", "admin", "designer")
def show() -> Any:
    """Who is to look into the camera now. Only in a demonstration without FACE_URL."""
    _only_here()
    now = product().runtime.clock.now()
    rows = [
        {
            "ref": each["face_ref"],
            "unit": each["unit_code"],
            "asked_at": each["asked_at"],
            "until": each["expires_at"],
            "who": _who(each["pid"]),
        }
        for each in _mine(current_actor())
    ]
    return render_template("demo_face.html", rows=rows, now=now)


@pages.post("/demo/face")
@allow("frontdesk", "admin", "designer")
def answer() -> Any:
    """What the app would send after the scan."""
    _only_here()
    said, session = _SAYS.get(request.form.get("says", "")), request.form.get("session", "")
    if said is None or session not in {each["face_ref"] for each in _mine(current_actor())}:
        flash(_("คำขอสแกนนี้สิ้นสุดแล้ว"), "warn")
        return redirect("/demo/face")
    wired, now = product(), real_now()
    told = {"session": session, "transaction": f"demo-{secrets.token_hex(8)}", "at": now.isoformat(), **said}
    body = json.dumps(told).encode()
    try:
        receive(face.signed(face.key_of(wired.settings, wired.keyring), face.ANSWER, body, now), body)
        flash(_("ส่งผลสแกนแล้ว"), "ok")
    except (Conflict, NotFound) as refused:
        flash(words(refused.text), "warn")
    return redirect("/demo/face")


def _only_here() -> None:
    settings = product().settings
    if not settings.demo or settings.face_url:
        abort(404)


def _mine(actor: Actor) -> list[Any]:
    """The questions of the actor's units; all of them for those who keep the demonstration."""
    with product().runtime.reading() as db:
        found = face_questions.waiting(db, product().keyring, product().runtime.clock.now())
    if actor.roles & {"admin", "designer"}:
        return found
    return [each for each in found if f"frontdesk:{each['unit_code']}" in actor.groups]


def _who(pid: str) -> str:
    known = None
    with suppress(OSError):
        known = DemoRegistry().look_up(pid, bangkok_date(product().runtime.clock.now()))
    name = f"{known['title']}{known['first_name']} {known['last_name']} " if known else ""
    return f"{name}{masking.pid(pid)}"
