"""What the form of a bulk request is checked for: every row of the file, and the numbers of lines decided otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import g

from app.access import product
from app.errors import speaks_json
from forms.builder import ExtraRules
from workflows.actor import Actor
from workflows.clock import BANGKOK
from workflows.errors import Text
from workflows.feel import Environment
from workflows.operators.bulk_file import bundle_of, check, refusal, roles_of, summary
from workflows.operators.bulk_notes import waits
from workflows.ports import Lookups
from workflows.queries.work_items import OpenItem
from workflows.rules import bulk_list
from workflows.rules.bulk_list import Problem
from workflows.rules.line_numbers import NOT_NUMBERS, parse

_TWICE = Text("ลำดับ {lines} อยู่ในมากกว่าหนึ่งข้อยกเว้น", "Line {lines} is in more than one exception")
_NOT_WAITING = Text(
    "ไม่มีลำดับ {lines} ในรายการที่รอผลขั้นนี้ กรุณาตรวจตารางรายชื่อ",
    "Line {lines} does not wait for this decision; see the list of persons",
)


def start_rules(lookups: Lookups, actor: Actor) -> ExtraRules:
    """For a start form that asks for a bundle."""
    return {"bundle": _bundle_rule(lookups, actor, 0, None, None)}


def case_rules(lookups: Lookups, found: OpenItem, actor: Actor) -> ExtraRules:
    """For a step of a process that decides lines."""
    system = found.variables.get("system")
    unit_code = found.variables.get("unit_code")
    correcting = system if isinstance(system, str) else None
    rules: dict[str, Callable[[Any, Mapping[str, Any]], Text | None]] = {
        "bundle": _bundle_rule(lookups, actor, found.case["id"], unit_code, correcting)
    }
    if level := found.item["headers"].get("level"):
        rules["lines"] = _lines_rule(lookups, found.case["id"], level, system if isinstance(system, dict) else None)
    return rules


def problems_found() -> list[Problem]:
    """What the last check of a bundle in this request found, row by row."""
    found: list[Problem] = g.get("bulk_problems", [])
    return found


def _bundle_rule(
    lookups: Lookups, actor: Actor, case_id: int, unit_code: str | None, system: str | None
) -> Callable[[Any, Mapping[str, Any]], Text | None]:
    definitions, clock = product().runtime.services.definitions, product().runtime.clock

    def rule(references: Any, _answers: Mapping[str, Any]) -> Text | None:
        found = bundle_of(references, lookups)
        unit = lookups.unit(found["unit_code"]) if found else None
        wrong = refusal(found, unit, actor, unit_code)
        if wrong is not None or found is None or unit is None:
            return wrong
        environment = Environment(lambda: clock.now().astimezone(BANGKOK))
        role_checks = [
            {**definitions.decide("role_eligibility", {"role": role, "unit_kind": unit["kind"]}, environment).output}
            | {"role": role}
            for role in roles_of(bulk_list.read(found["rows"])[0])
        ]
        _, problems = check(found["rows"], unit, role_checks, lookups, case_id, system=system)
        g.bulk_problems = problems
        if not problems:
            return None
        return summary(problems, most=None if speaks_json() else 0)  # a page shows them in a table

    return rule


def _lines_rule(
    lookups: Lookups, case_id: int, level: str, system: Mapping[str, Any] | None
) -> Callable[[Any, Mapping[str, Any]], Text | None]:
    waiting = {line["line"] for line in lookups.lines(case_id) if waits(line, level, system)}

    def rule(text: Any, answers: Mapping[str, Any]) -> Text | None:
        numbers = parse(str(text))
        if numbers is None:
            return NOT_NUMBERS
        if strange := [number for number in numbers if number not in waiting]:
            return _NOT_WAITING.format(lines=", ".join(map(str, strange[:10])))
        everywhere = [
            number for each in answers.get("exceptions") or () for number in parse(str(each.get("lines") or "")) or ()
        ]
        twice = sorted({number for number in numbers if everywhere.count(number) > 1})
        return _TWICE.format(lines=", ".join(map(str, twice[:10]))) if twice else None

    return rule
