"""Tables as text, and what has to be asked before a decision is evaluated."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from tests.decisions.support import decision, definitions, literal, model, table
from workflows.decisions import Question, formulas, parse_dmn, questions, sheets

BPMN = Path(__file__).parents[2] / "bpmn"
LEVEL = decision("level", table(["score"], ["level"], [["< 5", '"low"'], [">= 5", '"high"']]))
FEE = decision(
    "fee",
    table(["level", "kind", "kind"], ["fee"], [['"high"', '"a","b"', 'not("c")', "amount * rate"]]),
    requires=["level", "rate"],
)
RATE = decision("rate", literal("if count(orders[q > 1]) > 1 then vat else 0"))


def asked(body: str, decision_id: str) -> list[Question]:
    return questions(model(body), sheets(definitions(body)), decision_id)


def test_what_a_decision_and_all_it_requires_read_is_asked_once_columns_first() -> None:
    assert [one.name for one in asked(LEVEL + RATE + FEE, "fee")] == ["kind", "score", "amount", "orders", "vat"]
    assert [one.name for one in asked(LEVEL + RATE + FEE, "level")] == ["score"]
    assert [one.name for one in asked(LEVEL + RATE + FEE, "rate")] == ["orders", "vat"]


def test_the_texts_of_the_cells_are_offered() -> None:
    assert asked(LEVEL + RATE + FEE, "fee")[0].choices == ("a", "b", "c")


def test_what_a_column_allows_comes_before_what_its_cells_say() -> None:
    logic = table(["color"], ["o"], [['"red"', "1"]]).replace(
        "<inputExpression>", '<inputExpression typeRef="feel:string">'
    )
    logic = logic.replace("</inputExpression>", '</inputExpression><inputValues><text>"x","y"</text></inputValues>')
    assert asked(decision("d", logic), "d") == [Question("color", "color", "string", ("x", "y"))]


def test_input_data_and_names_of_boxed_parts() -> None:
    context = (
        "<context><contextEntry><variable name='net'/><literalExpression><text>gross - tax</text></literalExpression>"
        "</contextEntry><contextEntry><literalExpression><text>net * 2</text></literalExpression></contextEntry>"
        "</context>"
    )
    body = '<inputData id="in" name="Gross Income"/>' + decision("d", context) + LEVEL
    assert [one.name for one in asked(body, "d")] == ["gross", "tax"]
    body += decision("e", literal("Gross Income * 2"), requires=["in"], kind="Input")
    assert [one.name for one in asked(body, "e")] == ["Gross Income"]


def test_sheets_and_formulas_are_what_is_written() -> None:
    root = definitions(LEVEL + RATE)
    [sheet] = sheets(root)
    assert (sheet.holder, sheet.id, sheet.policy) == ("level", "t", "UNIQUE")
    assert sheet.rules == ((("< 5", '"low"'), ""), ((">= 5", '"high"'), ""))
    assert formulas(root) == {"rate": "if count(orders[q > 1]) > 1 then vat else 0"}


@pytest.mark.parametrize("path", sorted(BPMN.glob("*.dmn")), ids=lambda path: path.stem)
def test_the_tables_of_the_product_ask_for_typed_columns_only(path: Path) -> None:
    root = etree.parse(path).getroot()
    found = parse_dmn(root)
    for decision_id in found.decisions:
        assert [one.name for one in questions(found, sheets(root), decision_id) if not one.type] == []
