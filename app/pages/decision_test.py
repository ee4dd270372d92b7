"""Trying a decision: what it answers to some values and why. Nothing is stored and no case is touched.

The values are posted, so that they stand in no address and no log; posting again asks again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, abort, render_template, request

from app.access import allow, product
from app.decision_inputs import hint, read_inputs
from app.decision_tables import shown, written
from app.i18n import words
from workflows.decisions import (
    DecisionModel,
    DecisionResult,
    EvaluatedDecision,
    Question,
    Sheet,
    formulas,
    questions,
    sheets,
)
from workflows.engine import xml
from workflows.errors import Text
from workflows.queries import definitions

pages = Blueprint("decision_test", __name__)
_READERS = ("designer", "admin", "auditor")


@pages.get("/decision-test")
@allow(*_READERS)
def choose() -> Any:
    """A decision's tables and the values to ask it."""
    return _page(None)


@pages.post("/decision-test")
@allow(*_READERS)
def evaluate() -> Any:
    """The same with the answer."""
    return _page([request.form.get(f"v{at}", "") for at in range(len(request.form))])


def _page(typed: Sequence[str] | None) -> Any:
    with product().runtime.reading() as db:
        deployed = definitions.latest(db, "decision")
        row = _row(db, deployed)
    if row is None:
        return render_template("decision_test.html", decisions=[], decision=None)
    model = product().runtime.services.definitions.decision_model(row["key"])
    root = xml.parse(bytes(row["body"]))
    tables = sheets(root)
    asked = questions(model, tables, row["id"])
    values = [*(typed or ()), *[""] * len(asked)][: len(asked)]
    result: DecisionResult | None = None
    errors: dict[int, Text] = {}
    if typed is not None:
        variables, errors = read_inputs(asked, values, product().feel())
        if not errors:
            result = model.trace(row["id"], variables, product().feel(), explain=True)
    page = render_template(
        "decision_test.html",
        decisions=[(one["id"], one["name"] or one["id"]) for one in deployed],
        decision={"id": row["id"], "name": row["name"] or row["id"], "version": row["version"]},
        fields=[_field(at, question, values[at], errors.get(at)) for at, question in enumerate(asked)],
        answer=None if result is None else _answer(result, _labels(tables, row["id"])),
        steps=_steps(model, tables, formulas(root), row["id"], result),
    )
    return (page, 422) if errors else page


def _row(db: Any, deployed: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The definition asked for, with its file; the first decision where none is named."""
    wanted, version = request.args.get("decision", ""), request.args.get("version", "")
    if not wanted:
        return definitions.by_key(db, deployed[0]["key"]) if deployed else None
    versions = definitions.versions(db, "decision", wanted)
    found = next((one for one in versions if not version or str(one["version"]) == version), None)
    if found is None:
        abort(404)
    return definitions.by_key(db, found["key"])


def _field(at: int, question: Question, value: str, error: Text | None) -> dict[str, Any]:
    help_ = hint(question.type)
    said = [question.name if question.name != question.label else "", question.type, words(help_) if help_ else ""]
    return {
        "name": f"v{at}",
        "label": question.label,
        "kind": "boolean" if question.type == "boolean" else "text",
        "hint": " · ".join(part for part in said if part),
        "choices": question.choices,
        "attrs": {"autocomplete": "off"} | ({"list": f"v{at}-choices"} if question.choices else {}),
        "value": value,
        "error": error,
    }


def _labels(tables: Sequence[Sheet], decision_id: str) -> dict[str, str]:
    """The labels of a decision's outputs by name."""
    return {column.source: column.label for sheet in tables if sheet.holder == decision_id for column in sheet.outputs}


def _answer(result: DecisionResult, labels: Mapping[str, str]) -> dict[str, Any]:
    """``parts`` are the outputs of a table with several."""
    parts = result.output if isinstance(result.output, dict) else {}
    return {
        "text": written(result.output),
        "is_null": result.output is None,
        "parts": [(labels.get(name, name), name, written(value)) for name, value in parts.items()],
        "failure": result.failure,
    }


def _steps(
    model: DecisionModel,
    tables: Sequence[Sheet],
    texts: Mapping[str, str],
    decision_id: str,
    result: DecisionResult | None,
) -> list[dict[str, Any]]:
    """The decisions on the way in the order of their evaluation, the one asked for last."""
    evaluated = {one.decision_id: one for one in result.evaluated} if result else {}
    order = [*reversed(model.decisions[decision_id].required), decision_id]
    order.sort(key=lambda id_: list(evaluated).index(id_) if id_ in evaluated else -1)
    return [_step(model, tables, texts, id_, evaluated.get(id_), id_ == decision_id) for id_ in order]


def _step(
    model: DecisionModel,
    tables: Sequence[Sheet],
    texts: Mapping[str, str],
    id_: str,
    evaluated: EvaluatedDecision | None,
    is_last: bool,
) -> dict[str, Any]:
    explained = evaluated.explained if evaluated else {}
    return {
        "id": id_,
        "name": model.decisions[id_].name or id_,
        "is_last": is_last,
        "formula": texts.get(id_),
        "tables": [shown(sheet, explained.get(sheet.id)) for sheet in tables if sheet.holder == id_],
        "output": None if evaluated is None else written(evaluated.output),
    }
