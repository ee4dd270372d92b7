"""Following a request by its number and phone, for programs; nobody signs in."""

from __future__ import annotations

from typing import Any

from flask import jsonify

from app.access import allow, product
from app.api.body import read_body
from app.api.cases import SLA, sla_of
from app.api.describe import NUMBER, TEXT, WHEN, describe, list_of, nullable, options, record
from app.api.resource import resource, when
from app.pages.track import UNKNOWN, effective_on, look_up, masked, other_parts, person_counts
from workflows.errors import NotFound
from workflows.queries import tracking

routes = resource("track", prefix="/api")


@routes.post("/track")
@allow("public")
@describe(
    "How a request is doing. A wrong pair and an unknown number have one and the same answer",
    body=options(("case", "phone"), case=TEXT, phone=TEXT),
    answers={
        200: record(
            number=TEXT,
            process=TEXT,
            status=TEXT,
            stage=TEXT,
            outcome=TEXT,
            subject=TEXT,
            unit=TEXT,
            started=WHEN,
            ended=nullable(WHEN),
            sla=SLA,
            effectiveOn=nullable({"type": "string", "format": "date"}),
            persons={"type": "object", "additionalProperties": NUMBER},
            parts=list_of(record(process=TEXT, status=TEXT, stage=TEXT, effectiveOn=nullable(TEXT))),
            milestones=list_of(record(name=TEXT, at=WHEN, decision=TEXT)),
        )
    },
)
def track() -> Any:
    body = read_body()
    number, phone = body.required_text("case", longest=40), body.required_text("phone", longest=40)
    case = look_up(number, phone)
    if case is None:
        raise NotFound(UNKNOWN)
    with product().runtime.reading() as db:
        passed = tracking.milestones(db, int(case["id"]))
        others, effective = other_parts(db, int(case["id"])), effective_on(db, int(case["id"]))
        persons = person_counts(db, int(case["id"]))
    shown = masked(case)
    return jsonify(
        number=shown["number"],
        process=shown["process"],
        status=shown["state"],
        stage=shown["stage"],
        outcome=shown["outcome"],
        subject=shown["subject"],
        unit=shown["unit"],
        started=when(case["started_at"]),
        ended=when(case["ended_at"]),
        sla=sla_of(case),
        effectiveOn=effective.isoformat() if effective else None,
        persons=persons,
        parts=[
            {
                "process": part["process"],
                "status": part["state"],
                "stage": part["stage"],
                "effectiveOn": part["effective"].isoformat() if part["effective"] else None,
            }
            for part in others
        ],
        milestones=[
            {"name": one["name"], "at": when(one["at"]), "decision": one["decision"]} for one in passed if one["name"]
        ],
    )
