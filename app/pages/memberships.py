"""Who acts for which group: an account's roles, given and taken back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from app.access import allow, current_actor, product
from workflows.commands.appoint import Appoint
from workflows.errors import Conflict, InvalidAnswers, Text
from workflows.queries import duties
from workflows.rules.duties import DUTIES
from workflows.rules.thai_text import arabic_digits, normalise

pages = Blueprint("memberships", __name__)
_READERS = ("admin", "auditor")
_MOST = 50


@pages.get("/memberships")
@allow(*_READERS)
def people() -> Any:
    """Accounts by user name, name or unit."""
    text = request.args.get("q", "").strip()[:100]
    with product().runtime.reading() as db:
        found = duties.people(db, text, limit=_MOST + 1)
    return render_template("memberships.html", people=found[:_MOST], q=text, more=len(found) > _MOST)


@pages.get("/memberships/<username>")
@allow(*_READERS)
def person(username: str) -> Any:
    """One account's roles."""
    return _page(username)


@pages.post("/memberships/<username>")
@allow("admin")
def appoint(username: str) -> Any:
    """Give a role."""
    typed = {name: request.form.get(name, "").strip()[:100] for name in ("role", "scope")}
    duty = DUTIES.get(typed["role"])
    scope = arabic_digits(normalise(typed["scope"])).upper() if duty is None or duty.scope else ""
    try:
        product().runtime.execute(Appoint(username, typed["role"], scope, wanted=True), current_actor())
    except InvalidAnswers as wrong:
        return _page(username, typed, wrong.errors), 422
    except Conflict as conflict:
        return _page(username, typed, {"role": conflict.text}), 409
    flash(_("มอบบทบาทแล้ว มีผลทันที"), "ok")
    return redirect(f"/memberships/{username}")


@pages.post("/memberships/<username>/remove")
@allow("admin")
def dismiss(username: str) -> Any:
    """Take a role back."""
    role, scope = request.form.get("role", ""), request.form.get("scope", "")
    try:
        product().runtime.execute(Appoint(username, role, scope, wanted=False), current_actor())
    except Conflict as conflict:
        return _page(username, problem=conflict.text), 409
    flash(_("ถอนบทบาทแล้ว มีผลทันที"), "ok")
    return redirect(f"/memberships/{username}")


def _page(
    username: str,
    typed: dict[str, str] | None = None,
    errors: dict[str, Text] | None = None,
    problem: Text | None = None,
) -> str:
    actor = current_actor()
    with product().runtime.reading() as db:
        found = duties.person(db, username)
        held = duties.of(db, found["id"])
    return render_template(
        "membership.html",
        person=found,
        held=[
            {**row, "duty": DUTIES[row["role"]].name if row["role"] in DUTIES else Text(row["role"], row["role"])}
            for row in held
        ],
        duties=DUTIES,
        typed=typed or {"role": "", "scope": ""},
        errors=errors or {},
        problem=problem,
        own=found["id"] == actor.account_id,
        may_edit="admin" in actor.roles,
    )
