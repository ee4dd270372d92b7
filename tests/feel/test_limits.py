"""Hostile expressions: each ends in a FeelError of the right kind, or harmlessly, soon, and never in anything else.

``FEEL_SLACK`` says how many times the 50 ms of working time they may take: 1 on a machine that does nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from tests.decisions.support import decision, model, table
from tests.feel.hostile import DOUBLING, HARMLESS, LONG, STOPPED
from tests.feel.support import ENVIRONMENT, evaluate
from tests.support.working_time import working_seconds
from workflows.feel import Environment, FeelError, compile_expression, compile_unary_tests, to_feel_string, to_json
from workflows.feel.expression import _expression
from workflows.feel.limits import PATTERN_SECONDS
from workflows.feel.patterns import _compiled

SECONDS = 0.05 * float(os.environ.get("FEEL_SLACK", "6"))


def _soon(work: Callable[[], Any]) -> Any:
    """The work's result, or the FeelError it ends in; it must have taken less working time than is allowed once."""
    results: list[Any] = []

    def once() -> None:
        _expression.cache_clear()
        _compiled.cache_clear()
        try:
            results.append(work())
        except FeelError as error:
            results.append(error)

    seconds = working_seconds(once, enough=SECONDS)
    assert seconds <= SECONDS, f"took {seconds * 1000:.0f} ms of working time"
    return results[-1]


def test_there_are_many_of_them() -> None:
    assert len(STOPPED) >= 150


@pytest.mark.parametrize(("source", "reason"), STOPPED.items(), ids=lambda value: value[:40])
def test_hostile_expression_is_stopped(source: str, reason: str) -> None:
    error = _soon(lambda: to_json(evaluate(source)))
    assert isinstance(error, FeelError)
    assert error.reason == reason
    assert error.text.th != error.text.en


@pytest.mark.parametrize(("source", "expected"), HARMLESS.items(), ids=lambda value: value[:40])
def test_hostile_expression_has_a_plain_answer(source: str, expected: str) -> None:
    assert _soon(lambda: to_feel_string(evaluate(source))) == expected


LIMITS = {
    "budget": ("some a in 1..1000000 satisfies false", "100000 steps", "100000 ขั้น"),
    "text": ('for i in 1..60 return if i = 1 then "a" else partial[-1] + partial[-1]', "allowed 262144", "ข้อความยาว"),
    "list": ("for i in 1..20001 return 1", "allowed 20000", "รายการมี"),
    "depth": ("{f: function(x) f(x)}.f(1)", "calls itself without end", "เรียกตัวเองไม่รู้จบ"),
    "pattern": ('matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a|aa)+$|(a|a?)+b$")', "too long", "นานเกินไป"),
    "long pattern": (f'matches("a", "{"a" * 1_001}")', "1000 characters", "1000 ตัวอักษร"),
    "repeats": ('matches("a", "((a{999}){999})")', "10000 times", "10000 ครั้ง"),
    "nesting": ("(" * 65 + "1" + ")" * 65, "64 levels", "64 ชั้น"),
    "source": ('"' + "a" * 32_768 + '"', "32768 characters", "32768 ตัวอักษร"),
    "words": ("1" + "+1" * 2_000, "4000 words", "4000 ตัว"),
    "number": ("1e7000", "number is too large", "ตัวเลขใหญ่เกินไป"),
}


@pytest.mark.parametrize("name", LIMITS)
def test_every_limit_names_itself_in_both_languages(name: str) -> None:
    source, english, thai = LIMITS[name]
    error = _soon(lambda: evaluate(source))
    assert isinstance(error, FeelError)
    assert english in error.text.en
    assert thai in error.text.th


def test_data_of_any_depth_is_no_more_than_an_error() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    for source in ("x = x", "string(x)", "flatten(x)", "to json(x)", "list contains(x, x)", "x in x"):
        with pytest.raises(FeelError, match="nested too deeply"):
            evaluate(source, {"x": deep})
    for leave in (to_json, to_feel_string):
        with pytest.raises(FeelError, match="nested too deeply"):
            leave(deep)


HUGE: dict[str, Any] = {
    "texts": [f"t{n}" for n in range(20_000)],
    "text": "ก" * 1_000_000,
    "pairs": [{"a": n, "b": [n, n]} for n in range(20_000)],
    "entries": {f"k{n}": n for n in range(20_000)},
    "more": list(range(300_000)),
}
ON_HUGE = [
    *("texts = texts", "pairs[a = -1]", "for p in pairs return p.b", "sort(texts)", "distinct values(pairs)"),
    *("for t in texts return upper case(text)", "for t in texts return matches(text, t)", "string(pairs)"),
    *("for t in texts return get entries(entries)", "for t in texts return context put(entries, t, 1)"),
    *("for t in texts return count(more)", "for t in texts return max(more)", "some m in more satisfies m < 0"),
    *("for t in texts return split(text, t)", "replace(text, \"ก\", \"ข\")", "for t in texts return [t] = texts"),
]  # fmt: skip


@pytest.mark.parametrize("source", ON_HUGE)
def test_large_variables_cost_what_their_size_costs(source: str) -> None:
    found = _soon(lambda: evaluate(source, HUGE))
    assert not isinstance(found, FeelError) or found.reason in ("budget", "size", "pattern")


def test_cells_are_bounded_as_expressions_are() -> None:
    tests = compile_unary_tests("some a in 1..1000000 satisfies a = ?, count(for i in 1..20001 return i)")
    error = _soon(lambda: tests.evaluate({"?": -1}, ENVIRONMENT))
    assert isinstance(error, FeelError)
    assert error.reason == "budget"


def test_a_table_with_hostile_cells_is_stopped_as_a_whole() -> None:
    rules = [["some a in 1..9000 satisfies a = ?", "1"]] * 500
    found = model(decision("d", table(["x"], ["y"], rules, "COLLECT")))
    error = _soon(lambda: found.evaluate("d", {"x": -1}, ENVIRONMENT))
    assert isinstance(error, FeelError)
    assert error.reason == "budget"


def test_the_budget_is_the_caller_s() -> None:
    expression = compile_expression("count(for i in 1..1000 return i)")
    assert expression.evaluate({}, ENVIRONMENT) == 1000
    with pytest.raises(FeelError, match="500"):
        expression.evaluate({}, Environment(ENVIRONMENT.now, budget=500))


def test_the_same_work_costs_the_same_steps_however_often_it_ran() -> None:
    """Caches must not decide what is stopped: a pattern that is compiled already costs what it cost at first."""
    expression = compile_expression('matches("unit 99001", "[0-9]{5}")')

    def least() -> int:
        return next(budget for budget in range(1, 5_000) if _runs(expression, budget))

    _compiled.cache_clear()
    assert least() == least() > 400


def _runs(expression: Any, budget: int) -> bool:
    try:
        expression.evaluate({}, Environment(ENVIRONMENT.now, budget=budget))
    except FeelError:
        return False
    return True


def test_patterns_of_one_evaluation_share_their_time() -> None:
    def share() -> None:
        with pytest.raises(FeelError, match="too long"):
            evaluate(f'for i in 1..50 return matches({LONG}, "(a|aa)+$b")')

    assert working_seconds(share, enough=PATTERN_SECONDS + SECONDS) <= PATTERN_SECONDS + SECONDS


def test_an_honest_list_of_units_is_far_from_the_limits() -> None:
    units = [{"code": f"{99_000 + n}", "region": n % 13, "beds": n} for n in range(500)]
    source = "sum(for r in distinct values(units.region) return max(units[region = r].beds))"
    assert evaluate(source, {"units": units}) == sum(range(487, 500))
    assert len(evaluate(f"({DOUBLING})[1]")) == 1
