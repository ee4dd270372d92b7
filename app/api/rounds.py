"""Rounds of grants: which there are, who is in one, and the issuing officer's decisions line by line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import jsonify, request

from app.access import allow, current_actor, product
from app.api.body import read_body, storable, wrong
from app.api.describe import KEY, NUMBER, TEXT, TEXTS, describe, list_of, nullable, one_of, options, record
from app.api.resource import key, resource
from workflows.actor import Actor
from workflows.commands.carry_over_line import CarryOverLines
from workflows.commands.mark_round_lines import MarkRoundLines
from workflows.errors import NotAllowed, NotFound
from workflows.queries import rounds
from workflows.rules.scopes import CASES_READ, FULL

routes = resource("rounds", prefix="/api")
MOST = 500
"""Lines in one answer, and cases in one decision."""
DECISIONS = ("confirm", "refuse", "carry")
STATES = ("waiting", "approved", "confirmed", "effective", "refused", "carried", "left", "singly")
_DAY = {"type": "string", "format": "date"}
ROUND = record(
    id=TEXT,
    name=TEXT,
    schedule=TEXT,
    channel=one_of("regular", "smartcard"),
    state=one_of("open", "listed", "issued"),
    opensOn=nullable(_DAY),
    cutoff=_DAY,
    closesOn=_DAY,
    effectiveOn=_DAY,
    processInstanceKey=nullable(KEY),
    lines={"type": "object", "additionalProperties": NUMBER},
)
LINE = record(
    case=nullable(TEXT),
    processInstanceKey=KEY,
    state=one_of(*STATES),
    reason=TEXT,
    stage=TEXT,
    subject=TEXT,
    pid=TEXT,
    unit=record(code=TEXT, name=nullable(TEXT)),
)


@routes.get("/rounds")
@allow("api", scope=CASES_READ)
@describe(
    "Rounds that are running, by their days; `ended=true`: those that ended, latest first",
    query={"ended": one_of("true", "false")},
    answers={200: record(items=list_of(ROUND))},
)
def find_all() -> Any:
    _reader()
    with product().runtime.reading() as db:
        found = rounds.rounds(db, ended=request.args.get("ended") == "true")
    return jsonify(items=[_round(row, row["lines"]) for row in found])


@routes.get("/rounds/<round_id>")
@allow("api", scope=CASES_READ)
@describe("One round, with how many lines the caller may see are in which state", answers={200: ROUND})
def read(round_id: str) -> Any:
    actor = _reader(round_id)
    with product().runtime.reading() as db:
        return jsonify(_round(rounds.find(db, round_id), rounds.counts(db, actor, round_id)))


@routes.get("/rounds/<round_id>/lines")
@allow("api", scope=CASES_READ)
@describe(
    f"Lines of a round that the caller may see, oldest request first, at most {MOST}; `after`: the key of the last one",
    query={"state": one_of(*STATES), "after": KEY},
    answers={200: record(items=list_of(LINE))},
)
def lines(round_id: str) -> Any:
    actor, state, after = _reader(round_id), request.args.get("state"), request.args.get("after", "0")
    if state is not None and state not in STATES:
        raise wrong("state", f"one of {', '.join(STATES)}", f"หนึ่งใน {', '.join(STATES)}")
    if not (after.isascii() and after.isdigit() and len(after) < 20):
        raise wrong("after", "a key: digits", "key: ตัวเลข")
    with product().runtime.reading() as db:
        rounds.find(db, round_id)
        found = rounds.lines(db, actor, round_id, [state] if state else STATES, after=int(after), limit=MOST)
    return jsonify(items=[_line(row) for row in found])


@routes.post("/rounds/<round_id>/lines")
@allow("api", scope=FULL)
@describe(
    "Decide lines of a round, all or none: confirm (issue), refuse or carry over to the next round, the last two with a"
    " reason. `cases` are numbers or keys. For issuing officers; carrying over for process owners, too",
    body=options(("decision", "cases"), decision=one_of(*DECISIONS), cases=TEXTS, reason=TEXT),
    answers={200: record(decided=NUMBER, round=nullable(TEXT))},
)
def decide(round_id: str) -> Any:
    """``round`` is where lines were carried to."""
    body, actor = read_body(), _reader(round_id)
    decision, reason = body.required_text("decision"), body.text("reason", longest=500) or ""
    if decision not in DECISIONS:
        raise wrong("decision", f"one of {', '.join(DECISIONS)}", f"หนึ่งใน {', '.join(DECISIONS)}")
    names = body.texts("cases")
    if not 0 < len(names) <= MOST:
        raise wrong("cases", f"a list of 1 to {MOST} numbers or keys of cases", f"รายการเลขเรื่องหรือ key 1-{MOST} รายการ")
    runtime = product().runtime
    with runtime.reading() as db:
        rounds.find(db, round_id)
        case_ids = rounds.cases_named(db, actor, round_id, names)
    if decision == "carry":
        target = runtime.execute(CarryOverLines(round_id, case_ids, reason), actor)
        return jsonify(decided=len(case_ids), round=target)
    decided = runtime.execute(MarkRoundLines(round_id, case_ids, decision == "confirm", reason), actor)
    return jsonify(decided=decided, round=None)


def _reader(round_id: str = "") -> Actor:
    actor = current_actor()
    if not actor.roles & rounds.READERS:
        raise NotAllowed()
    if not storable(round_id):
        raise NotFound()
    return actor


def _round(row: Mapping[str, Any], counts: Mapping[str, int]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "name": row["name"],
        "schedule": row["schedule"],
        "channel": row["channel"],
        "state": row["state"],
        "opensOn": _day(row["opens_on"]),
        "cutoff": _day(row["cutoff"]),
        "closesOn": _day(row["closes_on"]),
        "effectiveOn": _day(row["effective_on"]),
        "processInstanceKey": key(row["case_id"]),
        "lines": dict(counts),
    }


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "case": row["number"],
        "processInstanceKey": key(row["case_id"]),
        "state": row["state"],
        "reason": row["reason"],
        "stage": row["stage"],
        "subject": row["subject"],
        "pid": row["pid_masked"],
        "unit": {"code": row["unit_code"], "name": row["unit_name"]},
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
