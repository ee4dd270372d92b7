"""Equality, order and three-valued logic. Values of different kinds compare to null, never to an error."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from workflows.feel.limits import Run
from workflows.feel.temporal import SECOND, DateTime, Time
from workflows.feel.values import ORDERED, Range, Unequal, kind, number

_MILLISECOND: Final = SECOND // 1000
_NATIVE: Final = frozenset({str, Decimal, bool})


def equal(left: Any, right: Any, run: Run) -> bool | None:
    """``left = right``: null for different kinds. Times are equal when they agree to the millisecond (DMN TCK 0068).

    Lists and contexts are charged to ``run`` by their size: shared parts can make them larger than they look.
    """
    if left is None or right is None:
        return left is right
    cls = left.__class__
    if cls is right.__class__ and cls in _NATIVE:
        return bool(left == right)
    what = kind(left)
    if what != kind(right):
        return None
    if what == "number":
        return number(left) == number(right)
    if what == "list":
        return _equal_parts(left, right, run) if len(left) == len(right) else False
    if what == "context":
        if left.keys() != right.keys():
            return False
        return _equal_parts(left.values(), [right[key] for key in left], run)
    if what in ("time", "date and time"):
        return _same_clock(left, right)
    if what == "range":
        return _same_range(left, right, run)
    return bool(left == right)


def _equal_parts(left: Any, right: Any, run: Run) -> bool | None:
    run.charge(len(left) << 2)
    for one, other in zip(left, right, strict=True):
        same = equal(one, other, run)
        if same is not True:
            return same
    return True


def _same_clock(left: Time | DateTime, right: Time | DateTime) -> bool:
    if (left.zone is None) != (right.zone is None):
        return False
    return left.order // _MILLISECOND == right.order // _MILLISECOND


def _same_range(left: Range | Unequal, right: Range | Unequal, run: Run) -> bool:
    if isinstance(left, Range) and isinstance(right, Range):
        return (
            left.low_included == right.low_included
            and left.high_included == right.high_included
            and left.one_sided == right.one_sided
            and equal(left.low, right.low, run) is True
            and equal(left.high, right.high, run) is True
        )
    return isinstance(left, Unequal) and isinstance(right, Unequal) and equal(left.value, right.value, run) is True


def less(left: Any, right: Any) -> bool | None:
    """``left < right``; null for different kinds, kinds without order, and times with and without zone."""
    cls = left.__class__
    if cls is right.__class__ and (cls is Decimal or cls is str):
        return bool(left < right)
    keys = _keys(left, right)
    return None if keys is None else keys[0] < keys[1]


def at_most(left: Any, right: Any) -> bool | None:
    """``left <= right``; null as ``less``."""
    cls = left.__class__
    if cls is right.__class__ and (cls is Decimal or cls is str):
        return bool(left <= right)
    keys = _keys(left, right)
    return None if keys is None else keys[0] <= keys[1]


def _keys(left: Any, right: Any) -> tuple[Any, Any] | None:
    what = kind(left)
    if what not in ORDERED or what != kind(right):
        return None
    if what == "number":
        low, high = number(left), number(right)
        return None if low is None or high is None else (low, high)
    if what in ("time", "date and time"):
        return None if (left.zone is None) != (right.zone is None) else (left.order, right.order)
    return left, right


def greater(left: Any, right: Any) -> bool | None:
    """``left > right``."""
    return less(right, left)


def at_least(left: Any, right: Any) -> bool | None:
    """``left >= right``."""
    return at_most(right, left)


def unequal(left: Any, right: Any, run: Run) -> bool | None:
    """``left != right``."""
    same = equal(left, right, run)
    return None if same is None else not same


def negate(value: Any) -> bool | None:
    """``not(value)``: null for anything but true and false."""
    return (not value) if value.__class__ is bool else None


def both(left: Any, right: Any) -> bool | None:
    """``left and right`` in three values."""
    if left is False or right is False:
        return False
    return True if left is True and right is True else None


def either(left: Any, right: Any) -> bool | None:
    """``left or right`` in three values."""
    if left is True or right is True:
        return True
    return False if left is False and right is False else None


def contains(items: list[Any], wanted: Any, run: Run) -> bool:
    """Whether some element equals ``wanted``."""
    run.charge(len(items))
    return any(equal(item, wanted, run) is True for item in items)
