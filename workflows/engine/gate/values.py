"""The values people type into a diagram: literals, FEEL expressions and variable names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from workflows.engine.gate.findings import Findings
from workflows.engine.gate.spelling import hint
from workflows.engine.xml import Element
from workflows.errors import Text
from workflows.feel import BUILTINS, KEYWORDS, FeelError, compile_expression

VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")

_TEXT_LITERAL = re.compile(r'"(?:\\.|[^"\\])*"')
_FILTER = re.compile(r"\[[^\[\]]*\]")
_CALL = re.compile(r"(?<![\w.])([^\W\d]\w*)\s*\(")
_JUEL = re.compile(r"[$#]\{")
_SHOWN = 60  # characters of an expression quoted in a message


@dataclass(frozen=True, slots=True)
class Use:
    """A variable read by an expression, or a literal that may have been meant as one."""

    name: str
    at: Element
    what: Text
    of_result: bool = False  # may name what the work itself gave back


@dataclass
class Values:
    """Checks values one by one and remembers which variables they read."""

    findings: Findings
    used: list[Use] = field(default_factory=list)
    literals: list[Use] = field(default_factory=list)

    def expression(self, at: Element, text: str | None, what: Text, *, from_result: bool = False) -> None:
        """A value that must be FEEL: ``=`` and an expression. ``from_result``: it may read what the work gave back."""
        text = (text or "").strip()
        if not text.lstrip("="):
            self.findings.add("expression-missing", at, what=what)
        elif not text.startswith("=") and _JUEL.search(text):
            self.findings.add("expression-juel", at, what=what)
        elif not text.startswith("="):
            self.findings.add("expression-no-equals", at, what=what, value=shorten(text))
        else:
            self._compile(at, text[1:], what, from_result)

    def value(self, at: Element, text: str | None, what: Text, *, from_result: bool = False) -> str | None:
        """A value that may be literal text or FEEL; returns the literal, or None when it is (or should be) FEEL."""
        text = (text or "").strip()
        if text.startswith("="):
            self.expression(at, text, what, from_result=from_result)
            return None
        if _JUEL.search(text):
            self.findings.add("expression-juel", at, what=what)
            return None
        if VARIABLE.match(text):
            self.literals.append(Use(text, at, what))
        return text

    def variable(self, at: Element, name: str | None, what: Text, *, path: bool = False) -> None:
        """A name that a value is stored under; ``path`` allows ``a.b`` for a member of a context."""
        name = name or ""
        parts = name.split(".") if path else [name]
        if not all(VARIABLE.match(part) for part in parts) or parts[0] in KEYWORDS:
            self.findings.add("variable-name", at, variable=name, what=what)

    def _compile(self, at: Element, source: str, what: Text, from_result: bool) -> None:
        fault = syntax_fault(source)
        if fault is not None:
            rule, details = fault
            self.findings.add(rule, at, what=what, **details)
            return
        names, called = _names(source)
        self.used += [Use(name, at, what, from_result) for name in names - called]
        for name in called:
            near = hint(name, BUILTINS) or ""
            self.findings.add("function-unknown", at, what=what, function=name, hint=near)


def syntax_fault(source: str) -> tuple[str, dict[str, object]] | None:
    """The rule that an expression (without its ``=``) breaks, with the details of the message; None if it compiles."""
    if _JUEL.search(_TEXT_LITERAL.sub("", source)):
        return "expression-juel", {}
    try:
        compile_expression(source)
    except FeelError as error:
        if "==" in _TEXT_LITERAL.sub("", source):
            return "expression-double-equals", {"reason": error.text}
        return "expression-syntax", {"reason": error.text}
    return None


def _names(source: str) -> tuple[set[str], set[str]]:
    """The names an expression surely reads from outside, and those of them that it calls as functions.

    Names inside a filter are left out: they may be members of the list's elements.
    """
    plain = _TEXT_LITERAL.sub("", source)
    while plain != (plain := _FILTER.sub("", plain)):
        continue
    used = set(compile_expression(source).names_used)
    return used & set(re.findall(r"\w+", plain)), used & set(_CALL.findall(plain))


def shorten(source: str) -> str:
    source = " ".join(source.split())
    return source if len(source) <= _SHOWN else source[: _SHOWN - 1] + "…"
