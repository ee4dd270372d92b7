"""What is wrong with one answer: the limits of the form, then the rules of the domain. The first finding is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from forms import messages_th as say
from forms import rules
from forms.choice_fields import ChoiceField, ChoicesField
from forms.conditions import Evaluator
from forms.fields import NumberField, TextField
from forms.moment_field import MomentField
from forms.nodes import Node
from forms.patterns import matches
from forms.schema import Component
from workflows.errors import Text
from workflows.ports import Lookups
from workflows.rules import email_address, phone

LONGEST_LINE = 2_000
LONGEST_TEXT = 20_000
_REQUIRED = {
    "radio": say.REQUIRED_CHOICE,
    "select": say.REQUIRED_CHOICE,
    "checklist": say.REQUIRED_CHOICES,
    "taglist": say.REQUIRED_CHOICES,
    "checkbox": say.REQUIRED_TICK,
    "filepicker": say.REQUIRED_FILE,
}


def problem(node: Node, scope: Mapping[str, Any], evaluator: Evaluator, lookups: Lookups) -> Text | None:
    """What is wrong with the answer of an open node; None if nothing is. ``scope``: variables, answers, this row."""
    component, field = node.component, node.field
    if field.process_errors:
        first = field.process_errors[0]
        return first if isinstance(first, Text) else say.WRONG_TYPE
    if field.is_empty:
        return _missing(component, scope)
    return (
        _limits(component, field, scope, evaluator)
        or _attachments(component, field)
        or _rules(component, field, scope, lookups)
    )


def _rules(component: Component, field: Any, scope: Mapping[str, Any], lookups: Lookups) -> Text | None:
    if component.type != "textfield":
        return None
    found = (rule.check(field.data, scope, lookups) for rule in rules.rules_of(component))
    return next((text for text in found if text), None)


def _missing(component: Component, scope: Mapping[str, Any]) -> Text | None:
    if component.limit("required") is True:
        return _REQUIRED.get(component.type, say.REQUIRED)
    siblings = scope.get("this")
    decision = siblings.get("decision") if isinstance(siblings, Mapping) else None
    if component.key == "comment" and decision in rules.DECISIONS_WITH_REASON:
        return say.COMMENT_REQUIRED
    return None


def _limits(component: Component, field: Any, scope: Mapping[str, Any], evaluator: Evaluator) -> Text | None:
    if isinstance(field, ChoiceField | ChoicesField):
        if field.is_offered:
            return None
        return _own_words(component, component.custom("not_offered"), "not_offered_en") or say.NOT_AN_OPTION
    if isinstance(field, TextField):
        return _text(component, field.data, scope, evaluator)
    if isinstance(field, NumberField):
        return _number(component, field, scope, evaluator)
    if isinstance(field, MomentField):
        return _moment(component, field, evaluator.env.now())
    return None


def _own_words(component: Component, thai: Any, english: str) -> Text | None:
    """What the form itself says about a wrong answer; None if it does not."""
    return Text(thai, str(component.custom(english) or thai)) if isinstance(thai, str) and thai else None


def _text(component: Component, text: str, scope: Mapping[str, Any], evaluator: Evaluator) -> Text | None:
    least = evaluator.number(component.limit("minLength"), scope)
    most = evaluator.number(component.limit("maxLength"), scope)
    most = min(most or Decimal("inf"), Decimal(LONGEST_TEXT if component.type == "textarea" else LONGEST_LINE))
    if least is not None and len(text) < least:
        return say.TOO_SHORT.format(limit=least)
    if len(text) > most:
        return say.TOO_LONG.format(limit=most)
    pattern = component.limit("pattern")
    if isinstance(pattern, str) and pattern and not matches(pattern, text):
        return _own_words(component, component.limit("patternErrorMessage"), "pattern_error_en") or say.WRONG_FORM
    kind = component.limit("validationType")
    if kind == "email" and email_address.problem(email_address.clean(text)):
        return email_address.NOT_AN_EMAIL
    if kind == "phone" and not phone.parse(text):
        return phone.NOT_A_PHONE
    return None


def _number(component: Component, field: NumberField, scope: Mapping[str, Any], evaluator: Evaluator) -> Text | None:
    number = field.decimal
    if number is None:
        return None
    least, most = (evaluator.number(component.limit(name), scope) for name in ("min", "max"))
    if least is not None and number < least:
        return say.TOO_SMALL.format(limit=format(least, "f"))
    if most is not None and number > most:
        return say.TOO_LARGE.format(limit=format(most, "f"))
    digits = component.raw.get("decimalDigits")
    exponent = number.normalize().as_tuple().exponent
    if isinstance(digits, int) and isinstance(exponent, int) and -exponent > digits:
        return say.TOO_MANY_DECIMALS.format(limit=digits)
    step = evaluator.number(component.raw.get("increment"), scope)
    if step and number % step:
        return say.NOT_A_STEP.format(limit=format(step, "f"))
    return None


def _moment(component: Component, field: MomentField, now: datetime) -> Text | None:
    moment = field.moment
    if component.raw.get("disallowPassedDates") is True and moment is not None and moment < now:
        return say.IN_THE_PAST
    return None


def _attachments(component: Component, field: Any) -> Text | None:
    if component.type != "filepicker":
        return None
    most = component.custom_number("max_files", 20) if component.raw.get("multiple") else 1
    if len(field.documents) > most:
        return say.TOO_MANY_FILES.format(limit=most)
    accept = component.raw.get("accept")
    accepted = [part.strip().lower() for part in accept.split(",") if part.strip()] if isinstance(accept, str) else []
    most_bytes = component.custom_number("max_bytes", 0)
    for document in field.documents:
        name = str(document["file_name"])
        if accepted and not any(_accepts(part, name.lower(), str(document["content_type"])) for part in accepted):
            return say.WRONG_FILE_TYPE.format(name=name, accept=", ".join(accepted))
        if most_bytes and int(document["size"]) > most_bytes:
            return say.FILE_TOO_LARGE.format(name=name, limit=f"{most_bytes / 2**20:g}")
    return None


def _accepts(part: str, name: str, content_type: str) -> bool:
    """One part of ``accept``: an extension, a media type or ``image/*``."""
    if part.startswith("."):
        return name.endswith(part) or (part == ".jpg" and name.endswith(".jpeg"))
    return content_type == part or (part.endswith("/*") and content_type.startswith(part[:-1]))
