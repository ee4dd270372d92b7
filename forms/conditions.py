"""FEEL inside a form: conditions, limits, options, templates. Evaluated here, on the server, whoever submits.

A form must never fall over an expression: one that cannot be evaluated counts as null, as in form-js. Syntax errors are
found when a form is deployed (``check.problems``).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from operator import is_
from typing import Any

from workflows import feel
from workflows.errors import SitthiError


class Evaluator:
    """Evaluates the ``=`` expressions of one form in one environment.

    A form settles in turns, most of which change little: an expression is evaluated again only when something it reads
    is another object than before.
    """

    def __init__(self, env: feel.Environment) -> None:
        self.env = env
        self._before: dict[str, tuple[list[Any], Any]] = {}

    def feel(self, source: str, scope: Mapping[str, Any]) -> Any:
        """The value of an expression without its "="; None if it has none."""
        try:
            expression = feel.compile_expression(source)
            read = [scope.get(name) for name in expression.names_used]
            before = self._before.get(source)
            if before is not None and all(map(is_, before[0], read)):
                return before[1]
            value = expression.evaluate(scope, self.env)
        except SitthiError:
            return None
        self._before[source] = (read, value)
        return value

    def value(self, written: Any, scope: Mapping[str, Any]) -> Any:
        """A property of a component: evaluated if it begins with "=", else as it is written."""
        return self.feel(written[1:], scope) if is_expression(written) else written

    def json(self, written: Any, scope: Mapping[str, Any]) -> Any:
        """The same as plain JSON data; None if it has no JSON form."""
        try:
            return feel.to_json(self.value(written, scope))
        except SitthiError:
            return None

    def is_true(self, written: Any, scope: Mapping[str, Any]) -> bool:
        """Whether a condition holds: exactly true, nothing else."""
        return self.value(written, scope) is True

    def number(self, written: Any, scope: Mapping[str, Any]) -> Decimal | None:
        """A limit as a number; None if there is none."""
        value = self.value(written, scope)
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
            return None
        try:
            number = Decimal(str(value))
        except ArithmeticError:
            return None
        return number if number.is_finite() else None

    def text(self, value: Any) -> str:
        """A value as a reader sees it; nothing for null."""
        if value is None:
            return ""
        try:
            return value if isinstance(value, str) else feel.to_feel_string(value)
        except SitthiError:
            return ""


def is_expression(written: Any) -> bool:
    """Whether a property is FEEL: Camunda's convention of a leading "="."""
    return isinstance(written, str) and written.startswith("=")


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """The variables with the answers laid over them, objects merged key by key."""
    result = dict(under)
    for key, value in over.items():
        old = result.get(key)
        result[key] = merged(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return result
