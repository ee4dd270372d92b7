"""How the tests of the language ask questions: text in, text out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from workflows.feel import Environment, compile_expression, compile_unary_tests, to_feel_string

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=timezone(timedelta(hours=7)))
ENVIRONMENT = Environment(lambda: NOW)


def evaluate(source: str, scope: Mapping[str, Any] | None = None, env: Environment = ENVIRONMENT) -> Any:
    return compile_expression(source).evaluate(scope or {}, env)


def shown(value: Any) -> str:
    """The FEEL text of a value; texts in quotes, so that they differ from what they look like."""
    return f'"{value}"' if isinstance(value, str) else to_feel_string(value)


def accepts(tests: str, value: Any) -> Any:
    """Whether a decision table cell accepts a value."""
    return compile_unary_tests(tests).evaluate({"?": value}, ENVIRONMENT)
