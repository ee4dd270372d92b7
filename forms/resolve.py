"""A schema for programs: what a page would show, written into the schema itself.

Options become static ``values``, texts are filled in, variables become default values, and a list says how many rows
the case has (``defaultRepetitions``) and what stands in each (``rows``, our own: its components again for every row,
filled in with what the case knows of it). The ``components`` of a list are the pattern of a row, its texts as written,
for they mean nothing without a row. Conditions stay, so that a program (or the form-js viewer) can follow them; every
answer is checked again when it is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.conditions import Evaluator
from forms.nodes import most_rows
from forms.options import options_of
from forms.rules import NEVER_PREFILLED
from forms.schema import CHOICES, INPUTS, Component, parse
from forms.templating import render

_TEXTS = ("label", "description", "text", "alt", "dateLabel", "timeLabel")


def resolved(
    schema: Mapping[str, Any], variables: Mapping[str, Any], evaluator: Evaluator, language: str
) -> dict[str, Any]:
    """The schema with everything that depends on the case filled in."""
    components = [_resolve(each, variables, variables, evaluator, language) for each in parse(schema)]
    return {**schema, "components": components}


def _resolve(
    component: Component,
    known: Any,
    scope: Mapping[str, Any],
    evaluator: Evaluator,
    language: str,
    *,
    pattern: bool = False,
) -> dict[str, Any]:
    """One component. ``known`` is what the case knows at its place; a ``pattern`` is of a row that is not there."""
    found, around = dict(component.raw), known
    for name in _TEXTS:
        text = component.text(name, language)
        if text:
            found[name] = text if pattern else render(text, scope, evaluator)
    for key in component.keys:
        known = known.get(key) if isinstance(known, Mapping) else None
    if component.type in CHOICES:
        found["values"] = [
            {"label": option.label, "value": option.value}
            for option in options_of(component, scope, evaluator, language)
        ]
        for name in ("valuesKey", "valuesExpression"):
            found.pop(name, None)
    if component.type in INPUTS and known is not None and component.key not in NEVER_PREFILLED:
        found["defaultValue"] = known
    if component.is_list:
        rows = [row for row in known if isinstance(row, Mapping)] if isinstance(known, list) else []
        if rows:
            found["defaultRepetitions"] = len(rows)
        if not pattern:
            found["rows"] = _rows(component, rows, around, scope, evaluator, language)
    if component.children:
        inside, pattern = (None, True) if component.is_list else (known, pattern)
        found["components"] = [
            _resolve(each, inside, scope, evaluator, language, pattern=pattern) for each in component.children
        ]
    return found


def _rows(
    component: Component, rows: list[Any], around: Any, scope: Mapping[str, Any], evaluator: Evaluator, language: str
) -> list[dict[str, Any]]:
    """Each row as a page would show it: its expressions see the row first, ``this``, ``parent`` and ``i``."""
    found = []
    for number, row in enumerate(rows[: most_rows(component)], 1):
        inner = {**scope, **row, "this": row, "parent": around, "i": [number]}
        children = [_resolve(each, row, inner, evaluator, language) for each in component.children]
        found.append({"components": children})
    return found
