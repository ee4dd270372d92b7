"""What each operation of the API takes and gives, said where the route is, collected into the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from app.api.search import Fields

Schema = Mapping[str, Any]
View = TypeVar("View", bound=Callable[..., Any])

TEXT: Schema = {"type": "string"}
KEY: Schema = {"type": "string", "pattern": "^-?[0-9]+$", "maxLength": 25}
WHEN: Schema = {"type": "string", "format": "date-time"}
NUMBER: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
TEXTS: Schema = {"type": "array", "items": TEXT}
ANYTHING: Schema = {"type": "object"}

OPERATION = "__operation__"
"""The attribute of a view that holds its operation."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. ``answers`` maps the statuses of success to the schema of their body (None: no body)."""

    summary: str
    body: Schema | None = None
    answers: Mapping[int, Schema | None] = field(default_factory=dict)
    media: str = "application/json"
    query: Mapping[str, Schema] = field(default_factory=dict)
    headers: Mapping[str, Schema] = field(default_factory=dict)
    produces: str = "application/json"


def describe(
    summary: str,
    *,
    body: Schema | None = None,
    answers: Mapping[int, Schema | None],
    media: str = "application/json",
    query: Mapping[str, Schema] | None = None,
    headers: Mapping[str, Schema] | None = None,
    produces: str = "application/json",
) -> Callable[[View], View]:
    """Say what a route does. ``media`` is the content type of the request's body, ``produces`` that of the answer's."""

    def declare(view: View) -> View:
        setattr(view, OPERATION, Operation(summary, body, answers, media, query or {}, headers or {}, produces))
        return view

    return declare


def record(**members: Schema) -> Schema:
    """An object with exactly these members, all present."""
    return {"type": "object", "properties": members, "required": sorted(members)}


def options(required: tuple[str, ...] = (), /, **members: Schema) -> Schema:
    """An object of a request: what may be said; only ``required`` must be."""
    return {"type": "object", "properties": members, "required": list(required)}


def nullable(schema: Schema) -> Schema:
    """The schema, or null."""
    return {**schema, "type": [schema["type"], "null"]}


def list_of(schema: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": schema}


def one_of(*values: str) -> Schema:
    """A text that is one of these."""
    return {"type": "string", "enum": list(values)}


def searching(fields: Fields, **apart: Schema) -> Schema:
    """The body of a search over these fields."""
    values = {"text": TEXT, "key": KEY, "integer": NUMBER, "moment": WHEN, "flag": FLAG}
    filters = {
        name: {"anyOf": [one_of(*one.choices) if one.choices else values[one.kind], ANYTHING]}
        for name, one in fields.items()
    }
    sortable = sorted(name for name, one in fields.items() if one.sortable)
    sort = options(("field",), field=one_of(*sortable), order=one_of("ASC", "DESC"))
    page = options((), limit=NUMBER, after=TEXT, before=TEXT, **{"from": NUMBER})
    return options((), filter=options((), **filters, **apart), sort=list_of(sort), page=page)


def found(item: Schema) -> Schema:
    """The answer to a search."""
    page = record(totalItems=NUMBER, hasMoreTotalItems=FLAG, startCursor=nullable(TEXT), endCursor=nullable(TEXT))
    return record(items=list_of(item), page=page)
