"""Worked examples of the dormancy rule."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.clock import BANGKOK, bangkok_date
from workflows.rules.dormancy import STEPS, SUSPEND, latest_use, step_due, suspension_day, sweep_day

LAST = date(2026, 1, 10)
"""Day 0; day 181 is 10 July 2026."""


@pytest.mark.parametrize(
    ("today", "step"),
    [
        (date(2026, 1, 10), None),
        (date(2026, 6, 9), None),  # day 150
        (date(2026, 6, 10), 30),  # day 151
        (date(2026, 7, 2), 30),  # day 173: the warning of day 151 is the newest
        (date(2026, 7, 3), 7),  # day 174
        (date(2026, 7, 8), 7),
        (date(2026, 7, 9), 1),  # day 180: 179 full days have passed, this one is the 180th
        (date(2026, 7, 10), SUSPEND),  # day 181
        (date(2027, 1, 1), SUSPEND),
    ],
)
def test_worked_examples(today: date, step: int | None) -> None:
    assert step_due(LAST, today) == step


def test_the_day_of_suspension() -> None:
    assert suspension_day(LAST) == date(2026, 7, 10)
    assert suspension_day(date(2027, 9, 3)) == date(2028, 3, 2)  # over a 29 February


def test_days_are_those_of_bangkok() -> None:
    """23:30 on 9 January in Bangkok is still that day, though a new one begins in UTC only seven hours later."""
    late = datetime(2026, 1, 9, 16, 30, tzinfo=UTC)
    early = datetime(2026, 1, 9, 17, 30, tzinfo=UTC)
    assert step_due(bangkok_date(late), date(2026, 7, 9)) == SUSPEND
    assert step_due(bangkok_date(early), date(2026, 7, 9)) == 1


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2026, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)),
    st.integers(0, 400),
    st.sampled_from(STEPS),
)
def test_the_limit_in_moments_is_the_rule_in_days(used: datetime, days: int, step: int) -> None:
    today = bangkok_date(used) + timedelta(days=days)
    due = step_due(bangkok_date(used), today)
    assert (used < latest_use(today, step)) == (due is not None and due <= step)


def test_the_sweep_begins_at_one_in_the_morning() -> None:
    assert sweep_day(datetime(2026, 7, 10, 0, 59, tzinfo=BANGKOK)) is None
    assert sweep_day(datetime(2026, 7, 10, 1, 0, tzinfo=BANGKOK)) == date(2026, 7, 10)
    assert sweep_day(datetime(2026, 7, 9, 19, 0, tzinfo=UTC)) == date(2026, 7, 10)
