"""The corpus: what every expression gives here, and where the editors' FEEL gives something else, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.feel import feelin
from tests.feel.corpus import Case, cases
from tests.feel.support import ENVIRONMENT, shown
from workflows.feel import FeelError, compile_expression, compile_unary_tests

CASES = cases()
LISTED = Path(__file__).with_name("differences.txt")


def _ours(case: Case) -> Any:
    """The value, or the FeelError instead."""
    try:
        compiled = compile_unary_tests(case.source) if case.tests else compile_expression(case.source)
        return compiled.evaluate(case.scope, ENVIRONMENT)
    except FeelError as error:
        return error


def _listed() -> dict[str, str]:
    """feelin's answer to each line of the corpus that it answers otherwise; every one stands under a reason."""
    found: dict[str, str] = {}
    reason = ""
    for line in LISTED.read_text(encoding="utf-8").splitlines():
        reason = line if line.startswith("# ") else reason
        source, arrow, theirs = line.rpartition(" → ")
        if arrow and reason != line:
            assert "DMN 1.5" in reason or "Camunda" in reason, f"no reason with a reference for {source}"
            found[source] = theirs
    return found


def test_every_expression_of_the_corpus_gives_what_it_says() -> None:
    wrong = []
    for case in CASES:
        found = _ours(case)
        text = f"error {found.reason}" if isinstance(found, FeelError) else shown(found).replace("\n", "⏎")
        if text != case.result:
            wrong.append((case.line, text))
    assert wrong == []


def test_the_corpus_is_large_and_says_nothing_twice() -> None:
    assert len({(case.line, str(case.scope)) for case in CASES}) == len(CASES) >= 1_000


def test_where_the_editors_language_differs_is_listed_and_explained() -> None:
    differences = {}
    for case, theirs in zip(CASES, feelin.answers(CASES), strict=True):
        ours = _ours(case)
        refused = isinstance(ours, FeelError)
        if refused != ("error" in theirs) or not (refused or feelin.agrees(ours, theirs["value"])):
            differences[case.line] = feelin.shown(theirs)
    listed = _listed()
    assert {source: theirs for source, theirs in differences.items() if listed.get(source) != theirs} == {}
    assert {source for source in listed if source not in differences} == set(), "these differ no more: take them out"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("1", {"number": "2"}), ('"a"', "b"), ("null", False), ("[1]", [{"number": "2"}]), ('@"P1D"', {"time": "P2D"})],
)
def test_the_comparison_tells_different_values_apart(ours: str, theirs: Any) -> None:
    assert not feelin.agrees(compile_expression(ours).evaluate({}, ENVIRONMENT), theirs)
