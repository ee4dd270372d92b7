"""The columns and rules of a decision table, compiled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workflows.decisions.graph import Evaluation, Logic, Scope, from_json
from workflows.feel.expression import Expression
from workflows.feel.feel_types import Type


@dataclass(frozen=True, slots=True)
class Input:
    id: str
    label: str
    logic: Logic
    type: Type | None
    allowed: Expression | None

    def value(self, scope: Scope, evaluation: Evaluation) -> Any:
        """The value that the column's cells test."""
        value = self.logic(scope, evaluation)
        return value if evaluation.strict else from_json(value, self.type)

    def admits(self, value: Any, scope: Scope, evaluation: Evaluation) -> bool:
        """Whether the value is one of those allowed, by the column or by a constrained type."""
        if self.allowed is not None and self.allowed.evaluate_in({**scope, "?": value}, evaluation.run) is not True:
            return False
        return value is None or self.type is None or _fits(value, self.type, evaluation)


@dataclass(frozen=True, slots=True)
class Output:
    id: str
    name: str
    type: Type | None
    priorities: Logic | None
    default: Logic | None


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    index: int
    tests: tuple[Expression | None, ...]
    outputs: tuple[Logic, ...]


def _fits(value: Any, expected: Type, evaluation: Evaluation) -> bool:
    """Whether the value is allowed by a constrained type; plain types do not limit an input column."""
    return getattr(expected, "allowed", None) is None or expected.accepts(value, evaluation.run)
