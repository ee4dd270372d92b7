"""Why a decision table answers what it answers: every cell asked on its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from workflows.decisions.columns import Input, Output, Rule
from workflows.decisions.graph import Evaluation, Logic, Scope
from workflows.decisions.results import Cell, ExplainedRow, ExplainedTable
from workflows.errors import SitthiError, Text
from workflows.feel.feel_types import coerce
from workflows.feel.limits import Run

_NOT_ALLOWED: Final = Text(
    "ค่านี้ไม่อยู่ในค่าที่คอลัมน์อนุญาต ผลของตารางจึงว่าง",
    "The column does not allow this value, so the table gives nothing",
)


def explained(
    columns: Sequence[Input], rules: Sequence[Rule], outputs: Sequence[Output], scope: Scope, evaluation: Evaluation
) -> ExplainedTable:
    """What each input, test and output of a table gives; a failure stays in its cell. Has a budget of its own and
    records nothing."""
    own = Evaluation(Run(evaluation.run.env), strict=evaluation.strict)
    inputs = tuple(_input(column, scope, own) for column in columns)
    scopes = [{**scope, "?": cell.value} for cell in inputs]
    return ExplainedTable(inputs, tuple(_row(rule, outputs, scope, scopes, own) for rule in rules))


def _input(column: Input, scope: Scope, own: Evaluation) -> Cell:
    cell = _cell(column.value, scope, own)
    if cell.problem is not None:
        return cell
    allowed = _cell(column.admits, cell.value, scope, own)
    return Cell(cell.value, None if allowed.value else allowed.problem or _NOT_ALLOWED)


def _row(
    rule: Rule, outputs: Sequence[Output], scope: Scope, scopes: list[dict[str, Any]], own: Evaluation
) -> ExplainedRow:
    tests = tuple(
        Cell(True) if test is None else _cell(test.evaluate_in, inner, own.run)
        for test, inner in zip(rule.tests, scopes, strict=False)
    )
    row = ExplainedRow(tests, ())
    if not row.holds:
        return row
    cells = zip(rule.outputs, outputs, strict=False)
    return ExplainedRow(tests, tuple(_cell(_output, logic, output, scope, own) for logic, output in cells))


def _output(logic: Logic, output: Output, scope: Scope, own: Evaluation) -> Any:
    return coerce(logic(scope, own), output.type, own.run)


def _cell(ask: Callable[..., Any], *arguments: Any) -> Cell:
    try:
        return Cell(ask(*arguments))
    except SitthiError as error:
        return Cell(None, error.text)
