"""What every page's frame shows: who is here, how much waits, which files of the bundle exist."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, request, session, url_for
from sqlalchemy.exc import OperationalError

from app.access import current_actor, product
from app.i18n import language
from workflows.queries import cases, inbox, maintenance
from workflows.queries.maintenance import Window
from workflows.records import Organisation
from workflows.rules import thai_dates

_STATIC = Path(__file__).parent / "static"


def install(app: Flask) -> None:
    """Give templates the frame's values."""
    app.jinja_env.globals.update(asset=asset, static=static)

    @app.context_processor
    def _frame() -> dict[str, Any]:
        actor = current_actor()
        shown: dict[str, Any] = {
            "actor": None if actor.id == "visitor:" else actor,
            "lang": language(),
            "density": "roomy" if request.cookies.get("density") == "roomy" else "compact",
            "demo": product().settings.demo,
            "counts": {},
            "org_name": "",
            "maintenance": [],
        }
        with suppress(OperationalError), product().runtime.reading() as db:  # a page about a lost database needs none
            now = product().runtime.clock.now()
            shown["maintenance"] = [_announced(window, now) for window in maintenance.announced(db, now)]
            if actor.account_id is not None:
                waiting = inbox.counts(db, actor, now)
                shown["org_name"] = _organisation(db, actor.organisation)
                shown["counts"] = {
                    "mine": waiting["mine"],
                    "group": waiting["groups"],
                    "cases": cases.count_open_of(db, actor),
                }
        return shown


def asset(name: str) -> str | None:
    """The URL of a file of the browser bundle; None when the bundle was not built."""
    hashed = _manifest().get(name)
    return url_for("static", filename=f"dist/{hashed}") if hashed else None


@cache
def static(name: str) -> str:
    """The URL of a file of ours with its content hash, so that it may be kept for long."""
    digest = hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:12]
    return url_for("static", filename=name, v=digest)


@cache
def _manifest() -> dict[str, str]:
    file = _STATIC / "dist" / "manifest.json"
    found: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    return found


def _announced(window: Window, now: datetime) -> dict[str, Any]:
    return {
        "now": window.is_now(now),
        "system": window.system_name,
        "start": thai_dates.moment(window.starts_at, language()),
        "until": thai_dates.moment(window.ends_at, language()),
        "text": window.text,
    }


def _organisation(db: Any, code: str) -> str:
    if not code:
        return ""
    if session.get("org", ["", ""])[0] != code:
        name = db.execute(Organisation.__table__.select().where(Organisation.code == code)).mappings().first()
        session["org"] = [code, name["name"] if name else ""]
    return str(session["org"][1])
