"""The variables of cases: read by those who may see the case, set by process owners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from flask import jsonify, request
from sqlalchemy import Connection

from app.access import allow, current_actor, product
from app.api import search
from app.api.body import read_body, wrong
from app.api.describe import ANYTHING, FLAG, KEY, TEXT, describe, found, nullable, options, record, searching
from app.api.element_instances import named_cases
from app.api.hidden import hidden
from app.api.resource import TENANT, key, resource
from app.api.search import Field
from app.api.variable_filters import json_form
from workflows.commands.set_variables import SetVariables
from workflows.errors import EngineIncident, NotFound
from workflows.queries import search_cases, search_variables, search_work_items
from workflows.queries.criteria import Condition, Criteria, matches
from workflows.queries.paging import Search, slice_of
from workflows.queries.search_variables import Variable
from workflows.queries.work_items import open_item
from workflows.rules.scopes import FULL

LONGEST = 8191
"""Letters of a value, beyond which a search shows its beginning (unless asked not to)."""

routes = resource("variables")

FIELDS = {
    "name": Field("name"),
    "value": Field("value"),
    "variableKey": Field("id", "key"),
    "processInstanceKey": Field("case_id", "key"),
    "scopeKey": Field("case_id", "key"),
    "isTruncated": Field("truncated", "flag", sortable=False),
    "tenantId": Field("tenant", constant=True),
}
VARIABLE = record(
    value=TEXT,
    isTruncated=FLAG,
    name=TEXT,
    tenantId=TEXT,
    variableKey=KEY,
    scopeKey=KEY,
    processInstanceKey=KEY,
    rootProcessInstanceKey=nullable(KEY),
)
_TRUNCATE = {"truncateValues": FLAG}


@routes.post("/variables/search")
@allow("api", scope=FULL)
@describe(
    "Search variables of cases the caller may see: of the cases the filter names, else of the newest",
    body=searching(FIELDS),
    answers={200: found(VARIABLE)},
    query=_TRUNCATE,
)
def find() -> Any:
    wanted = search.parse(read_body(), FIELDS)
    services = product().runtime.services
    with product().runtime.reading() as db:
        named = named_cases(wanted)
        cases = search_cases.snapshots(db, current_actor(), named, search_variables.CASES_READ)
    rows = [one for case in cases for one in search_variables.of_case(services, case)]
    return _answer(rows, wanted, more=named is None and len(cases) == search_variables.CASES_READ)


@routes.post("/user-tasks/<key:work_item_id>/variables/search")
@routes.post("/user-tasks/<key:work_item_id>/effective-variables/search")
@allow("api", scope=FULL)
@describe(
    "Search the variables an open user task sees",
    body=searching(FIELDS),
    answers={200: found(VARIABLE)},
    query=_TRUNCATE,
)
def find_of_task(work_item_id: int) -> Any:
    wanted = search.parse(read_body(), FIELDS)
    runtime = product().runtime
    with hidden(work_item_id), runtime.reading() as db:
        item = open_item(runtime.services, db, current_actor(), work_item_id)
    return _answer(search_variables.rows_of(int(item.case["id"]), item.variables), wanted)


@routes.put("/element-instances/<key:scope_key>/variables")
@allow("api", scope=FULL)
@describe(
    "Set variables of the case with this key, or of the case of the user task with this key. For process owners",
    body=options(("variables",), variables=ANYTHING, local=FLAG),
    answers={204: None},
)
def write(scope_key: int) -> Any:
    body = read_body()
    given, local = body.mapping("variables"), body.flag("local")
    runtime, actor = product().runtime, current_actor()
    with runtime.reading() as db:
        case_id = _case_of(db, scope_key)
    if local and case_id != scope_key:
        raise wrong("local", "false for a task: variables are those of the case", " false สำหรับงาน ตัวแปรเป็นของเรื่อง")
    try:
        runtime.execute(SetVariables(case_id, given), actor)
    except EngineIncident as incident:
        if "incident" not in incident.details:
            raise
    return "", 204


def _case_of(db: Connection, scope_key: int) -> int:
    try:
        return int(search_cases.by_id(db, current_actor(), scope_key)["id"])
    except NotFound:
        return int(search_work_items.by_id(db, current_actor(), scope_key)["case_id"])


def _answer(variables: Sequence[Variable], wanted: Search, *, more: bool = False) -> Any:
    cut = request.args.get("truncateValues", "true").lower() != "false"
    criteria = _with_json_values(wanted.criteria)
    rows = []
    for one in variables:
        row = {**asdict(one), "truncated": cut and len(one.value) > LONGEST, "tenant": TENANT}
        if matches(criteria, row):
            rows.append({**row, "value": one.value[:LONGEST]} if row["truncated"] else row)
    return jsonify(search.answer(replace(slice_of(rows, wanted), more=more), _shown))


def _with_json_values(criteria: Criteria) -> Criteria:
    """Values are compared as JSON, so that ``1.50`` finds ``1.5``."""

    def normal(one: Condition) -> Condition:
        if one.field != "value" or one.operator not in ("eq", "neq", "in", "notIn"):
            return one
        listed = isinstance(one.value, tuple)
        return replace(one, value=tuple(map(json_form, one.value)) if listed else json_form(one.value))

    return Criteria(tuple(map(normal, criteria.every)), tuple(tuple(map(normal, group)) for group in criteria.any_of))


def _shown(row: Any) -> dict[str, Any]:
    return {
        "value": row["value"],
        "isTruncated": row["truncated"],
        "name": row["name"],
        "tenantId": TENANT,
        "variableKey": key(row["id"]),
        "scopeKey": key(row["case_id"]),
        "processInstanceKey": key(row["case_id"]),
        "rootProcessInstanceKey": key(row["case_id"]),
    }
