"""The description of the API (OpenAPI 3.1), written from what stands beside the routes."""

from __future__ import annotations

import re
from typing import Any

from flask import current_app, jsonify
from werkzeug.routing import Rule

from app.access import PUBLIC, RULES, SCOPES, allow
from app.api.describe import (
    ANYTHING,
    NUMBER,
    OPERATION,
    TEXT,
    WHEN,
    Operation,
    Schema,
    describe,
    nullable,
    one_of,
    options,
    record,
)
from app.api.resource import resource
from app.api.service import VERSION
from workflows.announcing import AUTHENTICATION_DATA, CASE_DATA
from workflows.rules import scopes
from workflows.rules.webhooks import CASE_COMPLETED, EVENTS

routes = resource("openapi", prefix="/api")

PREFIXES = ("/v2/", "/api/", "/oauth/")
_PLACE = re.compile(r"<(?:(?P<kind>[a-z]+):)?(?P<name>\w+)>")
_ERRORS = {
    400: "The request is not valid; errors maps field keys to messages where a form was answered",
    401: "Nobody, or nobody known",
    403: "The caller may not do this; scope names what the token lacks where that is why",
    404: "There is no such thing that the caller may see",
    409: "Somebody was first, or the state does not allow it",
    429: "Too many attempts; Retry-After says when to come back",
}
_PROBLEM = options(
    ("type", "title", "status", "detail", "instance"),
    type=TEXT,
    title=TEXT,
    status=NUMBER,
    detail=TEXT,
    instance=TEXT,
    detail_th=nullable(TEXT),
    errors=ANYTHING,
    errors_en=ANYTHING,
    scope=nullable(TEXT),
)


@routes.get("/openapi.json")
@allow("public")
@describe("This document", answers={200: ANYTHING})
def document() -> Any:
    return jsonify(described())


def described() -> dict[str, Any]:
    """The OpenAPI document of every route under /v2, /api and /oauth."""
    paths: dict[str, Any] = {}
    for rule in current_app.url_map.iter_rules():
        if not rule.rule.startswith(PREFIXES):
            continue
        operation: Operation = getattr(current_app.view_functions[rule.endpoint], OPERATION)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            paths.setdefault(_PLACE.sub(r"{\g<name>}", rule.rule), {})[method.lower()] = _operation(rule, operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sitthi",
            "version": VERSION,
            "description": "A part of the Camunda 8 Orchestration Cluster REST API (/v2) and own additions (/api).",
        },
        "paths": dict(sorted(paths.items())),
        "webhooks": {event: _webhook(event, words.en) for event, words in EVENTS.items()},
        "components": {
            "schemas": {"Problem": _PROBLEM},
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic"},
                "bearer": {"type": "http", "scheme": "bearer"},
                "client": {
                    "type": "oauth2",
                    "flows": {
                        "clientCredentials": {
                            "tokenUrl": "/oauth/token",
                            "scopes": {name: words.en for name, words in scopes.SCOPES.items()},
                        }
                    },
                },
            },
        },
    }


def _webhook(event: str, summary: str) -> dict[str, Any]:
    """What an endpoint of a unit's system is sent (``docs/api.md``, Webhooks)."""
    data = CASE_DATA if event == CASE_COMPLETED else AUTHENTICATION_DATA
    body = record(id=TEXT, type=one_of(event), unit=TEXT, created=WHEN, data=record(**dict.fromkeys(data, TEXT)))
    headers = [{"name": name, "in": "header", "schema": TEXT} for name in ("Sitthi-Id", "Sitthi-Signature")]
    return {
        "post": {
            "summary": summary,
            "parameters": headers,
            "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
            "responses": {"2XX": {"description": "Taken; anything else is tried again"}},
        }
    }


def _operation(rule: Rule, operation: Operation) -> dict[str, Any]:
    public = PUBLIC in RULES[rule.endpoint]
    places = list(_PLACE.finditer(rule.rule))
    found: dict[str, Any] = {
        "operationId": rule.endpoint.removeprefix("api_") + _suffix(rule),
        "summary": operation.summary,
        "tags": [rule.endpoint.removeprefix("api_").partition(".")[0]],
        "responses": {
            **{
                str(status): _answer(status, schema, operation.produces) for status, schema in operation.answers.items()
            },
            **{str(status): _problem(status) for status in _failures(rule, operation, public=public)},
        },
    }
    parameters = [
        {"name": place["name"], "in": "path", "required": True, "schema": _place_schema(place["kind"])}
        for place in places
    ]
    parameters += [{"name": name, "in": "query", "schema": schema} for name, schema in operation.query.items()]
    parameters += [{"name": name, "in": "header", "schema": schema} for name, schema in operation.headers.items()]
    if parameters:
        found["parameters"] = parameters
    if operation.body is not None:
        required = bool(operation.body.get("required"))
        found["requestBody"] = {"required": required, "content": {operation.media: {"schema": operation.body}}}
    found["security"] = [] if public else _security(SCOPES[rule.endpoint])
    return found


def _security(scope: str) -> list[dict[str, list[str]]]:
    """Who may call: a person, or a token with the scope (none is named where any token may)."""
    needed = [scope] if scope else []
    return [{"basic": []}, {"bearer": needed}, {"client": needed}]


def _suffix(rule: Rule) -> str:
    """Two paths may share a view; their operations still need different names."""
    return ".effective" if "effective-variables" in rule.rule else ""


def _failures(rule: Rule, operation: Operation, *, public: bool) -> list[int]:
    found = [] if public else [401, 403]
    if operation.body is not None:
        found += [400, 409]
    if "<" in rule.rule or operation.body is not None:
        found.append(404)
    return sorted([*found, 429])


def _answer(status: int, schema: Schema | None, media: str) -> dict[str, Any]:
    if schema is None:
        return {"description": "Done"}
    return {"description": "Created" if status == 201 else "OK", "content": {media: {"schema": schema}}}


def _problem(status: int) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": _ERRORS[status], "content": content}


def _place_schema(kind: str | None) -> dict[str, Any]:
    return {"type": "string", "pattern": "^[0-9]+$"} if kind == "key" else {"type": "string"}
