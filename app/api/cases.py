"""The file of a case, for those who may see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import jsonify

from app.access import allow, current_actor, product
from app.api.body import storable
from app.api.describe import KEY, NUMBER, TEXT, WHEN, describe, list_of, nullable, one_of, record
from app.api.documents import REFERENCE, reference
from app.api.resource import key, resource, when
from app.pages_support import case_state
from workflows.errors import NotFound
from workflows.queries import cases
from workflows.rules.scopes import CASES_READ

routes = resource("cases", prefix="/api")

SLA = record(
    state=one_of("not_started", "running", "paused", "met", "breached"),
    due=nullable({"type": "string", "format": "date"}),
    used=NUMBER,
    total=nullable(NUMBER),
    paused=NUMBER,
)
_NO_SLA = {"state": "not_started", "due": None, "used": 0, "total": None, "paused": 0}


@routes.get("/cases/<number>")
@allow("api", scope=CASES_READ)
@describe(
    "The file of a case, by its number or key",
    answers={
        200: record(
            number=nullable(TEXT),
            processInstanceKey=KEY,
            process=record(id=TEXT, name=TEXT, version=NUMBER),
            status=TEXT,
            state=one_of("ACTIVE", "COMPLETED", "TERMINATED"),
            stage=TEXT,
            outcome=TEXT,
            subject=TEXT,
            unit=record(code=TEXT, name=nullable(TEXT)),
            started=WHEN,
            ended=nullable(WHEN),
            sla=SLA,
            timeline=list_of(
                record(at=WHEN, kind=TEXT, name=TEXT, who=TEXT, decision=TEXT, comment=TEXT, elementId=TEXT)
            ),
            documents=list_of(REFERENCE),
        )
    },
)
def read(number: str) -> Any:
    if not storable(number):
        raise NotFound()
    runtime, actor = product().runtime, current_actor()
    with runtime.reading() as db:
        case = cases.find(db, actor, number)
        events = cases.timeline(db, product().keyring, case["id"])
        files = cases.documents(db, case["id"])
    process = runtime.services.definitions.process(case["definition_key"])
    return jsonify(
        number=case["number"],
        processInstanceKey=key(case["id"]),
        process={"id": process.id, "name": process.name, "version": process.version},
        status=case_state(case),
        state=case["state"],
        stage=case["stage"],
        outcome=case["outcome"],
        subject=case["subject"],
        unit={"code": case["unit_code"], "name": case["unit_name"]},
        started=when(case["started_at"]),
        ended=when(case["ended_at"]),
        sla=sla_of(case),
        timeline=[_event(event) for event in events],
        documents=[reference(file) for file in files],
    )


def sla_of(case: Mapping[str, Any]) -> dict[str, Any]:
    """The service clock of a case; one that has none has not started."""
    runtime = product().runtime
    summary = cases.sla_summary(case, runtime.services.holidays.calendar(), runtime.clock.now())
    return {name: summary[name] for name in _NO_SLA} if summary else dict(_NO_SLA)


def _event(event: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "at": when(event["at"]),
        "kind": event["kind"],
        "name": event["name"],
        "who": event["who"],
        "decision": event["data"].get("decision", ""),
        "comment": str(event["private"].get("comment") or ""),
        "elementId": event["element_id"],
    }
