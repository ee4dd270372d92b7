"""Decision tables as they are written, for people to read; and what a person must say to have one evaluated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workflows.decisions.elements import Element, child, children, local, name_of, nearest_id, text_of, type_text
from workflows.decisions.model import DecisionModel
from workflows.feel import FeelError, compile_unary_tests
from workflows.feel.literal_tests import literal_tests

_HOLDERS = ("decision", "businessKnowledgeModel")
_MOST_CHOICES = 60


@dataclass(frozen=True, slots=True)
class Column:
    """``source`` is the input expression, or the name of an output; ``allowed`` the values it may have, as tests."""

    label: str
    source: str
    type: str
    allowed: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. ``holder`` is the id of the decision or knowledge model it stands in; ``id`` that of the table, as
    evaluations name it. Each rule is the texts of its cells, inputs first, and a remark."""

    holder: str
    id: str
    name: str
    policy: str
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rules: tuple[tuple[tuple[str, ...], str], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One variable that a decision reads. ``type`` is empty where no column says it; ``choices`` are texts that the
    tables mention."""

    name: str
    label: str
    type: str
    choices: tuple[str, ...]


def sheets(root: Element) -> list[Sheet]:
    """The tables of a DMN document in order."""
    return [
        _sheet(holder, table)
        for holder in root
        if local(holder) in _HOLDERS
        for table in holder.iter("{*}decisionTable")
    ]


def formulas(root: Element) -> dict[str, str]:
    """The decisions that are one expression, by id."""
    return {
        decision.get("id", ""): text_of(child(decision, "literalExpression"))
        for decision in children(root, "decision")
        if child(decision, "literalExpression") is not None
    }


def questions(model: DecisionModel, written: Sequence[Sheet], decision_id: str) -> list[Question]:
    """What to ask before a decision is evaluated: first what its own columns test, from left to right."""
    decision = model.decisions[decision_id]
    wanted = [decision_id, *decision.required]
    near = sorted((sheet for sheet in written if sheet.holder in wanted), key=lambda sheet: wanted.index(sheet.holder))
    columns = [(column, sheet, at) for sheet in near for at, column in enumerate(sheet.inputs)]
    asked: dict[str, Question] = {}
    for column, _, _ in columns:
        if column.source in decision.variables and column.source not in asked:
            same = [(sheet, at) for other, sheet, at in columns if other.source == column.source]
            choices = tuple(dict.fromkeys(text for sheet, at in same for text in _choices(sheet, at)))
            asked[column.source] = Question(column.source, column.label, column.type, choices[:_MOST_CHOICES])
    others = (Question(name, name, "", ()) for name in decision.variables if name not in asked)
    return [*asked.values(), *others]


def _sheet(holder: Element, table: Element) -> Sheet:
    inputs = tuple(
        _column(column, text_of(expression), type_text(expression), "inputValues")
        for column in children(table, "input")
        for expression in [child(column, "inputExpression")]
    )
    outputs = tuple(
        _column(column, name_of(column), type_text(column), "outputValues") for column in children(table, "output")
    )
    rules = tuple(
        (
            tuple(text_of(cell) for name in ("inputEntry", "outputEntry") for cell in children(rule, name)),
            " ".join(text for note in children(rule, "annotationEntry") if (text := text_of(note))),
        )
        for rule in children(table, "rule")
    )
    policy = f"{table.get('hitPolicy', 'UNIQUE')} {table.get('aggregation', '')}".strip()
    name = name_of(holder) or holder.get("id", "")
    return Sheet(holder.get("id", ""), nearest_id(table), name, policy, inputs, outputs, rules)


def _column(column: Element, source: str, type_: str, values: str) -> Column:
    return Column(column.get("label") or source, source, type_.rpartition(":")[2], text_of(child(column, values)))


def _choices(sheet: Sheet, at: int) -> Iterator[str]:
    """The texts that a column allows, or else that its cells compare with."""
    allowed = sheet.inputs[at].allowed
    for source in [allowed] if allowed else [cells[at] for cells, _ in sheet.rules if at < len(cells)]:
        try:
            said = literal_tests(compile_unary_tests(source).tree) if source not in ("", "-") else None
        except FeelError:
            continue
        yield from (value for value in (said.values if said else ()) if isinstance(value, str))
