"""Following a request by its number and phone, without signing in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask_babel import gettext as _
from sqlalchemy import Connection

from app import bulk_shown, case_papers
from app.access import allow, current_actor, product
from app.diagram_words import said, title
from app.pages_support import case_state, outcome_words, sla_shown, stepper
from app.security import file_answer
from workflows.commands.count_attempt import CountAttempt
from workflows.commands.open_return import VISITOR, OpenReturn
from workflows.errors import Text, TooMany
from workflows.queries import bulk, cases, linked, rounds, tracking
from workflows.rules import case_number, masking

pages = Blueprint("track", __name__)
UNKNOWN = Text(
    "ไม่พบคำขอที่ตรงกับเลขเรื่องและโทรศัพท์นี้ ตรวจทั้งสองช่องแล้วลองใหม่",
    "No request matches this number and phone; check both and try again",
)
LIMIT, WINDOW = 30, timedelta(minutes=15)
OPENINGS = 3, timedelta(minutes=15)
"""How often one request is opened again: each time may send an SMS."""


@pages.get("/track")
@allow("public")
def form() -> Any:
    """The two fields."""
    return _page()


@pages.post("/track")
@allow("public")
def track() -> Any:
    """The masked state of the request, or the same 404 for anything else."""
    number, phone = _asked()
    found, refusal = _found(number, phone)
    if found is None:
        return refusal
    with product().runtime.reading() as db:
        open_elements = [item["element_id"] for item in cases.open_items(db, found["id"])]
        steps = stepper(db, found, open_elements)
        events = [
            {"at": event["at"], **_told(event, said(found["definition_key"], event["name"]))}
            for event in tracking.milestones(db, found["id"])
            if event["name"]
        ]
        parts, effective = other_parts(db, found["id"]), effective_on(db, found["id"])
        persons = [f"{word} {n}" for word, _tone, n in bulk_shown.counts(person_counts(db, found["id"]))]
    shown = {"steps": steps, "events": events[::-1], "effective": effective, "parts": parts, "persons": persons}
    result = {**masked(found), **shown}
    return _page(number, phone, None, result)


@pages.post("/track/receipt.pdf")
@allow("public")
def receipt() -> Any:
    """The receipt of the request, with its person masked as on the page; or the same 404 for anything else."""
    number, phone = _asked()
    found, refusal = _found(number, phone)
    if found is None:
        return refusal
    with product().runtime.reading() as db:
        made = case_papers.receipt(db, found, masked(found)["subject"])
    return file_answer(made, "application/pdf", f"{_('ใบรับคำขอ')}-{found['number']}.pdf", download=True)


@pages.post("/track/open")
@allow("public")
def open_again() -> Any:
    """On to the code that opens the request of somebody without an account; or the same 404 for anything else."""
    number, phone = _asked()
    found, refusal = _found(number, phone)
    if found is None:
        return refusal
    runtime, actor = product().runtime, current_actor()
    try:
        runtime.execute(CountAttempt(f"return-open/{found['id']}", *OPENINGS), actor)
    except TooMany as many:
        return _page(number, phone, many.text), 429
    return redirect(f"/return/{runtime.execute(OpenReturn(found['id']), actor)}")


def _told(event: Mapping[str, Any], step: str) -> dict[str, str]:
    """A step in words: a step called "agreement of the head" may have ended otherwise."""
    match event["decision"]:
        case "reject":
            return {"text": _("%(step)s: ไม่อนุมัติ", step=step), "tone": "bad"}
        case "return":
            return {"text": _("%(step)s: ส่งกลับให้แก้ไข", step=step), "tone": "warn"}
    return {"text": step, "tone": ""}


def _asked() -> tuple[str, str]:
    """Number and phone as they were typed."""
    return request.form.get("case", "")[:40], request.form.get("phone", "")[:40]


def _found(number: str, phone: str) -> tuple[Mapping[str, Any] | None, Any]:
    """The request, or the answer that tells nothing about it."""
    try:
        found = look_up(number, phone)
    except TooMany as many:
        return None, (_page(number, phone, many.text), 429)
    return found, None if found is not None else (_page(number, phone, UNKNOWN), 404)


def effective_on(db: Connection, case_id: int) -> date | None:
    """The day of the round that a case goes by, if it goes by one: its rights become effective or are issued then."""
    found = rounds.of_case(db, case_id)
    return found["effective_on"] if found else None


def person_counts(db: Connection, case_id: int) -> dict[str, int]:
    """How many persons of a bulk request are in which state, nothing about who; empty for any other."""
    return bulk.states(db, case_id)


def other_parts(db: Connection, case_id: int) -> list[dict[str, Any]]:
    """The other cases of the same request: process, state, stage and effective day of each."""
    return [
        {
            "process": _process_name(part),
            "state": case_state(part),
            "stage": said(part["definition_key"], part["stage"]),
            "effective": effective_on(db, part["id"]),
        }
        for part in linked.others(db, case_id)
    ]


def _process_name(case: Mapping[str, Any]) -> str:
    return title(case["definition_key"])


def look_up(number: str, phone: str) -> Mapping[str, Any] | None:
    """The case for number and phone. Counts the look-up for this address; raises TooMany."""
    wired = product()
    key = f"track/{wired.keyring.digest('attempt', request.remote_addr or '')}"
    wired.runtime.execute(CountAttempt(key, LIMIT, WINDOW), current_actor())
    with wired.runtime.reading() as db:
        return tracking.track(db, wired.keyring, case_number.parse(number) or number, phone)


def masked(case: Mapping[str, Any]) -> dict[str, Any]:
    """What the public page shows of a case."""
    person, _, about = case["subject"].partition(" · ")
    first, _, last = person.partition(" ")
    subject = masking.full_name(first, last)  # a bulk request names nobody: it stays as it is
    return {
        "number": case["number"],
        "process": _process_name(case),
        "subject": f"{subject} · {about}" if about else subject,
        "unit": f"{case['unit_code']} {case['unit_name'] or ''}".strip(),
        "state": case_state(case),
        "stage": said(case["definition_key"], case["stage"]),
        "sla": sla_shown(case),
        "started": case["started_at"],
        "updated": case["ended_at"] or case["started_at"],
        "effective": None,
        "persons": [],
        "outcome": outcome_words(case),
        "opens": str(case["requester"]).startswith(VISITOR),
    }


def _page(number: str = "", phone: str = "", error: Text | None = None, result: Any = None) -> str:
    return render_template("track.html", number=number, phone=phone, error=error, result=result)
