"""The bounds of one evaluation: what an expression may cost before it is stopped.

Every bound ends in a ``FeelError``; none of them may be reached by an honest expression of a diagram.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from workflows.errors import Text
from workflows.feel.errors import FeelError
from workflows.feel.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from workflows.rules.working_days import Calendar

MAX_SOURCE: Final = 32_768
"""Characters of one expression."""
MAX_TOKENS: Final = 4_000
"""Words and signs of one expression."""
MAX_NESTING: Final = 64
"""Levels of parentheses, lists, calls … inside one expression."""
MAX_CALLS: Final = 100
"""Functions of the expression's author calling each other."""
MAX_TEXT: Final = 262_144
"""Characters of one text value."""
MAX_LIST: Final = 20_000
"""Elements of one list or context value."""
MAX_JSON: Final = 60_000
"""Values inside one JSON value."""
PATTERN_SECONDS: Final = 0.03
"""Running time of all regular expressions of one evaluation together."""
BUDGET: Final = 100_000
"""Steps of one evaluation. A step is what takes some 0.2 microseconds, the whole budget some 20 milliseconds."""
ROUND: Final = 2
"""Steps of one round of a loop, besides one for each part of the expression that the round evaluates."""
CALL: Final = 10
"""Steps of calling a function, besides what it does."""
HARD: Final = 400
"""Steps of a calculation with all digits: a power, a logarithm."""
CLOCK: Final = 50
"""Steps of making a date or a time."""

_NO_FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = MappingProxyType({})


class Environment:
    """What the outside gives an evaluation: a clock, a budget of steps, extra functions, the office's calendar.

    ``now`` answers a time-zone aware datetime; ``today()`` is its date in that zone. ``budget`` counts steps: for each
    loop round and call, and for results in proportion to their size. ``functions`` are called by name with FEEL
    values and answer JSON or FEEL values; built-in functions win over them. ``working_days`` is the calendar that our
    own functions count by. Immutable and shared by threads.
    """

    __slots__ = ("budget", "functions", "now", "working_days")

    def __init__(
        self,
        now: Callable[[], datetime],
        budget: int = BUDGET,
        functions: Mapping[str, Callable[..., Any]] = _NO_FUNCTIONS,
        working_days: Calendar | None = None,
    ) -> None:
        self.now = now
        self.budget = budget
        self.functions = functions
        self.working_days = working_days


_CLOCKS: Final = frozenset({Date, Time, DateTime, DaysDuration, MonthsDuration})


class Run:
    """One evaluation in progress: the environment and what is left of its budget."""

    __slots__ = ("calls", "env", "left", "pattern_seconds", "patterns")

    def __init__(self, env: Environment) -> None:
        self.env = env
        self.left = env.budget
        self.calls = 0
        self.pattern_seconds = PATTERN_SECONDS
        self.patterns: set[tuple[str, str]] = set()

    def charge(self, steps: int) -> None:
        """Take ``steps`` from the budget; FeelError when it is used up."""
        self.left -= steps
        if self.left < 0:
            raise FeelError(
                Text(
                    f"นิพจน์นี้ทำงานเกิน {self.env.budget} ขั้น จึงถูกหยุด กรุณาลดจำนวนรอบหรือแบ่งงานให้เล็กลง",
                    f"The expression was stopped after {self.env.budget} steps; loop over less or split the work",
                ),
                reason="budget",
            )

    def enter(self) -> None:
        """One function of the author begins; FeelError when they are nested too deeply."""
        self.charge(CALL)
        self.calls += 1
        if self.calls > MAX_CALLS:
            raise too_deep()

    def leave(self) -> None:
        """The function that began last has ended."""
        self.calls -= 1

    def sized(self, value: Any) -> Any:
        """The value itself, charged by its size; FeelError when it is larger than any value may be."""
        kind = value.__class__
        if kind is str:
            if len(value) > MAX_TEXT:
                raise too_large(len(value), MAX_TEXT)
            self.charge(len(value) >> 5)
        elif kind is list or kind is dict:
            if len(value) > MAX_LIST:
                raise too_large(len(value), MAX_LIST)
            self.charge(len(value) >> 2)
        elif kind in _CLOCKS:
            self.charge(CLOCK)
        return value

    def worked(self, value: Any) -> Any:
        """The result of an operator that is dearer than adding numbers, charged for that."""
        if value.__class__ is Decimal:
            self.charge(HARD)
            return value
        return self.sized(value)


def too_large(size: int, limit: int) -> FeelError:
    """The error for a text, a list or a JSON value beyond its cap."""
    thai, english = {
        MAX_TEXT: ("ข้อความยาว {0} ตัวอักษร", "A text of {0} characters"),
        MAX_LIST: ("รายการมี {0} ค่า", "A list or context of {0} elements"),
    }.get(limit, ("ผลลัพธ์มี {0} ค่า", "A result of {0} values"))
    return FeelError(
        Text(
            f"{thai.format(size)} เกินที่กำหนดไว้ {limit} กรุณาลดขนาดข้อมูล",
            f"{english.format(size)} is larger than the allowed {limit}; use less data",
        ),
        reason="size",
    )


def too_deep() -> FeelError:
    """The error for calls or data nested beyond what the machine can follow."""
    return FeelError(
        Text(
            "นิพจน์หรือข้อมูลซ้อนกันลึกเกินไป หรือฟังก์ชันเรียกตัวเองไม่รู้จบ",
            "The expression or its data is nested too deeply, or a function calls itself without end",
        ),
        reason="depth",
    )
