"""Is this paper genuine? For whoever holds one; nothing about people is shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request

from app import case_papers
from app.access import allow, product
from app.diagram_words import title
from app.pages_support import case_state
from app.papers.proof import grouped
from app.rate import Limiter
from workflows.errors import TooMany
from workflows.queries import proofs

pages = Blueprint("verify", __name__)
_LIMITER = Limiter(60, timedelta(minutes=5))


@pages.get("/verify")
@allow("public")
def form() -> Any:
    """A field for the code, for those who cannot scan it."""
    code = request.args.get("code", "").strip()
    return show(code) if code else render_template("verify.html", code="", checked=None)


@pages.get("/verify/<code>")
@allow("public")
def show(code: str) -> Any:
    """What the code of a paper stands for; the same 404 for every code that was not made here."""
    wired = product()
    if not _LIMITER.admits(request.remote_addr or ""):
        raise TooMany()
    typed = "".join(code.split()).lower()[-100:].rpartition("/")[2]  # a person may type the whole address
    with wired.runtime.reading() as db:
        found = proofs.check(db, wired.keyring, typed)
    if found is None:
        return render_template("verify.html", code=code[:120], checked=None), 404
    checked = {
        "number": found.case["number"],
        "process": title(found.case["definition_key"]),
        "state": case_state(found.case),
        "sent": case_papers.sent_at(found.case),
        "at": found.record.at,
        "record": grouped(found.record.sha256),
        "whole": found.whole,
    }
    return render_template("verify.html", code=code, checked=checked)
