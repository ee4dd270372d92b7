"""A table with an index answers what it would answer asking every row: same output, same rules, same error."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from tests.decisions.support import decision, definitions, evaluate, table
from tests.feel.support import evaluate as feel
from workflows.decisions import DecisionModel, parse_dmn, row_index
from workflows.decisions.row_index import RowIndex, _Column
from workflows.errors import SitthiError
from workflows.feel import compile_unary_tests
from workflows.feel.literal_tests import Literals, literal_tests

POLICIES = [
    ("UNIQUE", ""),
    ("FIRST", ""),
    ("ANY", ""),
    ("PRIORITY", ""),
    ("RULE ORDER", ""),
    ("OUTPUT ORDER", ""),
    ("COLLECT", ""),
    ("COLLECT", "COUNT"),
    ("COLLECT", "SUM"),
]
CELLS = [
    *[
        "-",
        "",
        "- // any",
        "1",
        "2",
        "3",
        "-1",
        "1.0",
        "1,2",
        "[1..3]",
        "]1..3[",
        "[3..1]",
        "< 2",
        ">= 2",
        "!= 2",
        "= 2",
    ],
    *['"a"', '"b"', '"a","b"', 'not("a")', '["a", 1]', '["a".."b"]', '< "b"', "not(1, 2)", "not(null)", "null"],
    *["true", "false", "not(true)", "[true]", "= true", 'true,"b"', "? > 1", '? = "a" or ? = 3', "count(?) = 2", "x"],
    *['@"2026-01-02"', 'date("2026-01-02")', '[date("2026-01-01")..date("2026-01-03"))', '> @"2026-01-01"'],
    *["assert(?, ? != 3) = 2", "[1, [2, 3]]", "{a: 1}", "(< 2)", "1 + 1", '@"nonsense"', 'date("nonsense")'],
]
VALUES = [
    *["null", "0", "1", "2", "3", "-1", "1.0", "2.5", '""', '"a"', '"b"', '"true"', "true", "false", "[1, 2]", "[2]"],
    *['@"2026-01-01"', '@"2026-01-02"', '@"2026-01-02T10:00:00"', '@"P1D"', "{a: 1}", "[1..3]", "(< 2)", "abs"],
]
ALLOWED = {"o": "3, 1, 2"}


def random_model(chance: random.Random) -> DecisionModel:
    columns = chance.randint(1, 3)
    few = chance.sample(CELLS, 6)
    rows = [
        [*(chance.choice(few if chance.random() < 0.7 else CELLS) for _ in range(columns)), chance.choice("123")]
        for _ in range(chance.choice([1, 3, 12, 40]))
    ]
    policy, aggregation = chance.choice(POLICIES)
    names = [f"v{at}" for at in range(columns)]
    return parse_dmn(
        definitions(decision("d", table(names, ["o"], rows, policy, aggregation, values=ALLOWED))),
        tolerant=chance.random() < 0.3,
    )


def said(model: DecisionModel, values: Sequence[Any]) -> tuple[Any, ...]:
    variables = {f"v{at}": value for at, value in enumerate(values)} | {"x": 2}
    try:
        result = evaluate(model, "d", variables)
    except SitthiError as error:
        return (error.text,)
    return result.output, [[(rule.index, rule.outputs) for rule in one.matched_rules] for one in result.evaluated]


def differences(seed: int, rounds: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often the index makes a difference; both sides are asked for random values of random tables."""
    monkeypatch.setattr(row_index, "_BLOCK", 16)
    chance = random.Random(seed)
    values = [feel(value) for value in VALUES]
    found = 0
    for _ in range(rounds):
        model = random_model(chance)
        asked = [[chance.choice(values) for _ in range(3)] for _ in range(8)]
        indexed = [said(model, each) for each in asked]
        with monkeypatch.context() as patch:
            patch.setattr(RowIndex, "candidates", _all)
            found += sum(said(model, each) != answer for each, answer in zip(asked, indexed, strict=True))
    return found


def _all(index: RowIndex, _values: Sequence[Any]) -> Iterator[int]:
    return iter(range(index._count))


@pytest.mark.parametrize("seed", range(6))
def test_the_index_changes_nothing(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert differences(seed, 60, monkeypatch) == 0


WRONG: dict[str, Callable[[_Column, Any], int]] = {
    "forgets rows that compute": lambda column, value: _allows(column, value) & ~column._always,
    "forgets the rows that say true": lambda column, value: _allows(column, value) & ~column._true,
    "takes null for nothing": lambda column, value: 0 if value is None else _allows(column, value),
    "knows no lists": lambda column, value: 0 if isinstance(value, list) else _allows(column, value),
}
_allows = _Column.allows


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_index_would_be_noticed(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Column, "allows", WRONG[fault])
    assert any(differences(seed, 20, monkeypatch) for seed in range(6))


def test_only_rows_that_may_apply_are_tested() -> None:
    rows = [[f'"u{at}"', f"[{at * 10}..{at * 10 + 10})", str(at)] for at in range(1000)]
    model = parse_dmn(definitions(decision("d", table(["unit", "n"], ["o"], rows))))
    index = RowIndex([_Row(row[:-1]) for row in rows], 2, ())
    for at in (0, 255, 256, 999):
        assert list(index.candidates([f"u{at}", _number(at * 10 + 3)])) == [at]
        assert evaluate(model, "d", {"unit": f"u{at}", "n": at * 10 + 3}).output == at
    assert list(index.candidates(["u1", _number(5)])) == []
    assert len(list(index.candidates([["u1"], _number(5)]))) == 1
    assert list(index.candidates(["u1", {"a": 1}])) == [1]


def test_a_failing_cell_fails_whatever_stands_after_it() -> None:
    row = ["assert(?, false)", '"a"']
    assert list(RowIndex([_Row(row)], 2, ()).candidates([_number(1), "b"])) == [0]
    assert list(RowIndex([_Row(row[::-1])], 2, ()).candidates(["b", _number(1)])) == []


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('"a", 1, -1, true', True),
        ('not("a")', False),
        ("!= 1", False),
        ("- // any", False),
        ("x", None),
        ("? > 1", None),
        ("null", None),
        ("date(x)", None),
    ],
)
def test_what_is_written_out(cell: str, expected: bool | None) -> None:
    found = literal_tests(compile_unary_tests(cell).tree)
    assert (found is None) if expected is None else (isinstance(found, Literals) and found.others is not expected)


def test_a_variable_called_date_is_no_literal() -> None:
    tree = compile_unary_tests('date("2026-01-02")').tree
    assert literal_tests(tree) is not None
    assert literal_tests(tree, {"date"}) is None


class _Row:
    def __init__(self, cells: Sequence[str]) -> None:
        self.tests = [compile_unary_tests(cell) for cell in cells]


def _number(value: int) -> Any:
    return feel(str(value))
