"""Every route of the API: nobody without authentication, problem documents for everything wrong, never a 5xx."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from app.access import PUBLIC, RULES
from app.api import openapi
from app.api.describe import OPERATION, Operation
from tests.api.conftest import As, Caller, callers, start, task_of
from workflows.actor import DEPLOYER
from workflows.changes.rounds import enter

PUBLIC_ROUTES = {
    "/v2/status",
    "/v2/license",
    "/oauth/token",
    "/api/track",
    "/api/openapi.json",
    "/api/card-bridges",  # a one-time code
    "/api/card-bridges/next",  # signed by the bridge
    "/api/card-bridges/readings",  # signed by the bridge
    "/api/face/callback",  # signed by the face app
}
MEMBERS = {"type", "title", "status", "detail", "instance"}


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """Endpoint, method and path pattern of every route of the API."""
    return [
        (rule.endpoint, method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if rule.rule.startswith(openapi.PREFIXES)
    ]


def path_of(rule: str, value: str = "1") -> str:
    return openapi._PLACE.sub(value, rule)


def is_problem(answer: TestResponse) -> bool:
    """Whether an answer is a whole problem document."""
    body = answer.json
    return (
        answer.content_type == "application/problem+json"
        and isinstance(body, dict)
        and set(body) >= MEMBERS
        and body["status"] == answer.status_code
        and isinstance(body["detail"], str)
        and isinstance(body["title"], str)
    )


def test_the_public_routes_are_these(app: Flask) -> None:
    assert {rule for endpoint, _, rule in routes(app) if PUBLIC in RULES[endpoint]} == PUBLIC_ROUTES
    assert {word for endpoint, _, _ in routes(app) for word in RULES[endpoint]} == {PUBLIC, "api"}


def test_nobody_reaches_a_route_that_is_not_public(app: Flask) -> None:
    nobody = Caller(app, "")
    for endpoint, method, rule in routes(app):
        if PUBLIC not in RULES[endpoint]:
            answer = nobody(method, path_of(rule))
            assert answer.status_code == 401, f"{method} {rule}"
            assert is_problem(answer)


def test_what_does_not_exist_is_a_problem_document(as_: As) -> None:
    admin = as_("admin")
    for method, path, status in (
        ("GET", "/v2/unknown", 404),
        ("GET", "/v2/", 404),
        ("GET", "/api/unknown", 404),
        ("GET", "/v2/deployments", 405),
        ("DELETE", "/v2/topology", 405),
        ("GET", "/v2/process-instances/search", 405),
    ):
        answer = admin(method, path)
        assert (answer.status_code, is_problem(answer)) == (status, True), path


def test_routes_with_a_key_answer_404_for_a_key_nothing_has(app: Flask, as_: As) -> None:
    for endpoint, method, rule in routes(app):
        if "<key:" in rule and RULES[endpoint] == {"api"}:
            answer = as_("admin")(method, path_of(rule))
            assert (answer.status_code, is_problem(answer)) == (404, True), f"{method} {rule}: {answer.text}"


@pytest.mark.parametrize(
    ("data", "content_type", "status"),
    [
        (b"", "application/json", 200),
        (b"  ", "application/json", 200),
        (b"", None, 200),
        (b"{}", "application/json; charset=utf-8", 200),
        (b"null", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"{", "application/json", 400),
        (b'{"a": NaN}', "application/json", 400),
        (b'{"a": 1e999}', "application/json", 400),
        (b'{"a": ' + b"9" * 5000 + b"}", "application/json", 400),
        (b'{"a": "\\u0000"}', "application/json", 400),
        (b'{"a": "\\ud800"}', "application/json", 400),
        (b'{"a": "\xff"}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"a":' * 60 + b"1" + b"}" * 60, "application/json", 400),
        (b"{}", "text/plain", 400),
        (b"a=b", "application/x-www-form-urlencoded", 400),
        (b'{"a": "' + b"x" * 1024 * 1024 + b'"}', "application/json", 413),
    ],
)
def test_bodies(as_: As, data: bytes, content_type: str | None, status: int) -> None:
    answer = as_("requester")("POST", "/v2/user-tasks/search", data=data, content_type=content_type)
    assert answer.status_code == status, answer.text
    assert status == 200 or is_problem(answer)


DAYS = ("cutoff", "closes_on", "effective_on")


class OneRound:
    """A round that nobody is in."""

    def run(self, work: Any) -> None:
        enter(
            work,
            {
                "id": "api.2026-11-10",
                "schedule": "smartcard",
                **dict.fromkeys(DAYS, date(2026, 11, 10)),
                "opens_on": None,
            },
        )


def test_answers_are_what_the_description_says(app: Flask, as_: As) -> None:
    """The happy cases of all readers and searchers, held against their schemas."""
    designer = as_("designer")
    case = start(designer)
    issuer = as_("issuer")
    issuer.post(f"user-tasks/{task_of(issuer, case)}/completion", {"variables": {"decision": "approve"}}, 204)
    [incident] = designer.find("incidents", processInstanceKey=case)
    with_task = start(designer, amount=1)
    task = task_of(issuer, with_task)
    [asked] = designer.find("process-definitions", processDefinitionId="api_asked")
    keys = {
        "case_id": with_task,
        "work_item_id": task,
        "incident_id": incident["incidentKey"],
        "definition_key": asked["processDefinitionKey"],
        "number": case,
        "round_id": "api.2026-11-10",
        **of_the_desk(as_("frontdesk")),
    }
    app.extensions["sitthi"].runtime.execute(OneRound(), DEPLOYER)
    checked = 0
    for endpoint, method, rule in routes(app):
        operation: Operation = getattr(app.view_functions[endpoint], OPERATION)
        reads = (method == "GET" or rule.endswith("/search")) and not rule.endswith(("/xml", "<document_id>"))
        if reads and (schema := operation.answers.get(200)):
            path = openapi._PLACE.sub(lambda place: keys[place["name"]], rule)
            caller = as_("frontdesk") if any(f"{place}>" in rule for place in OF_THE_DESK) else designer
            answer = caller(method, path, {} if method == "POST" else None)
            assert answer.status_code == 200, f"{path}: {answer.text}"
            assert list(misfits(answer.json, schema, path)) == []
            checked += 1
    assert checked >= 21


OF_THE_DESK = {"code", "request_id"}
"""Places of what only the front desk of a unit, and its own systems, have."""


def of_the_desk(frontdesk: Caller) -> dict[str, str]:
    """A visit that waits for a proof, and a card that is to be read."""
    who = {"pid": "0991000000011", "mobile": "0800000077", "profession": "nursing", "service_code": "SA0030001"}
    visit = frontdesk("POST", "/api/authentications", who)
    assert visit.status_code == 202, visit.text
    asked = frontdesk("POST", "/api/card-readings", {})
    return {"code": visit.json["case"], "request_id": asked.json["id"]}  # type: ignore[index]


def misfits(value: Any, schema: Any, where: str) -> Any:
    """Where a value is not what its schema says; of JSON Schema as much as the description uses."""
    types = schema.get("type")
    known = {
        "string": str,
        "integer": int,
        "number": int | float,
        "boolean": bool,
        "object": dict,
        "array": list,
        "null": type(None),
    }
    allowed = [types] if isinstance(types, str) else types or list(known)
    if not any(isinstance(value, known[one]) for one in allowed):
        yield f"{where}: {value!r} is not {allowed}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is not one of {schema['enum']}"
    if isinstance(value, dict):
        yield from (f"{where}.{name} is missing" for name in schema.get("required", []) if name not in value)
        for name, inner in schema.get("properties", {}).items():
            if name in value:
                yield from misfits(value[name], inner, f"{where}.{name}")
        if schema.get("properties"):
            yield from (f"{where}.{name} is not described" for name in set(value) - set(schema["properties"]))
    if isinstance(value, list) and "items" in schema:
        for number, inner in enumerate(value):
            yield from misfits(inner, schema["items"], f"{where}[{number}]")


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=True),
    st.text(max_size=8),
    st.sampled_from(["1", "ACTIVE", "9" * 25, "2026-01-01T00:00:00Z", "api_bare", "\ud800", "\0", "=1+", "WzFd", "*"]),
)
NAMES = st.one_of(
    st.sampled_from(
        [
            "filter",
            "sort",
            "page",
            "limit",
            "after",
            "from",
            "field",
            "order",
            "$or",
            "$in",
            "$like",
            "$exists",
            "$gt",
            "state",
            "variables",
            "processInstanceKey",
            "processDefinitionId",
            "processDefinitionKey",
            "assignee",
            "name",
            "correlationKey",
            "timeToLive",
            "timestamp",
            "case",
            "phone",
            "value",
            "decision",
            "files",
            "dueDate",
            "businessId",
            "documentId",
            "camunda.document.type",
        ]
    ),
    st.text(max_size=4),
)
HOSTILE = st.dictionaries(
    NAMES,
    st.recursive(
        LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=8
    ),
    max_size=4,
)


@pytest.fixture(scope="module")
def hostile(app: Flask) -> tuple[Caller, list[tuple[str, str]]]:
    """An administrator with a real open case and task to aim at, and every route that takes a body."""
    admin = callers(app)("admin")
    designer = callers(app)("designer")
    case = start(designer, amount=1)
    keys = {
        "case_id": start(admin, "api_bare"),
        "scope_key": case,
        "work_item_id": task_of(callers(app)("issuer"), case),
        "incident_id": "1",
        "definition_key": "1",
        "number": case,
        "round_id": "api.2026-11-10",
        "document_id": "x",
        **of_the_desk(callers(app)("frontdesk")),
    }
    aims = [
        (method, openapi._PLACE.sub(lambda place: keys[place["name"]], rule))
        for _, method, rule in routes(app)
        if method != "GET" and "clock" not in rule
    ]
    return admin, aims


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_body_brings_the_server_down(hostile: tuple[Caller, list[tuple[str, str]]], data: st.DataObject) -> None:
    admin, aims = hostile
    method, path = data.draw(st.sampled_from(aims))
    body = data.draw(HOSTILE)
    raw = json.dumps(body) if data.draw(st.booleans()) else json.dumps(body).encode()[: data.draw(st.integers(0, 40))]
    answer = admin(method, path, data=raw, content_type="application/json")
    assert answer.status_code < 500 or answer.status_code == 504, f"{method} {path} {raw!r}: {answer.text}"
    assert answer.status_code < 400 or is_problem(answer)
