"""FEEL, the expression language of diagrams, decision tables and forms.

DMN 1.5 with Camunda's additions, compiled to closures: no text of a diagram ever becomes Python. Every evaluation is
bounded in steps, sizes and nesting; whatever goes wrong is a ``FeelError``.
"""

from workflows.feel.builtins import REGISTRY
from workflows.feel.errors import FeelError, FeelSyntaxError
from workflows.feel.expression import Expression, compile_expression, compile_unary_tests, parse_value
from workflows.feel.lexer import KEYWORDS
from workflows.feel.limits import Environment
from workflows.feel.text import to_feel_string, to_json

BUILTINS = frozenset(REGISTRY)
"""The names of all built-in functions; a variable should not have one of them."""

__all__ = [
    "BUILTINS",
    "KEYWORDS",
    "Environment",
    "Expression",
    "FeelError",
    "FeelSyntaxError",
    "compile_expression",
    "compile_unary_tests",
    "parse_value",
    "to_feel_string",
    "to_json",
]
