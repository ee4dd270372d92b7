"""Decision tables as a page draws them: as they are written, and after an evaluation with what each cell gave."""

from __future__ import annotations

from typing import Any

from workflows.decisions import Cell, Column, ExplainedTable, Sheet
from workflows.errors import SitthiError
from workflows.feel import to_feel_string


def shown(sheet: Sheet, explained: ExplainedTable | None = None) -> dict[str, Any]:
    """For the macro ``decision_table``."""
    count = len(sheet.inputs)
    rows = []
    taken = False
    for at, (cells, note) in enumerate(sheet.rules):
        row = explained.rows[at] if explained else None
        state = ""
        if row is not None and row.holds:
            state = "beside" if taken and sheet.policy == "FIRST" else "hit"
            taken = True
        gave = (*row.tests, *row.outputs) if row else ()
        rows.append(
            {
                "state": state,
                "note": note,
                "cells": [
                    _cell(text, gave[place] if place < len(gave) else None, is_test=place < count)
                    for place, text in enumerate(cells)
                ],
            }
        )
    return {
        "name": sheet.name,
        "policy": sheet.policy,
        "inputs": [
            _column(column, explained.inputs[at] if explained else None) for at, column in enumerate(sheet.inputs)
        ],
        "outputs": [_column(column, None) for column in sheet.outputs],
        "rules": rows,
        "notes": any(note for _, note in sheet.rules),
        "asked": explained is not None,
    }


def written(value: Any) -> str:
    """A value as FEEL text, texts in quotes."""
    try:
        return to_feel_string(value, quoted=True)
    except SitthiError as error:
        return error.text.en


def _column(column: Column, gave: Cell | None) -> dict[str, Any]:
    return {
        "label": column.label,
        "type": column.type,
        "value": None if gave is None else written(gave.value),
        "problem": None if gave is None else gave.problem,
    }


def _cell(text: str, gave: Cell | None, *, is_test: bool) -> dict[str, Any]:
    """``mark`` of a test: yes, no, unlike (it cannot be compared with the value), failed. ``value`` of an output: what
    it gave, where that is not what stands there."""
    cell: dict[str, Any] = {"text": text, "mark": "", "value": None, "problem": gave.problem if gave else None}
    if gave is None:
        return cell
    if gave.problem is not None:
        cell["mark"] = "failed"
    elif is_test:
        cell["mark"] = {True: "yes", False: "no"}.get(gave.value, "unlike") if text not in ("", "-") else ""
    else:
        value = written(gave.value)
        cell["value"] = None if value == text else value
    return cell
