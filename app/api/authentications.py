"""Hospitals' own systems open, follow and close patients' authentications (``docs/api.md``, chapter for hospitals)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Response, jsonify, request

from app import authentication_steps as steps
from app.access import allow, current_actor, product
from app.api import authentication_shown as shown
from app.api.body import Body, read_body, storable, wrong
from app.api.describe import ANYTHING, FLAG, NUMBER, TEXT, WHEN, describe, options
from app.api.resource import resource
from app.errors import problem
from workflows.commands.claim_call import ClaimCall
from workflows.commands.keep_answer import KeepAnswer
from workflows.errors import InvalidAnswers, NotFound, Text
from workflows.queries.visits import Visit
from workflows.rules.scopes import AUTHENTICATIONS_READ, AUTHENTICATIONS_WRITE

routes = resource("authentications", prefix="/api")

_WHO: dict[str, Any] = {
    "pid": TEXT,
    "mobile": TEXT,
    "phones": TEXT,
    "unit_code": TEXT,
    "service_code": TEXT,
    "profession": TEXT,
    "visit_kind": TEXT,
    "booking_token": TEXT,
}
_PROOF: dict[str, Any] = {
    "method": TEXT,
    "reading_id": TEXT,
    "photo": {"type": "array", "items": ANYTHING},
    "endorser": TEXT,
    "relation": TEXT,
    "reason": TEXT,
    "proof": TEXT,
    "endorser_reading_id": TEXT,
    "endorser_pid": TEXT,
    "reason_text": TEXT,
    "face_not_possible": TEXT,
    "line_not_possible": TEXT,
}
_REST: dict[str, Any] = {"visit_number": TEXT, "illness": TEXT, "confirm": FLAG}
_UNKNOWN = Text("ไม่รู้จักช่องนี้ ดูชื่อช่องที่ /api/openapi.json", "There is no such field; /api/openapi.json names them")


@routes.post("/authentications")
@allow("api", scope=AUTHENTICATIONS_WRITE)
@describe(
    "Open an authentication at the token's unit. 201 with the claim code, or 202 while a proof or a confirmation is "
    "awaited. With the header Idempotency-Key the same call has the same answer",
    body=options(("pid", "mobile", "profession"), **_WHO, **_PROOF, **_REST),
    headers={"Idempotency-Key": {"type": "string", "maxLength": 200}},
    answers={201: shown.VISIT, 202: shown.VISIT},
)
def open_() -> Any:
    body = read_body()
    _refuse_unknown(body, {*_WHO, *_PROOF, *_REST})
    return _once(body, lambda origin: _opened(body, origin))


@routes.get("/authentications/<code>")
@allow("api", scope=AUTHENTICATIONS_READ)
@describe("Where an authentication stands, by its claim code or the key of its case", answers={200: shown.VISIT})
def read(code: str) -> Any:
    return jsonify(shown.visit(_find(code)))


@routes.post("/authentications/<code>/identification")
@allow("api", scope=AUTHENTICATIONS_WRITE)
@describe(
    "Prove the identity by the next method, while state is to_identify",
    body=options(("method",), **_PROOF, illness=TEXT, confirm=FLAG),
    answers={201: shown.VISIT, 202: shown.VISIT},
)
def identify(code: str) -> Any:
    body = read_body()
    _refuse_unknown(body, {*_PROOF, "illness", "confirm"})
    visit, _ = steps.step(current_actor(), _storable(code), "identify")
    return _answered(steps.go_on(current_actor(), int(visit.case["id"]), _proof(body), _confirmed(body)))


@routes.post("/authentications/<code>/confirmation")
@allow("api", scope=AUTHENTICATIONS_WRITE)
@describe(
    "Confirm after rights and abnormal dispensing were shown, while state is to_confirm",
    body=options((), illness=TEXT),
    answers={201: shown.VISIT, 202: shown.VISIT},
)
def confirm(code: str) -> Any:
    body = read_body()
    _refuse_unknown(body, {"illness"})
    visit, _ = steps.step(current_actor(), _storable(code), "confirm")
    return _answered(steps.go_on(current_actor(), int(visit.case["id"]), None, _confirmed(body)))


@routes.post("/authentications/<code>/closing")
@allow("api", scope=AUTHENTICATIONS_WRITE)
@describe(
    "Close the right (ปิดสิทธิ) with the amounts in baht; without a visit number that of the opening",
    body=options(
        ("claimable",), claimable=NUMBER, not_claimable=NUMBER, visit_number=TEXT, closed_at=WHEN, illness=TEXT
    ),
    answers={200: shown.VISIT},
)
def close(code: str) -> Any:
    body = read_body()
    _refuse_unknown(body, {"claimable", "not_claimable", "visit_number", "closed_at", "illness"})
    visit, item = steps.step(current_actor(), _storable(code), "close")
    given = {"visit_number": visit.case["business_id"], "closed_at": None, **body.values}  # no moment: now
    steps.answer(current_actor(), item, given)
    closed = _find(code)
    if "close" in closed.tasks:  # the diagram led back to the form with what is wrong
        told = closed.variables.get("problem") or {}
        raise InvalidAnswers({"closed_at": Text(str(told.get("th", "")), str(told.get("en", "")))})
    return jsonify(shown.visit(closed))


def _opened(body: Body, origin: str | None) -> Response:
    actor = current_actor()
    given = {name: body.values[name] for name in (*_WHO, "reading_id") if name in body}
    number, proof, confirmed = body.text("visit_number", longest=40), _proof(body), _confirmed(body)
    try:
        visit = steps.start(actor, given, proof, confirmed, visit_number=number, origin=origin)
    except steps.WrongPatient as wrong_one:
        raise InvalidAnswers(shown.wrong_patient(wrong_one.variables)) from wrong_one
    if "who" in visit.tasks:  # a later registry look-up said so
        steps.give_up(actor, int(visit.case["id"]))
        raise InvalidAnswers(shown.wrong_patient(visit.variables))
    return _answered(visit)


def _answered(visit: Visit) -> Response:
    """201 with a code, 202 while something is awaited, 409 when the visit ended without one."""
    ended = shown.ended(visit)
    if ended is not None:
        text, extra = ended
        return problem(409, "INVALID_STATE", text.en, detail_th=text.th, **extra)
    answer = jsonify(shown.visit(visit, with_drugs=True))
    answer.status_code = 201 if visit.authentication is not None else 202
    code = visit.authentication["claim_code"] if visit.authentication is not None else visit.case["id"]
    answer.headers["Location"] = f"/api/authentications/{code}"
    return answer


def _once(body: Body, call: Callable[[str | None], Response]) -> Response:
    """Answer a call under its Idempotency-Key once; what is wrong with the request itself frees the key again."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return call(None)
    if not (0 < len(key) <= 200 and key.isascii() and key.isprintable()):
        raise wrong("Idempotency-Key", "1 to 200 printable ASCII letters", "อักษร ASCII 1 ถึง 200 ตัว")
    wired, actor = product(), current_actor()
    name = wired.keyring.digest("idempotency", f"{actor.organisation}\0{actor.id}\0{key}")
    sent = wired.keyring.digest("idempotency", json.dumps(body.values, sort_keys=True))
    known, attempt = wired.runtime.execute(ClaimCall(name, sent), actor)
    if known is not None:
        again = Response(known["body"], known["status"], content_type=known["type"])
        if known["location"]:
            again.headers["Location"] = known["location"]
        again.headers["Idempotent-Replayed"] = "true"
        return again
    try:
        answer = call(f"api/{name}/{attempt}")
    except Exception:
        wired.runtime.execute(KeepAnswer(name, None), actor)
        raise
    kept = {
        "body": answer.get_data(as_text=True),
        "status": answer.status_code,
        "type": answer.content_type,
        "location": answer.headers.get("Location"),
    }
    wired.runtime.execute(KeepAnswer(name, kept), actor)
    return answer


def _find(code: str) -> Visit:
    return steps.find(current_actor(), _storable(code))


def _storable(code: str) -> str:
    if not storable(code):
        raise NotFound()
    return code


def _proof(body: Body) -> dict[str, Any] | None:
    return {name: body.values[name] for name in _PROOF if name in body} if "method" in body else None


def _confirmed(body: Body) -> dict[str, Any] | None:
    """What is said at the confirmation; None where the caller wants to see rights and dispensing first."""
    if body.flag("confirm") is False:
        return None
    return {"illness": body.text("illness", longest=40)} if "illness" in body else {}


def _refuse_unknown(body: Body, known: set[str]) -> None:
    """A misspelt field would be a lost one."""
    if odd := sorted(set(body.values) - known):
        raise InvalidAnswers({name[:100]: _UNKNOWN for name in odd[:20]})
