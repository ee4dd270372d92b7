"""Number functions."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)
from typing import Any, Final

from workflows.feel.builtins.registry import builtin
from workflows.feel.errors import Mismatch
from workflows.feel.limits import HARD, Run
from workflows.feel.temporal import DaysDuration, MonthsDuration
from workflows.feel.values import CONTEXT, number

_MIN_SCALE: Final = -6111
_MAX_SCALE: Final = 6176
"""Digits after the point that decimal128 allows (DMN 1.5 section 10.3.4.5)."""
_WIDE: Final = Context(prec=12_400, Emax=99_999, Emin=-99_999)


def rounded(run: Run, value: Decimal, scale: int, mode: str) -> Decimal:
    """The number with so many digits after the point; Mismatch for a scale out of range."""
    if not _MIN_SCALE <= scale <= _MAX_SCALE:
        raise Mismatch
    run.charge((abs(scale) + abs(value.adjusted())) >> 2)
    if -scale < -6143 - 33:
        return value
    exact = value.quantize(Decimal(1).scaleb(-scale, _WIDE), mode, _WIDE)
    return CONTEXT.plus(exact)


@builtin("decimal", "n: number, scale: truncated")
def decimal(run: Run, value: Decimal, scale: int) -> Decimal:
    """Rounded to so many digits after the point, half to the even digit. / ปัดทศนิยมตามจำนวนหลัก ครึ่งปัดไปทางเลขคู่

    decimal(2.5, 0) → 2
    decimal(1/3, 2) → 0.33
    """
    return rounded(run, value, scale, ROUND_HALF_EVEN)


def _rounding(mode: str, doc: str) -> Callable[[Run, Decimal, int], Decimal]:
    def function(run: Run, value: Decimal, scale: int = 0) -> Decimal:
        return rounded(run, value, scale, mode)

    function.__doc__ = doc
    return function


for _name, _mode, _doc in (
    ("floor", ROUND_FLOOR, "Rounded down. / ปัดลง\n\nfloor(-1.5) → -2\nfloor(1.57, 1) → 1.5"),
    ("ceiling", ROUND_CEILING, "Rounded up. / ปัดขึ้น\n\nceiling(1.2) → 2"),
    ("round up", ROUND_UP, "Rounded away from zero. / ปัดให้ห่างจากศูนย์\n\nround up(-1.2, 0) → -2"),
    ("round down", ROUND_DOWN, "Rounded towards zero. / ปัดเข้าหาศูนย์\n\nround down(-1.7, 0) → -1"),
    ("round half up", ROUND_HALF_UP, "Rounded, half away from zero. / ปัดเศษ ครึ่งปัดขึ้น\n\nround half up(2.5, 0) → 3"),
    ("round half down", ROUND_HALF_DOWN, "Rounded, half towards zero. / ปัดเศษ ครึ่งปัดลง\n\nround half down(2.5, 0) → 2"),
):
    builtin(_name, "n: number, scale: whole?")(_rounding(_mode, _doc))


@builtin("abs", "n: amount")
def absolute(_run: Run, value: Any) -> Any:
    """The number or duration without its sign. / ค่าสัมบูรณ์

    abs(-7) → 7
    """
    if isinstance(value, DaysDuration):
        return DaysDuration(abs(value.nanos))
    if isinstance(value, MonthsDuration):
        return MonthsDuration(abs(value.months))
    exact = number(value)
    if exact is None:
        raise Mismatch
    return CONTEXT.abs(exact)


@builtin("modulo", "dividend: number, divisor: number")
def modulo(_run: Run, dividend: Decimal, divisor: Decimal) -> Decimal:
    """What is left after dividing down; the sign is the divisor's. / เศษจากการหาร เครื่องหมายตามตัวหาร

    modulo(12, 5) → 2
    modulo(-12, 5) → 3
    """
    quotient = CONTEXT.divide(dividend, divisor).to_integral_value(ROUND_FLOOR)
    return CONTEXT.subtract(dividend, CONTEXT.multiply(divisor, quotient))


@builtin("sqrt", "number: number")
def sqrt(_run: Run, value: Decimal) -> Decimal:
    """The square root. / รากที่สอง

    sqrt(16) → 4
    """
    return CONTEXT.sqrt(value)


@builtin("log", "number: number")
def log(run: Run, value: Decimal) -> Decimal:
    """The natural logarithm; null for zero and below. / ลอการิทึมธรรมชาติ

    decimal(log(10), 2) → 2.3
    """
    run.charge(HARD)
    if value <= 0:
        raise Mismatch
    return CONTEXT.ln(value)


@builtin("exp", "number: number")
def exp(run: Run, value: Decimal) -> Decimal:
    """e to the power of the number. / e ยกกำลังตัวเลข

    decimal(exp(1), 4) → 2.7183
    """
    run.charge(HARD)
    return CONTEXT.exp(value)


@builtin("odd", "number: number")
def odd(_run: Run, value: Decimal) -> bool:
    """Whether the whole number is odd. / เป็นเลขคี่หรือไม่

    odd(5) → true
    """
    return _remainder_of_two(value) == 1


@builtin("even", "number: number")
def even(_run: Run, value: Decimal) -> bool:
    """Whether the whole number is even. / เป็นเลขคู่หรือไม่

    even(5) → false
    """
    return _remainder_of_two(value) == 0


def _remainder_of_two(value: Decimal) -> int:
    if value != value.to_integral_value():
        raise Mismatch
    return 0 if value.adjusted() > CONTEXT.prec else int(value) % 2


@builtin("random number", "")
def random_number(_run: Run) -> Decimal:
    """A number from 0 to below 1; for samples, never for secrets.
    / ตัวเลขสุ่มตั้งแต่ 0 ถึงน้อยกว่า 1 ห้ามใช้เป็นรหัสลับ

    random number() < 1 → true
    """
    return Decimal(repr(random.random()))  # noqa: S311
