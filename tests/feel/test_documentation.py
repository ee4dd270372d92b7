"""Every function says what it does in two languages and shows it; what it shows is true. The limits are the limits."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.feel.support import NOW, evaluate, shown
from workflows.feel import BUILTINS, Environment, limits
from workflows.feel.builtins.documentation import Described, described
from workflows.rules.working_days import Calendar

PAGE = (Path(__file__).parents[2] / "docs" / "expressions.md").read_text()
SONGKRAN = [date(2026, 4, day) for day in (13, 14, 15)]
OFFICE = Environment(lambda: NOW, working_days=Calendar(SONGKRAN, date(2026, 1, 1), date(2026, 12, 31)))
FUNCTIONS = list(described())


def test_every_function_is_described_in_both_languages_and_has_an_example() -> None:
    assert {one.name for one in FUNCTIONS} == BUILTINS
    assert [one.name for one in FUNCTIONS if not (one.text.en and one.text.th and one.examples)] == []
    assert [one.name for one in FUNCTIONS if not any("ก" <= letter <= "๙" for letter in one.text.th)] == []


@pytest.mark.parametrize("one", FUNCTIONS, ids=lambda one: f"{one.name}-{one.signatures[0]}")
def test_examples_are_true(one: Described) -> None:
    for expression, result in one.examples:
        assert shown(evaluate(expression, env=OFFICE)) == shown(evaluate(result, env=OFFICE)), expression


def test_the_limits_on_the_page_are_those_of_the_code() -> None:
    section = PAGE.partition("## Limits")[2].partition("## ")[0]
    for limit in (
        *(limits.MAX_SOURCE, limits.MAX_TOKENS, limits.MAX_TEXT, limits.MAX_LIST, limits.MAX_JSON),
        *(limits.MAX_NESTING, limits.MAX_CALLS, limits.BUDGET),
    ):
        assert f" {limit:,} " in section, limit
