"""Links of the life of an account: a new password, keeping the old one, an address that agrees to its change.

Opening a link changes nothing, because mail scanners open links; its button does.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from app import passwords
from app.access import allow, current_actor, product
from app.i18n import words
from app.pages_support import token_hash
from app.password_rules import PASSWORD_RULES, new_password
from workflows.commands.answer_email_link import AnswerEmailLink
from workflows.commands.keep_password import KeepPassword
from workflows.commands.set_password import SetPassword
from workflows.errors import Conflict, NotAllowed, Text
from workflows.queries import links
from workflows.rules import masking

pages = Blueprint("account_links", __name__)
_ADDRESSES = ("email_old", "email_new")


@pages.get("/reset/<token>")
@allow("public")
def reset(token: str) -> Any:
    """The form for a new password."""
    return _page(token, "reset", {})


@pages.post("/reset/<token>")
@allow("public")
def set_new_password(token: str) -> Any:
    """Store the new password, use the links up, end sessions and tokens, confirm by e-mail."""
    with product().runtime.reading() as db:
        found = links.usable(db, token_hash(token), "reset", product().runtime.clock.now())
    if found is None:
        return _page(token, "reset", {}), 410
    errors: dict[str, Text] = {}
    about = [found["username"], found["first_name"], found["last_name"], found["email"]]
    password = new_password(about, request.form.get("password", ""), request.form.get("again", ""), errors)
    if errors:
        return _page(token, "reset", errors), 422
    product().runtime.execute(SetPassword(passwords.hashed(password), link_hash=token_hash(token)), current_actor())
    flash(_("ตั้งรหัสผ่านใหม่แล้ว เข้าสู่ระบบได้ทันที"), "ok")
    return redirect("/sign-in")


@pages.get("/keep-password/<token>")
@allow("public")
def keep(token: str) -> Any:
    """What keeping the old password means."""
    return _page(token, "keep", {})


@pages.post("/keep-password/<token>")
@allow("public")
def keep_password(token: str) -> Any:
    """The holder had not asked: the old password works again."""
    try:
        product().runtime.execute(KeepPassword(token_hash(token)), current_actor())
    except NotAllowed:
        return _page(token, "keep", {}), 410
    flash(_("รหัสผ่านเดิมใช้ได้ต่อไป ภายใน 7 วันนี้คำขอจากผู้อื่นจะไม่ทำให้รหัสผ่านของท่านใช้ไม่ได้อีก"), "ok")
    return redirect("/sign-in")


@pages.get("/confirm-email/<token>")
@allow("public")
def confirm(token: str) -> Any:
    """Ask whether the address agrees."""
    return _page(token, _ADDRESSES, {})


@pages.post("/confirm-email/<token>")
@allow("public")
def answer(token: str) -> Any:
    """Bring the answer to the request that waits for it."""
    if request.form.get("answer") not in ("yes", "no"):
        return _page(token, _ADDRESSES, {}), 422  # neither button: nothing is decided for anybody
    agrees = request.form.get("answer") == "yes"
    try:
        command = AnswerEmailLink(token_hash(token), "yes" if agrees else "no")
        awaited = product().runtime.execute(command, current_actor())
    except NotAllowed:
        return _page(token, _ADDRESSES, {}), 410
    except Conflict as conflict:
        flash(words(conflict.text), "warn")
        return redirect("/track")
    if awaited:
        flash(_("บันทึกการยืนยันแล้ว ยังรอการยืนยันจากอีเมลอีกแห่งหนึ่ง อีเมลจะเปลี่ยนเมื่อยืนยันครบทั้งสองแห่ง"), "ok")
    else:
        flash(_("บันทึกการยืนยันแล้ว") if agrees else _("บันทึกการปฏิเสธแล้ว อีเมลจะไม่เปลี่ยน"), "ok")
    return redirect("/track")


def _page(token: str, purpose: str | tuple[str, ...], errors: dict[str, Text]) -> str:
    with product().runtime.reading() as db:
        state, found = links.state(db, token_hash(token), purpose, product().runtime.clock.now())
    shown = purpose if isinstance(purpose, str) else "email"
    way_out = {"href": "/track", "label": _("ติดตามคำขอ")}
    if shown != "email":
        way_out = {"href": "/start/password_reset", "label": _("ลืมรหัสผ่าน")}
    return render_template(
        "activate.html",
        purpose=shown,
        token=token,
        masked=(masking.username(found["username"]) if found["username"] else found["number"]) if found else "",
        expires=found["expires_at"] if found else None,
        gone=None if state == "usable" else state,
        way_out=way_out,
        errors=errors,
        rules=PASSWORD_RULES,
        otp=False,
        error=None,
    )
