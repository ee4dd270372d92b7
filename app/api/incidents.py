"""Incidents: what stopped a case, and taking it up again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import jsonify

from app.access import allow, current_actor, product
from app.api import search
from app.api.body import read_body
from app.api.describe import KEY, NUMBER, TEXT, WHEN, describe, found, nullable, options, record, searching
from app.api.resource import TENANT, key, resource, when
from app.api.search import Field
from workflows.commands.resolve_incident import ResolveIncident
from workflows.errors import EngineIncident
from workflows.queries import search_cases, search_incidents
from workflows.queries.criteria import Condition
from workflows.rules.scopes import FULL

routes = resource("incidents")

_CONSTANTS = {"tenant": TENANT, "nothing": None}
_ERROR_TYPES = frozenset(
    {
        "CALLED_DECISION_ERROR",
        "CALLED_ELEMENT_ERROR",
        "CONDITION_ERROR",
        "DECISION_EVALUATION_ERROR",
        "EXTRACT_VALUE_ERROR",
        "FORM_NOT_FOUND",
        "IO_MAPPING_ERROR",
        "JOB_NO_RETRIES",
        "MESSAGE_SIZE_EXCEEDED",
        "RESOURCE_NOT_FOUND",
        "UNHANDLED_ERROR_EVENT",
        "UNKNOWN",
    }
)
FIELDS = {
    "incidentKey": Field("id", "key"),
    "processInstanceKey": Field("case_id", "key"),
    "processDefinitionId": Field("process_id"),
    "processDefinitionKey": Field("definition_key", "key"),
    "elementId": Field("element_id"),
    "elementInstanceKey": Field("element_instance", "key"),
    "errorType": Field("error_type"),
    "errorMessage": Field("text_en"),
    "state": Field("state", choices=("ACTIVE", "PENDING", "RESOLVED", "MIGRATED", "UNKNOWN")),
    "creationTime": Field("created_at", "moment"),
    "jobKey": Field("nothing", "key", constant=True),
    "tenantId": Field("tenant", constant=True),
}
INCIDENT = record(
    processDefinitionId=TEXT,
    errorType=TEXT,
    errorMessage=TEXT,
    errorMessageThai=TEXT,
    elementId=TEXT,
    creationTime=WHEN,
    state=TEXT,
    tenantId=TEXT,
    incidentKey=KEY,
    processDefinitionKey=KEY,
    processInstanceKey=KEY,
    rootProcessInstanceKey=nullable(KEY),
    elementInstanceKey=KEY,
    jobKey=nullable(KEY),
)


@routes.post("/incidents/search")
@allow("api", scope=FULL)
@describe("Search incidents of cases the caller may see", body=searching(FIELDS), answers={200: found(INCIDENT)})
def find() -> Any:
    return _found(None)


@routes.post("/process-instances/<key:case_id>/incidents/search")
@allow("api", scope=FULL)
@describe("Search the incidents of one case", body=searching(FIELDS), answers={200: found(INCIDENT)})
def find_of_case(case_id: int) -> Any:
    return _found(case_id)


@routes.get("/incidents/<key:incident_id>")
@allow("api", scope=FULL)
@describe("One incident", answers={200: INCIDENT})
def read(incident_id: int) -> Any:
    with product().runtime.reading() as db:
        return jsonify(_shown(search_incidents.by_id(db, current_actor(), incident_id)))


@routes.post("/incidents/<key:incident_id>/resolution")
@allow("api", scope=FULL)
@describe(
    "Repeat what the incident stopped, now that its cause is mended; if it fails again there is a new incident",
    body=options(operationReference=NUMBER),
    answers={204: None},
)
def resolve(incident_id: int) -> Any:
    read_body()
    runtime, actor = product().runtime, current_actor()
    with runtime.reading() as db:
        search_incidents.by_id(db, actor, incident_id)
    try:
        runtime.execute(ResolveIncident(incident_id), actor)
    except EngineIncident as again:
        if "incident" not in again.details:
            raise
    return "", 204


def _found(case_id: int | None) -> Any:
    wanted = search.parse(read_body(), FIELDS)
    actor = current_actor()
    with product().runtime.reading() as db:
        if case_id is not None:
            search_cases.by_id(db, actor, case_id)
            own = Condition("case_id", "eq", case_id)
            wanted = replace(wanted, criteria=replace(wanted.criteria, every=(*wanted.criteria.every, own)))
        page = search_incidents.search(db, actor, wanted, _CONSTANTS)
    return jsonify(search.answer(page, _shown))


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "processDefinitionId": row["process_id"],
        "errorType": row["error_type"] if row["error_type"] in _ERROR_TYPES else "UNKNOWN",
        "errorMessage": row["text_en"],
        "errorMessageThai": row["text_th"],
        "elementId": row["element_id"] or row["process_id"],
        "creationTime": when(row["created_at"]),
        "state": row["state"],
        "tenantId": TENANT,
        "incidentKey": key(row["id"]),
        "processDefinitionKey": key(row["definition_key"]),
        "processInstanceKey": key(row["case_id"]),
        "rootProcessInstanceKey": key(row["case_id"]),
        "elementInstanceKey": key(row["element_instance"]),
        "jobKey": None,
    }
