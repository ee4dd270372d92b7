"""Running and ended cases: start, search, read, cancel, and where their tokens are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import jsonify

from app import answers
from app.access import allow, current_actor, product
from app.api import search, variable_filters
from app.api.body import Body, read_body, wrong
from app.api.describe import (
    ANYTHING,
    FLAG,
    KEY,
    NUMBER,
    TEXT,
    TEXTS,
    WHEN,
    describe,
    found,
    list_of,
    nullable,
    options,
    record,
    searching,
)
from app.api.resource import TENANT, key, refuse_other_tenant, resource, when
from app.api.search import Field
from app.errors import problem
from app.rights_first import with_rights
from workflows.actor import PROCESS_OWNERS
from workflows.commands.cancel_case import CancelCase
from workflows.commands.start_case import StartCase
from workflows.commands.withdraw_case import WithdrawCase
from workflows.definition_store import Process
from workflows.errors import EngineIncident, InvalidAnswers, NotAllowed, NotFound, Text
from workflows.queries import element_instances, search_cases
from workflows.queries.element_instances import ElementCount
from workflows.queries.work_items import variables_of
from workflows.rules.scopes import CASES_READ, FULL

routes = resource("process_instances")

_CONSTANTS = {"tenant": TENANT, "nothing": None}
STATES = ("ACTIVE", "COMPLETED", "TERMINATED", "SUSPENDED", "CANCELED")
FIELDS = {
    "processInstanceKey": Field("id", "key"),
    "processDefinitionId": Field("process_id"),
    "processDefinitionName": Field("process_name"),
    "processDefinitionVersion": Field("process_version", "integer"),
    "processDefinitionVersionTag": Field("version_tag"),
    "processDefinitionKey": Field("definition_key", "key"),
    "state": Field("state", choices=STATES),
    "hasIncident": Field("has_incident", "flag"),
    "startDate": Field("started_at", "moment"),
    "endDate": Field("ended_at", "moment"),
    "businessId": Field("business_id"),
    "suspendedDate": Field("nothing", "moment", constant=True),
    "parentProcessInstanceKey": Field("nothing", "key", constant=True),
    "parentElementInstanceKey": Field("nothing", "key", constant=True),
    "tenantId": Field("tenant", constant=True),
}
INSTANCE = record(
    processDefinitionId=TEXT,
    processDefinitionName=nullable(TEXT),
    processDefinitionVersion=NUMBER,
    processDefinitionVersionTag=nullable(TEXT),
    startDate=WHEN,
    endDate=nullable(WHEN),
    state=TEXT,
    suspendedDate=nullable(WHEN),
    hasIncident=FLAG,
    tenantId=TEXT,
    processInstanceKey=KEY,
    processDefinitionKey=KEY,
    parentProcessInstanceKey=nullable(KEY),
    parentElementInstanceKey=nullable(KEY),
    rootProcessInstanceKey=nullable(KEY),
    tags=TEXTS,
    businessId=nullable(TEXT),
    caseNumber=nullable(TEXT),
)
_COUNTS = record(
    items=list_of(record(elementId=TEXT, active=NUMBER, canceled=NUMBER, incidents=NUMBER, completed=NUMBER))
)


@routes.post("/process-instances")
@allow("api", scope=FULL)
@describe(
    "Start a case. Where the process has a start form, the variables are its answers and are checked by it",
    body=options(
        processDefinitionId=TEXT,
        processDefinitionVersion=NUMBER,
        processDefinitionKey=KEY,
        variables=ANYTHING,
        businessId=TEXT,
        tenantId=TEXT,
        awaitCompletion=FLAG,
        fetchVariables=TEXTS,
    ),
    answers={
        200: record(
            processDefinitionId=TEXT,
            processDefinitionVersion=NUMBER,
            tenantId=TEXT,
            variables=ANYTHING,
            processDefinitionKey=KEY,
            processInstanceKey=KEY,
            tags=TEXTS,
            businessId=nullable(TEXT),
        )
    },
)
def start() -> Any:
    body = read_body()
    refuse_other_tenant(body.text("tenantId"))
    for unsupported in ("tags", "startInstructions", "runtimeInstructions"):
        if body.items(unsupported):
            raise wrong(unsupported, "left out: this server does not support it", "ค่าว่าง ระบบนี้ไม่รองรับ")
    fetched, waits = body.texts("fetchVariables"), body.flag("awaitCompletion")
    process = _process(body)
    if not process.may_start(current_actor()):
        raise NotAllowed(
            Text(
                "ท่านเริ่มกระบวนงานนี้เองไม่ได้ ผู้มีหน้าที่หรือระบบเป็นผู้เริ่ม",
                "You may not start this process; those whose task it is, or the system, do",
            )
        )
    business_id = body.text("businessId", longest=256)
    variables = _start_variables(process, body.mapping("variables"))
    runtime, actor = product().runtime, current_actor()
    variables = with_rights(process, variables, actor)
    try:
        case_id = runtime.execute(
            StartCase(definition_key=process.key, variables=variables, business_id=business_id), actor
        ).case_id
    except EngineIncident as incident:
        if "case" not in incident.details:
            raise
        case_id = incident.details["case"]  # the case was started and waits for someone to mend it
    results: dict[str, Any] = {}
    if waits:
        ended, results = _results(case_id, fetched)
        if not ended:
            detail = f"The process instance {case_id} was started and has not ended yet"
            return problem(504, "GATEWAY_TIMEOUT", detail, processInstanceKey=key(case_id))
    return jsonify(
        processDefinitionId=process.id,
        processDefinitionVersion=process.version,
        tenantId=TENANT,
        variables=results,
        processDefinitionKey=key(process.key),
        processInstanceKey=key(case_id),
        tags=[],
        businessId=business_id,
    )


@routes.post("/process-instances/search")
@allow("api", scope=CASES_READ)
@describe(
    "Search cases the caller may see",
    body=searching(FIELDS, variables=variable_filters.SCHEMA),
    answers={200: found(INSTANCE)},
)
def find() -> Any:
    body, actor = read_body(), current_actor()
    wanted = search.parse(body, FIELDS, apart=("variables",))
    tests = variable_filters.read_tests(body, "variables")
    with product().runtime.reading() as db:
        keep = variable_filters.keeper(db, actor, tests)
        page = search_cases.search(db, actor, wanted, _CONSTANTS, keep)
    return jsonify(search.answer(page, _shown))


@routes.get("/process-instances/<key:case_id>")
@allow("api", scope=CASES_READ)
@describe("One case", answers={200: INSTANCE})
def read(case_id: int) -> Any:
    with product().runtime.reading() as db:
        return jsonify(_shown(search_cases.by_id(db, current_actor(), case_id)))


@routes.post("/process-instances/<key:case_id>/cancellation")
@allow("api", scope=FULL)
@describe(
    "End a running case; requesters so cancel a draft, and withdraw what they sent while that is possible",
    body=options(operationReference=NUMBER),
    answers={204: None},
)
def cancel(case_id: int) -> Any:
    read_body()
    runtime, actor = product().runtime, current_actor()
    with runtime.reading() as db:
        case = search_cases.by_id(db, actor, case_id)
    ends_any = actor.roles & {*PROCESS_OWNERS}
    runtime.execute(CancelCase(case_id) if ends_any or case["number"] is None else WithdrawCase(case_id), actor)
    return "", 204


@routes.get("/process-instances/<key:case_id>/statistics/element-instances")
@allow("api", scope=CASES_READ)
@describe("How often each element of a case is active, was completed or cancelled", answers={200: _COUNTS})
def statistics(case_id: int) -> Any:
    with product().runtime.reading() as db:
        search_cases.by_id(db, current_actor(), case_id)
        counted = element_instances.counts(element_instances.of_cases(db, [case_id]))
    return _counts(counted)


@routes.post("/process-definitions/<key:definition_key>/statistics/element-instances")
@allow("api", scope=CASES_READ)
@describe(
    "The same over all cases of a process version that the caller may see and the filter names",
    body=searching(FIELDS),
    answers={200: _COUNTS},
)
def statistics_of_process(definition_key: int) -> Any:
    wanted = search.parse(read_body(), FIELDS)
    product().runtime.services.definitions.process(definition_key)
    with product().runtime.reading() as db:
        counted = search_cases.counts(db, current_actor(), definition_key, wanted.criteria, _CONSTANTS)
    return _counts(counted)


def _counts(counted: Sequence[ElementCount]) -> Any:
    items = [
        {
            "elementId": one.element_id,
            "active": one.active,
            "canceled": one.cancelled,
            "incidents": one.incidents,
            "completed": one.completed,
        }
        for one in counted
    ]
    return jsonify(items=items)


def _process(body: Body) -> Process:
    definitions = product().runtime.services.definitions
    definition_key, id_ = body.key("processDefinitionKey"), body.text("processDefinitionId", longest=256)
    version = body.number("processDefinitionVersion", low=-1, high=2**31)
    if (definition_key is None) == (id_ is None):
        raise wrong(
            "processDefinitionId or processDefinitionKey",
            "given, one of them",
            "ค่าเดียวใน processDefinitionId, processDefinitionKey",
        )
    if definition_key is not None:
        return definitions.process(definition_key)
    assert id_ is not None
    return definitions.latest_process(id_) if version in (None, -1) else definitions.process_version(id_, version)


def _start_variables(process: Process, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the case starts with: the checked answers to the start form, else what the caller gives.

    Where the forms of the process ask for everything, nothing is taken at the start, as no form takes what it does not
    ask for.
    """
    if process.start_form is not None:
        with product().runtime.reading() as db:
            form = answers.bind_start_json(db, process.start_form, given)
            form.validate()
            wrong = form.errors
            if process.asks_later:
                missing = {name for name in wrong if given.get(name) in (None, "")}
                wrong = {name: text for name, text in wrong.items() if name not in missing}
            if wrong:
                raise InvalidAnswers(wrong)
            return form.answers
    return dict(given) if process.takes_variables else {}


def _results(case_id: int, names: list[str]) -> tuple[bool, dict[str, Any]]:
    """Whether a case has ended, and its variables (those of these names, or all)."""
    runtime = product().runtime
    with runtime.reading() as db:
        ended = search_cases.by_id(db, current_actor(), case_id)["state"] != "ACTIVE"
        cases = search_cases.snapshots(db, current_actor(), [case_id], 1)
    if not cases:
        raise NotFound(Text("ไม่พบเรื่องนี้", "There is no such case"), case=case_id)
    variables = variables_of(runtime.services, cases[0])
    return ended, {name: value for name, value in variables.items() if not names or name in names}


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "processDefinitionId": row["process_id"],
        "processDefinitionName": row["process_name"],
        "processDefinitionVersion": row["process_version"],
        "processDefinitionVersionTag": row["version_tag"],
        "startDate": when(row["started_at"]),
        "endDate": when(row["ended_at"]),
        "state": row["state"],
        "suspendedDate": None,
        "hasIncident": bool(row["has_incident"]),
        "tenantId": TENANT,
        "processInstanceKey": key(row["id"]),
        "processDefinitionKey": key(row["definition_key"]),
        "parentProcessInstanceKey": None,
        "parentElementInstanceKey": None,
        "rootProcessInstanceKey": key(row["id"]),
        "tags": [],
        "businessId": row["business_id"],
        "caseNumber": row["number"],
    }
