"""What a FEEL value is: kinds, numbers of 34 digits, ranges and functions, and the way in from JSON.

FEEL values are ``None``, ``bool``, ``str``, ``Decimal``, ``list``, ``dict``, the classes of ``temporal``, ``Range`` and
``Function``. Variables come as JSON: ``int`` and ``float`` are numbers too and become ``Decimal`` when they are read.
"""

from __future__ import annotations

import datetime as py
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any, Final

from workflows.feel.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time, from_python

CONTEXT: Final = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
"""IEEE 754 decimal128, the numbers of FEEL. Shared by threads for operations only: its flags are never read."""


@dataclass(frozen=True, slots=True)
class Range:
    """``[low..high]``; a bound of None is open, an excluded bound is written ``(`` or ``)``."""

    low: Any
    high: Any
    low_included: bool
    high_included: bool
    one_sided: bool = False
    """Written as a comparison ``(< 10)``: a missing bound then means "without limit", and it equals its like only."""


@dataclass(frozen=True, slots=True)
class Unequal:
    """``(!= value)``: every value of the same kind but one."""

    value: Any


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """Something that can be called with positional arguments: a function of the author or a built-in."""

    parameters: tuple[str, ...]
    call: Callable[[Any, Sequence[Any]], Any]
    """``call(run, arguments)``."""
    parameter_types: tuple[Any, ...] = ()
    result_type: Any = None
    accepts: Callable[[int], bool] | None = None
    """Whether so many arguments fit, where that is not just the number of parameters."""

    def fits(self, count: int) -> bool:
        return self.accepts(count) if self.accepts is not None else count == len(self.parameters)


KINDS: Final[dict[type, str]] = {
    type(None): "null",
    bool: "boolean",
    Decimal: "number",
    int: "number",
    float: "number",
    str: "string",
    list: "list",
    tuple: "list",
    dict: "context",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    DaysDuration: "days and time duration",
    MonthsDuration: "years and months duration",
    Range: "range",
    Unequal: "range",
    Function: "function",
}
ORDERED: Final = frozenset(
    {"number", "string", "date", "time", "date and time", "days and time duration", "years and months duration"}
)
"""Kinds whose values can be less or greater."""


def kind(value: Any) -> str:
    """The FEEL name of the value's kind; "unknown" for a Python object that is no FEEL value."""
    found = KINDS.get(value.__class__)
    if found is None:
        found = "context" if isinstance(value, Mapping) else "list" if _is_list(value) else "unknown"
    return found


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview)


_BIG: Final = 10**34
_HUGE: Final = 10**4000


def _integer(value: int) -> Decimal | None:
    if -_BIG < value < _BIG:
        return Decimal(value)
    return _squeezed(str(int(value))) if -_HUGE < value < _HUGE else None


def _float(value: float) -> Decimal | None:
    """The shortest decimal that gives this float: 0.1 is 0.1."""
    return _squeezed(repr(float(value)))


def _decimal(value: Decimal) -> Decimal | None:
    return value if value.is_finite() else None


def _squeezed(text: str) -> Decimal | None:
    return _decimal(CONTEXT.create_decimal(text))


_NUMBERS: Final[dict[type, Callable[[Any], Decimal | None]]] = {Decimal: _decimal, int: _integer, float: _float}


def number(value: Any) -> Decimal | None:
    """The value as a number; None if it is no number, or not a finite one."""
    convert = _NUMBERS.get(value.__class__)
    return None if convert is None else convert(value)


def _from_mapping(value: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(key): item for key, item in value.items()}


_READERS: Final[dict[type, Callable[[Any], Any]]] = {
    **_NUMBERS,
    tuple: list,
    py.datetime: from_python,
    py.date: from_python,
    py.time: from_python,
    py.timedelta: from_python,
}
PLAIN: Final = frozenset(KINDS) - frozenset(_READERS)
"""The classes whose instances are FEEL values as they are."""


def read(value: Any) -> Any:
    """A variable or a part of one as a FEEL value: the lazy step from JSON; lists and contexts are not descended."""
    cls = value.__class__
    if cls in PLAIN:
        return value
    reader = _READERS.get(cls)
    return _read_other(value) if reader is None else reader(value)


def _read_other(value: Any) -> Any:
    """Instances of subclasses, other mappings and sequences; null for what is no FEEL value."""
    if isinstance(value, str):
        return str(value)
    for known, reader in _READERS.items():
        if isinstance(value, known):
            return reader(value)
    if isinstance(value, Mapping):
        return _from_mapping(value)
    return list(value) if _is_list(value) else None
