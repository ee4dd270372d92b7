"""Finding, correcting and voiding authentications, for units' own systems; rights are those of the pages."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import jsonify, request

from app.access import allow, current_actor, product
from app.api.body import read_body, storable, wrong
from app.api.describe import NUMBER, TEXT, WHEN, describe, list_of, nullable, one_of, options, record
from app.api.resource import resource, when
from app.errors import InvalidRequest
from workflows.commands.amend_claim import AmendClaim
from workflows.commands.start_case import StartCase
from workflows.errors import Conflict, InvalidAnswers, NotFound, Text
from workflows.queries import claims
from workflows.queries.claims import Filters, Key
from workflows.queries.scopes import READERS
from workflows.rules import citizen_id, claim_code, thai_dates
from workflows.rules import claims as rules
from workflows.rules.scopes import AUTHENTICATIONS_READ, AUTHENTICATIONS_WRITE

routes = resource("authentication_changes", prefix="/api/authentications")
_FIELDS = ("service_code", "profession", "mobile", "phones", "visit_number", "illness")
_AMOUNTS = ("claimable", "not_claimable")
_EXACT = ("unit", "state", "method", "service", "review", "kind")
_NO_PID = Text(
    "ห้ามส่งเลขประจำตัวประชาชนในที่อยู่เว็บ ให้ใช้ POST /api/authentications/search",
    "A citizen ID must not stand in an address; use POST /api/authentications/search",
)
_NO_REASON = Text("กรอกเหตุผล", "Give a reason")
ITEM = record(
    claimCode=TEXT,
    unitCode=TEXT,
    region=TEXT,
    serviceOn={"type": "string", "format": "date"},
    serviceCode=TEXT,
    kind=TEXT,
    profession=TEXT,
    method=TEXT,
    pid=TEXT,
    state=one_of("open", "closed", "void"),
    review=TEXT,
    voidAsked={"type": "boolean"},
    openedAt=WHEN,
    closedAt=nullable(WHEN),
    claimable=nullable(NUMBER),
    notClaimable=nullable(NUMBER),
    visitNumber=TEXT,
    revision=NUMBER,
)
FOUND = record(items=list_of(ITEM), next=nullable(TEXT))


@routes.get("")
@allow("api", scope=AUTHENTICATIONS_READ)
@describe(
    "Authentications of the caller's unit or region, the newest first; amounts are in satang",
    query={**dict.fromkeys(("from", "to", "code", *_EXACT, "after"), TEXT), "limit": NUMBER},
    answers={200: FOUND},
)
def listed() -> Any:
    if "pid" in request.args:
        raise InvalidRequest(_NO_PID)
    return _found(request.args, None)


@routes.post("/search")
@allow("api", scope=AUTHENTICATIONS_READ)
@describe(
    "The same, also of one person by citizen ID",
    body=options(
        (), pid=TEXT, after=TEXT, limit=NUMBER, code=TEXT, to=TEXT, **{"from": TEXT}, **dict.fromkeys(_EXACT, TEXT)
    ),
    answers={200: FOUND},
)
def search() -> Any:
    body = read_body()
    names = ("from", "to", "code", *_EXACT, "after")
    given = {name: value for name in names if (value := body.text(name, longest=200))}
    limit = body.number("limit", low=1, high=1000)
    pid, person = body.text("pid", longest=40), None
    if pid:
        problem = citizen_id.problem(citizen_id.clean(pid))
        if problem is not None:
            raise InvalidAnswers({"pid": problem})
        person = product().keyring.index("pid", citizen_id.clean(pid))
    return _found({**given, **({"limit": str(limit)} if limit is not None else {})}, person)


@routes.patch("/<code>")
@allow("api", scope=AUTHENTICATIONS_WRITE)
@describe(
    "Correct an authentication as it was at a revision; amounts are in satang. 409 names who changed what before",
    body=options(
        ("reason", "revision"),
        reason=TEXT,
        revision=NUMBER,
        claimable=NUMBER,
        not_claimable=NUMBER,
        **dict.fromkeys(_FIELDS, TEXT),
    ),
    answers={200: ITEM},
)
def amend(code: str) -> Any:
    body, known = read_body(), _code(code)
    values: dict[str, Any] = {name: body.text(name, longest=500) or "" for name in _FIELDS if name in body}
    values |= {name: body.number(name, low=0, high=10**12) for name in _AMOUNTS if name in body}
    command = AmendClaim(
        known, values, body.text("reason", longest=500) or "", body.number("revision", low=1, high=10**9) or 0
    )
    product().runtime.execute(command, current_actor())
    return jsonify(_item(_row(known)))


@routes.post("/<code>/void")
@allow("api", scope=AUTHENTICATIONS_WRITE)
@describe(
    "Void an authentication of the day, or ask the second person later: void, or voidAsked and the case",
    body=options(("reason",), reason=TEXT),
    answers={200: record(authentication=ITEM, case=nullable(TEXT))},
)
def void(code: str) -> Any:
    body, known, runtime, actor = read_body(), _code(code), product().runtime, current_actor()
    reason = (body.text("reason", longest=500) or "").strip()
    row = _row(known)
    if rules.of_unit(row, actor.groups) is not None:
        raise NotFound(claim_code=known)
    problem = rules.void_problem(row)
    if problem is not None:
        raise Conflict(problem, claim_code=known)
    if not reason:
        raise InvalidAnswers({"reason": _NO_REASON})
    started = runtime.execute(
        StartCase("authentication_void", variables={"claim_code": known, "reason": reason}), actor
    )
    return jsonify(authentication=_item(_row(known)), case=str(started.case_id))


def _found(given: Mapping[str, str], person: bytes | None) -> Any:
    if current_actor().roles.isdisjoint(READERS):
        return jsonify(items=[], next=None)
    days = {}
    for name in ("from", "to"):
        day = thai_dates.parse_date(given[name]) if given.get(name) else None
        if isinstance(day, Text):
            raise InvalidAnswers({name: day})
        days[name] = day
    typed = str(given.get("limit", 100))
    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed[:6]) <= 1000):
        raise wrong("limit", "a number from 1 to 1000", "ตัวเลข 1 ถึง 1000")
    limit = int(typed)
    code = _code(given["code"]) if given.get("code") else ""
    filters = Filters(
        days["from"], days["to"], code=code, person=person, **{name: given.get(name, "") for name in _EXACT}
    )
    with product().runtime.reading() as db:
        rows = claims.page(db, current_actor(), filters, after=_key(given.get("after")), limit=limit + 1)
    more = _cursor(rows[limit - 1]) if len(rows) > limit else None
    return jsonify(items=[_item(row) for row in rows[:limit]], next=more)


def _row(code: str) -> dict[str, Any]:
    with product().runtime.reading() as db:
        return claims.find(db, current_actor(), code)


def _code(typed: str) -> str:
    known = claim_code.parse(typed) if storable(typed) else None
    if known is None:
        raise NotFound()
    return known


def _item(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "claimCode": row["claim_code"],
        "unitCode": row["unit_code"],
        "region": row["region"],
        "serviceOn": row["service_on"].isoformat(),
        "serviceCode": row["service_code"],
        "kind": row["visit_kind"],
        "profession": row["profession"],
        "method": row["method"],
        "pid": row["pid_masked"],
        "state": row["state"],
        "review": row["review"],
        "voidAsked": row["void_case"] is not None,
        "openedAt": when(row["opened_at"]),
        "closedAt": when(row["closed_at"]),
        "claimable": row["claimable"],
        "notClaimable": row["not_claimable"],
        "visitNumber": row["visit_number"],
        "revision": row["revision"],
    }


def _cursor(row: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps([row["opened_at"].isoformat(), row["claim_code"]]).encode()).decode()


def _key(text: str | None) -> Key | None:
    if not text:
        return None
    try:
        at, code = json.loads(base64.urlsafe_b64decode(text))
        moment = datetime.fromisoformat(at)
    except (ValueError, TypeError):
        moment, code = None, ""
    if moment is None or moment.tzinfo is None:
        raise wrong("after", "the next of the page before", "ค่า next ของหน้าก่อน")
    return Key(moment, str(code))
