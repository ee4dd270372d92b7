"""A booking's own page, for whoever has its link: the QR to show, and cancelling."""

from __future__ import annotations

import io
from typing import Any

import segno
from flask import Blueprint, Response, abort, flash, redirect, render_template, request
from flask_babel import gettext as _

from app.access import allow, current_actor, product
from workflows.commands.publish_message import PublishMessage
from workflows.errors import NotFound
from workflows.queries import bookings
from workflows.rules import masking, qr_codes

pages = Blueprint("booking", __name__)
_SCALE = {"svg": 6, "png": 8}


@pages.get("/booking/<token>")
@allow("public")
def show(token: str) -> Any:
    """When, where and for whom (masked), with the QR while it counts."""
    found = _find(token)
    return render_template("booking.html", booking=found, name=masking.person(found["name"]), token=token)


@pages.get("/booking/<token>/qr.<any(svg, png):kind>")
@allow("public")
def picture(token: str, kind: str) -> Any:
    """The QR as a picture."""
    found = _find(token)
    if found["state"] not in ("booked", "arrived"):
        abort(404)
    out = io.BytesIO()
    code = segno.make(qr_codes.for_booking(found["token"]), error="m", micro=False)
    code.save(out, kind=kind, scale=_SCALE[kind], border=4)
    return Response(out.getvalue(), content_type="image/png" if kind == "png" else "image/svg+xml")


@pages.post("/booking/<token>/cancel")
@allow("public")
def cancel(token: str) -> Any:
    """Give the place back, until the patient was received at the unit."""
    found = _find(token)
    variables = {"cancel_reason": request.form.get("reason", "").strip()[:500]}
    message = PublishMessage("withdraw", str(found["case_id"]), variables, must_correlate=True)
    try:
        product().runtime.execute(message, current_actor())
        flash(_("ยกเลิกคิวแล้ว"), "ok")
    except NotFound:
        flash(_("ยกเลิกคิวนี้ไม่ได้แล้ว"), "warn")
    return redirect(f"/booking/{token}")


def _find(token: str) -> Any:
    with product().runtime.reading() as db:
        found = bookings.by_token(db, product().keyring, token.upper()[:40])
    if found is None or found["state"] == "held":
        abort(404)
    return found
