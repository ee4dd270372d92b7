"""How the checks of the gate report: rules with fixed texts, collected with element and line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from lxml import etree

from workflows.engine.problems import Problem, Severity
from workflows.engine.xml import Element
from workflows.errors import Text


class Rule(NamedTuple):
    severity: Severity
    text: Text  # says what is wrong and what to do; has {places} for names


def error(th: str, en: str) -> Rule:
    return Rule("error", Text(th, en))


def warning(th: str, en: str) -> Rule:
    return Rule("warning", Text(th, en))


class Findings:
    """Collects problems in one file; every problem belongs to a rule of the catalogue."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._rules = rules
        self._problems: dict[tuple[str, str | None, int, Text], Problem] = {}

    def add(self, rule: str, at: Element | None, **values: object) -> None:
        """Report a rule at an XML element; ``{name}`` is the label (or id) of the shape the element belongs to."""
        shape = shape_of(at)
        label = (shape.get("name") or shape.get("id") or "") if shape is not None else ""
        self.place(rule, shape.get("id") if shape is not None else None, line_of(at), **{"name": label, **values})

    def place(self, rule: str, element_id: str | None, line: int, **values: object) -> None:
        """Report a rule at a known place, for files that are not XML."""
        severity, text = self._rules[rule]
        th = {key: value.th if isinstance(value, Text) else value for key, value in values.items()}
        en = {key: value.en if isinstance(value, Text) else value for key, value in values.items()}
        filled = Text(text.th.format(**th), text.en.format(**en))
        self._problems.setdefault((rule, element_id, line, filled), Problem(severity, element_id, line, filled, rule))

    def problems(self) -> tuple[Problem, ...]:
        """All problems in the order of the file, errors before warnings on the same line."""
        return tuple(sorted(self._problems.values(), key=lambda problem: (problem.line, problem.severity)))


def line_of(at: Element | None) -> int:
    line: Any = at.sourceline if at is not None else None
    return int(line or 1)


def shape_of(at: Element | None) -> Element | None:
    """The nearest element that an editor can select: event definitions and extensions belong to their shape."""
    while at is not None:
        if at.get("id") and not etree.QName(at).localname.endswith(_INNER):
            return at
        at = at.getparent()
    return None


_INNER = ("EventDefinition", "Characteristics", "Expression", "Condition", "timeDate", "timeDuration", "timeCycle")
