"""FEEL types: ``instance of``, and DMN's implicit conversions on the way into a typed place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from workflows.feel.limits import Run
from workflows.feel.temporal import Date
from workflows.feel.values import Function, Range, kind, read


class Type(Protocol):
    """Anything that can say whether a value belongs to it; item definitions of DMN are types too."""

    @property
    def is_list(self) -> bool:
        """Whether values are lists."""
        ...

    def accepts(self, value: Any, run: Run) -> bool:
        """Whether a value that is not null belongs to the type."""
        ...

    def includes(self, other: Type) -> bool:
        """Whether every value of the other type belongs to this one."""
        ...


@dataclass(frozen=True, slots=True)
class Simple:
    """A type without parts, by its FEEL name; ``Any`` takes everything, ``Null`` only null."""

    name: str

    @property
    def is_list(self) -> bool:
        return self.name == "list"

    def accepts(self, value: Any, run: Run) -> bool:
        return self.name == "Any" or kind(value) == self.name

    def includes(self, other: Type) -> bool:
        return self.name == "Any" or self == other or isinstance(other, _PARTS.get(self.name, ()))


@dataclass(frozen=True, slots=True)
class ListType:
    item: Type

    @property
    def is_list(self) -> bool:
        return True

    def accepts(self, value: Any, run: Run) -> bool:
        if not isinstance(value, list):
            return False
        run.charge(len(value))
        return all(conforms(read(item), self.item, run) for item in value)

    def includes(self, other: Type) -> bool:
        if other == SIMPLE["list"]:
            return self.item == ANY
        return isinstance(other, ListType) and self.item.includes(other.item)


@dataclass(frozen=True, slots=True)
class ContextType:
    """A context with at least these entries."""

    fields: tuple[tuple[str, Type], ...]

    @property
    def is_list(self) -> bool:
        return False

    def accepts(self, value: Any, run: Run) -> bool:
        return kind(value) == "context" and all(
            name in value and conforms(read(value[name]), field, run) for name, field in self.fields
        )

    def includes(self, other: Type) -> bool:
        if not isinstance(other, ContextType):
            return False
        theirs = dict(other.fields)
        return all(name in theirs and field.includes(theirs[name]) for name, field in self.fields)


@dataclass(frozen=True, slots=True)
class RangeType:
    bound: Type

    @property
    def is_list(self) -> bool:
        return False

    def accepts(self, value: Any, run: Run) -> bool:
        return isinstance(value, Range) and (
            conforms(value.low, self.bound, run) and conforms(value.high, self.bound, run)
        )

    def includes(self, other: Type) -> bool:
        return isinstance(other, RangeType) and self.bound.includes(other.bound)


@dataclass(frozen=True, slots=True)
class FunctionType:
    """Functions with these parameters: they may take more general values and give more special ones."""

    parameters: tuple[Type, ...]
    result: Type

    @property
    def is_list(self) -> bool:
        return False

    def accepts(self, value: Any, run: Run) -> bool:
        if not isinstance(value, Function) or len(value.parameters) != len(self.parameters):
            return False
        declared = value.parameter_types or (None,) * len(self.parameters)
        if any(
            theirs is not None and not theirs.includes(ours) and ours != ANY
            for theirs, ours in zip(declared, self.parameters, strict=True)
        ):
            return False
        return value.result_type is None or self.result.includes(value.result_type)

    def includes(self, other: Type) -> bool:
        return (
            isinstance(other, FunctionType)
            and len(other.parameters) == len(self.parameters)
            and all(t.includes(o) for t, o in zip(other.parameters, self.parameters, strict=True))
            and self.result.includes(other.result)
        )


ANY: Final = Simple("Any")
_PARTS: Final[Mapping[str, type]] = {
    "list": ListType,
    "context": ContextType,
    "range": RangeType,
    "function": FunctionType,
}
"""The types with parts that each type without parts stands for."""
SIMPLE: Final[Mapping[str, Type]] = {
    **{
        name: Simple(name)
        for name in (
            "Any",
            "Null",
            "boolean",
            "number",
            "string",
            "date",
            "time",
            "date and time",
            "days and time duration",
            "years and months duration",
            "list",
            "context",
            "function",
            "range",
        )
    },
    "dateTime": Simple("date and time"),
    "dayTimeDuration": Simple("days and time duration"),
    "yearMonthDuration": Simple("years and months duration"),
}
"""The types every model knows; the last three are the names of DMN 1.1."""


def conforms(value: Any, expected: Type, run: Run) -> bool:
    """Whether the value may stand where the type is expected: null may always."""
    return value is None or expected.accepts(value, run)


def instance_of(value: Any, expected: Type, run: Run) -> bool:
    """``value instance of type``: null is an instance of Null only."""
    return expected == SIMPLE["Null"] if value is None else expected.accepts(value, run)


def coerce(value: Any, expected: Type | None, run: Run) -> Any:
    """The value after DMN's implicit conversions (DMN 1.5 section 10.3.2.9.4); null if it does not conform.

    A single value becomes a list, a list of one its element, a date the midnight of that day in UTC.
    """
    if expected is None or conforms(value, expected, run):
        return value
    if expected.is_list and not isinstance(value, list) and expected.accepts([value], run):
        return [value]
    if not expected.is_list and isinstance(value, list) and len(value) == 1 and conforms(read(value[0]), expected, run):
        return read(value[0])
    if isinstance(value, Date) and expected.accepts(value.midnight(), run):
        return value.midnight()
    return None
