"""The unit's booked queue of the day: scan a QR, confirm who it is, receive the patient."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from app.access import allow, current_actor, product
from app.i18n import words
from workflows.clock import bangkok_date
from workflows.commands.complete_work_item import CompleteWorkItem
from workflows.errors import AlreadyDone, Text
from workflows.queries import bookings
from workflows.rules import qr_codes
from workflows.rules.qr_codes import BookingCode, ClaimCode, UnitCode

pages = Blueprint("bookings_desk", __name__)
_NOT_A_BOOKING = {
    UnitCode: Text("นี่คือ QR ของหน่วยบริการ ไม่ใช่ของการจองคิว", "This is the QR of a unit, not of a booking"),
    ClaimCode: Text("นี่คือรหัส Claim Code ไม่ใช่ QR ของการจองคิว", "This is a claim code, not the QR of a booking"),
}
_UNREADABLE = Text(
    "อ่าน QR นี้ไม่ได้ ให้ผู้รับบริการเปิดหน้าการจองแล้วสแกนใหม่", "This QR cannot be read; open the booking's page and scan again"
)
_NOT_CONFIRMED = Text(
    "ตรวจบัตรหรือหลักฐานของผู้รับบริการ แล้วทำเครื่องหมายยืนยันก่อนรับเข้าบริการ",
    "Look at the patient's card or papers and tick that it is this person before receiving them",
)
_ELSEWHERE = Text("ไม่พบการจองนี้ที่หน่วยบริการของท่าน", "There is no such booking at your unit")


@pages.get("/bookings")
@allow("frontdesk")
def listed() -> Any:
    """Today's queue, or that of another day."""
    return _page(None, None)


@pages.post("/bookings/scan")
@allow("frontdesk")
def scan() -> Any:
    """What a scanned QR stands for: the patient to be received, or why not."""
    text = request.form.get("qr_text", "")[:300]
    code = qr_codes.parse(text)
    if not isinstance(code, BookingCode):
        return _page(None, _NOT_A_BOOKING.get(type(code), _UNREADABLE), text), 422
    with product().runtime.reading() as db:
        found = bookings.by_token(db, product().keyring, code.token)
    if found is None or found["unit_code"] not in _units() or found["state"] == "held":
        return _page(None, _ELSEWHERE, text), 422
    return _page({**found, "today": found["service_on"] == _today()}, None, text)


@pages.post("/bookings/receive")
@allow("frontdesk")
def receive() -> Any:
    """Who it is was confirmed: the booking has arrived, and the patient's authentication may rely on it."""
    code = qr_codes.parse(request.form.get("qr_text", "")[:300])
    with product().runtime.reading() as db:
        found = bookings.by_token(db, product().keyring, code.token) if isinstance(code, BookingCode) else None
        item = bookings.arrival_item(db, found["case_id"]) if found is not None else None
    if found is None or item is None or found["unit_code"] not in _units():
        return _page(None, _ELSEWHERE), 422
    if request.form.get("identity_confirmed") != "true":
        return _page({**found, "today": found["service_on"] == _today()}, _NOT_CONFIRMED, request.form["qr_text"]), 422
    answers = {"result": "arrived", "qr_text": request.form["qr_text"][:300], "identity_confirmed": True}
    with contextlib.suppress(AlreadyDone):  # a second press, or a colleague: the state below says it
        product().runtime.execute(CompleteWorkItem(item, answers), current_actor())
    with product().runtime.reading() as db:
        after = bookings.by_token(db, product().keyring, found["token"])
    if after is not None and after["state"] == "arrived":
        flash(_("รับ %(name)s เข้าบริการแล้ว ทำรายการยืนยันตัวตนต่อได้", name=after["name"]), "ok")
    else:
        flash(_("รับเข้าบริการไม่ได้: การจองนี้ไม่ใช่ของวันนี้หรือสิ้นสุดแล้ว"), "bad")
    return redirect("/bookings")


def _units() -> set[str]:
    groups = (group.partition(":") for group in current_actor().groups)
    return {scope for role, _colon, scope in groups if role == "frontdesk"}


def _today() -> date:
    return bangkok_date(product().runtime.clock.now())


def _page(found: Any, error: Text | None, text: str = "") -> str:
    try:
        on = date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        on = _today()
    with product().runtime.reading() as db:
        rows = [row for unit in sorted(_units()) for row in bookings.of_unit(db, unit, on)]
    return render_template(
        "bookings.html",
        rows=rows,
        on=on,
        today=_today(),
        days=[_today() + timedelta(days=number) for number in range(7)],
        found=found,
        error=words(error) if error else None,
        text=text,
    )
