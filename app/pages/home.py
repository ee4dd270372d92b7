"""Where everybody arrives: what one can start, and following a request."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request

from app.access import allow, current_actor
from app.i18n import LANGUAGES
from app.pages_support import local_path, startable

pages = Blueprint("home", __name__)


@pages.get("/")
@allow("public")
def home() -> Any:
    """What one can start, and the way to a request."""
    actor = current_actor()
    if actor.account_id is not None and not request.args.get("stay"):
        return redirect("/inbox")
    return render_template("home.html", processes=startable(actor), number="", phone="", error=None)


@pages.get("/start")
@allow("public")
def start() -> Any:
    """The same list for somebody who is signed in."""
    return render_template("home.html", processes=startable(current_actor()), number="", phone="", error=None)


@pages.post("/language")
@allow("public")
def language() -> Any:
    """Choose the language of this browser."""
    answer = make_response(redirect(local_path(request.form.get("next"))))
    chosen = request.form.get("lang", "th")
    if chosen in LANGUAGES:
        answer.set_cookie("lang", chosen, max_age=365 * 86400, httponly=True, samesite="Lax", secure=request.is_secure)
    return answer


@pages.post("/density")
@allow("public")
def density() -> Any:
    """Choose how dense tables are in this browser."""
    answer = make_response(redirect(local_path(request.form.get("next"))))
    chosen = "roomy" if request.form.get("density") == "roomy" else "compact"
    answer.set_cookie("density", chosen, max_age=365 * 86400, httponly=True, samesite="Lax", secure=request.is_secure)
    return answer
