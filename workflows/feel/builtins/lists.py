"""List functions; positions count from 1, from the end with -1."""

from __future__ import annotations

from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from workflows.feel.builtins.registry import builtin
from workflows.feel.compare import contains as has
from workflows.feel.compare import equal, less
from workflows.feel.errors import Mismatch
from workflows.feel.limits import MAX_LIST, Run, too_large
from workflows.feel.values import Function, read


def _index(items: list[Any], position: int) -> int:
    """The Python index of a FEEL position; Mismatch beyond the ends."""
    if position == 0 or abs(position) > len(items):
        raise Mismatch
    return position - 1 if position > 0 else len(items) + position


@builtin("list contains", "list: list, element: any")
def list_contains(run: Run, items: list[Any], element: Any) -> bool:
    """Whether an element equals the value. / ในรายการมีค่านี้หรือไม่

    list contains([1, 2], 2) → true
    """
    return has(items, element, run)


@builtin("sublist", "list: list, start position: whole, length: whole?")
def sublist(_run: Run, items: list[Any], start: int, length: int | None = None) -> list[Any]:
    """Elements from a position on: 1 is the first, -1 the last. / ส่วนของรายการตั้งแต่ตำแหน่งที่กำหนด

    sublist([1, 2, 3], 2) → [2, 3]
    sublist([1, 2, 3], 1, 2) → [1, 2]
    """
    begin = _index(items, start)
    if length is None:
        return items[begin:]
    if length < 1 or begin + length > len(items):
        raise Mismatch
    return items[begin : begin + length]


@builtin("append", "list: list, item: any*")
def append(_run: Run, items: list[Any], *more: Any) -> list[Any]:
    """The list with elements added at its end. / เพิ่มค่าท้ายรายการ

    append([1], 2, 3) → [1, 2, 3]
    """
    return [*items, *more]


@builtin("concatenate", "list: list*")
def concatenate(run: Run, *lists: list[Any]) -> list[Any]:
    """One list of the elements of all lists. / ต่อรายการหลายรายการเข้าด้วยกัน

    concatenate([1], [2, 3]) → [1, 2, 3]
    """
    _bounded(lists)
    return [item for items in lists for item in items]


def _bounded(lists: tuple[list[Any], ...]) -> None:
    if not lists:
        raise Mismatch
    size = sum(map(len, lists))
    if size > MAX_LIST:
        raise too_large(size, MAX_LIST)


@builtin("insert before", "list: list, position: whole, newItem: any")
def insert_before(_run: Run, items: list[Any], position: int, item: Any) -> list[Any]:
    """The list with an element put before a position. / แทรกค่าก่อนตำแหน่งที่กำหนด

    insert before([1, 3], 2, 2) → [1, 2, 3]
    """
    at = _index(items, position)
    return [*items[:at], item, *items[at:]]


@builtin("remove", "list: list, position: whole")
def remove(_run: Run, items: list[Any], position: int) -> list[Any]:
    """The list without the element at a position. / ตัดค่าในตำแหน่งที่กำหนดออก

    remove([1, 2, 3], 2) → [1, 3]
    """
    at = _index(items, position)
    return [*items[:at], *items[at + 1 :]]


@builtin("list replace", "list: list, position: truncated, newItem: any")
def replace_at(_run: Run, items: list[Any], position: int, item: Any) -> list[Any]:
    """The list with another element at a position. / แทนค่าในตำแหน่งที่กำหนด

    list replace([1, 2, 3], 2, 9) → [1, 9, 3]
    """
    at = _index(items, position)
    return [*items[:at], item, *items[at + 1 :]]


@builtin("list replace", "list: list, match: function, newItem: any")
def replace_matching(run: Run, items: list[Any], match: Function, item: Any) -> list[Any]:
    """The list with every element replaced for which the function is true. / แทนทุกค่าที่ฟังก์ชันตอบว่าจริง

    list replace([1, 5], function(item, newItem) item < newItem, 4) → [4, 5]
    """
    result = []
    for old in items:
        verdict = _called(run, match, read(old), item)
        if verdict.__class__ is not bool:
            raise Mismatch
        result.append(item if verdict else old)
    return result


def _called(run: Run, function: Function, *arguments: Any) -> Any:
    if not function.fits(len(arguments)):
        raise Mismatch
    return function.call(run, arguments)


@builtin("reverse", "list: list")
def reverse(_run: Run, items: list[Any]) -> list[Any]:
    """The elements in reverse order. / กลับลำดับของรายการ

    reverse([1, 2, 3]) → [3, 2, 1]
    """
    return items[::-1]


@builtin("index of", "list: list, match: any")
def index_of(run: Run, items: list[Any], wanted: Any) -> list[Decimal]:
    """The positions at which the value stands. / ตำแหน่งทั้งหมดที่พบค่านี้

    index of([1, 2, 1], 1) → [1, 3]
    """
    run.charge(len(items) << 1)
    return [Decimal(at) for at, item in enumerate(items, 1) if equal(item, wanted, run) is True]


class _Seen:
    """The different values met so far; plain ones are found by hash, the others one by one."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._plain: set[Any] = set()
        self._others: list[Any] = []

    def add(self, item: Any) -> bool:
        """Whether the value is new."""
        if item.__class__ in (str, Decimal):
            size = len(self._plain)
            self._plain.add(item)
            return len(self._plain) > size
        if has(self._others, item, self._run):
            return False
        self._others.append(item)
        return True


def _distinct(run: Run, items: list[Any]) -> list[Any]:
    run.charge(len(items) << 1)
    seen = _Seen(run)
    return [item for item in map(read, items) if seen.add(item)]


@builtin("union", "list: list*")
def union(run: Run, *lists: list[Any]) -> list[Any]:
    """The elements of all lists, each once. / รวมรายการโดยไม่เอาค่าซ้ำ

    union([1, 2], [2, 3]) → [1, 2, 3]
    """
    return _distinct(run, concatenate(run, *lists))


@builtin("distinct values", "list: list")
def distinct_values(run: Run, items: list[Any]) -> list[Any]:
    """Each value once, in order of appearance. / ตัดค่าซ้ำออก

    distinct values([1, 2, 1]) → [1, 2]
    """
    return _distinct(run, items)


@builtin("duplicate values", "list: list")
def duplicate_values(run: Run, items: list[Any]) -> list[Any]:
    """The values that come more than once. / ค่าที่ซ้ำกันในรายการ

    duplicate values([1, 2, 1]) → [1]
    """
    run.charge(len(items) << 2)
    seen = _Seen(run)
    repeated = [item for item in map(read, items) if not seen.add(item)]
    again = _Seen(run)
    for item in repeated:
        again.add(item)
    return [item for item in _distinct(run, items) if not again.add(item)]


@builtin("flatten", "list: list")
def flatten(run: Run, items: list[Any]) -> list[Any]:
    """The elements of lists within lists as one list. / คลี่รายการซ้อนให้เป็นชั้นเดียว

    flatten([1, [2, [3]]]) → [1, 2, 3]
    """
    result: list[Any] = []
    for item in items:
        if isinstance(item, list):
            run.charge(len(item) + 4)
            result += flatten(run, item)
        else:
            result.append(item)
        if len(result) > MAX_LIST:
            raise too_large(len(result), MAX_LIST)
    return result


@builtin("partition", "list: list, size: whole")
def partition(run: Run, items: list[Any], size: int) -> list[Any]:
    """The list cut into lists of a size; the last may be shorter. / แบ่งรายการเป็นชุด ชุดละเท่ากัน

    partition([1, 2, 3], 2) → [[1, 2], [3]]
    """
    if size < 1:
        raise Mismatch
    run.charge(len(items))
    return [items[at : at + size] for at in range(0, len(items), size)]


@builtin("is empty", "list: list")
def is_empty(_run: Run, items: list[Any]) -> bool:
    """Whether the list has no element. / รายการว่างหรือไม่

    is empty([]) → true
    """
    return not items


@builtin("sort", "list: list, precedes: function?")
def sort(run: Run, items: list[Any], precedes: Function | None = None) -> list[Any]:
    """Sorted by ``<``, or by a function that says whether its first argument comes before its second.
    / เรียงลำดับ หรือเรียงตามฟังก์ชันที่บอกว่าค่าแรกมาก่อนหรือไม่

    sort([3, 1, 2]) → [1, 2, 3]
    sort([1, 2], function(a, b) a > b) → [2, 1]
    """

    def before(left: Any, right: Any) -> bool:
        verdict = less(left, right) if precedes is None else _called(run, precedes, left, right)
        if verdict.__class__ is not bool:
            raise Mismatch
        return bool(verdict)

    def order(left: Any, right: Any) -> int:
        run.charge(8)
        return -1 if before(left, right) else 1 if before(right, left) else 0

    return sorted((read(item) for item in items), key=cmp_to_key(order))
