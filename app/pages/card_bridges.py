"""The card bridges of clinics' PCs: codes to enrol with, fingerprints to compare, revocation."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext as _

from app.access import allow, current_actor, product
from workflows.commands.decide_card_bridge import DecideCardBridge
from workflows.commands.make_enrolment_code import MakeEnrolmentCode
from workflows.errors import NotFound, Text
from workflows.queries import readings

pages = Blueprint("card_bridges", __name__)
_KEEPERS = ("admin", "signatory")


@pages.get("/card-bridges")
@allow(*_KEEPERS, "auditor")
def listed() -> Any:
    """The PCs of all units, or of one's own."""
    return _page(None, None)


@pages.post("/card-bridges/codes")
@allow(*_KEEPERS)
def make_code() -> Any:
    """A code for one PC; shown this one time."""
    unit = _own_unit() or request.form.get("unit_code", "").strip()
    try:
        code = product().runtime.execute(MakeEnrolmentCode(unit), current_actor())
    except NotFound as unknown:
        return _page(None, unknown.text), 422
    return _page({"unit": unit, "code": code}, None)


@pages.post("/card-bridges/<device_id>/approve")
@allow(*_KEEPERS)
def approve(device_id: str) -> Any:
    """The fingerprint is the same on both screens."""
    return _decide(device_id, approve=True)


@pages.post("/card-bridges/<device_id>/revoke")
@allow(*_KEEPERS)
def revoke(device_id: str) -> Any:
    """Readings of this PC count no more."""
    return _decide(device_id, approve=False)


def _decide(device_id: str, *, approve: bool) -> Any:
    with product().runtime.reading() as db:
        known = {row["id"] for row in readings.bridges(db, _own_unit())}
    if device_id not in known:
        abort(404)
    product().runtime.execute(DecideCardBridge(device_id, approve), current_actor())
    flash(_("อนุมัติเครื่องแล้ว") if approve else _("ยกเลิกเครื่องแล้ว ผลการอ่านจากเครื่องนี้จะไม่ถูกรับอีก"), "ok")
    return redirect("/card-bridges")


def _own_unit() -> str | None:
    """The unit whose PCs this person keeps; None for those who keep all."""
    actor = current_actor()
    return None if actor.roles & {"admin", "auditor"} else actor.organisation


def _page(made: dict[str, str] | None, error: Text | None) -> str:
    with product().runtime.reading() as db:
        rows = readings.bridges(db, _own_unit())
    return render_template(
        "card_bridges.html",
        bridges=rows,
        made=made,
        error=error,
        server=product().settings.base_url,
        own_unit=_own_unit(),
        may_edit=bool(current_actor().roles & set(_KEEPERS)),
        typed=request.form.get("unit_code", ""),
    )
