"""Functions that make one value of many: ``min([1, 2])`` and ``min(1, 2)`` are the same."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from workflows.feel.arithmetic import add, divide, multiply
from workflows.feel.builtins.registry import builtin
from workflows.feel.compare import greater, less
from workflows.feel.errors import Mismatch
from workflows.feel.limits import Run
from workflows.feel.values import CONTEXT, ORDERED, kind, number, read


def _items(run: Run, arguments: tuple[Any, ...]) -> list[Any]:
    """The elements of ``min([1, 2])`` or ``min(1, 2)``."""
    if not arguments or (len(arguments) == 1 and arguments[0] is None):
        raise Mismatch
    items = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], list) else arguments
    run.charge(len(items) << 1)
    return [read(item) for item in items]


def _numbers(run: Run, arguments: tuple[Any, ...]) -> list[Decimal]:
    items = _items(run, arguments)
    run.charge(len(items) << 1)
    found = [number(item) for item in items]
    exact = [item for item in found if item is not None]
    if len(exact) < len(found):
        raise Mismatch
    return exact


@builtin("count", "list: list")
def count(_run: Run, items: list[Any]) -> Decimal:
    """How many elements the list has. / จำนวนค่าในรายการ

    count([1, 2, 3]) → 3
    """
    return Decimal(len(items))


def _extreme(items: list[Any], before: Callable[[Any, Any], bool | None]) -> Any:
    if not items or kind(items[0]) not in ORDERED:
        raise Mismatch
    best = items[0]
    for item in items[1:]:
        better = before(item, best)
        if better is None:
            raise Mismatch
        if better:
            best = item
    return best


@builtin("min", "list: any*")
def minimum(run: Run, *arguments: Any) -> Any:
    """The smallest value. / ค่าน้อยที่สุด

    min([3, 1, 2]) → 1
    """
    return _extreme(_items(run, arguments), less)


@builtin("max", "list: any*")
def maximum(run: Run, *arguments: Any) -> Any:
    """The largest value. / ค่ามากที่สุด

    max(3, 1, 2) → 3
    """
    return _extreme(_items(run, arguments), greater)


@builtin("sum", "list: any*")
def total(run: Run, *arguments: Any) -> Any:
    """The sum of numbers or durations; null for an empty list. / ผลรวม รายการว่างได้ null

    sum([1, 2, 3]) → 6
    """
    items = _items(run, arguments)
    if not items or kind(items[0]) not in ("number", "days and time duration", "years and months duration"):
        raise Mismatch
    result = items[0]
    for item in items[1:]:
        result = add(result, item)
    return result


@builtin("mean", "list: any*")
def mean(run: Run, *arguments: Any) -> Any:
    """The average. / ค่าเฉลี่ย

    mean([1, 2, 3]) → 2
    """
    items = _items(run, arguments)
    return divide(total(run, items), Decimal(len(items)))


@builtin("product", "list: any*")
def product(run: Run, *arguments: Any) -> Any:
    """The product of the numbers. / ผลคูณ

    product([2, 3, 4]) → 24
    """
    items = _numbers(run, arguments)
    if not items:
        raise Mismatch
    result = Decimal(1)
    for item in items:
        result = multiply(result, item)
    return result


@builtin("median", "list: any*")
def median(run: Run, *arguments: Any) -> Any:
    """The middle value; of two middle ones their average. / ค่ามัธยฐาน

    median([8, 2, 5, 3, 4]) → 4
    """
    items = sorted(_numbers(run, arguments))
    if not items:
        raise Mismatch
    middle = len(items) // 2
    return items[middle] if len(items) % 2 else divide(add(items[middle - 1], items[middle]), Decimal(2))


@builtin("stddev", "list: any*")
def stddev(run: Run, *arguments: Any) -> Any:
    """The sample standard deviation. / ส่วนเบี่ยงเบนมาตรฐานของตัวอย่าง

    stddev([2, 4, 7, 5]) → 2.081665999466132735282297706979931
    """
    items = _numbers(run, arguments)
    if len(items) < 2:
        raise Mismatch
    run.charge(len(items) << 3)
    average = mean(run, items)
    squares = Decimal(0)
    for item in items:
        difference = CONTEXT.subtract(item, average)
        squares = CONTEXT.add(squares, CONTEXT.multiply(difference, difference))
    return CONTEXT.sqrt(CONTEXT.divide(squares, Decimal(len(items) - 1)))


@builtin("mode", "list: any*")
def mode(run: Run, *arguments: Any) -> list[Decimal]:
    """The values that come most often, sorted. / ค่าที่พบบ่อยที่สุด เรียงจากน้อยไปมาก

    mode([6, 3, 9, 6, 6]) → [6]
    """
    counts: dict[Decimal, int] = {}
    for item in _numbers(run, arguments):
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(item for item, times in counts.items() if times == most)


def _verdict(run: Run, arguments: tuple[Any, ...], decisive: bool) -> Any:
    result: bool | None = not decisive
    for item in _items(run, arguments):
        if item is decisive:
            return decisive
        if item.__class__ is not bool:
            result = None
    return result


@builtin("all", "list: any*")
@builtin("and", "list: any*")
def all_true(run: Run, *arguments: Any) -> Any:
    """False if one is false, true if all are true; null otherwise. / จริงเมื่อทุกค่าเป็นจริง

    all([true, false]) → false
    `and`(true, true) → true
    """
    return _verdict(run, arguments, False)


@builtin("any", "list: any*")
@builtin("or", "list: any*")
def any_true(run: Run, *arguments: Any) -> Any:
    """True if one is true, false if all are false; null otherwise. / จริงเมื่อมีค่าใดเป็นจริง

    any([false, true]) → true
    `or`(false, false) → false
    """
    return _verdict(run, arguments, True)
