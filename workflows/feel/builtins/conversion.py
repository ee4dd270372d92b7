"""Making values from others: number, string, JSON; and asking what a value is."""

from __future__ import annotations

import base64
import json
import re
import uuid
from decimal import Decimal
from typing import Any, Final

from workflows.errors import Text
from workflows.feel.builtins.registry import builtin
from workflows.feel.compare import equal
from workflows.feel.errors import FeelError, Mismatch
from workflows.feel.limits import CLOCK, Run, too_deep
from workflows.feel.temporal import DateTime, Time
from workflows.feel.text import to_feel_string, to_json
from workflows.feel.values import CONTEXT, kind, number

_NUMERAL: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_MAX_NUMERAL: Final = 1000


@builtin("number", "from: any")
def number_from(_run: Run, value: Any) -> Decimal:
    """The number in a text; null if it is none. / แปลงข้อความเป็นตัวเลข ถ้าแปลงไม่ได้ได้ null

    number("1500.25") → 1500.25
    """
    exact = number(value)
    return exact if exact is not None else _read_number(value)


@builtin("number", "from: text, grouping separator: text or null, decimal separator: text or null")
def number_with_separators(_run: Run, text: str, grouping: str | None, decimal: str | None) -> Decimal:
    """The number in a text that groups digits or has a decimal comma.
    / แปลงข้อความที่มีตัวคั่นหลักหรือจุดทศนิยมแบบอื่นเป็นตัวเลข

    number("1,500.25", ",", ".") → 1500.25
    """
    if grouping not in (None, " ", ",", ".") or decimal not in (None, ",", ".") or (grouping and grouping == decimal):
        raise Mismatch
    if grouping:
        text = text.replace(grouping, "")
    return _read_number(text.replace(decimal, ".") if decimal else text)


def _read_number(text: Any) -> Decimal:
    if not isinstance(text, str) or len(text) > _MAX_NUMERAL or not _NUMERAL.fullmatch(text.strip()):
        raise Mismatch
    result = CONTEXT.create_decimal(text.strip())
    if not result.is_finite():
        raise Mismatch
    return result


@builtin("string", "from: any")
def string(run: Run, value: Any) -> str | None:
    """The value as text. / แปลงค่าเป็นข้อความ

    string(1.50) → "1.5"
    """
    return None if value is None else to_feel_string(value, run.charge)


@builtin("is", "value1: any, value2: any", "value1: any", "value2: any")
def is_same(run: Run, value1: Any, value2: Any = None) -> bool:
    """The same in every part: other than ``=``, a zone is not the same as its offset.
    / เหมือนกันทุกส่วนหรือไม่ ต่างจาก = ตรงที่แยกเขตเวลากับผลต่างเวลา

    is(@"10:00:00@Asia/Bangkok", @"10:00:00+07:00") → false
    """
    if kind(value1) != kind(value2):
        return False
    if isinstance(value1, Time | DateTime):
        return bool(value1 == value2)
    return equal(value1, value2, run) is True


@builtin("is defined", "value: any")
def is_defined(_run: Run, value: Any) -> bool:
    """Whether the value is there at all: false for null and for an unknown name.
    / มีค่าหรือไม่ ชื่อที่ไม่รู้จักและ null ได้ false

    is defined(no_such_variable) → false
    """
    return value is not None


@builtin("get or else", "value: any, default: any")
def get_or_else(_run: Run, value: Any, default: Any) -> Any:
    """The value, or the default where it is null. / ค่านั้น หรือค่าที่กำหนดไว้เมื่อเป็น null

    get or else(no_such_variable, 0) → 0
    """
    return default if value is None else value


@builtin("assert", "value: any, condition: any, cause: any?")
def assert_that(_run: Run, value: Any, condition: Any, cause: Any = None) -> Any:
    """The value if the condition is true; otherwise the evaluation fails with the cause.
    / ค่านั้นเมื่อเงื่อนไขเป็นจริง มิฉะนั้นหยุดพร้อมข้อความที่กำหนด

    assert(5, 5 > 1, "too small") → 5
    """
    if condition is True:
        return value
    if isinstance(cause, str):
        raise FeelError(Text(cause, cause), reason="assertion")
    raise FeelError(Text("เงื่อนไขของ assert ไม่เป็นจริง", "The condition of assert is not true"), reason="assertion")


@builtin("not", "negand: any")
def negation(_run: Run, value: Any) -> bool | None:
    """True for false and false for true; null for anything else. / กลับค่าจริงเท็จ ค่าอื่นได้ null

    not(1 > 2) → true
    """
    return (not value) if value.__class__ is bool else None


@builtin("uuid", "")
def new_uuid(run: Run) -> str:
    """A new random identifier of 36 characters. / สร้างรหัสสุ่ม 36 ตัวอักษร

    string length(uuid()) → 36
    """
    run.charge(CLOCK)
    return str(uuid.uuid4())


@builtin("to base64", "value: text")
def to_base64(_run: Run, text: str) -> str:
    """The UTF-8 bytes of a text in Base64. / แปลงข้อความเป็น Base64

    to base64("FEEL") → "RkVFTA=="
    """
    return base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")


@builtin("from json", "value: text")
def from_json(run: Run, text: str) -> Any:
    """The value that a JSON text describes; null if it is no JSON. / อ่านค่าจากข้อความ JSON ถ้าไม่ใช่ JSON ได้ null

    from json("[1, true]") → [1, true]
    """
    run.charge(CLOCK + (len(text) >> 2))
    try:
        return json.loads(text, parse_float=_json_number, parse_int=_json_number, parse_constant=_no_constant)
    except RecursionError:
        raise too_deep() from None
    except ValueError:
        raise Mismatch from None


def _json_number(text: str) -> Decimal | None:
    try:
        return _read_number(text)
    except (Mismatch, ArithmeticError):
        return None


def _no_constant(_text: str) -> None:
    """NaN and Infinity, which are not JSON."""


@builtin("to json", "value: any")
def to_json_text(run: Run, value: Any) -> str:
    r"""The value as JSON text. / เขียนค่าเป็นข้อความ JSON

    to json([1, "a"]) → "[1,\"a\"]"
    to json(@"2026-11-22T10:00:00@Asia/Bangkok") → "\"2026-11-22T10:00:00+07:00[Asia/Bangkok]\""
    """
    return json.dumps(to_json(value, run.charge, regions=True), ensure_ascii=False, separators=(",", ":"))


@builtin("fromAi", "value: any, description: any?, type: any?, schema: any?, options: any?")
def from_ai(_run: Run, value: Any, *_marks: Any) -> Any:
    """The value itself: Camunda marks with it what an AI agent fills in. / คืนค่าเดิม ใช้ทำเครื่องหมายว่าค่านี้มาจาก AI

    fromAi("99001", "The code of the unit") → "99001"
    fromAi(value: 5, type: "number") → 5
    """
    return value
