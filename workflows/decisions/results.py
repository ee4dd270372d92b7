"""What an evaluation answers: the output, and how each decision came to it. Values are FEEL values; see ``to_json``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from workflows.errors import Text


@dataclass(frozen=True, slots=True)
class EvaluatedInput:
    """One input column and the value it had."""

    id: str
    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class EvaluatedOutput:
    """One output column of a matched rule."""

    id: str
    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class MatchedRule:
    """A rule that applied; ``index`` counts from 1 as the table is read."""

    id: str
    index: int
    outputs: tuple[EvaluatedOutput, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell or column gave. For a test: true, false, or null where value and test cannot be compared."""

    value: Any
    problem: Text | None = None
    """Why it gave nothing."""


@dataclass(frozen=True, slots=True)
class ExplainedRow:
    """All tests of a rule, and its outputs if all of them hold."""

    tests: tuple[Cell, ...]
    outputs: tuple[Cell, ...]

    @property
    def holds(self) -> bool:
        return all(test.value is True for test in self.tests)


@dataclass(frozen=True, slots=True)
class ExplainedTable:
    """Every cell of a table asked, whatever the hit policy: for people who want to see why."""

    inputs: tuple[Cell, ...]
    rows: tuple[ExplainedRow, ...]


@dataclass(slots=True)
class EvaluatedDecision:
    """One decision that was evaluated, with the rows of its tables that applied. ``kind`` is the element name of its
    logic, such as ``decisionTable`` or ``literalExpression``."""

    decision_id: str
    name: str
    kind: str
    inputs: list[EvaluatedInput] = field(default_factory=list)
    matched_rules: list[MatchedRule] = field(default_factory=list)
    output: Any = None
    explained: dict[str, ExplainedTable] = field(default_factory=dict)
    """Its tables by element id, if the evaluation was asked to explain."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Which decision could not be evaluated, and why."""

    decision_id: str
    text: Text


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """The output of the decision asked for, and every decision evaluated on the way, in order of completion; the last
    is the one that failed, if there is a failure."""

    output: Any
    evaluated: list[EvaluatedDecision]
    failure: Failure | None = None
