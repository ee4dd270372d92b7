"""Deployed processes: search, read, their XML and start form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify

from app import answers
from app.access import allow, product
from app.api import search
from app.api.body import read_body
from app.api.describe import FLAG, KEY, NUMBER, TEXT, describe, found, nullable, record, searching
from app.api.resource import TENANT, key, resource
from app.api.search import Field
from forms.builder import BoundForm
from workflows.errors import NotFound, Text
from workflows.queries import definitions, search_definitions
from workflows.rules.scopes import CASES_READ

routes = resource("process_definitions")

_CONSTANTS = {"tenant": TENANT, "state": "ACTIVE"}
FIELDS = {
    "name": Field("name"),
    "isLatestVersion": Field("is_latest", "flag", sortable=False),
    "resourceName": Field("resource_name"),
    "version": Field("version", "integer"),
    "versionTag": Field("version_tag"),
    "processDefinitionId": Field("process_id"),
    "processDefinitionKey": Field("id", "key"),
    "hasStartForm": Field("has_start_form", "flag", sortable=False),
    "tenantId": Field("tenant", constant=True),
    "state": Field("state", choices=("ACTIVE", "DELETED", "DRAINING"), constant=True),
}
DEFINITION = record(
    name=nullable(TEXT),
    resourceName=TEXT,
    version=NUMBER,
    versionTag=nullable(TEXT),
    processDefinitionId=TEXT,
    tenantId=TEXT,
    processDefinitionKey=KEY,
    hasStartForm=FLAG,
    state=TEXT,
)
FORM = record(tenantId=TEXT, formId=TEXT, schema=TEXT, version=NUMBER, formKey=KEY)


@routes.post("/process-definitions/search")
@allow("api", scope=CASES_READ)
@describe("Search process definitions", body=searching(FIELDS), answers={200: found(DEFINITION)})
def find() -> Any:
    wanted = search.parse(read_body(), FIELDS)
    with product().runtime.reading() as db:
        page = search_definitions.search(db, wanted, _CONSTANTS)
    return jsonify(search.answer(page, _shown))


@routes.get("/process-definitions/<key:definition_key>")
@allow("api", scope=CASES_READ)
@describe("One process definition", answers={200: DEFINITION})
def read(definition_key: int) -> Any:
    row = _process(definition_key)
    return jsonify(_shown({**row, "id": row["key"], "process_id": row["id"]}))


@routes.get("/process-definitions/<key:definition_key>/xml")
@allow("api", scope=CASES_READ)
@describe("The file as it was deployed", answers={200: TEXT}, produces="text/xml")
def xml(definition_key: int) -> Any:
    return Response(bytes(_process(definition_key)["body"]), content_type="text/xml; charset=utf-8")


@routes.get("/process-definitions/<key:definition_key>/form")
@allow("api", scope=CASES_READ)
@describe("The start form, its options as static values for the caller; 404 when there is none", answers={200: FORM})
def form(definition_key: int) -> Any:
    row = _process(definition_key)
    if row["start_form"] is None:
        raise NotFound(Text("กระบวนงานนี้ไม่มีแบบฟอร์มเริ่มเรื่อง", "This process has no start form"))
    with product().runtime.reading() as db:
        bound = answers.bind_start_json(db, row["start_form"], {})
        return jsonify(form_shown(db, row["start_form"], bound))


def form_shown(db: Any, form_id: str, bound: BoundForm) -> dict[str, Any]:
    """A form as the API shows it; ``schema`` is JSON in a text."""
    form_key = product().runtime.services.definitions.form_key(form_id)
    return {
        "tenantId": TENANT,
        "formId": form_id,
        "schema": json.dumps(bound.resolved_schema(), ensure_ascii=False),
        "version": definitions.by_key(db, form_key)["version"],
        "formKey": key(form_key),
    }


def _process(definition_key: int) -> Mapping[str, Any]:
    with product().runtime.reading() as db:
        row = definitions.by_key(db, definition_key)
    if row["kind"] != "process":
        raise NotFound(definition=definition_key)
    return row


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": row["name"],
        "resourceName": row["resource_name"],
        "version": row["version"],
        "versionTag": row["version_tag"],
        "processDefinitionId": row["process_id"],
        "tenantId": TENANT,
        "processDefinitionKey": key(row["id"]),
        "hasStartForm": row["start_form"] is not None,
        "state": "ACTIVE",
    }
