"""The search envelope: ``{"filter", "sort", "page"}`` in, ``{"items", "page"}`` out.

A resource lists its fields with their kinds; from that table a request is checked and turned into a search, and the
description of the API is written. An unknown field is refused: a filter that is not applied would show too much.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.api.body import Body, as_key, as_moment, parse_json, wrong
from app.errors import InvalidRequest
from workflows.errors import Text
from workflows.queries.criteria import Condition, Criteria
from workflows.queries.paging import Found, Order, PageWanted, Search

MOST_ROWS = 10_000
DEFAULT_ROWS = 100
_MOST_VALUES = 1000
_MOST_GROUPS = 50
_ALWAYS = ("eq", "neq", "exists", "in")
_OPERATORS = {
    "text": (*_ALWAYS, "notIn", "like"),
    "key": (*_ALWAYS, "notIn", "like"),
    "integer": (*_ALWAYS, "gt", "gte", "lt", "lte"),
    "moment": (*_ALWAYS, "gt", "gte", "lt", "lte"),
    "flag": _ALWAYS,
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a search. ``column`` is its name in the query; ``choices`` are the values of an enumeration; what is
    ``constant`` is the same for every row, so that sorting by it changes nothing."""

    column: str
    kind: str = "text"
    choices: tuple[str, ...] = ()
    sortable: bool = True
    constant: bool = False


Fields = Mapping[str, Field]


def parse(body: Body, fields: Fields, *, apart: tuple[str, ...] = ()) -> Search:
    """The search a request asks for. Members of the filter named in ``apart`` are read by the caller."""
    wanted = Body(body.mapping("filter"), "filter.")
    every: list[Condition] = []
    any_of: list[tuple[Condition, ...]] = []
    for name, value in wanted.values.items():
        if name == "$or":
            for group in wanted.items("$or", most=_MOST_GROUPS):
                if not isinstance(group, dict):
                    raise wrong("filter.$or", "a list of objects", "รายการ object")
                any_of.append(_group(Body(group, "filter.$or."), fields))
        elif name not in apart:
            every += _conditions(name, value, fields)
    order = tuple(one for entry in body.items("sort", most=10) for one in _order(entry, fields))
    page = _page(Body(body.mapping("page"), "page."), order, fields)
    return Search(Criteria(tuple(every), tuple(any_of)), order, page)


def answer(found: Found, show: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """The response to a search."""
    page = {
        "totalItems": found.total,
        "hasMoreTotalItems": found.more,
        "startCursor": _to_cursor(found.first),
        "endCursor": _to_cursor(found.last),
    }
    return {"items": [show(row) for row in found.rows], "page": page}


def _group(group: Body, fields: Fields) -> tuple[Condition, ...]:
    return tuple(condition for name, value in group.values.items() for condition in _conditions(name, value, fields))


def _conditions(name: str, value: Any, fields: Fields) -> list[Condition]:
    field = fields.get(name)
    if field is None:
        known = ", ".join(sorted(fields))
        raise InvalidRequest(
            Text(f"filter.{name} ใช้กรองไม่ได้ ใช้ได้: {known}", f"filter.{name} cannot be filtered by; known: {known}")
        )
    if not isinstance(value, dict):
        return [Condition(field.column, "eq", _value(field, value, name))]
    found = []
    for sign, operand in value.items():
        operator = sign.removeprefix("$")
        if not sign.startswith("$") or operator not in _OPERATORS[field.kind]:
            known = ", ".join(f"${each}" for each in _OPERATORS[field.kind])
            raise wrong(f"filter.{name}", f"a value or an object with {known}", f"ค่าเดียวหรือ object ที่ใช้ {known}")
        if operand is not None:
            found.append(Condition(field.column, operator, _operand(field, operator, operand, name)))
    return found


def _operand(field: Field, operator: str, operand: Any, name: str) -> Any:
    if operator == "exists":
        if not isinstance(operand, bool):
            raise wrong(f"filter.{name}.$exists", "true or false", " true หรือ false")
        return operand
    if operator in ("in", "notIn"):
        if not isinstance(operand, list) or len(operand) > _MOST_VALUES:
            raise wrong(f"filter.{name}", f"a list of at most {_MOST_VALUES}", f"รายการไม่เกิน {_MOST_VALUES} ค่า")
        return tuple(_value(field, each, name) for each in operand)
    if operator == "like":
        if not isinstance(operand, str) or len(operand) > 1000:
            raise wrong(f"filter.{name}.$like", "a pattern of at most 1000 letters", "ข้อความไม่เกิน 1000 ตัวอักษร")
        return operand
    return _value(field, operand, name)


def _value(field: Field, value: Any, name: str) -> Any:
    name = f"filter.{name}"
    match field.kind:
        case "key":
            return as_key(value, name)
        case "moment":
            return as_moment(value, name)
        case "integer":
            if isinstance(value, bool) or not isinstance(value, int):
                raise wrong(name, "a whole number", "จำนวนเต็ม")
        case "flag":
            if not isinstance(value, bool):
                raise wrong(name, "true or false", " true หรือ false")
        case _:
            if not isinstance(value, str):
                raise wrong(name, "a text", "ข้อความ")
            if field.choices and value not in field.choices:
                raise wrong(name, f"one of {', '.join(field.choices)}", f"ค่าใดค่าหนึ่งของ {', '.join(field.choices)}")
    return value


def _order(entry: Any, fields: Fields) -> list[Order]:
    if not isinstance(entry, dict):
        raise wrong("sort", "a list of objects", "รายการ object")
    wanted = Body(entry, "sort.")
    name, direction = wanted.required_text("field"), wanted.text("order") or "ASC"
    sortable = sorted(name for name, field in fields.items() if field.sortable)
    if name not in sortable:
        raise wrong("sort.field", f"one of {', '.join(sortable)}", f"ค่าใดค่าหนึ่งของ {', '.join(sortable)}")
    if direction.upper() not in ("ASC", "DESC"):
        raise wrong("sort.order", "ASC or DESC", " ASC หรือ DESC")
    return [] if fields[name].constant else [Order(fields[name].column, direction.upper() == "DESC")]


def _page(page: Body, order: tuple[Order, ...], fields: Fields) -> PageWanted:
    limit = page.number("limit", low=1, high=MOST_ROWS) or DEFAULT_ROWS
    offset = page.number("from", low=0, high=2**31) or 0
    after, before = page.text("after"), page.text("before")
    if sum(name in page for name in ("from", "after", "before")) > 1:
        raise wrong("page", "one of from, after, before", "ค่าเดียวใน from, after, before")
    cursor = after or before
    if not cursor:
        return PageWanted(limit, offset)
    return PageWanted(limit, 0, _from_cursor(cursor, order, fields), backwards=before is not None)


def _to_cursor(values: tuple[Any, ...] | None) -> str | None:
    if values is None:
        return None
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.b64encode(json.dumps(plain).encode()).decode()


def _from_cursor(cursor: str, order: tuple[Order, ...], fields: Fields) -> tuple[Any, ...]:
    """The values of a cursor. Each must be of its field's kind, so that it can be compared."""
    kinds = [next(field.kind for field in fields.values() if field.column == one.field) for one in order]
    try:
        values = parse_json(base64.b64decode(cursor, validate=True), limit=10**26)
        if not isinstance(values, list) or len(values) != len(kinds) + 1 or type(values[-1]) is not int:
            raise ValueError
        sorted_by = [_from_plain(kind, value) for kind, value in zip(kinds, values, strict=False)]
    except (ValueError, InvalidRequest):
        raise wrong("page", "a cursor of this same search", " cursor ของการค้นหาเดียวกัน") from None
    return (*sorted_by, values[-1])


def _from_plain(kind: str, value: Any) -> Any:
    expected = {"text": str, "key": int, "integer": int, "moment": str, "flag": bool}[kind]
    if value is not None and type(value) is not expected:
        raise ValueError
    if isinstance(value, str) and kind == "moment":
        return datetime.fromisoformat(value).astimezone(UTC)
    return value
