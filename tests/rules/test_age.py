"""Ages as people say them, against counting birthdays one by one."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.rules.age import birth_date, elapsed

DAYS = st.dates(date(1900, 1, 1), date(2080, 12, 31))


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(1990, 4, 12), date(2026, 11, 2), (36, 6, 21)),
        (date(1990, 11, 2), date(2026, 11, 2), (36, 0, 0)),
        (date(1990, 11, 3), date(2026, 11, 2), (35, 11, 30)),
        (date(2024, 2, 29), date(2026, 2, 28), (1, 11, 30)),
        (date(2024, 2, 29), date(2026, 3, 1), (2, 0, 1)),
        (date(2026, 1, 31), date(2026, 3, 1), (0, 1, 1)),
        (date(2026, 11, 2), date(2026, 11, 2), (0, 0, 0)),
        (date(2025, 12, 31), date(2026, 1, 1), (0, 0, 1)),
    ],
)
def test_ages(birth: date, day: date, age: tuple[int, int, int]) -> None:
    assert elapsed(birth, day) == age


@given(DAYS, st.integers(0, 40_000))
def test_going_on_from_the_birth_by_the_age_leads_to_the_day(birth: date, days: int) -> None:
    day = birth + timedelta(days=days)
    years, months, rest = elapsed(birth, day)
    assert 0 <= months < 12
    assert 0 <= rest < 31
    total = birth.month - 1 + months
    year, month = birth.year + years + total // 12, total % 12 + 1
    reached = date(year, month, min(birth.day, monthrange(year, month)[1]))
    assert reached + timedelta(days=rest) == day


def test_what_is_unknown_of_a_birth_date_is_its_first_day() -> None:
    assert birth_date(1957) == date(1957, 1, 1)
    assert birth_date(1957, 10) == date(1957, 10, 1)
    assert birth_date(1957, None, 12) == date(1957, 1, 1)
