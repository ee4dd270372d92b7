"""How a built-in is declared: a name, signatures as text, and a Python function that sees checked arguments only.

``@builtin("substring", "string: text, start position: number, length: number?")`` declares one overload. A ``?``
makes a parameter optional, ``*`` makes the last one take all remaining arguments. An argument that does not convert
rules the overload out; a call that no overload takes is null, as is one whose function raises ``Mismatch`` or cannot
calculate. The docstring says what it does, ``English. / ไทย``, then examples ``expression → result``: the reference is
made of them and a test runs them all.
"""

from __future__ import annotations

import datetime as py
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from workflows.feel.errors import Mismatch
from workflows.feel.feel_types import SIMPLE, Type
from workflows.feel.limits import CALL, Run
from workflows.feel.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time, Zone
from workflows.feel.temporal_text import read_date
from workflows.feel.values import Function, Range, number, read

Converter = Callable[[Run, Any], Any]
BANGKOK: Final = Zone(7 * 3600)


def _single(value: Any, fits: Callable[[Any], bool]) -> Any:
    """The value, or the only element of a list (DMN 1.5 section 10.3.2.9.4), if it fits."""
    if fits(value):
        return value
    if isinstance(value, list) and len(value) == 1:
        only = read(value[0])
        if fits(only):
            return only
    raise Mismatch


def _of(*classes: type) -> Converter:
    def convert(_run: Run, value: Any) -> Any:
        return value if isinstance(value, classes) else _single(value, lambda item: isinstance(item, classes))

    return convert


def _text(run: Run, value: Any) -> str:
    found: str = value if value.__class__ is str else _single(value, lambda item: isinstance(item, str))
    run.charge(len(found) >> 5)
    return found


def _number(_run: Run, value: Any) -> Decimal:
    return value if value.__class__ is Decimal else number(_single(value, lambda item: number(item) is not None))  # type: ignore[return-value]


def _whole(run: Run, value: Any) -> int:
    exact = _number(run, value)
    if exact != exact.to_integral_value() or abs(exact) > 10**18:
        raise Mismatch
    return int(exact)


def _truncated(run: Run, value: Any) -> int:
    exact = _number(run, value)
    if abs(exact) > 10**18:
        raise Mismatch
    return int(exact)


def _list(run: Run, value: Any) -> list[Any]:
    if value is None:
        raise Mismatch
    found: list[Any] = value if isinstance(value, list) else [value]
    run.charge(len(found) >> 4)
    return found


def _context(run: Run, value: Any) -> dict[str, Any]:
    found: dict[str, Any] = _single(value, lambda item: isinstance(item, dict))
    run.charge(len(found) >> 4)
    return found


def _day(_run: Run, value: Any) -> py.date:
    """A day of the calendar: a date, the Bangkok day of an instant, or a date as a case stores it, ISO text."""
    found = _single(value, lambda item: isinstance(item, Date | DateTime | str))
    if isinstance(found, DateTime):
        found = (found if found.zone is None else found.in_zone(BANGKOK)).date
    day = read_date(found) if isinstance(found, str) else found
    if not 1 <= day.year <= 9999:
        raise Mismatch
    return py.date(day.year, day.month, day.day)


def _or_null(convert: Converter) -> Converter:
    return lambda run, value: None if value is None else convert(run, value)


CONVERTERS: Final[dict[str, Converter]] = {
    "any": lambda _run, value: value,
    "text": _text,
    "text or null": _or_null(_text),
    "number": _number,
    "amount": _of(Decimal, int, float, DaysDuration, MonthsDuration),
    "whole": _whole,
    "truncated": _truncated,
    "boolean": _of(bool),
    "list": _list,
    "context": _context,
    "function": _of(Function),
    "range": _of(Range),
    "date": _of(Date, DateTime),
    "pure date": _of(Date),
    "day": _day,
    "date and time": _of(DateTime),
    "time": _of(Time),
    "days": _of(DaysDuration),
    "days or null": _or_null(_of(DaysDuration)),
    "duration": _of(DaysDuration, MonthsDuration),
}


_TYPES: Final = {"text": "string", "text or null": "string", "whole": "number", "truncated": "number"}
_RESULTS: Final = {
    "str": "string",
    "Decimal": "number",
    "bool": "boolean",
    "Date": "date",
    "Time": "time",
    "DateTime": "date and time",
}
"""FEEL's names of parameters and of what Python functions give, where they differ or are known."""


class Parameter(NamedTuple):
    name: str
    convert: Converter
    optional: bool
    repeated: bool
    type: Type | None = None


class Overload(NamedTuple):
    signature: str
    parameters: tuple[Parameter, ...]
    function: Callable[..., Any]

    def takes(self, count: int) -> bool:
        """Whether so many positional arguments fit."""
        required = sum(not parameter.optional for parameter in self.parameters)
        repeated = bool(self.parameters) and self.parameters[-1].repeated
        return required <= count and (repeated or count <= len(self.parameters))

    def order(self, names: Sequence[str]) -> tuple[int | None, ...] | None:
        """Where each parameter stands in ``names``, None for one that is left out; None if the names do not fit."""
        places = [names.index(part.name) if part.name in names else None for part in self.parameters]
        if len(set(names)) < len(names) or sum(place is not None for place in places) < len(names):
            return None
        if any(place is None and not part.optional for place, part in zip(places, self.parameters, strict=True)):
            return None
        while places and places[-1] is None:
            places.pop()
        return tuple(places)

    def call(self, run: Run, arguments: Sequence[Any]) -> Any:
        parameters = self.parameters
        last = len(parameters) - 1
        converted = [parameters[min(index, last)].convert(run, argument) for index, argument in enumerate(arguments)]
        return self.function(run, *converted)


class Builtin:
    """A built-in function with all its overloads."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.overloads: list[Overload] = []

    def takes(self, count: int) -> bool:
        return any(overload.takes(count) for overload in self.overloads)

    def call(self, run: Run, arguments: Sequence[Any]) -> Any:
        """The result, or null when the arguments fit no overload or nothing can be calculated from them."""
        run.charge(CALL)
        for overload in self.overloads:
            if overload.takes(len(arguments)):
                try:
                    return run.sized(overload.call(run, arguments))
                except (Mismatch, ArithmeticError):
                    run.charge(CALL)
        return None

    def function(self) -> Function:
        """The built-in as a value, of the type that its first overload has."""
        first = self.overloads[0]
        names = tuple(parameter.name for parameter in first.parameters)
        types = tuple(parameter.type for parameter in first.parameters)
        result = SIMPLE.get(_RESULTS.get(str(first.function.__annotations__.get("return", "")), ""))
        return Function(names, self.call, types, result, accepts=self.takes)


REGISTRY: Final[dict[str, Builtin]] = {}


def builtin(name: str, *signatures: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the decorated function ``function(run, *arguments)`` under a FEEL name."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        entry = REGISTRY.setdefault(name, Builtin(name))
        entry.overloads += [Overload(signature, tuple(_parameters(signature)), function) for signature in signatures]
        return function

    return register


def _parameters(signature: str) -> list[Parameter]:
    found = []
    for part in filter(None, signature.split(", ")):
        label, _, what = part.partition(": ")
        plain = what.rstrip("?*")
        expected = SIMPLE.get(_TYPES.get(plain, plain))
        found.append(Parameter(label, CONVERTERS[plain], what[-1] in "?*", what.endswith("*"), expected))
    return found
