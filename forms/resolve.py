"""A schema for programs: what a page would show, written into the schema itself.

Options become static ``values``, texts are filled in, variables become default values, and a list says how many rows
the case has (``defaultRepetitions``). Conditions stay, so that a program (or the form-js viewer) can follow them; every
answer is checked again when it is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.conditions import Evaluator
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
    component: Component, known: Any, scope: Mapping[str, Any], evaluator: Evaluator, language: str
) -> dict[str, Any]:
    found = dict(component.raw)
    for name in _TEXTS:
        if component.text(name, language):
            found[name] = render(component.text(name, language), scope, evaluator)
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
    if component.is_list and isinstance(known, list) and known:
        found["defaultRepetitions"] = len(known)
    if component.children:
        inside = None if component.is_list else known
        found["components"] = [_resolve(each, inside, scope, evaluator, language) for each in component.children]
    return found
