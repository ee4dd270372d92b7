"""Each row is a decision file with one thing wrong: the gate must say exactly that, at exactly that element."""

from __future__ import annotations

import pytest

from workflows.engine.gate import Known, inspect

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
INPUT = '<input id="I"><inputExpression id="X"><text>region</text></inputExpression></input>'
OUTPUT = '<output id="O" name="days"/>'


def rule(*cells: str, outputs: tuple[str, ...] = ("15",)) -> str:
    inside = "".join(f"<inputEntry><text>{cell}</text></inputEntry>" for cell in cells)
    outside = "".join(f"<outputEntry><text>{cell}</text></outputEntry>" for cell in outputs)
    return f'<rule id="R">{inside}{outside}</rule>'


def table(*parts: str, policy: str = "") -> str:
    return f'<decisionTable id="T"{policy}>{"".join(parts)}</decisionTable>'


def decision(inside: str, attributes: str = 'id="D" name="วัน"') -> str:
    return f"<decision {attributes}>{inside}</decision>"


def dmn(*decisions: str, namespace: str = DMN) -> bytes:
    return f'<definitions id="F" name="f" namespace="n" xmlns="{namespace}">{"".join(decisions)}</definitions>'.encode()


def requires(*needed: str) -> str:
    return "".join(
        f'<informationRequirement><requiredDecision href="#{name}"/></informationRequirement>' for name in needed
    )


LITERAL = "<literalExpression><text>1</text></literalExpression>"

ROWS: list[tuple[bytes, str, str | None]] = [
    (dmn(), "no-decision", "F"),
    (dmn(decision(LITERAL, 'name="x"')), "id-missing", "F"),
    (dmn(decision(LITERAL, 'id="วัน" name="x"')), "id-form", "วัน"),
    (dmn(decision(LITERAL, 'id="D"')), "decision-name", "D"),
    (dmn(decision("")), "decision-empty", "D"),
    (dmn(decision("<mystery/>")), "decision-kind", "D"),
    (dmn(decision('<functionDefinition id="J" kind="Java"/>')), "decision-kind", "J"),
    (dmn(decision(LITERAL), decision(LITERAL)), "duplicate-id", "D"),
    (dmn(decision(table(INPUT, OUTPUT, rule("1"), rule("2")))), "duplicate-id", "R"),
    (dmn(decision(table(INPUT, OUTPUT, rule("1"), policy=' hitPolicy="BEST"'))), "hit-policy", "T"),
    (dmn(decision(table(INPUT, rule("1", outputs=())))), "no-output", "T"),
    (dmn(decision(table(INPUT, OUTPUT, '<output id="O2"/>', rule("1", outputs=("1", "2"))))), "output-name", "O2"),
    (dmn(decision(table(INPUT, OUTPUT))), "no-rules", "T"),
    (dmn(decision(table(INPUT, OUTPUT, rule("1", "2")))), "cell-count", "R"),
    (dmn(decision(table(INPUT, OUTPUT, rule("1", outputs=("",))))), "cell-empty", "R"),
    (dmn(decision(table(INPUT, OUTPUT, rule("1 +")))), "decision", "R"),
    (dmn(decision("<literalExpression><text>a == b</text></literalExpression>")), "decision", "D"),
    (dmn(decision(requires("gone") + LITERAL)), "requirement-unknown", "D"),
    (dmn(decision(requires("D") + LITERAL)), "requirement-loop", "D"),
]


@pytest.mark.parametrize(("data", "rule", "element_id"), ROWS, ids=[f"{rule}-{at}" for _, rule, at in ROWS])
def test_the_gate_names_the_rule_and_the_element(data: bytes, rule: str, element_id: str | None) -> None:
    inspection = inspect("x.dmn", data, known=Known())
    assert inspection.kind == "decision"
    assert [(problem.rule, problem.element_id) for problem in inspection.problems] == [(rule, element_id)]


@pytest.mark.parametrize("namespace", [DMN, "http://www.omg.org/spec/DMN/20180521/MODEL/"])
def test_a_sound_table_passes(namespace: str) -> None:
    base = decision(LITERAL, 'id="B" name="ฐาน"')
    data = dmn(base, decision(requires("B") + table(INPUT, OUTPUT, rule("[1..13]"))), namespace=namespace)
    inspection = inspect("x.dmn", data, known=Known())
    assert (inspection.ids, inspection.problems) == ((("B", "ฐาน"), ("D", "วัน")), ())
