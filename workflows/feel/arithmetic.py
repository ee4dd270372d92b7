"""``+ - * / **`` over numbers, texts, dates and durations. Whatever cannot be calculated is null."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_DOWN, Decimal
from functools import wraps
from typing import Any, Final

from workflows.feel.errors import Mismatch
from workflows.feel.temporal import UTC, Date, DateTime, DaysDuration, MonthsDuration, Time
from workflows.feel.values import CONTEXT, kind, number

Operation = Callable[[Any, Any], Any]
_ONE: Final = Decimal(1)
_MAX_DURATION: Final = 10**40


def _or_null(operation: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(operation)
    def calculate(*operands: Any) -> Any:
        try:
            return operation(*operands)
        except (ArithmeticError, Mismatch):
            return None

    return calculate


def days_duration(nanos: int) -> DaysDuration:
    """A duration within reason; Mismatch far beyond any calendar, where only the cost grows."""
    if abs(nanos) > _MAX_DURATION:
        raise Mismatch
    return DaysDuration(nanos)


def months_duration(months: int) -> MonthsDuration:
    """A duration within reason; Mismatch far beyond any calendar, where only the cost grows."""
    if abs(months) > _MAX_DURATION:
        raise Mismatch
    return MonthsDuration(months)


def moment(value: Date | DateTime) -> DateTime:
    """A date counts as its midnight in UTC (DMN 1.5 section 10.3.2.3.5)."""
    return value.midnight() if isinstance(value, Date) else value


def _plus_duration(value: Any, duration: DaysDuration | MonthsDuration, sign: int) -> Any:
    if isinstance(duration, MonthsDuration):
        return value.plus_months(sign * duration.months) if isinstance(value, Date | DateTime) else None
    nanos = sign * duration.nanos
    if isinstance(value, Date):
        return DateTime(value.midnight().local, UTC).plus(nanos).date
    return value.plus(nanos) if isinstance(value, DateTime | Time) else None


@_or_null
def add(left: Any, right: Any) -> Any:
    """Numbers, texts, durations, and a duration to a date or time in either order."""
    if left.__class__ is Decimal and right.__class__ is Decimal:
        return CONTEXT.add(left, right)
    what, other = kind(left), kind(right)
    if what == other:
        if what == "number":
            return _numbers(CONTEXT.add, left, right)
        if what == "string":
            return left + right
        if what == "days and time duration":
            return days_duration(left.nanos + right.nanos)
        if what == "years and months duration":
            return months_duration(left.months + right.months)
    if isinstance(right, DaysDuration | MonthsDuration):
        return _plus_duration(left, right, 1)
    if isinstance(left, DaysDuration | MonthsDuration):
        return _plus_duration(right, left, 1)
    return None


@_or_null
def subtract(left: Any, right: Any) -> Any:
    """Numbers, durations, two moments or two times to a duration, a duration from a date or time."""
    if left.__class__ is Decimal and right.__class__ is Decimal:
        return CONTEXT.subtract(left, right)
    what, other = kind(left), kind(right)
    if what == other == "number":
        return _numbers(CONTEXT.subtract, left, right)
    if isinstance(left, DaysDuration) and isinstance(right, DaysDuration):
        return days_duration(left.nanos - right.nanos)
    if isinstance(left, MonthsDuration) and isinstance(right, MonthsDuration):
        return months_duration(left.months - right.months)
    if isinstance(left, Date | DateTime) and isinstance(right, Date | DateTime):
        one, two = moment(left), moment(right)
        return None if (one.zone is None) != (two.zone is None) else days_duration(one.order - two.order)
    if isinstance(left, Time) and isinstance(right, Time):
        return None if (left.zone is None) != (right.zone is None) else days_duration(left.order - right.order)
    if isinstance(right, DaysDuration | MonthsDuration):
        return _plus_duration(left, right, -1)
    return None


@_or_null
def multiply(left: Any, right: Any) -> Any:
    """Numbers, or a duration and a number in either order."""
    if left.__class__ is Decimal and right.__class__ is Decimal:
        return CONTEXT.multiply(left, right)
    if kind(left) == kind(right) == "number":
        return _numbers(CONTEXT.multiply, left, right)
    if kind(left) == "number":
        left, right = right, left
    return _scaled(left, right, CONTEXT.multiply)


@_or_null
def divide(left: Any, right: Any) -> Any:
    """Numbers, a duration by a number, a duration by a duration of the same kind; null when dividing by zero."""
    if kind(left) == kind(right) == "number":
        return _numbers(CONTEXT.divide, left, right)
    if isinstance(left, DaysDuration) and isinstance(right, DaysDuration):
        return CONTEXT.divide(Decimal(left.nanos), Decimal(right.nanos))
    if isinstance(left, MonthsDuration) and isinstance(right, MonthsDuration):
        return CONTEXT.divide(Decimal(left.months), Decimal(right.months))
    return _scaled(left, right, CONTEXT.divide)


@_or_null
def power(base: Any, exponent: Any) -> Any:
    """Numbers; anything to the power of 0 is 1."""
    return _numbers(_power, base, exponent)


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    return CONTEXT.power(base, exponent) if exponent else _ONE


@_or_null
def minus(value: Any) -> Any:
    """``-value`` of a number or duration."""
    if isinstance(value, DaysDuration):
        return DaysDuration(-value.nanos)
    if isinstance(value, MonthsDuration):
        return MonthsDuration(-value.months)
    exact = number(value)
    return None if exact is None else CONTEXT.minus(exact)


def _numbers(operation: Callable[[Decimal, Decimal], Decimal], left: Any, right: Any) -> Decimal | None:
    one, two = number(left), number(right)
    if one is None or two is None:
        return None
    result = operation(one, two)
    return result if result.is_finite() else None


def _scaled(duration: Any, factor: Any, operation: Callable[[Decimal, Decimal], Decimal]) -> Any:
    by = number(factor)
    if by is None:
        return None
    if isinstance(duration, DaysDuration):
        return days_duration(int(operation(Decimal(duration.nanos), by)))
    if isinstance(duration, MonthsDuration):
        return months_duration(int(operation(Decimal(duration.months), by).to_integral_value(ROUND_DOWN)))
    return None
