"""FEEL against what the library does with an expression of a diagram: Python's ``eval`` of its text."""

from __future__ import annotations

from collections.abc import Iterator

from bench.diagrams import FORM
from bench.measure import Figure, by_turns, scaled
from bench.product import NOON
from workflows.clock import BANGKOK
from workflows.feel import Environment, compile_expression, compile_unary_tests

SCOPE = {
    **FORM,
    "decision": "approve",
    "n": 3,
    "region": 7,
    "amount": 250_000,
    "dept": "IT",
    "level": "high",
    "orders": [{"q": 1, "p": 20}, {"q": 3, "p": 7}, {"q": 2, "p": 11}],
}
PAIRS = [
    ('decision = "approve" and n > 2', 'decision == "approve" and n > 2'),
    ('if region in [1, 7, 13] then "near" else "far"', '"near" if region in [1, 7, 13] else "far"'),
    ('first_name + " " + last_name', 'first_name + " " + last_name'),
    ("sum(items.n) / count(items)", 'sum([item["n"] for item in items]) / len(items)'),
    ('count(items[role = "x"]) = 0', 'len([item for item in items if item["role"] == "x"]) == 0'),
    ("amount > 100000", "amount > 100000"),
    ('amount > 100000 and dept = "IT"', 'amount > 100000 and dept == "IT"'),
    ("amount * 1.5 + 50", "amount * 1.5 + 50"),
    ('if level = "high" then "director" else "head"', '"director" if level == "high" else "head"'),
    ("sum(for i in orders return i.q * i.p)", 'sum([i["q"] * i["p"] for i in orders])'),
    ("orders[q > 1].p", '[i["p"] for i in orders if i["q"] > 1]'),
]
CELLS = [
    ("[1..100]", "n", "1 <= n <= 100"),
    ('"IT","HR"', "dept", 'dept in ("IT", "HR")'),
    ("< 5", "n", "n < 5"),
    ("-", "n", "True"),
]
"""Cells of decision tables and the variable they test."""
TIMES = 200


def feel_vs_python_eval() -> Iterator[Figure]:
    """Usual conditions, mappings and cells, FEEL compiled once as the product does, ``eval`` of the text as the library
    does. FEEL counts steps, keeps its scope and calculates in decimals; ``eval`` does none of it."""
    environment = Environment(lambda: NOON.astimezone(BANGKOK))
    expressions = [(compile_expression(source, SCOPE), python, SCOPE) for source, python in PAIRS]
    expressions += [(compile_unary_tests(cell), python, {**SCOPE, "?": SCOPE[name]}) for cell, name, python in CELLS]
    feel, python_text = 0.0, 0.0
    for expression, source, scope in expressions:
        assert expression.evaluate(scope, environment) == eval(source, {}, dict(SCOPE))

        def ours(expression=expression, scope=scope) -> None:  # type: ignore[no-untyped-def]
            for _ in range(TIMES):
                expression.evaluate(scope, environment)

        def theirs(source: str = source) -> None:
            for _ in range(TIMES):
                eval(source, {}, SCOPE)

        mine, other = by_turns(scaled(40, 10), ours, theirs)
        feel, python_text = feel + mine, python_text + other
    count = TIMES * len(expressions)
    yield Figure("feel_vs_python_eval", feel / count * 1000, "µs", python_text / count * 1000)
