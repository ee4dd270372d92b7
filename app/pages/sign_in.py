"""Signing in and out, and one's password."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from app import access, passwords
from app.access import allow, current_actor, product
from app.demo.load import introductions
from app.i18n import words
from app.password_rules import PASSWORD_RULES, new_password
from app.refusals import REFUSALS
from app.session_start import begin_session
from workflows.commands.count_attempt import CountAttempt
from workflows.commands.set_password import SetPassword
from workflows.commands.take_back_attempts import TakeBackAttempts
from workflows.errors import Text, TooMany
from workflows.queries import actors, maintenance
from workflows.rules.account_care import refusal

pages = Blueprint("sign_in", __name__)

WRONG = Text(
    "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง ตรวจแล้วลองใหม่ หากลืมหรือยังไม่เคยตั้งรหัสผ่าน กด “ลืมรหัสผ่าน”",
    "The user name or password is wrong; check and try again. If you forgot it or never set one, use “Forgot password”",
)
_ACCOUNT_LIMIT, _ADDRESS_LIMIT, _WINDOW = 10, 60, timedelta(minutes=15)


@pages.get("/sign-in")
@allow("public")
def form() -> Any:
    """The sign-in page."""
    return _page(next_=request.args.get("next", ""))


@pages.post("/sign-in")
@allow("public")
def sign_in() -> Any:
    """Check name and password. Every refusal has its own words and its way out, but only for the right password."""
    username, password = request.form.get("username", "").strip()[:200], request.form.get("password", "")[:200]
    next_ = request.form.get("next", "")
    keys = _keys(username)
    try:
        for key, limit in keys.items():
            product().runtime.execute(CountAttempt(key, limit, _WINDOW), current_actor())
    except TooMany as many:
        return _page(username, many.text, next_, 429)
    with product().runtime.reading() as db:
        account = actors.sign_in_account(db, username)
        resting = maintenance.maintenance_now(db, product().runtime.clock.now())
    if not passwords.matches(account["password_hash"] if account else None, password) or account is None:
        return _page(username, WRONG, next_, 401)
    product().runtime.execute(
        TakeBackAttempts(list(keys)), current_actor()
    )  # a whole hospital signs in from one address
    reason = refusal(account, product().runtime.clock.now())
    if reason is not None:
        refused = REFUSALS[reason]
        return _page(username, refused.text, next_, 403, {"href": refused.path, "label": words(refused.way_out)})
    if resting is not None and not account["is_admin"]:
        return _page(username, resting.refusal, next_, 503)
    return _begin(account["id"], bool(account["must_change_password"]), next_)


@pages.post("/sign-out")
@allow("public")
def sign_out() -> Any:
    """End this session."""
    access.sign_out()
    flash(_("ออกจากระบบแล้ว"), "ok")
    return redirect("/")


@pages.get("/password")
@allow("signed-in")
def password() -> Any:
    """Change one's password."""
    return _password_page({})


@pages.post("/password")
@allow("signed-in")
def change_password() -> Any:
    """Check the old password and store the new one; the session begins anew."""
    actor = current_actor()
    with product().runtime.reading() as db:
        account = actors.sign_in_account(db, actor.id)
    errors: dict[str, Text] = {}
    if account is None or not passwords.matches(account["password_hash"], request.form.get("current", "")):
        errors["current"] = Text("รหัสผ่านปัจจุบันไม่ถูกต้อง", "The current password is wrong")
    about = [actor.id, actor.name, actor.email]
    new = new_password(about, request.form.get("password", ""), request.form.get("again", ""), errors)
    if errors or account is None:
        return _password_page(errors), 422
    product().runtime.execute(SetPassword(passwords.hashed(new), account_id=account["id"]), actor)
    flash(_("เปลี่ยนรหัสผ่านแล้ว ระบบส่งอีเมลยืนยันให้ท่าน"), "ok")
    return _begin(account["id"], False, "/")


def _keys(username: str) -> dict[str, int]:
    """What wrong passwords are counted under, with how many there may be."""
    digest = product().keyring.digest
    return {
        f"sign-in/name/{digest('attempt', username.lower())}": _ACCOUNT_LIMIT,
        f"sign-in/address/{digest('attempt', request.remote_addr or '')}": _ADDRESS_LIMIT,
    }


def _begin(account_id: int, must_change: bool, next_: str) -> Any:
    return begin_session(account_id, must_change, next_) or _page("", WRONG, next_, 401)


def _page(
    username: str = "",
    error: Text | None = None,
    next_: str = "",
    status: int = 200,
    way_out: dict[str, str] | None = None,
) -> Any:
    people = introductions() if product().settings.demo else []
    shown: dict[str, Any] = {
        "thaid": product().thaid is not None,
        "username": username,
        "error": error,
        "way_out": way_out,
        "next": next_,
        "demo_people": people,
    }
    return render_template("sign_in.html", **shown), status


def _password_page(errors: dict[str, Text]) -> str:
    return render_template(
        "password.html", forced=bool(current_user.must_change_password), errors=errors, rules=PASSWORD_RULES
    )
