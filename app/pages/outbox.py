"""The demonstration's outbox: mail and SMS as they would have been sent."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext as _

from app.access import allow, product
from workflows.queries import outbox

pages = Blueprint("outbox", __name__)
_LINK = re.compile(r"https?://[^\s<>\"]+")
_STATES = {"pending": "pending", "failed": "failed"}


@pages.get("/demo/outbox")
@allow("admin")
def show() -> Any:
    """The newest messages. Only in a demonstration."""
    if not product().settings.demo:
        abort(404)
    wanted, text = request.args.get("kind", ""), request.args.get("q", "").strip()
    with product().runtime.reading() as db:
        found = outbox.messages(db, product().keyring, limit=200)
    shown = [
        _shown(row) for row in found if "." not in row["kind"]
    ]  # what parts of the product tell each other is no mail
    counts = {kind: sum(not kind or row["kind"] == kind for row in shown) for kind in ("", "mail", "sms", "line")}
    if text:
        shown = [row for row in shown if text in f"{row['to']} {row['subject']} {row['text']}"]
    labels = {"": _("ทั้งหมด"), "mail": _("อีเมล"), "sms": "SMS", "line": "LINE"}
    tabs = [
        {
            "href": f"/demo/outbox?kind={kind}" if kind else "/demo/outbox",
            "label": label,
            "count": counts[kind],
            "current": kind == wanted,
        }
        for kind, label in labels.items()
    ]
    return render_template(
        "outbox.html",
        messages=[row for row in shown if not wanted or row["kind"] == wanted],
        tabs=tabs,
        q=text,
        page=None,
    )


def _shown(row: Any) -> dict[str, Any]:
    payload = row["payload"]
    text = str(payload.get("text", ""))
    return {
        "id": row["id"],
        "kind": row["kind"],
        "to": payload.get("to", ""),
        "subject": payload.get("subject", ""),
        "text": text,
        "links": _LINK.findall(text),
        "at": row["done_at"] or row["created_at"],
        "status": _STATES.get(row["status"], "sent"),
        "attempts": row["attempts"],
        "error": row["last_error"],
        "number": row["number"] or "",
    }
