"""What a person typed to try a decision, as the value a case would have; FEEL after ``=``, as in diagrams."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from workflows.decisions import Question
from workflows.errors import SitthiError, Text
from workflows.feel import Environment, compile_expression
from workflows.rules.thai_dates import parse_date
from workflows.rules.thai_text import arabic_digits

_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", re.ASCII)
_WORDS: Final[Mapping[str, Any]] = {"true": True, "false": False, "null": None}
_ISO: Final = {
    "date and time": "2026-11-23T08:30:00",
    "dateTime": "2026-11-23T08:30:00",
    "time": "08:30:00",
    "days and time duration": "P3D",
    "dayTimeDuration": "P3D",
    "years and months duration": "P1Y6M",
    "yearMonthDuration": "P1Y6M",
}
"""Types that are typed as ISO 8601, with an example."""
_READERS: Final = {"time": "time", "date and time": "date and time", "dateTime": "date and time"}
NOT_A_NUMBER: Final = Text(
    "กรอกเป็นตัวเลข เช่น 1500.50 หรือขึ้นต้นด้วย = เพื่อเขียน FEEL", "Write a number such as 1500.50, or FEEL after ="
)


def read_inputs(
    questions: list[Question], typed: list[str], env: Environment
) -> tuple[dict[str, Any], dict[int, Text]]:
    """The variables by name, and what is wrong by the position of the question. What is left empty is null."""
    values: dict[str, Any] = {}
    errors: dict[int, Text] = {}
    for at, (question, text) in enumerate(zip(questions, typed, strict=True)):
        found = read_input(question.type, text.strip(), env)
        if isinstance(found, Text):
            errors[at] = found
        else:
            values[question.name] = found
    return values, errors


def read_input(type_: str, text: str, env: Environment) -> Any:
    """The value of one typed text, or what is wrong with it as a Text."""
    if not text:
        return None
    if text.startswith("="):
        try:
            return compile_expression(text[1:]).evaluate({}, env)
        except SitthiError as error:
            return error.text
    if type_ == "string":
        return text
    if type_ == "number":
        number = arabic_digits(text).replace(",", "")
        return Decimal(number) if _NUMBER.fullmatch(number) else NOT_A_NUMBER
    if type_ == "date":
        day = parse_date(text)
        return day if isinstance(day, Text) else day.isoformat()
    if type_ in _ISO:
        reader = _READERS.get(type_, "duration")
        known = compile_expression(f"{reader}(text)").evaluate({"text": text}, env) is not None
        example = _ISO[type_]
        return text if known else Text(f"กรอกแบบ ISO 8601 เช่น {example}", f"Write it in ISO 8601, such as {example}")
    if text in _WORDS:
        return _WORDS[text]
    return Decimal(text) if _NUMBER.fullmatch(text) else text


def hint(type_: str) -> Text | None:
    """How to type a value of this type."""
    if type_ == "date":
        return Text("เช่น 23/11/2569 หรือ 2026-11-23", "e.g. 23/11/2569 or 2026-11-23")
    if type_ in _ISO:
        return Text(f"เช่น {_ISO[type_]}", f"e.g. {_ISO[type_]}")
    if type_ in ("", "Any"):
        return Text("ตัวเลข true false หรือข้อความ", "A number, true, false or a text")
    return None
