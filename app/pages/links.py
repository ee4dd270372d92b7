"""Links from mails that work once: activating an account, returning to a request."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from app import passwords
from app.access import allow, become_visitor, current_actor, product
from app.pages_support import token_hash
from app.password_rules import PASSWORD_RULES, new_password
from workflows.commands.count_attempt import CountAttempt
from workflows.commands.send_return_code import SendReturnCode
from workflows.commands.set_password import SetPassword
from workflows.commands.use_return_link import UseReturnLink
from workflows.errors import Text, TooMany
from workflows.queries import inbox, links
from workflows.rules import masking

pages = Blueprint("links", __name__)


@pages.get("/activate/<token>")
@allow("public")
def activate(token: str) -> Any:
    """Set the first password. Opening the link changes nothing: mail scanners open links."""
    return _activation(token, {})


@pages.post("/activate/<token>")
@allow("public")
def set_first_password(token: str) -> Any:
    """Store the password, use the link up, confirm by e-mail."""
    with product().runtime.reading() as db:
        found = links.usable(db, token_hash(token), "activation", product().runtime.clock.now())
    if found is None:
        return _activation(token, {}), 410
    errors: dict[str, Text] = {}
    about = [found["username"], found["first_name"], found["last_name"], found["email"]]
    password = new_password(about, request.form.get("password", ""), request.form.get("again", ""), errors)
    if errors:
        return _activation(token, errors), 422
    product().runtime.execute(SetPassword(passwords.hashed(password), link_hash=token_hash(token)), current_actor())
    flash(_("เปิดใช้บัญชีแล้ว เข้าสู่ระบบด้วยรหัสผ่านใหม่ได้ทันที"), "ok")
    return redirect("/sign-in")


@pages.get("/return/<token>")
@allow("public")
def come_back(token: str) -> Any:
    """Come back to a returned request; a button sends a code to the phone of the request."""
    return _return(token, None, False)


@pages.post("/return/<token>")
@allow("public")
def prove(token: str) -> Any:
    """Send the code, then check it; with the right code this browser may correct the request."""
    runtime = product().runtime
    with runtime.reading() as db:
        found = links.usable(db, token_hash(token), "return", runtime.clock.now())
    if found is None:
        return _return(token, None, False), 410
    typed = request.form.get("otp_code", "").strip()
    key = f"return/{token_hash(token)[:32]}"
    try:
        if not typed:
            runtime.execute(CountAttempt(f"{key}/send", 3, timedelta(minutes=15)), current_actor())
            runtime.execute(SendReturnCode(token_hash(token)), current_actor())
            return _return(token, None, True)
        runtime.execute(CountAttempt(f"{key}/try", 5, timedelta(minutes=5)), current_actor())
    except TooMany as many:
        return _return(token, many.text, True), 429
    with runtime.reading() as db:
        wrong = links.wrong_code(db, product().keyring, token_hash(token), typed, runtime.clock.now())
    if wrong is not None:
        return _return(token, wrong, True), 422
    case_id, requester = runtime.execute(UseReturnLink(token_hash(token)), current_actor())
    actor = become_visitor(requester.removeprefix("visitor:"))
    with runtime.reading() as db:
        waiting = inbox.next_item(db, actor, runtime.clock.now(), case_id=case_id)
    return redirect(f"/work/{waiting}" if waiting else f"/cases/{case_id}")


def _activation(token: str, errors: dict[str, Text]) -> str:
    with product().runtime.reading() as db:
        state, found = links.state(db, token_hash(token), "activation", product().runtime.clock.now())
    return render_template(
        "activate.html",
        purpose="account",
        token=token,
        masked=masking.username(found["username"]) if found else "",
        expires=found["expires_at"] if found else None,
        gone=None if state == "usable" else state,
        way_out={"href": "/track", "label": _("ติดตามคำขอ")},
        errors=errors,
        rules=PASSWORD_RULES,
        otp=False,
        error=None,
    )


def _return(token: str, error: Text | None, sent: bool) -> str:
    with product().runtime.reading() as db:
        state, found = links.state(db, token_hash(token), "return", product().runtime.clock.now())
    return render_template(
        "activate.html",
        purpose="return",
        token=token,
        masked=found["number"] if found else "",
        expires=found["expires_at"] if found else None,
        gone=None if state == "usable" else state,
        way_out={"href": "/track", "label": _("ติดตามคำขอ")},
        errors={},
        rules=(),
        otp=sent,
        otp_ref=found["code_ref"] if found else "",
        error=error,
    )
