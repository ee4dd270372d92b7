"""Operators and the diagrams that use them agree about names; what is missing is told by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from tests.operators.register import context
from workflows.operators import documented, operator, table
from workflows.operators.registry import MissingInput

DIAGRAMS = sorted((Path(__file__).parents[2] / "bpmn").glob("*.bpmn"))
NS = {"bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL", "zeebe": "http://camunda.org/schema/zeebe/1.0"}
TASKS = [
    pytest.param(task, id=f"{path.stem}-{task.get('id')}")
    for path in DIAGRAMS
    for task in etree.parse(str(path)).iterfind(".//zeebe:taskDefinition/../..", NS)
]


@pytest.mark.parametrize("task", TASKS)
def test_a_service_task_gives_its_operator_what_it_needs_and_uses_what_it_gives(task: etree._Element) -> None:
    found = {each.type: each for each in documented()}[task.find(".//zeebe:taskDefinition", NS).get("type")]
    given = {mapping.get("target") for mapping in task.iterfind(".//zeebe:input", NS)}
    known = {name.removesuffix("?") for name in found.inputs}
    assert {name for name in found.inputs if not name.endswith("?")} <= given <= known
    sources = " ".join(mapping.get("source") for mapping in task.iterfind(".//zeebe:output", NS))
    assert not found.outputs or not sources or any(name in sources for name in found.outputs)


@pytest.mark.parametrize("each", documented(), ids=lambda each: each.type)
def test_every_operator_is_documented(each: object) -> None:
    assert each.summary.endswith(".")
    assert all(text and not text.endswith(".") for text in (*each.inputs.values(), *each.outputs.values()))


def test_a_missing_input_is_told_by_name() -> None:
    with pytest.raises(MissingInput) as raised:
        table()["unit.load"]({"unit_code": "99001"}, context())
    assert "unit.load" in raised.value.text.en
    assert "pid" in raised.value.text.en


def test_a_type_has_one_operator() -> None:
    with pytest.raises(ValueError, match=r"unit\.load is registered twice"):
        operator("unit.load")(lambda inputs, context: None)
