"""Range functions: how points and ranges lie to each other (DMN 1.5 section 10.3.4.10), and ranges from text."""

from __future__ import annotations

import re
from typing import Any, Final

from workflows.feel.builtins.registry import builtin
from workflows.feel.compare import equal, less
from workflows.feel.errors import Mismatch
from workflows.feel.limits import CLOCK, Run
from workflows.feel.ranges import in_range, make_range
from workflows.feel.temporal_text import read_date, read_date_time, read_duration, read_temporal, read_time
from workflows.feel.values import CONTEXT, ORDERED, Range, kind


def _as_range(value: Any) -> Range:
    """A point is the range from itself to itself."""
    if isinstance(value, Range):
        return value
    if kind(value) not in ORDERED:
        raise Mismatch
    return Range(value, value, True, True)


def _before(left: Any, right: Any) -> bool:
    verdict = less(left, right)
    if verdict is None:
        raise Mismatch
    return verdict


def _same(left: Any, right: Any) -> bool:
    if kind(left) != kind(right) or kind(left) not in ORDERED:
        raise Mismatch
    return not _before(left, right) and not _before(right, left)


def _starts_no_later(one: Range, two: Range) -> bool:
    return _before(one.low, two.low) or (_same(one.low, two.low) and (one.low_included or not two.low_included))


def _ends_no_earlier(one: Range, two: Range) -> bool:
    return _before(two.high, one.high) or (_same(one.high, two.high) and (one.high_included or not two.high_included))


def _touch(earlier: Range, later: Range) -> bool:
    """The later begins before the earlier has ended."""
    return _before(later.low, earlier.high) or (
        _same(earlier.high, later.low) and earlier.high_included and later.low_included
    )


@builtin(
    "before", "point1: any, point2: any", "point: any, range: any", "range: any, point: any", "range1: any, range2: any"
)
def before(_run: Run, one: Any, two: Any) -> bool:
    """Whether the first point or range lies wholly before the second. / อยู่ก่อนทั้งหมดหรือไม่

    before(1, [2..5]) → true
    """
    left, right = _as_range(one), _as_range(two)
    return _before(left.high, right.low) or (
        _same(left.high, right.low) and not (left.high_included and right.low_included)
    )


@builtin(
    "after", "point1: any, point2: any", "point: any, range: any", "range: any, point: any", "range1: any, range2: any"
)
def after(run: Run, one: Any, two: Any) -> bool:
    """Whether the first point or range lies wholly after the second. / อยู่หลังทั้งหมดหรือไม่

    after([6..9], 5) → true
    """
    return bool(before(run, two, one))


@builtin("meets", "range1: range, range2: range")
def meets(_run: Run, one: Range, two: Range) -> bool:
    """Whether the first range ends exactly where the second begins. / ช่วงแรกจบพอดีที่ช่วงหลังเริ่มหรือไม่

    meets([1..5], [5..10]) → true
    """
    return one.high_included and two.low_included and _same(one.high, two.low)


@builtin("met by", "range1: range, range2: range")
def met_by(run: Run, one: Range, two: Range) -> bool:
    """Whether the first range begins exactly where the second ends. / ช่วงแรกเริ่มพอดีที่ช่วงหลังจบหรือไม่

    met by([5..10], [1..5]) → true
    """
    return bool(meets(run, two, one))


@builtin("overlaps", "range1: range, range2: range")
def overlaps(_run: Run, one: Range, two: Range) -> bool:
    """Whether the ranges have a part in common. / สองช่วงมีส่วนร่วมกันหรือไม่

    overlaps([1..5], [3..8]) → true
    """
    return _touch(one, two) and _touch(two, one)


@builtin("overlaps before", "range1: range, range2: range")
def overlaps_before(_run: Run, one: Range, two: Range) -> bool:
    """Whether the first range begins earlier and ends within the second. / ช่วงแรกเริ่มก่อนและจบในช่วงหลังหรือไม่

    overlaps before([1..5], [3..8]) → true
    """
    starts_first = _before(one.low, two.low) or (_same(one.low, two.low) and one.low_included and not two.low_included)
    return starts_first and _touch(one, two) and _ends_no_earlier(two, one)


@builtin("overlaps after", "range1: range, range2: range")
def overlaps_after(_run: Run, one: Range, two: Range) -> bool:
    """Whether the first range begins within the second and ends later. / ช่วงแรกเริ่มในช่วงหลังและจบทีหลังหรือไม่

    overlaps after([3..8], [1..5]) → true
    """
    starts_last = _before(two.low, one.low) or (_same(one.low, two.low) and two.low_included and not one.low_included)
    ends_last = _before(two.high, one.high) or (
        _same(one.high, two.high) and (one.high_included or not two.high_included)
    )
    return starts_last and _touch(two, one) and ends_last


@builtin("finishes", "point: any, range: range", "range1: any, range2: range")
def finishes(_run: Run, one: Any, two: Range) -> bool:
    """Whether the point or range ends where the range ends. / จบที่เดียวกับช่วงหรือไม่

    finishes(10, [1..10]) → true
    """
    if not isinstance(one, Range):
        return two.high_included and _same(one, two.high)
    return _same(one.high, two.high) and one.high_included == two.high_included and _starts_no_later(two, one)


@builtin("finished by", "range: range, point: any", "range1: range, range2: any")
def finished_by(run: Run, one: Range, two: Any) -> bool:
    """Whether the range ends with the point or range. / ช่วงนี้จบด้วยค่านั้นหรือไม่

    finished by([1..10], 10) → true
    """
    return bool(finishes(run, two, one))


@builtin("starts", "point: any, range: range", "range1: any, range2: range")
def starts(_run: Run, one: Any, two: Range) -> bool:
    """Whether the point or range begins where the range begins. / เริ่มที่เดียวกับช่วงหรือไม่

    starts(1, [1..10]) → true
    """
    if not isinstance(one, Range):
        return two.low_included and _same(one, two.low)
    return _same(one.low, two.low) and one.low_included == two.low_included and _ends_no_earlier(two, one)


@builtin("started by", "range: range, point: any", "range1: range, range2: any")
def started_by(run: Run, one: Range, two: Any) -> bool:
    """Whether the range begins with the point or range. / ช่วงนี้เริ่มด้วยค่านั้นหรือไม่

    started by([1..10], 1) → true
    """
    return bool(starts(run, two, one))


@builtin("includes", "range: range, point: any", "range1: range, range2: any")
def includes(run: Run, one: Range, two: Any) -> bool | None:
    """Whether the range has the point or the whole range in it. / ช่วงนี้ครอบคลุมค่านั้นหรือไม่

    includes([1..10], 5) → true
    """
    if not isinstance(two, Range):
        return in_range(_as_range(two).low, one, run)
    return _starts_no_later(one, two) and _ends_no_earlier(one, two)


@builtin("during", "point: any, range: range", "range1: any, range2: range")
def during(run: Run, one: Any, two: Range) -> bool | None:
    """Whether the point or range lies wholly in the range. / อยู่ในช่วงทั้งหมดหรือไม่

    during(5, [1..10]) → true
    """
    return includes(run, two, one)  # type: ignore[no-any-return]


@builtin("coincides", "point1: any, point2: any", "range1: any, range2: any")
def coincides(run: Run, one: Any, two: Any) -> bool | None:
    """Whether both are the same point or range. / เป็นจุดหรือช่วงเดียวกันหรือไม่

    coincides([1..5], [1..5]) → true
    """
    if isinstance(one, Range) != isinstance(two, Range):
        raise Mismatch
    if not isinstance(one, Range):
        return equal(one, two, run)
    return (
        _same(one.low, two.low)
        and _same(one.high, two.high)
        and one.low_included == two.low_included
        and one.high_included == two.high_included
    )


_RANGE: Final = re.compile(r"\s*([\[\](])(.*?)\.\.(.*)([\])\[])\s*", re.DOTALL)
_BOUND: Final = re.compile(
    r"""(?P<number>-?(?:\d+(?:\.\d+)?|\.\d+))|"(?P<text>[^"\\]*)"|@"(?P<at>[^"\\]*)"
    |(?P<call>date\ and\ time|date|time|duration)\(\s*"(?P<argument>[^"\\]*)"\s*\)""",
    re.VERBOSE | re.ASCII,
)
_CALLS: Final = {"date": read_date, "time": read_time, "date and time": read_date_time, "duration": read_duration}


@builtin("range", "from: text")
def range_from(run: Run, text: str) -> Range:
    """The range a text describes: bounds are literals, never expressions. / อ่านช่วงจากข้อความ ขอบต้องเป็นค่าคงที่

    range("[1..10)") → [1..10)
    """
    run.charge(CLOCK)
    found = _RANGE.fullmatch(text)
    if not found:
        raise Mismatch
    opening, low_text, high_text, closing = found.groups()
    low, high = _bound(low_text), _bound(high_text)
    if (low is None and opening == "[") or (high is None and closing == "]"):
        raise Mismatch
    result = make_range(low, high, opening == "[", closing == "]")
    if result is None or (low is not None and high is not None and _before(high, low)):
        raise Mismatch
    return result


def _bound(text: str) -> Any:
    if text.strip() in ("", "null"):
        return None
    found = _BOUND.fullmatch(text.strip())
    if not found:
        raise Mismatch
    if found["number"]:
        return CONTEXT.create_decimal(found["number"])
    if found["text"] is not None:
        return found["text"]
    if found["at"] is not None:
        return read_temporal(found["at"])
    return _CALLS[found["call"]](found["argument"])
