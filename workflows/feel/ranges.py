"""Ranges: what lies inside, and counting through them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from workflows.feel.compare import at_most, both, equal, less, unequal
from workflows.feel.limits import Run
from workflows.feel.temporal import Date
from workflows.feel.values import ORDERED, Range, Unequal, kind, number


def make_range(low: Any, high: Any, low_included: bool, high_included: bool) -> Range | None:
    """``[low..high]``; null when both bounds are missing, differ in kind or have no order."""
    if low is None and high is None:
        return None
    for bound in (low, high):
        if bound is not None and kind(bound) not in ORDERED:
            return None
    if low is not None and high is not None and kind(low) != kind(high):
        return None
    return Range(low, high, low_included, high_included)


def in_range(value: Any, within: Range | Unequal, run: Run) -> bool | None:
    """``value in range``; a range lies in a range when all of it does; null when the kinds do not fit."""
    if isinstance(within, Unequal):
        return unequal(value, within.value, run)
    if isinstance(value, Range):
        return _range_in_range(value, within, run)
    if not within.one_sided and (within.low is None or within.high is None):
        return None
    above = _above(value, within)
    if above is not True:
        return above
    if within.high is None:
        return True
    return at_most(value, within.high) if within.high_included else less(value, within.high)


def _above(value: Any, within: Range) -> bool | None:
    if within.low is None:
        return True
    return at_most(within.low, value) if within.low_included else less(within.low, value)


def _range_in_range(inner: Range, outer: Range, run: Run) -> bool | None:
    low = outer.low is None or (
        inner.low is not None
        and (
            less(outer.low, inner.low)
            or (equal(outer.low, inner.low, run) and (outer.low_included or not inner.low_included))
        )
    )
    high = outer.high is None or (
        inner.high is not None
        and (
            less(inner.high, outer.high)
            or (equal(inner.high, outer.high, run) and (outer.high_included or not inner.high_included))
        )
    )
    return both(bool(low), bool(high))


def matches(value: Any, test: Any, run: Run) -> bool | None:
    """``value in test`` where the test is a value, a range, or a list of values and ranges."""
    cls = test.__class__
    if cls is Range or cls is Unequal:
        return in_range(value, test, run)
    if cls is list:
        run.charge(len(test))
        if value.__class__ is list and equal(value, test, run) is True:
            return True
        return any(_matches_item(value, item, run) is True for item in test)
    return equal(value, test, run)


def _matches_item(value: Any, item: Any, run: Run) -> bool | None:
    return in_range(value, item, run) if isinstance(item, Range | Unequal) else equal(value, item, run)


def count_through(low: Any, high: Any, low_included: bool = True, high_included: bool = True) -> Iterator[Any] | None:
    """The whole numbers or the days from low to high, downwards if low is greater; None if that cannot be counted."""
    if isinstance(low, Date) and isinstance(high, Date):
        return (Date.from_days(day) for day in _steps(low.days, high.days, low_included, high_included))
    first, last = number(low), number(high)
    if first is None or last is None or max(abs(first), abs(last)) > 10**18:
        return None
    if first != first.to_integral_value() or last != last.to_integral_value():
        return None
    return (Decimal(step) for step in _steps(int(first), int(last), low_included, high_included))


def _steps(low: int, high: int, low_included: bool, high_included: bool) -> range:
    step = 1 if low <= high else -1
    return range(low if low_included else low + step, high + step if high_included else high, step)
