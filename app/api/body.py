"""Reading what a caller sent: bounded, well-formed JSON, values of the right type. Anything else is a 400."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from app.errors import InvalidRequest
from workflows.errors import Text

MAX_JSON = 1024 * 1024
"""Bytes of a JSON body."""

_MAX_DEPTH = 40
_MAX_INTEGER = 2**63
_EARLIEST, _LATEST = datetime(1900, 1, 2, tzinfo=UTC), datetime(2999, 12, 30, tzinfo=UTC)


def read_body() -> Body:
    """The JSON object of this request. An empty body means ``{}``, whatever its content type says.

    Text must be sent as ``application/json``: a form of another site can send anything else without asking.
    """
    value = _read_json({})
    if not isinstance(value, dict):
        raise InvalidRequest(Text("เนื้อหาต้องเป็น JSON object", "The body must be a JSON object"))
    return Body(value)


def read_list(*, most: int) -> list[Any]:
    """The JSON list of this request, of at most so many entries."""
    value = _read_json([])
    if not isinstance(value, list) or len(value) > most:
        raise InvalidRequest(
            Text(
                f"เนื้อหาต้องเป็น JSON list ไม่เกิน {most} รายการ", f"The body must be a JSON list of at most {most} entries"
            )
        )
    return value


def _read_json(empty: Any) -> Any:
    data = request.get_data(cache=False) if (request.content_length or 0) <= MAX_JSON else None
    if data is None or len(data) > MAX_JSON:
        raise RequestEntityTooLarge()
    if not data.strip():
        return empty
    if not request.is_json:
        raise InvalidRequest(
            Text(
                "เนื้อหาต้องเป็น JSON (Content-Type: application/json)",
                "The body must be JSON (Content-Type: application/json)",
            )
        )
    return parse_json(data)


def parse_json(data: bytes | str, *, limit: int = _MAX_INTEGER) -> Any:
    """A JSON value of limited depth whose numbers are finite and whose texts every database can store."""
    try:
        value = json.loads(data, parse_constant=_no_constant)
        _check(value, _MAX_DEPTH, limit)
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, ValueError) else "nested too deeply"
        raise InvalidRequest(Text(f"JSON ไม่ถูกต้อง: {reason}", f"The JSON is not valid: {reason}")) from None
    return value


def wrong(name: str, must: str, muss_th: str) -> InvalidRequest:
    """The error for a value of the wrong kind: ``<name> must be <must>``."""
    return InvalidRequest(Text(f"{name} ต้องเป็น{muss_th}", f"{name} must be {must}"))


def storable(text: str) -> bool:
    """Whether every database can store the text: no NUL, no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


class Body:
    """An object of the request with typed access. A member that is null counts as absent."""

    def __init__(self, values: Mapping[str, Any], path: str = "") -> None:
        self.values = {name: value for name, value in values.items() if value is not None}
        self._path = path

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str, *, longest: int = 4000) -> str | None:
        """A text, or None if absent."""
        value = self.values.get(name)
        if value is not None and (not isinstance(value, str) or len(value) > longest):
            raise wrong(self._path + name, f"a text of at most {longest} letters", f"ข้อความไม่เกิน {longest} ตัวอักษร")
        return value

    def required_text(self, name: str, *, longest: int = 4000) -> str:
        """A text that is there and not empty."""
        value = self.text(name, longest=longest)
        if not value:
            raise wrong(self._path + name, "given, a text", "ข้อความที่ไม่ว่าง")
        return value

    def key(self, name: str) -> int | None:
        """A key (digits in a text), or None if absent. A key no row can have is -1."""
        value = self.values.get(name)
        return None if value is None else as_key(value, self._path + name)

    def number(self, name: str, *, low: int, high: int) -> int | None:
        """A whole number, or None if absent."""
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise wrong(self._path + name, f"a whole number from {low} to {high}", f"จำนวนเต็ม {low} ถึง {high}")
        return value

    def flag(self, name: str) -> bool | None:
        """True or false, or None if absent."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, bool):
            raise wrong(self._path + name, "true or false", " true หรือ false")
        return value

    def mapping(self, name: str) -> dict[str, Any]:
        """An object as it is; empty if absent."""
        value = self.values.get(name, {})
        if not isinstance(value, dict):
            raise wrong(self._path + name, "an object", " object")
        return value

    def items(self, name: str, *, most: int = 1000) -> list[Any]:
        """A list; empty if absent."""
        value = self.values.get(name, [])
        if not isinstance(value, list) or len(value) > most:
            raise wrong(self._path + name, f"a list of at most {most}", f"รายการไม่เกิน {most} รายการ")
        return value

    def texts(self, name: str) -> list[str]:
        """A list of texts; empty if absent."""
        values = self.items(name)
        if not all(isinstance(value, str) for value in values):
            raise wrong(self._path + name, "a list of texts", "รายการข้อความ")
        return values


def as_key(value: Any, name: str) -> int:
    """A key as the number it is in the database; -1 for one that no row can have."""
    digits = value.removeprefix("-") if isinstance(value, str) else ""
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 25):
        raise wrong(name, "a key: digits in a text", "ข้อความตัวเลข (key)")
    number = int(digits)
    return number if value == digits and number < _MAX_INTEGER else -1


def as_moment(value: Any, name: str) -> datetime:
    """An ISO 8601 moment; without an offset it is UTC."""
    try:
        moment = datetime.fromisoformat(value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if not _EARLIEST <= moment <= _LATEST:
            raise ValueError
    except (TypeError, ValueError, OverflowError):
        raise wrong(name, "a date and time in ISO 8601", "วันเวลาแบบ ISO 8601") from None
    return moment.astimezone(UTC)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")


def _check(value: Any, depth: int, limit: int) -> None:
    if depth == 0:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        if not storable(value):
            raise ValueError("a text contains a NUL or half of a surrogate pair")
    elif isinstance(value, dict):
        for name, inner in value.items():
            _check(name, depth - 1, limit)
            _check(inner, depth - 1, limit)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, depth - 1, limit)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("a number is too large")
    elif isinstance(value, int) and not -limit <= value < limit:
        raise ValueError("a number is too large")
