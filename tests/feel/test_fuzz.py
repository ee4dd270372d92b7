"""Whatever is typed, and whatever the variables hold: a value or a FeelError with a message, and nothing else.

``FEEL_FUZZ`` is how many random expressions are tried, ``FEEL_SEED`` where the dice begin.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.feel import fuzzer
from tests.feel.support import NOW
from workflows.feel import (
    Environment,
    FeelError,
    FeelSyntaxError,
    compile_expression,
    compile_unary_tests,
    to_feel_string,
    to_json,
)
from workflows.feel.builtins import REGISTRY

COUNT = int(os.environ.get("FEEL_FUZZ", "20000"))
SEED = int(os.environ.get("FEEL_SEED", "20261122"))
SHARES = 4
ENVIRONMENT = Environment(lambda: NOW, budget=5_000)

PIECES = st.sampled_from(
    [
        *("1", "0", "2.5", "-1", '"a"', '""', '"2026-11-22"', "true", "null", "x", "y", "?", "item", "partial"),
        *("(", ")", "[", "]", "{", "}", ",", ":", ".", "..", "@", "`a b`", '@"P1D"', '@"10:00:00@Asia/Bangkok"'),
        *("+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "not", "between", "in"),
        *("if", "then", "else", "for", "some", "every", "return", "satisfies", "function", "instance of", "list<"),
        *("==", "&&", "${", "'", "\\", "//", "/*", "\n", "ก", "é", "\U0001f600", "\ud800"),
        *sorted(REGISTRY),
    ]
)
TYPED = st.lists(PIECES, max_size=12).map(" ".join) | st.text(max_size=40)

ATOMS = st.sampled_from(
    [
        *("1", "0", "-2.5", "1e6000", '"a"', '"x(y"', "null", "true", "x", "y", "[]", "[1, null]", "[[1]]", "{a: 1}"),
        *('@"2026-02-28"', '@"10:00:00"', '@"2026-02-28T10:00:00Z"', '@"P1D"', '@"-P1Y"', "[1..3]", "(< 5)"),
        "function(a, b) a < b",
    ]
)
OPERATORS = ("+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in")


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Well-formed expressions around well-formed ones."""
    return st.one_of(
        st.tuples(inner, st.sampled_from(OPERATORS), inner).map(lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"),
        st.tuples(st.sampled_from(sorted(REGISTRY)), st.lists(inner, max_size=3)).map(
            lambda call: f"{call[0]}({', '.join(call[1])})"
        ),
        st.tuples(inner, inner).map(lambda parts: f"({parts[0]})[{parts[1]}]"),
        st.tuples(inner, inner).map(lambda parts: f"for x in {parts[0]} return {parts[1]}"),
        st.tuples(inner, inner).map(lambda parts: f"some x in {parts[0]} satisfies {parts[1]}"),
        st.tuples(inner, inner).map(lambda parts: f"[{parts[0]}..{parts[1]}]"),
        st.tuples(inner, st.sampled_from(["a", "year", "start", "time offset", "days", "timezone"])).map(
            lambda parts: f"({parts[0]}).{parts[1]}"
        ),
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
    )


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "x", "item"]), inner, max_size=3),
    max_leaves=6,
)


def _holds(source: str, x: Any, compiler: Any) -> None:
    error: FeelError | None = None
    try:
        value = compiler(source).evaluate({"x": x, "y": 2, "?": x}, ENVIRONMENT)
        to_feel_string(value)
        to_json(value)
    except FeelError as caught:
        error = caught
    assert error is None or (error.text.th and error.reason != "internal"), error
    assert not isinstance(error, FeelSyntaxError) or 0 <= error.position <= len(source)


@settings(max_examples=250, deadline=None)
@given(TYPED, JSON)
def test_anything_typed(source: str, x: Any) -> None:
    _holds(source, x, compile_expression)
    _holds(source, x, compile_unary_tests)


@settings(max_examples=250, deadline=None)
@given(st.recursive(ATOMS, _larger, max_leaves=6), JSON)
def test_any_expression_over_any_variables(source: str, x: Any) -> None:
    _holds(source, x, compile_expression)


@pytest.mark.parametrize("share", range(SHARES))
def test_random_expressions_give_a_value_or_a_feel_error_and_touch_nothing(share: int) -> None:
    tried = fuzzer.expressions(-(-COUNT // SHARES), SEED + share)
    assert [wrong for source, scope in tried if (wrong := fuzzer.problem(source, scope))] == []


ESCAPES: dict[str, Callable[[], object]] = {
    "open": lambda: Path(__file__).read_text(),
    "subprocess.Popen": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
    "socket.__new__": lambda: socket.socket().close(),
    "compile": lambda: compile("1", "", "eval"),
    "os.listdir": lambda: os.listdir("."),
}


@pytest.mark.parametrize("event", ESCAPES)
def test_the_fuzzer_sees_what_leaves_the_process(event: str) -> None:
    with fuzzer.watching() as events:
        ESCAPES[event]()
    assert event in events
    with fuzzer.watching() as events:
        sum(range(10))
    assert events == []


def test_the_fuzzer_sees_other_errors_and_slow_expressions(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fuzzer.problem("1 + 1", {}) is None
    monkeypatch.setattr(fuzzer, "SECONDS", -1.0)
    assert " s" in (fuzzer.problem("1 + 1", {}) or "")
    monkeypatch.undo()
    monkeypatch.setattr(fuzzer, "to_json", lambda _value: {}["x"])
    assert "KeyError" in (fuzzer.problem("1 + 1", {}) or "")
