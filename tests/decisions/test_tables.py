"""Decision tables: every hit policy, what is reported about a run, and violations that a person must hear of."""

from __future__ import annotations

from typing import Any

import pytest

from tests.decisions.support import decision, evaluate, model, output, table
from workflows.decisions import DecisionError, EvaluatedDecision
from workflows.feel import to_json

RULES = [
    ["< 5", '"low"', "1"],
    ["[0..10]", '"mid"', "2"],
    ["> 8", '"high"', "3"],
    ["> 8", '"high"', "4"],
]
PRIORITY = {"level": '"high", "mid", "low"'}

POLICIES: list[tuple[str, str, int, Any]] = [
    ("FIRST", "", 3, "low"),
    ("FIRST", "", 9, "mid"),
    ("FIRST", "", -99, "low"),
    ("PRIORITY", "", 3, "mid"),
    ("PRIORITY", "", 9, "high"),
    ("OUTPUT ORDER", "", 3, ["mid", "low"]),
    ("RULE ORDER", "", 9, ["mid", "high", "high"]),
    ("COLLECT", "", 9, ["mid", "high", "high"]),
    ("COLLECT", "COUNT", 9, 3),
    ("UNIQUE", "", 6, "mid"),
    ("UNIQUE", "", -1, "low"),
    ("ANY", "", 11, "high"),
]


@pytest.mark.parametrize(("policy", "aggregation", "score", "expected"), POLICIES)
def test_hit_policy(policy: str, aggregation: str, score: int, expected: Any) -> None:
    rules = [[test, level] for test, level, _ in RULES]
    found = model(decision("d", table(["score"], ["level"], rules, policy, aggregation, values=PRIORITY)))
    assert output(found, "d", {"score": score}) == expected


@pytest.mark.parametrize(("aggregation", "expected"), [("SUM", 9), ("MIN", 2), ("MAX", 4)])
def test_aggregation(aggregation: str, expected: int) -> None:
    rules = [[test, points] for test, _, points in RULES]
    found = model(decision("d", table(["score"], ["points"], rules, "COLLECT", aggregation)))
    assert output(found, "d", {"score": 9}) == expected


@pytest.mark.parametrize("policy", ["UNIQUE", "ANY"])
def test_two_answers_where_one_is_allowed_are_an_error_that_names_the_rules(policy: str) -> None:
    found = model(decision("d", table(["score"], ["level", "points"], RULES, policy)))
    with pytest.raises(DecisionError, match="rules 2, 3, 4") as caught:
        evaluate(found, "d", {"score": 9})
    assert "กฎ 2, 3, 4" in caught.value.problems[0].text.th


def test_several_outputs_are_a_context_and_no_rule_is_null() -> None:
    found = model(decision("d", table(["score"], ["level", "points"], RULES)))
    assert output(found, "d", {"score": 6}) == {"level": "mid", "points": 2}
    assert output(found, "d", {"score": "six"}) is None


def test_the_default_answers_when_no_rule_does() -> None:
    logic = table(["score"], ["level"], [["> 5", '"high"']]).replace(
        '<output id="o0" name="level">',
        '<output id="o0" name="level"><defaultOutputEntry><text>"none"</text></defaultOutputEntry>',
    )
    assert output(model(decision("d", logic)), "d", {"score": 1}) == "none"


def test_cells_see_all_variables_and_the_input_as_question_mark() -> None:
    rules = [["? > limit", '"over " + name'], ["<= limit", "null"]]
    found = model(decision("d", table(["amount"], ["text"], rules)))
    assert output(found, "d", {"amount": 5, "limit": 3, "name": "x"}) == "over x"


def test_a_run_reports_inputs_and_matched_rules_of_every_decision() -> None:
    body = decision("level", table(["score"], ["level"], [["< 5", '"low"'], [">= 5", '"high"']]))
    body += decision(
        "fee",
        table(["level", "vip"], ["fee"], [['"high"', "true", "10"], ["-", "-", "20"]], "FIRST"),
        requires=["level"],
    )
    result = evaluate(model(body), "fee", {"score": 7, "vip": True})
    level, fee = result.evaluated
    assert (level.decision_id, level.kind, level.output) == ("level", "decisionTable", "high")
    assert _seen(fee) == ({"level": "high", "vip": True}, [("r1", 1, {"fee": 10})])
    assert _seen(level) == ({"score": 7}, [("r2", 2, {"level": "high"})])
    assert result.output == fee.output == 10


def _seen(run: EvaluatedDecision) -> tuple[dict[str, Any], list[tuple[str, int, dict[str, Any]]]]:
    rules = [
        (rule.id, rule.index, {part.name: to_json(part.value) for part in rule.outputs}) for rule in run.matched_rules
    ]
    return {column.name: to_json(column.value) for column in run.inputs}, rules
