"""What an evaluation tells beside its answer: how far it came when it fails, and what every cell gave."""

from __future__ import annotations

from typing import Any

import pytest

from tests.decisions.support import decision, literal, model, table
from tests.feel.support import ENVIRONMENT
from workflows.decisions import DecisionError, DecisionModel, DecisionResult, ExplainedTable
from workflows.feel import Environment

LEVEL = decision("level", table(["score"], ["level"], [["< 5", '"low"'], [">= 5", '"high"']]))
RULES = [['"high"', "> 100", "1"], ['"high"', "> 10", "2"], ["-", "-", "assert(3, vip)"]]
FEE = decision("fee", table(["level", "amount"], ["fee"], RULES, "FIRST"), requires=["level"])


def trace(found: DecisionModel, **variables: Any) -> DecisionResult:
    return found.trace("fee", variables, ENVIRONMENT, explain=True)


def verdicts(explained: ExplainedTable) -> list[list[Any]]:
    return [[cell.value for cell in row.tests] for row in explained.rows]


def test_it_answers_what_an_evaluation_answers() -> None:
    found = model(LEVEL + FEE)
    variables = {"score": 7, "amount": 50}
    traced, plain = trace(found, **variables), found.evaluate("fee", variables, ENVIRONMENT)
    assert (traced.output, traced.failure) == (plain.output, None) == (2, None)
    for one, other in zip(traced.evaluated, plain.evaluated, strict=True):
        assert (one.output, one.inputs, one.matched_rules) == (other.output, other.inputs, other.matched_rules)
        assert (one.explained.keys(), other.explained) == ({"t"}, {})


def test_every_cell_says_what_it_gave() -> None:
    level, fee = trace(model(LEVEL + FEE), score=7, amount=50).evaluated
    assert verdicts(level.explained["t"]) == [[False], [True]]
    explained = fee.explained["t"]
    assert [cell.value for cell in explained.inputs] == ["high", 50]
    assert verdicts(explained) == [[True, False], [True, True], [True, True]]
    assert [row.holds for row in explained.rows] == [False, True, True]
    applied, would = explained.rows[1:]
    assert applied.outputs[0].value == 2
    assert would.outputs[0].value is None  # FIRST does not come here; who asks sees that it would fail
    assert would.outputs[0].problem is not None


def test_what_cannot_be_compared_is_null() -> None:
    fee = trace(model(LEVEL + FEE), score=7, amount="fifty").evaluated[-1]
    assert verdicts(fee.explained["t"]) == [[True, None], [True, None], [True, True]]


def test_a_failure_is_an_answer_that_says_where() -> None:
    found = model(LEVEL + FEE)
    result = trace(found, score=1, amount=0)
    assert result.output is None
    assert result.failure is not None
    assert result.failure.decision_id == "fee"
    assert "assert" in result.failure.text.en
    assert [one.decision_id for one in result.evaluated] == ["level", "fee"]
    inner = model(decision("level", literal("assert(1, false)")) + FEE)
    result = trace(inner, amount=0)
    assert result.failure is not None
    assert result.failure.decision_id == "level"
    with pytest.raises(DecisionError):
        found.evaluate("nothing", {}, ENVIRONMENT)
    assert found.trace("nothing", {}, ENVIRONMENT).failure is not None


def test_a_violated_policy_shows_the_rows_that_apply() -> None:
    found = model(decision("fee", table(["n"], ["o"], [["> 1", "1"], ["> 2", "2"], ["> 9", "3"]])))
    result = trace(found, n=5)
    assert result.failure is not None
    assert "rules 1, 2" in result.failure.text.en
    assert [row.holds for row in result.evaluated[0].explained["t"].rows] == [True, True, False]


def test_an_input_that_is_not_allowed_or_fails_says_so() -> None:
    logic = table(["color"], ["o"], [["-", "1"]]).replace(
        "</inputExpression>", '</inputExpression><inputValues><text>"red","blue"</text></inputValues>'
    )
    found = model(decision("fee", logic))
    assert trace(found, color="red").evaluated[0].explained["t"].inputs[0].problem is None
    refused = trace(found, color="green")
    assert (refused.output, refused.failure) == (None, None)
    problem = refused.evaluated[0].explained["t"].inputs[0].problem
    assert problem is not None
    assert "does not allow" in problem.en
    failing = trace(model(decision("fee", table(["assert(n, false)"], ["o"], [["-", "1"]]))), n=1)
    assert failing.failure is not None
    assert failing.evaluated[0].explained["t"].inputs[0].problem is not None


def test_explaining_has_a_budget_of_its_own() -> None:
    found = model(decision("fee", table(["n"], ["o"], [["count(for i in 1..200 return i) > n", "1"]] * 3, "FIRST")))
    tight = Environment(ENVIRONMENT.now, budget=1000)
    assert found.trace("fee", {"n": 1}, tight).output == 1
    result = found.trace("fee", {"n": 1}, tight, explain=True)
    assert (result.output, result.failure) == (1, None)
    assert any(row.tests[0].problem for row in result.evaluated[0].explained["t"].rows)
