"""Filtering by the values of variables, which no table holds: each case is opened and looked at."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection

from app.access import product
from app.api.body import Body, wrong
from app.api.describe import ANYTHING, TEXT, list_of, options
from workflows.actor import Actor
from workflows.queries import search_cases, search_variables
from workflows.queries.criteria import Condition, holds

SCHEMA = list_of(options(("name", "value"), name=TEXT, value={"anyOf": [TEXT, ANYTHING]}))
_OPERATORS = ("eq", "neq", "exists", "in", "notIn", "like")

Tests = list[Condition]


def read_tests(body: Body, *members: str) -> Tests:
    """The conditions on variables in a filter: ``[{"name", "value"}]``; values are JSON in a text."""
    wanted = Body(body.mapping("filter"), "filter.")
    tests: Tests = []
    for member in members:
        for entry in wanted.items(member, most=20):
            if not isinstance(entry, dict):
                raise wrong(f"filter.{member}", "a list of objects", "รายการ object")
            one = Body(entry, f"filter.{member}.")
            tests += _tests(one.required_text("name"), one.values.get("value"), member)
    return tests


def keeper(db: Connection, actor: Actor, tests: Tests) -> Callable[[Mapping[str, Any]], bool] | None:
    """What tells whether the case of a row (its ``case_id``, else its ``id``) has such variables; None: no test."""
    if not tests:
        return None
    services = product().runtime.services
    known: dict[int, bool] = {}

    def keep(row: Mapping[str, Any]) -> bool:
        case_id = int(row["case_id"] if "case_id" in row else row["id"])
        if case_id not in known:
            cases = search_cases.snapshots(db, actor, [case_id], 1)
            values = {one.name: one.value for case in cases for one in search_variables.of_case(services, case)}
            known[case_id] = all(holds(test, values.get(test.field)) for test in tests)
        return known[case_id]

    return keep


def json_form(text: str) -> str:
    """The one JSON text of a value; a text that is no JSON stays as it is."""
    try:
        return search_variables.json_text(json.loads(text))
    except (ValueError, RecursionError):
        return text


def _tests(name: str, value: Any, member: str) -> Tests:
    if isinstance(value, str):
        return [Condition(name, "eq", json_form(value))]
    if not isinstance(value, dict):
        raise wrong(f"filter.{member}.value", "JSON in a text, or an object of operators", "ข้อความ JSON หรือ object")
    tests = []
    for sign, operand in value.items():
        operator = sign.removeprefix("$")
        listed = operator in ("in", "notIn")
        right = (
            isinstance(operand, bool)
            if operator == "exists"
            else isinstance(operand, list) and all(isinstance(each, str) for each in operand)
            if listed
            else isinstance(operand, str)
        )
        if operator not in _OPERATORS or not right:
            raise wrong(f"filter.{member}.value", "texts under known operators", "ข้อความตามตัวดำเนินการที่รู้จัก")
        if listed:
            operand = tuple(json_form(each) for each in operand)
        elif operator in ("eq", "neq"):
            operand = json_form(operand)
        tests.append(Condition(name, operator, operand))
    return tests
