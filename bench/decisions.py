"""Decision tables: what many rows cost."""

from __future__ import annotations

from collections.abc import Iterator

from bench.measure import Figure, by_turns, scaled
from bench.product import NOON
from workflows.clock import BANGKOK
from workflows.decisions import DecisionModel, parse_dmn
from workflows.engine import xml
from workflows.feel import Environment

TIMES = 100
VARIABLES = {"unit": "99003", "kind": "hospital", "amount": 3_500, "region": 7}
HIT = '"99003"', '"hospital","clinic"', "[3000..4000)", "-"


def decision_table_500_vs_5() -> Iterator[Figure]:
    """A table of 500 rows against one of 5 with the same hit, in microseconds: values, lists of values, intervals and
    dashes; the row that applies is the last but one, as far as a reader from the top would have to go."""
    environment = Environment(lambda: NOON.astimezone(BANGKOK))
    models = [_table(rows) for rows in (500, 5)]
    assert {model.evaluate("d", VARIABLES, environment).output for model in models} == {"found"}

    def ask(model: DecisionModel) -> None:
        for _ in range(TIMES):
            model.evaluate("d", VARIABLES, environment)

    many, few = by_turns(scaled(40, 10), *[lambda model=model: ask(model) for model in models])
    yield Figure("decision_table_500_vs_5", many / TIMES * 1000, "µs", few / TIMES * 1000)


def _table(rows: int) -> DecisionModel:
    cells = [
        (f'"{99_100 + row}"', '"hospital","health_station"', f"[{row * 100}..{row * 100 + 100})", "< 14", '"other"')
        for row in range(rows - 2)
    ]
    cells += [(*HIT, '"found"'), ('"99999"', "-", "-", "-", '"other"')]
    columns = "".join(f"<input><inputExpression><text>{name}</text></inputExpression></input>" for name in VARIABLES)
    return parse_dmn(
        xml.parse(
            f'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="D" name="D" namespace="bench">'
            f'<decision id="d" name="d"><decisionTable hitPolicy="UNIQUE">{columns}<output name="o"/>'
            f"{''.join(_rule(row) for row in cells)}</decisionTable></decision></definitions>".encode()
        )
    )


def _rule(cells: tuple[str, ...]) -> str:
    *tests, output = (f"<text>{cell.replace('<', '&lt;')}</text>" for cell in cells)
    entries = "".join(f"<inputEntry>{test}</inputEntry>" for test in tests)
    return f"<rule>{entries}<outputEntry>{output}</outputEntry></rule>"
