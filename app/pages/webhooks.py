"""Where a unit's own systems are told of events, and what was sent to them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from app.access import allow, current_actor, product
from app.unit_keepers import WEBHOOK_KEEPERS, kept_units
from workflows.commands.change_webhook import STATES, ChangeWebhook
from workflows.commands.register_webhook import RegisterWebhook
from workflows.commands.rotate_webhook_secret import RotateWebhookSecret
from workflows.commands.send_webhook import SendWebhook
from workflows.errors import Conflict, NotFound, Text
from workflows.queries import webhooks
from workflows.rules.webhooks import EVENTS, TEST, address_problem

pages = Blueprint("webhooks", __name__)
_MOST = 10
_NO_EVENT = Text("เลือกอย่างน้อยหนึ่งเหตุการณ์", "Choose at least one event")
_TOO_MANY = Text("มีปลายทางครบจำนวนแล้ว ลบอันที่ไม่ใช้ก่อน", "Too many endpoints; remove an unused one first")
_WHICH_UNIT = Text("เลือกหน่วยบริการของท่าน", "Choose a unit of yours")
_NAMES = {**EVENTS, TEST: Text("ข้อความทดสอบ", "A test")}


@pages.get("/webhooks")
@allow(*WEBHOOK_KEEPERS, "auditor")
def listed() -> Any:
    """The endpoints of my units, or of all."""
    return _list({})


@pages.post("/webhooks")
@allow(*WEBHOOK_KEEPERS)
def register() -> Any:
    """Register an endpoint; its secret is shown this one time."""
    units, unit = kept_units(current_actor(), WEBHOOK_KEEPERS), request.form.get("unit_code", "").strip()
    if units and len(units) == 1:
        unit = unit or units[0]
    errors = _wrong()
    if units is not None and unit not in units:
        errors["unit_code"] = _WHICH_UNIT
    if len([row for row in _endpoints() if row["unit_code"] == unit]) >= _MOST:
        errors["url"] = _TOO_MANY
    if errors:
        return _list(errors), 422
    command = RegisterWebhook(_account(), unit, _url(), _events(), product().settings.demo)
    try:
        endpoint_id, secret = product().runtime.execute(command, current_actor())
    except NotFound as unknown:
        return _list({"unit_code": unknown.text}), 422
    return _one(endpoint_id, secret=secret)


@pages.get("/webhooks/<int:endpoint_id>")
@allow(*WEBHOOK_KEEPERS, "auditor")
def one(endpoint_id: int) -> Any:
    """One endpoint, and the last messages to it."""
    return _one(endpoint_id)


@pages.post("/webhooks/<int:endpoint_id>")
@allow(*WEBHOOK_KEEPERS)
def change(endpoint_id: int) -> Any:
    """Another address, other events."""
    _mine(endpoint_id)
    errors = _wrong()
    if errors:
        return _one(endpoint_id, errors=errors), 422
    demo = product().settings.demo
    command = ChangeWebhook(_account(), endpoint_id, url=_url(), events=_events(), demo=demo)
    product().runtime.execute(command, current_actor())
    flash(_("บันทึกแล้ว"), "ok")
    return redirect(f"/webhooks/{endpoint_id}")


@pages.post("/webhooks/<int:endpoint_id>/state/<state>")
@allow(*WEBHOOK_KEEPERS)
def set_state(endpoint_id: int, state: str) -> Any:
    """Switch it on or off, or remove it."""
    _mine(endpoint_id)
    if state not in STATES:
        raise NotFound(webhook=endpoint_id)
    product().runtime.execute(ChangeWebhook(_account(), endpoint_id, state=state), current_actor())
    flash({"active": _("เปิดใช้แล้ว"), "paused": _("พักไว้แล้ว"), "removed": _("ลบปลายทางแล้ว")}[state], "ok")
    return redirect("/webhooks" if state == "removed" else f"/webhooks/{endpoint_id}")


@pages.post("/webhooks/<int:endpoint_id>/secret")
@allow(*WEBHOOK_KEEPERS)
def rotate(endpoint_id: int) -> Any:
    """A new secret, shown this one time."""
    _mine(endpoint_id)
    at_once = request.form.get("at_once") == "1"
    command = RotateWebhookSecret(_account(), endpoint_id, at_once=at_once)
    return _one(endpoint_id, secret=product().runtime.execute(command, current_actor()), rotated=not at_once)


@pages.post("/webhooks/<int:endpoint_id>/send")
@allow(*WEBHOOK_KEEPERS)
def send(endpoint_id: int) -> Any:
    """Send a test, or an earlier message again."""
    _mine(endpoint_id)
    again = request.form.get("again", "")
    number = int(again) if again.isascii() and again.isdigit() and len(again) < 19 else None
    if again and number is None:
        raise NotFound(delivery=again)
    try:
        product().runtime.execute(SendWebhook(endpoint_id, number), current_actor())
    except Conflict as not_active:
        return _one(endpoint_id, errors={"send": not_active.text}), 409
    flash(_("เข้าคิวส่งแล้ว ผลจะปรากฏในรายการด้านล่างเมื่อเปิดหน้านี้อีกครั้ง"), "ok")
    return redirect(f"/webhooks/{endpoint_id}")


def _account() -> int:
    account_id = current_actor().account_id
    assert account_id is not None  # the rule of these routes
    return account_id


def _endpoints() -> list[dict[str, Any]]:
    with product().runtime.reading() as db:
        return webhooks.endpoints(db, kept_units(current_actor(), WEBHOOK_KEEPERS))


def _mine(endpoint_id: int) -> dict[str, Any]:
    """An endpoint that this person keeps. Raises NotFound for any other."""
    with product().runtime.reading() as db:
        return dict(webhooks.endpoint(db, endpoint_id, kept_units(current_actor(), WEBHOOK_KEEPERS)))


def _url() -> str:
    return request.form.get("url", "").strip()


def _events() -> tuple[str, ...]:
    return tuple(event for event in EVENTS if event in request.form.getlist("events"))


def _wrong() -> dict[str, Text]:
    found = {"url": address_problem(_url(), demo=product().settings.demo), "events": None if _events() else _NO_EVENT}
    return {name: text for name, text in found.items() if text is not None}


def _shared(errors: dict[str, Text]) -> dict[str, Any]:
    typed = {"url": _url(), "events": _events(), "unit_code": request.form.get("unit_code", "")}
    return {
        "errors": errors,
        "typed": typed if errors else None,
        "events": EVENTS,
        "may_edit": bool(current_actor().roles & set(WEBHOOK_KEEPERS)),
    }


def _list(errors: dict[str, Text]) -> str:
    units = kept_units(current_actor(), WEBHOOK_KEEPERS)
    return render_template("webhooks.html", endpoints=_endpoints(), units=units, **_shared(errors))


def _one(endpoint_id: int, *, secret: str = "", rotated: bool = False, errors: dict[str, Text] | None = None) -> str:
    endpoint = _mine(endpoint_id)
    with product().runtime.reading() as db:
        sent = webhooks.deliveries(db, endpoint_id)
    shown = {"endpoint": endpoint, "sent": sent, "secret": secret, "rotated": rotated, "names": _NAMES}
    return render_template("webhook.html", **shown, **_shared(errors or {}))
