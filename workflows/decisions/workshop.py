"""Compiling one model: its types and names, the problems found, and which function compiles which element."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from workflows.decisions.elements import Element, child, expression_of, line_of, local, nearest_id, type_text
from workflows.decisions.errors import Problem
from workflows.decisions.graph import Evaluation, Logic, Scope
from workflows.errors import Text
from workflows.feel.errors import FeelError
from workflows.feel.expression import Expression, compile_with
from workflows.feel.feel_types import SIMPLE, Type, coerce
from workflows.feel.parser import Parser
from workflows.feel.values import Function

Names = frozenset[str]
Compile = Callable[["Workshop", Element, Names], Logic]
_LOGIC: Final[dict[str, Compile]] = {}


def boxed(name: str) -> Callable[[Compile], Compile]:
    """Register the decorated function as the compiler of the boxed expression with this element name."""

    def register(function: Compile) -> Compile:
        _LOGIC[name] = function
        return function

    return register


def nothing(_scope: Scope, _evaluation: Evaluation) -> None:
    """The logic of a part that is absent or does not compile."""


def feel_logic(expression: Expression | None) -> Logic:
    """An expression as logic; null if it did not compile."""
    if expression is None:
        return nothing
    evaluate = expression.evaluate_in
    return lambda scope, evaluation: evaluate(scope, evaluation.run)


@dataclass
class Workshop:
    """What compiling one model needs: its types, the names of members, and where problems are collected."""

    prefixes: frozenset[str]
    problems: list[Problem]
    types: dict[str, Type] = field(default_factory=dict)
    members: set[str] = field(default_factory=set)
    tolerant: bool = False
    given: Names = frozenset()
    """The names that whatever is being compiled may use from the start; what it introduces itself comes on top."""
    reads: set[str] = field(default_factory=set)
    """The names that it reads and does not introduce itself."""

    def problem(self, element: Element, text: Text) -> None:
        self.problems.append(Problem(nearest_id(element), line_of(element), text))

    def type_of(self, element: Element | None) -> Type | None:
        """The type that an element refers to; None if it names none that is known."""
        return self.named_type(type_text(element))

    def named_type(self, reference: str) -> Type | None:
        name = self.without_prefix(reference)
        return self.types.get(name) or SIMPLE.get(name)

    def without_prefix(self, reference: str) -> str:
        """DMN 1.1 wrote types as ``feel:string``."""
        prefix, _, rest = reference.partition(":")
        return rest if rest and prefix in self.prefixes else reference

    def expression(self, element: Element, source: str, names: Names) -> Expression | None:
        return self._compiled(element, source, names, Parser.whole_expression)

    def tests(self, element: Element, source: str, names: Names) -> Expression | None:
        return self._compiled(element, source, names, Parser.whole_tests)

    def _compiled(
        self, element: Element, source: str, names: Names, read_source: Callable[[Parser], Any]
    ) -> Expression | None:
        try:
            expression = compile_with(source, names, read_source, self.types, self.members)
        except FeelError as error:
            self.problem(element, error.text)
            return None
        self.reads |= expression.names_needed - (names - self.given)
        return expression

    def logic(self, element: Element | None, names: Names) -> Logic:
        """The compiled logic of a boxed expression, its result converted to the type it declares."""
        if element is None:
            return nothing
        logic = _LOGIC[local(element)](self, element, names)
        expected = self.type_of(element)
        if expected is None or local(element) in ("functionDefinition", "decisionTable"):
            return logic

        def typed(scope: Scope, evaluation: Evaluation) -> Any:
            value = logic(scope, evaluation)
            return value if isinstance(value, Function) else coerce(value, expected, evaluation.run)

        return typed

    def part(self, element: Element, name: str, names: Names) -> Logic:
        """The logic inside a child element such as ``in`` or ``return``."""
        return self.logic(expression_of(child(element, name)), names)
