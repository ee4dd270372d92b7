"""Looking a person up by citizen ID without signing in: which accounts, roles and requests there are, all masked.

A browser with scripts solves a puzzle; without them a code goes to the registered e-mail or mobile. The citizen ID is
posted, never part of an address, and every look-up leaves an event.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request

from app import puzzles
from app.access import allow, current_actor, product
from app.diagram_words import said, title
from app.pages_support import begin_case, case_state, outcome_words
from workflows.clock import real_now
from workflows.commands.count_attempt import CountAttempt
from workflows.commands.note_look_up import NoteLookUp
from workflows.commands.send_look_up_code import SendLookUpCode
from workflows.errors import Text, TooMany
from workflows.queries import people
from workflows.rules import citizen_id, masking, one_time_code
from workflows.sealing import SealBroken

pages = Blueprint("lookup", __name__)
_PER_ADDRESS, _PER_PERSON, _CODES, _WINDOW = 30, 10, 5, timedelta(minutes=15)
_TICKET_LASTS = timedelta(minutes=30)
_LEADS_TO = {
    "more": ("access_request", {"request_kind": "more"}),
    "edit": ("account_edit", {}),
    "cancel": ("account_cancel", {}),
    "reactivate": ("account_reactivate", {}),
}


@pages.get("/lookup")
@allow("public")
def form() -> Any:
    """The field for the citizen ID."""
    return _page()


@pages.post("/lookup")
@allow("public")
def look_up() -> Any:
    """With a solved puzzle: what is known. Without: the choice of where a code goes."""
    typed = request.form.get("pid", "")[:40]
    pid = citizen_id.clean(typed)
    wrong = citizen_id.problem(pid)
    if wrong is not None:
        return _page(typed, errors={"pid": wrong}), 422
    if not request.form.get("nonce"):
        return _page(typed, step="channel")
    wrong = puzzles.problem(request.form.get("puzzle", ""), typed, request.form.get("nonce", "")[:20])
    if wrong is not None:
        return _page(typed, errors={"form": wrong}), 422
    try:
        return _result(pid, "puzzle")
    except TooMany as many:
        return _page(typed, errors={"form": many.text}), 429


@pages.post("/lookup/code")
@allow("public")
def send_code() -> Any:
    """Send a code; the answer is the same whether or not there is an account."""
    typed = request.form.get("pid", "")[:40]
    pid = citizen_id.clean(typed)
    if citizen_id.problem(pid) is not None:
        return _page(typed, errors={"pid": citizen_id.NOT_13_DIGITS}), 422
    by = "email" if request.form.get("by") == "email" else "mobile"
    try:
        _count("code", _CODES, pid)
    except TooMany as many:
        return _page(typed, step="channel", errors={"form": many.text}), 429
    otp = product().runtime.execute(SendLookUpCode(pid, by), current_actor())
    return _page(typed, step="code", otp=otp, ticket=_sealed({"pid": pid, "otp": otp}))


@pages.post("/lookup/prove")
@allow("public")
def prove() -> Any:
    """Check the code; then what is known."""
    found = _opened(request.form.get("ticket", ""))
    if found is None or "otp" not in found:
        return _page(errors={"form": puzzles.STALE}), 410
    otp, pid, code = found["otp"], found["pid"], request.form.get("otp_code", "").strip()
    tries = f"look-up/try/{product().keyring.digest('attempt', otp['digest'])}"
    try:
        product().runtime.execute(
            CountAttempt(tries, one_time_code.MOST_ATTEMPTS, one_time_code.LIFETIME), current_actor()
        )
        wrong = one_time_code.problem(otp, code, product().runtime.clock.now(), product().keyring.digest)
        if wrong is None:
            return _result(pid, "code")
    except TooMany:
        wrong = one_time_code.USED_UP
    return _page(step="code", otp=otp, ticket=request.form["ticket"], errors={"otp_code": wrong}), 422


@pages.post("/lookup/go")
@allow("public")
def go() -> Any:
    """Start what a button of the result leads to, with the citizen ID filled in."""
    found, leads_to = _opened(request.form.get("ticket", "")), _LEADS_TO.get(request.form.get("to", ""))
    if found is None or leads_to is None:
        return redirect("/lookup")
    process_id, known = leads_to
    process = product().runtime.services.definitions.latest_process(process_id)
    case_id, first = begin_case(process.key, {**known, "pid": found["pid"]})
    return redirect(f"/work/{first}" if first else f"/cases/{case_id}")


def _result(pid: str, by: str) -> Any:
    """Count, note, look up: in the same steps whether or not the person is known."""
    _count("see", _PER_PERSON, pid)
    wired = product()
    wired.runtime.execute(NoteLookUp(wired.keyring.index("pid", pid), by), current_actor())
    with wired.runtime.reading() as db:
        found = people.looked_up(db, wired.keyring, pid)
    for row in found["requests"]:
        key = row["definition_key"]
        row |= {"process": title(key), "outcome_words": outcome_words(row), "stage": said(key, row["stage"])}
        row["case_state"] = case_state(row)
    return _page(step="result", found=found, masked=masking.pid(pid), ticket=_sealed({"pid": pid}))


def _count(what: str, per_person: int, pid: str) -> None:
    keyring = product().keyring
    for kind, value, limit in (
        ("address", request.remote_addr or "", _PER_ADDRESS),
        ("person", pid, per_person),
    ):
        key = f"look-up/{what}/{kind}/{keyring.digest('attempt', value)}"
        product().runtime.execute(CountAttempt(key, limit, _WINDOW), current_actor())


def _sealed(value: dict[str, Any]) -> str:
    """A value that goes through the browser unread and unchanged, for half an hour."""
    until = (real_now() + _TICKET_LASTS).timestamp()
    clear = json.dumps({**value, "until": until}).encode()
    return urlsafe_b64encode(product().keyring.seal("look-up/ticket", clear)).decode()


def _opened(ticket: str) -> dict[str, Any] | None:
    try:
        value: dict[str, Any] = json.loads(product().keyring.unseal("look-up/ticket", urlsafe_b64decode(ticket)))
    except (SealBroken, ValueError):
        return None
    return value if value["until"] > real_now().timestamp() else None


def _page(pid: str = "", step: str = "ask", errors: dict[str, Text] | None = None, **shown: Any) -> str:
    fresh = puzzles.issue() if step == "ask" else ""
    values = {"otp": None, "ticket": "", "found": None, "masked": "", **shown}
    bits = product().settings.puzzle_bits
    return render_template("lookup.html", pid=pid, step=step, errors=errors or {}, puzzle=fresh, bits=bits, **values)
