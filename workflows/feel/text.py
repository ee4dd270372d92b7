"""Values as text and as JSON: the ways out of the language.

Parts of a value may be shared, so a small value can be endless when it is written out: both ways stop at a limit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from workflows.errors import Text
from workflows.feel.errors import FeelError
from workflows.feel.limits import MAX_JSON, MAX_TEXT, too_deep, too_large
from workflows.feel.temporal_text import write_temporal
from workflows.feel.values import CONTEXT, Range, Unequal, kind, number

_PLAIN_KEY: Final = re.compile(r"[^\W\d]\w*(?: \w+)*")
_PIECE: Final = 4
"""Steps of writing one value."""
Charge = Callable[[int], None]
_TEMPORAL: Final = frozenset({"date", "time", "date and time", "days and time duration", "years and months duration"})


def _free(_steps: int) -> None:
    """What is written outside of an evaluation costs no steps; sizes are limited all the same."""


def to_feel_string(value: Any, charge: Charge = _free, *, quoted: bool = False) -> str:
    """FEEL's ``string(value)``; null is the text ``null`` here. FeelError for values nested too deeply or too large.

    With ``quoted`` a text stands in quotes, as it does inside a list: ``"1"`` is not ``1``. ``charge`` is told how many
    steps the writing takes, while it goes on.
    """
    if value.__class__ is str and not quoted:
        return value
    writer = _Writer(charge)
    try:
        writer.write(value, quoted=quoted)
    except RecursionError:
        raise too_deep() from None
    return "".join(writer.pieces)


def number_text(value: Decimal) -> str:
    """The number in full, without exponent and without trailing zeros."""
    return format(CONTEXT.normalize(value), "f") if value else "0"


class _Writer:
    def __init__(self, charge: Charge) -> None:
        self.pieces: list[str] = []
        self.size = 0
        self.room = MAX_JSON
        self.charge = charge

    def add(self, text: str) -> None:
        self.size += len(text)
        self.room -= 1
        self.charge(_PIECE + (len(text) >> 5))
        if self.size > MAX_TEXT:
            raise too_large(self.size, MAX_TEXT)
        if self.room < 0:
            raise too_large(MAX_JSON + 1, MAX_JSON)
        self.pieces.append(text)

    def write(self, value: Any, *, quoted: bool = True) -> None:
        what = kind(value)
        if what == "string":
            self.add(_quoted(value) if quoted else value)
        elif what == "number":
            exact = number(value)
            self.add("null" if exact is None else number_text(exact))
        elif what == "boolean":
            self.add("true" if value else "false")
        elif what == "list":
            self.write_list(value)
        elif what == "context":
            self.write_context(value)
        elif what == "range":
            self.write_range(value)
        else:
            self.add(write_temporal(value) if what in _TEMPORAL else what)

    def write_list(self, items: Any) -> None:
        separator = "["
        for item in items:
            self.add(separator)
            self.write(item)
            separator = ", "
        self.add("]" if items else "[]")

    def write_context(self, entries: Any) -> None:
        separator = "{"
        for key, item in entries.items():
            self.add(separator + _key(str(key)) + ": ")
            self.write(item)
            separator = ", "
        self.add("}" if entries else "{}")

    def write_range(self, value: Range | Unequal) -> None:
        if isinstance(value, Unequal):
            self.add("(!=")
            self.write(value.value)
            self.add(")")
            return
        self.add("[" if value.low_included else "(")
        self.write(value.low)
        self.add("..")
        self.write(value.high)
        self.add("]" if value.high_included else ")")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else json.dumps(key, ensure_ascii=False)


def to_json(value: Any, charge: Charge = _free, *, regions: bool = False) -> Any:
    """The value as JSON: whole numbers become int, others float, dates and durations ISO 8601 text.

    A moment in a region is written with its offset, and with ``regions`` also with the region, as Camunda does:
    ``…+07:00[Asia/Bangkok]``. FeelError for functions, ranges and endless data.
    """
    try:
        return _Json(charge, regions).of(value)
    except RecursionError:
        raise too_deep() from None


class _Json:
    def __init__(self, charge: Charge, regions: bool) -> None:
        self.room = MAX_JSON
        self.charge = charge
        self.regions = regions

    def of(self, value: Any) -> Any:
        self.room -= 1
        if self.room < 0:
            raise too_large(MAX_JSON + 1, MAX_JSON)
        cls = value.__class__
        if cls is str or cls is int or cls is bool or value is None:
            return value
        if cls is dict or cls is list:
            self.charge(_PIECE + (len(value) << 1))
            if cls is list:
                return [self.of(item) for item in value]
            return {str(key): self.of(item) for key, item in value.items()}
        self.charge(_PIECE)
        if cls is Decimal:
            return _json_number(value)
        return self.other(value)

    def other(self, value: Any) -> Any:
        """Values that are rarer, and those of other classes that count as lists, texts …"""
        what = kind(value)
        if what in ("null", "boolean", "string"):
            return value
        if what == "number":
            return _json_number(value)
        if what == "list":
            return self.of(list(value))
        if what == "context":
            return self.of(dict(value))
        if what in _TEMPORAL:
            text = write_temporal(value, iso=True)
            zone = getattr(value, "zone", None)
            return f"{text}[{zone.key}]" if self.regions and zone is not None and zone.key else text
        raise FeelError(
            Text(
                f"ผลลัพธ์เป็น {what} ซึ่งเก็บเป็นข้อมูลของเรื่องไม่ได้ ให้ส่งเป็นตัวเลข ข้อความ รายการ หรือ context",
                f"The result is a {what}, which cannot be stored; return a number, text, list or context",
            )
        )


def _json_number(value: Any) -> int | float | None:
    if value.__class__ is int:
        return value
    exact = number(value)
    if exact is None:
        return None
    if exact == exact.to_integral_value() and exact.adjusted() < 400:
        return int(exact)
    result = float(exact)
    return result if abs(result) != float("inf") else None
