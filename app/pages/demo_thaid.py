"""The demonstration's ThaID: a page that asks which invented person to be.

There is none of it outside of a demonstration, nor where the real ThaID is set up.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, render_template, request

from app.access import allow, product
from app.adapters.thaid import Identity
from app.adapters.thaid_demo import NEWCOMERS, DemoThaid
from app.demo.people import PEOPLE, Person

pages = Blueprint("demo_thaid", __name__)
_EVERYBODY: list[Identity | Person] = [*NEWCOMERS, *PEOPLE]
_PEOPLE = {each.pid: each for each in _EVERYBODY}


@pages.get("/demo/thaid")
@allow("public")
def choose() -> Any:
    """Which person to be."""
    _simulator()
    usernames = {each.pid: each.username for each in PEOPLE}
    people = [
        {"pid": pid, "name": f"{each.title}{each.first_name} {each.last_name}", "who": usernames.get(pid, "")}
        for pid, each in _PEOPLE.items()
    ]
    return render_template("demo_thaid.html", people=people, state=_text("state"), nonce=_text("nonce"))


@pages.post("/demo/thaid")
@allow("public")
def chosen() -> Any:
    """Go back as ThaID would: with a code, or without one."""
    simulator = _simulator()
    state, pid = request.form.get("state", "")[:200], request.form.get("pid", "")
    if not pid:
        return redirect(f"/thaid/callback?{urlencode({'state': state, 'error': 'access_denied'})}")
    if pid not in _PEOPLE:
        abort(404)
    person = _PEOPLE[pid]
    code = simulator.code(pid, person.title, person.first_name, person.last_name, request.form.get("nonce", "")[:200])
    return redirect(f"/thaid/callback?{urlencode({'state': state, 'code': code})}")


def _simulator() -> DemoThaid:
    found = product().thaid
    if not isinstance(found, DemoThaid):
        abort(404)
    return found


def _text(name: str) -> str:
    return request.args.get(name, "")[:200]
