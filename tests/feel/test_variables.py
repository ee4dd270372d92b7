"""What goes in and comes out: JSON variables, names, literals of diagrams, added functions, threads."""

from __future__ import annotations

from collections import ChainMap, OrderedDict
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any

import pytest

from tests.feel.support import ENVIRONMENT, NOW, evaluate
from workflows.feel import Environment, FeelError, compile_expression, parse_value, to_json


def test_numbers_are_exact_wherever_they_lie_in_the_variables() -> None:
    scope = {"a": 0.1, "list": [0.2, {"b": 0.3}], "big": 10**30}
    assert evaluate("a + list[1] = list[2].b", scope) is True
    assert evaluate("sum(for x in [list[1], a] return x) = 0.3", scope) is True
    assert evaluate("max(list[1], a)", scope) == Decimal("0.2")
    assert evaluate("big + 1", scope) == Decimal(10**30 + 1)
    assert evaluate("list contains(list, 0.2)", scope) is True


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), b"bytes"])
def test_what_is_not_json_is_null(value: object) -> None:
    assert evaluate("x", {"x": value}) is None


def test_subclasses_count_as_what_they_are() -> None:
    class Region(IntEnum):
        SEVEN = 7

    class Status(StrEnum):
        OPEN = "open"

    scope = {"region": Region.SEVEN, "status": Status.OPEN, "rows": (OrderedDict(a=Region.SEVEN),)}
    assert evaluate('region + 1 = 8 and status = "open" and rows[1].a = region', scope) is True


def test_variables_are_not_changed() -> None:
    scope = {"list": [1, 2], "context": {"a": 1}}
    evaluate('[append(list, 3), insert before(list, 1, 0), context put(context, "a", 2), reverse(list)]', scope)
    assert scope == {"list": [1, 2], "context": {"a": 1}}


def test_any_mapping_is_a_scope() -> None:
    assert evaluate("a + b", ChainMap({"a": 1}, {"a": 5, "b": 2})) == 3


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a + b.c", {"a", "b"}),
        ("for i in items return i.x + y + partial[1]", {"items", "y"}),
        ("items[item.x > limit]", {"items", "limit"}),
        ("{a: x, b: a}.b", {"x"}),
        ("function(p) p + q", {"q"}),
        ("count(list) + today().year", {"list"}),
        ("approver(1)", {"approver"}),
        ("`my name` = 1", {"my name"}),
    ],
)
def test_names_used(source: str, names: set[str]) -> None:
    assert compile_expression(source).names_used == names


def test_names_with_spaces_need_to_be_known_or_quoted() -> None:
    scope = {"Person's age": 20, "a-b": 5}
    assert compile_expression("Person's age > 18", ("Person's age",)).evaluate(scope, ENVIRONMENT) is True
    assert compile_expression("a-b + 1", ("a-b",)).evaluate(scope, ENVIRONMENT) == 6
    assert evaluate("`Person's age` + `a-b`", scope) == 25


@pytest.mark.parametrize(
    ("text", "expected"),
    [("plain text", "plain text"), ("=1 + 1", 2), ("= dept", "IT"), ("", ""), ("50", "50")],
)
def test_a_field_is_an_expression_only_after_an_equals_sign(text: str, expected: object) -> None:
    assert parse_value(text).evaluate({"dept": "IT"}, ENVIRONMENT) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1", 1),
        ("1.5", 1.5),
        ("1e2", 100),
        ("12345678901234567890", 12345678901234567890),
        ("{a: [true, null], d: @\"2026-11-22\", t: @\"PT1H\"}", {"a": [True, None], "d": "2026-11-22", "t": "PT1H"}),
    ],
)  # fmt: skip
def test_results_as_json(source: str, expected: Any) -> None:
    found = to_json(evaluate(source))
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize("source", ["function(x) x", "[1..2]", "[now]"])
def test_what_json_cannot_hold_is_an_error(source: str) -> None:
    with pytest.raises(FeelError):
        to_json(evaluate(source))


def test_the_environment_adds_functions_but_never_replaces_built_in_ones() -> None:
    env = Environment(lambda: NOW, functions={"working days": lambda n: n * 2, "twice": lambda n: n * 2, "sum": max})
    assert evaluate("twice(4)", env=env) == 8
    assert evaluate("`working days`(4)", env=env) == 8
    assert evaluate("sum(1, 2)", env=env) == 3
    with pytest.raises(FeelError, match="twice") as caught:
        evaluate("twice(null)", env=env)
    assert caught.value.reason == "function"


def test_a_compiled_expression_is_shared_by_threads() -> None:
    expression = compile_expression("sum(for i in 1..50 return if i in (n, < 3) then i * n else {x: n}.x)")
    expected = [expression.evaluate({"n": n}, ENVIRONMENT) for n in range(40)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda n: expression.evaluate({"n": n % 40}, ENVIRONMENT), range(400)))
    assert found == expected * 10
