"""The passages of tokens through the elements of a case."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

from flask import jsonify

from app.access import allow, current_actor, product
from app.api import search
from app.api.body import read_body
from app.api.describe import FLAG, KEY, TEXT, WHEN, describe, found, nullable, record, searching
from app.api.resource import TENANT, key, resource, when
from app.api.search import Field
from workflows.queries import element_instances, search_cases
from workflows.queries.criteria import matches
from workflows.queries.paging import Found, Search, slice_of
from workflows.rules import scopes

CASES_READ = 200
"""How many cases are read for a search that names none."""

routes = resource("element_instances")

_KNOWN_TYPES = frozenset(
    {
        "BOUNDARY_EVENT",
        "BUSINESS_RULE_TASK",
        "CALL_ACTIVITY",
        "END_EVENT",
        "EVENT_BASED_GATEWAY",
        "EXCLUSIVE_GATEWAY",
        "INCLUSIVE_GATEWAY",
        "INTERMEDIATE_CATCH_EVENT",
        "INTERMEDIATE_THROW_EVENT",
        "MANUAL_TASK",
        "MULTI_INSTANCE_BODY",
        "PARALLEL_GATEWAY",
        "RECEIVE_TASK",
        "SCRIPT_TASK",
        "SEND_TASK",
        "SERVICE_TASK",
        "START_EVENT",
        "SUB_PROCESS",
        "TASK",
        "USER_TASK",
        "UNKNOWN",
    }
)
FIELDS = {
    "processInstanceKey": Field("case_id", "key"),
    "processDefinitionId": Field("process_id"),
    "processDefinitionKey": Field("definition_key", "key"),
    "elementInstanceKey": Field("id", "key"),
    "elementId": Field("element_id"),
    "elementName": Field("name"),
    "type": Field("type"),
    "state": Field("state", choices=("ACTIVE", "COMPLETED", "TERMINATED")),
    "hasIncident": Field("has_incident", "flag"),
    "incidentKey": Field("incident_id", "key"),
    "startDate": Field("started_at", "moment"),
    "endDate": Field("ended_at", "moment"),
    "elementInstanceScopeKey": Field("case_id", "key"),
    "tenantId": Field("tenant", constant=True),
}
INSTANCE = record(
    processDefinitionId=nullable(TEXT),
    startDate=WHEN,
    endDate=nullable(WHEN),
    elementId=TEXT,
    elementName=TEXT,
    type=TEXT,
    state=TEXT,
    hasIncident=FLAG,
    tenantId=TEXT,
    elementInstanceKey=KEY,
    processInstanceKey=KEY,
    rootProcessInstanceKey=nullable(KEY),
    processDefinitionKey=nullable(KEY),
    incidentKey=nullable(KEY),
)


@routes.post("/element-instances/search")
@allow("api", scope=scopes.CASES_READ)
@describe(
    "Search element instances of cases the caller may see: of the cases the filter names, else of the newest",
    body=searching(FIELDS),
    answers={200: found(INSTANCE)},
)
def find() -> Any:
    wanted = search.parse(read_body(), FIELDS)
    with product().runtime.reading() as db:
        cases = search_cases.snapshots(db, current_actor(), named_cases(wanted), CASES_READ)
        by_id = {case["id"]: case for case in cases}
        instances = element_instances.of_cases(db, by_id)
    rows = [
        {
            **asdict(one),
            "type": camunda_type(one.kind),
            "has_incident": one.incident_id is not None,
            "process_id": by_id[one.case_id]["process_id"],
            "definition_key": by_id[one.case_id]["definition_key"],
            "tenant": TENANT,
        }
        for one in instances
    ]
    page: Found = slice_of([row for row in rows if matches(wanted.criteria, row)], wanted)
    return jsonify(search.answer(page, _shown))


def named_cases(wanted: Search) -> list[int] | None:
    """The cases a search is limited to, or None when it names none."""
    for one in wanted.criteria.every:
        if one.field == "case_id" and one.operator in ("eq", "in"):
            return [one.value] if one.operator == "eq" else list(one.value)
    return None


def camunda_type(kind: str) -> str:
    """``userTask`` as ``USER_TASK``; UNKNOWN for what clients do not know."""
    name = re.sub("(?=[A-Z])", "_", kind).upper()
    return name if name in _KNOWN_TYPES else "UNKNOWN"


def _shown(row: Any) -> dict[str, Any]:
    return {
        "processDefinitionId": row["process_id"],
        "startDate": when(row["started_at"]),
        "endDate": when(row["ended_at"]),
        "elementId": row["element_id"],
        "elementName": row["name"],
        "type": row["type"],
        "state": row["state"],
        "hasIncident": row["has_incident"],
        "tenantId": TENANT,
        "elementInstanceKey": key(row["id"]),
        "processInstanceKey": key(row["case_id"]),
        "rootProcessInstanceKey": key(row["case_id"]),
        "processDefinitionKey": key(row["definition_key"]),
        "incidentKey": key(row["incident_id"]),
    }
