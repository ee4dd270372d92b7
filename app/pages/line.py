"""What people of LINE do: register, family, book, ask for a code at a unit, look at their codes. Phone first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from app import line_registration, line_session
from app.access import allow, current_actor, product
from app.pages_support import begin_case
from workflows.commands.change_line_family import LeaveLine, RemoveLineFamily
from workflows.commands.count_attempt import CountAttempt
from workflows.commands.scan_unit import ScanUnit
from workflows.errors import Conflict, NotAllowed, Text, TooMany
from workflows.queries import bookings
from workflows.register import Register
from workflows.rules import line_eligibility, masking

pages = Blueprint("line", __name__)
_SCANS = (30, timedelta(minutes=15))


@pages.get("/line")
@allow("public")
def home() -> Any:
    """What one can do here; first of all sign in with LINE and register."""
    user = line_session.user_id()
    people = _people(user)
    with product().runtime.reading() as db:
        mine = bookings.upcoming(db, product().keyring, line_session.actor_of(user)) if people and user else []
    mine = [{**each, "name": masking.person(each["name"])} for each in mine]
    return render_template(
        "line/home.html",
        signed_in=user is not None,
        people=people,
        bookings=mine,
        most=line_eligibility.MOST_FAMILY,
        **_frame(),
    )


@pages.get("/line/register")
@allow("public")
def ask() -> Any:
    """The consent text with citizen ID and phone."""
    user = line_session.user_id()
    return redirect("/line") if user is None or _people(user) else _registration({}, {})


@pages.post("/line/register")
@allow("public")
def register() -> Any:
    """Register, or keep that the person declined."""
    user = _user()
    if request.form.get("_go") == "decline":
        line_registration.decline(user)
        flash(_("บันทึกว่าท่านไม่ยินยอมแล้ว ระบบไม่เก็บข้อมูลอื่น ท่านยังใช้บริการที่หน่วยบริการได้ตามปกติ"), "info")
        return redirect("/line")
    errors = line_registration.register(user, request.form)
    if errors:
        return _registration(request.form, errors), 422
    flash(_("ลงทะเบียนแล้ว"), "ok")
    return redirect("/line")


@pages.get("/line/family")
@allow("public")
def family() -> Any:
    """For whom this account answers."""
    user = line_session.user_id()
    return _family({}, {}) if user and _people(user) else redirect("/line")


@pages.post("/line/family")
@allow("public")
def add() -> Any:
    """One more member, or what is missing."""
    errors = line_registration.add_family(_user(), request.form)
    if errors:
        return _family(request.form, errors), 422
    flash(_("เพิ่มบุคคลในครอบครัวแล้ว"), "ok")
    return redirect("/line/family")


@pages.post("/line/family/<int:member_id>/remove")
@allow("public")
def remove(member_id: int) -> Any:
    """One member less."""
    product().runtime.execute(RemoveLineFamily(member_id), line_session.actor_of(_user()))
    flash(_("ลบออกจากครอบครัวแล้ว"), "ok")
    return redirect("/line/family")


@pages.get("/line/scan")
@allow("public")
def look() -> Any:
    """The field for the unit's QR."""
    user = line_session.user_id()
    return _scan(None, None) if user and _people(user) else redirect("/line")


@pages.post("/line/scan")
@allow("public")
def scan() -> Any:
    """Keep that this person, or who they answer for, is at the unit."""
    actor = line_session.actor_of(_user())
    try:
        product().runtime.execute(CountAttempt(f"scan/{actor.id.removeprefix('visitor:')}", *_SCANS), actor)
        done = product().runtime.execute(
            ScanUnit(request.form.get("qr_text", "")[:300], request.form.get("patient", "self")[:30]), actor
        )
    except (Conflict, TooMany) as refused:
        return _scan(None, refused.text), 422
    return _scan(done, None)


@pages.get("/line/codes")
@allow("public")
def codes() -> Any:
    """Claim codes of the owner and the family, masked."""
    user = line_session.user_id()
    if user is None or not _people(user):
        return redirect("/line")
    with product().runtime.reading() as db:
        rows = bookings.own_codes(db, line_session.actor_of(user))
    shown = [{**row, "code": masking.claim_code(row["claim_code"])} for row in rows]
    return render_template("line/codes.html", rows=shown, **_frame())


@pages.post("/line/book")
@allow("public")
def book() -> Any:
    """Start booking, as this person of LINE."""
    user = _user()
    if current_actor().account_id is not None:
        flash(_("เบราว์เซอร์นี้เข้าสู่ระบบเจ้าหน้าที่อยู่ ออกจากระบบก่อนจองคิวในฐานะผู้ใช้ LINE"), "warn")
        return redirect("/line")
    if not _people(user):
        return redirect("/line")
    line_session.prove(user)
    process = product().runtime.services.definitions.latest_process("queue_booking")
    _case, first = begin_case(process.key, {})
    return redirect(f"/work/{first}")


@pages.post("/line/leave")
@allow("public")
def leave() -> Any:
    """Bind this LINE account to nobody."""
    product().runtime.execute(LeaveLine(), line_session.actor_of(_user()))
    flash(_("เลิกใช้แล้ว บัญชี LINE นี้ไม่ผูกกับเลขประจำตัวประชาชนใด"), "ok")
    return redirect("/line")


def _user() -> str:
    user = line_session.user_id()
    if user is None:
        raise NotAllowed(Text("เข้าสู่ระบบด้วย LINE ก่อน แล้วทำรายการนี้อีกครั้ง", "Sign in with LINE first, then try again"))
    return user


def _people(user: str | None) -> list[Any]:
    """The registered person with the family; nobody for whoever is not registered."""
    if user is None:
        return []
    with product().runtime.reading() as db:
        found = Register(db, product().keyring, locked=False).queue().people(line_session.actor_of(user))
    # whoever typed somebody's number must not learn the whole name from it
    return [{**each, "name": masking.person(each["name"])} for each in found]


def _frame() -> dict[str, Any]:
    line = product().line
    return {"simulated": line is not None and line.simulator is not None, "has_line": line is not None}


def _registration(values: Any, errors: dict[str, Text]) -> str:
    return render_template(
        "line/register.html", consent=line_registration.consent(), values=values, errors=errors, **_frame()
    )


def _family(values: Any, errors: dict[str, Text]) -> str:
    people = _people(line_session.user_id())
    return render_template(
        "line/family.html",
        people=people,
        relations=line_eligibility.RELATIONS,
        most=line_eligibility.MOST_FAMILY,
        consent=line_registration.consent(),
        values=values,
        errors=errors,
        **_frame(),
    )


def _scan(done: Any, error: Text | None) -> str:
    people, text = _people(line_session.user_id()), request.form.get("qr_text", "")[:300]
    chosen = request.form.get("patient", "self")
    return render_template(
        "line/scan.html", people=people, done=done, error=error, text=text, chosen=chosen, **_frame()
    )
