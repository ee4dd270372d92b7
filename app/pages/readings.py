"""Reading a card from a page: ask, hand in what the bridge signed, or wait for it on the outbound line."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, jsonify, request

from app.access import allow, current_actor, product, session_mark
from app.i18n import language
from workflows.commands.accept_reading import AcceptReading
from workflows.commands.request_reading import RequestReading
from workflows.errors import Text
from workflows.queries import readings

pages = Blueprint("readings", __name__)
_FAILED = {
    "no_service": Text("เครื่องของท่านยังไม่เปิดบริการอ่านบัตร", "The smart card service of your PC is not running"),
    "no_reader": Text("ไม่พบเครื่องอ่านบัตร ให้เสียบสายเครื่องอ่านบัตร", "There is no card reader; plug it in"),
    "no_card": Text("ยังไม่มีบัตรในเครื่องอ่าน ให้เสียบบัตรประชาชน", "There is no card in the reader; insert it"),
    "card_removed": Text("บัตรถูกดึงออกก่อนอ่านเสร็จ ให้เสียบค้างไว้", "The card was pulled too early; leave it in"),
    "card_busy": Text("โปรแกรมอื่นกำลังใช้บัตรอยู่ รอสักครู่", "Another program is using the card; wait a moment"),
}
_OTHER = Text("อ่านบัตรไม่สำเร็จ ให้เสียบบัตรใหม่แล้วลองอีกครั้ง", "The card could not be read; insert it again and retry")


@pages.post("/readings/requests")
@allow("signed-in")
def ask() -> Any:
    """Permission for one reading, for this session."""
    body = request.get_json(silent=True) or {}
    purpose = body.get("purpose") if isinstance(body, dict) else None
    command = RequestReading(
        session_mark(),
        purpose if isinstance(purpose, str) else "",
        product().settings.base_url,
        isinstance(body, dict) and body.get("photo") is True,
    )
    request_id, challenge = product().runtime.execute(command, current_actor())
    return jsonify(request=str(request_id), challenge=challenge, bridge=product().settings.card_bridge_url)


@pages.post("/readings")
@allow("signed-in")
def hand_in() -> Any:
    """The page brings what the bridge of its PC signed."""
    settings = product().settings
    command = AcceptReading(request.get_json(silent=True), settings.base_url, session_mark(), virtual=settings.demo)
    return _shown(product().runtime.execute(command, current_actor()))


@pages.get("/readings/requests/<int:request_id>")
@allow("signed-in")
def waited(request_id: int) -> Any:
    """Whether the outbound line has answered."""
    with product().runtime.reading() as db:
        found = readings.request_of(db, request_id, current_actor(), session_mark())
    if found is None:
        abort(404)
    if found["state"] == "answered":
        return _shown(found["reading_id"])
    words = _FAILED.get(found["error"], _OTHER) if found["state"] == "failed" else None
    message = (words.en if language() == "en" else words.th) if words else ""
    return jsonify(state=found["state"], message=message)


def _shown(reading_id: int) -> Any:
    """The card as the page fills it in; only for whoever asked."""
    with product().runtime.reading() as db:
        found = readings.reading(db, product().keyring, reading_id, current_actor())
    if found is None:
        abort(404)
    return jsonify(state="answered", reading=str(reading_id), card=found["card"], photo=found["photo"] is not None)
