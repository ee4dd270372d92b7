"""Signing in with LINE: OpenID Connect, code flow, with state and nonce of this browser."""

from __future__ import annotations

import hmac
import secrets
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, session
from flask_babel import gettext as _

from app import line_session
from app.access import allow, current_actor, product
from app.adapters.line import LineRefused
from app.i18n import words
from app.wiring import Line

pages = Blueprint("line_sign_in", __name__)


def channel() -> Line:
    """The LINE account of this installation; there is no such page without one."""
    found = product().line
    if found is None:
        abort(404)
    return found


@pages.get("/line/sign-in")
@allow("public")
def begin() -> Any:
    """Send the browser to LINE."""
    line = channel()
    state, nonce = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    session["line_asked"] = [state, nonce]
    return redirect(line.login.address(state, nonce, _back()))


@pages.get("/line/callback")
@allow("public")
def come_back() -> Any:
    """LINE sends the browser back with a code, which only the browser that asked may use, once."""
    line = channel()
    state, nonce = session.pop("line_asked", ("", ""))
    given = request.args.get("state", "")
    if not state or not hmac.compare_digest(state.encode(), given.encode()):
        flash(_("การเข้าสู่ระบบด้วย LINE หมดอายุหรือเริ่มจากหน้าต่างอื่น กรุณาเริ่มใหม่"), "warn")
        return redirect("/line")
    if "code" not in request.args:  # somebody pressed "cancel" in LINE
        flash(_("ท่านยังไม่ได้เข้าสู่ระบบด้วย LINE"), "warn")
        return redirect("/line")
    try:
        user = line.login.user(request.args["code"][:2000], nonce, _back(), product().runtime.clock.now())
    except LineRefused as refused:
        flash(words(refused.text), "bad")
        return redirect("/line")
    line_session.prove(user)
    return redirect("/line")


@pages.post("/line/sign-out")
@allow("public")
def sign_out() -> Any:
    """This browser acts for nobody in LINE any more."""
    if current_actor().account_id is None:
        session.clear()
    line_session.forget()
    return redirect("/line")


def _back() -> str:
    return f"{product().settings.base_url}/line/callback"
