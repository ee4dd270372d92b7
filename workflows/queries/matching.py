"""What a person means when they type into a search box over cases."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from workflows.records import Case
from workflows.rules import case_number
from workflows.rules.thai_text import arabic_digits, normalise


def case_matches(text: str) -> tuple[ColumnElement[bool], ...]:
    """Conditions one of which a case must meet: part of its number or subject, the beginning of its unit's code, or its
    whole number in any way people write it. Large and small letters, Thai and Arabic digits are the same."""
    wanted = normalise(text)
    code = arabic_digits(wanted)
    return (
        Case.number.icontains(code, autoescape=True),
        Case.subject.icontains(wanted, autoescape=True),
        Case.unit_code.istartswith(code, autoescape=True),
        Case.number == (case_number.parse(text) or code),
    )
