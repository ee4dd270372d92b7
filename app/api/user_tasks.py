"""User tasks: search, read, their form, claim, put back, complete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import jsonify

from app import answers
from app.access import allow, current_actor, product
from app.api import search, variable_filters
from app.api.body import read_body
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
    nullable,
    options,
    record,
    searching,
)
from app.api.hidden import hidden
from app.api.process_definitions import FORM, form_shown
from app.api.resource import TENANT, key, resource, when
from app.api.search import Field
from app.rights_first import with_rights
from workflows.commands.assign_work_item import AssignWorkItem
from workflows.commands.complete_work_item import CompleteWorkItem
from workflows.errors import Conflict, EngineIncident, InvalidAnswers, NotAllowed, NotFound, Text
from workflows.queries import search_work_items
from workflows.queries.work_items import open_item
from workflows.rules.scopes import FULL

routes = resource("user_tasks")

_STATES = (*search_work_items.STATES, "CREATING", "ASSIGNING", "UPDATING", "CANCELING", "FAILED")
FIELDS = {
    "userTaskKey": Field("id", "key"),
    "elementInstanceKey": Field("id", "key"),
    "state": Field("state", choices=_STATES),
    "assignee": Field("assignee"),
    "name": Field("name"),
    "elementId": Field("element_id"),
    "priority": Field("priority", "integer"),
    "candidateGroup": Field("groups", sortable=False),
    "candidateUser": Field("users", sortable=False),
    "creationDate": Field("opened_at", "moment"),
    "completionDate": Field("completed_at", "moment"),
    "dueDate": Field("due_at", "moment"),
    "followUpDate": Field("follow_up_at", "moment"),
    "processInstanceKey": Field("case_id", "key"),
    "processDefinitionKey": Field("definition_key", "key"),
    "processDefinitionId": Field("process_id"),
    "businessId": Field("business_id"),
    "tenantId": Field("tenant", constant=True),
}
_VARIABLES = ("processInstanceVariables", "localVariables")
TASK = record(
    name=nullable(TEXT),
    state=TEXT,
    assignee=nullable(TEXT),
    elementId=TEXT,
    candidateGroups=TEXTS,
    candidateUsers=TEXTS,
    processDefinitionId=TEXT,
    creationDate=WHEN,
    completionDate=nullable(WHEN),
    followUpDate=nullable(WHEN),
    dueDate=nullable(WHEN),
    tenantId=TEXT,
    externalFormReference=nullable(TEXT),
    processDefinitionVersion=NUMBER,
    customHeaders=ANYTHING,
    userTaskKey=KEY,
    elementInstanceKey=KEY,
    processName=nullable(TEXT),
    processDefinitionKey=KEY,
    processInstanceKey=KEY,
    rootProcessInstanceKey=nullable(KEY),
    businessId=nullable(TEXT),
    formKey=nullable(KEY),
    tags=TEXTS,
    priority=NUMBER,
    caseNumber=nullable(TEXT),
)


@routes.post("/user-tasks/search")
@allow("api", scope=FULL)
@describe(
    "Search open user tasks offered to the caller, and finished ones of cases the caller may see",
    body=searching(FIELDS, processInstanceVariables=variable_filters.SCHEMA, localVariables=variable_filters.SCHEMA),
    answers={200: found(TASK)},
)
def find() -> Any:
    body, actor = read_body(), current_actor()
    wanted = search.parse(body, FIELDS, apart=_VARIABLES)
    tests = variable_filters.read_tests(body, *_VARIABLES)
    with product().runtime.reading() as db:
        keep = variable_filters.keeper(db, actor, tests)
        page = search_work_items.search(db, actor, wanted, {"tenant": TENANT}, keep)
    return jsonify(search.answer(page, _shown))


@routes.get("/user-tasks/<key:work_item_id>")
@allow("api", scope=FULL)
@describe("One user task", answers={200: TASK})
def read(work_item_id: int) -> Any:
    with product().runtime.reading() as db:
        return jsonify(_shown(search_work_items.by_id(db, current_actor(), work_item_id)))


@routes.get("/user-tasks/<key:work_item_id>/form")
@allow("api", scope=FULL)
@describe("The task's form, its options as static values for the caller; 404 when there is none", answers={200: FORM})
def form(work_item_id: int) -> Any:
    runtime, actor = product().runtime, current_actor()
    with runtime.reading() as db:
        try:
            with hidden(work_item_id):
                item = open_item(runtime.services, db, actor, work_item_id)
        except Conflict as done:
            raise NotFound(
                Text("งานนี้เสร็จแล้ว จึงไม่มีแบบฟอร์มให้กรอก", "The task is done; there is no form to fill in")
            ) from done
        if item.form_id is None:
            raise NotFound(Text("งานนี้ไม่มีแบบฟอร์ม", "This task has no form"))
        return jsonify(form_shown(db, item.form_id, answers.bind_json(db, actor, item, {})))


@routes.post("/user-tasks/<key:work_item_id>/assignment")
@allow("api", scope=FULL)
@describe(
    "Give the task to somebody it is offered to (default: the caller)",
    body=options(assignee=TEXT, allowOverride=FLAG, action=TEXT),
    answers={204: None},
)
def assign(work_item_id: int) -> Any:
    body = read_body()
    body.text("action")
    assignee, override = body.text("assignee", longest=256), body.flag("allowOverride")
    return _assign(AssignWorkItem(work_item_id, assignee or None, override=override is not False))


@routes.delete("/user-tasks/<key:work_item_id>/assignee")
@allow("api", scope=FULL)
@describe("Put the task back for everybody it is offered to", answers={204: None})
def unassign(work_item_id: int) -> Any:
    return _assign(AssignWorkItem(work_item_id, release=True, override=True))


def _assign(command: AssignWorkItem) -> Any:
    with hidden(command.work_item_id):
        product().runtime.execute(command, current_actor())
    return "", 204


@routes.post("/user-tasks/<key:work_item_id>/completion")
@allow("api", scope=FULL)
@describe(
    "Answer the task. Where it has a form, the variables are its answers; invalid ones give 400 with errors by field",
    body=options(variables=ANYTHING, action=TEXT),
    answers={204: None},
)
def complete(work_item_id: int) -> Any:
    body = read_body()
    body.text("action")
    given = body.mapping("variables")
    runtime, actor = product().runtime, current_actor()
    with hidden(work_item_id):
        with runtime.reading() as db:
            item = open_item(runtime.services, db, actor, work_item_id)
            if not item.may_act:
                raise NotAllowed(work_item=work_item_id)
            accepted = given
            if item.form_id is not None:
                bound = answers.bind_json(db, actor, item, given)
                if not bound.validate():
                    raise InvalidAnswers(bound.errors)
                process = runtime.services.definitions.process(item.case["definition_key"])
                accepted = with_rights(process, bound.answers, actor)
        try:
            runtime.execute(CompleteWorkItem(work_item_id, accepted), actor)
        except EngineIncident as incident:
            if "incident" not in incident.details:
                raise
            # the answer was taken and is kept with the incident, which somebody will mend
    return "", 204


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": row["name"],
        "state": row["state"],
        "assignee": row["assignee"],
        "elementId": row["element_id"],
        "candidateGroups": row["groups"] or [],
        "candidateUsers": row["users"] or [],
        "processDefinitionId": row["process_id"],
        "creationDate": when(row["opened_at"] or row["completed_at"]),
        "completionDate": when(row["completed_at"]) if row["state"] == "COMPLETED" else None,
        "followUpDate": when(row["follow_up_at"]),
        "dueDate": when(row["due_at"]),
        "tenantId": TENANT,
        "externalFormReference": None,
        "processDefinitionVersion": row["process_version"],
        "customHeaders": row["headers"] or {},
        "userTaskKey": key(row["id"]),
        "elementInstanceKey": key(row["id"]),
        "processName": row["process_name"],
        "processDefinitionKey": key(row["definition_key"]),
        "processInstanceKey": key(row["case_id"]),
        "rootProcessInstanceKey": key(row["case_id"]),
        "businessId": row["business_id"],
        "formKey": _form_key(row["form_id"]),
        "tags": [],
        "priority": 50 if row["priority"] is None else row["priority"],
        "caseNumber": row["case_number"],
    }


def _form_key(form_id: str | None) -> str | None:
    if form_id is None:
        return None
    try:
        return key(product().runtime.services.definitions.form_key(form_id))
    except NotFound:
        return None
