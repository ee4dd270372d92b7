"""Working days against two independent oracles: numpy with a hand-typed holiday list, and worked examples."""

from datetime import UTC, date, datetime, time

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.conftest import make_calendar
from workflows.rules.calendar_import import government_holidays
from workflows.rules.working_days import Calendar, OutsideCalendar

# Typed from the published lists of government holidays, not from the library: weekdays off in 2026 and 2027
HAND_TYPED = """
2026-01-01 2026-01-02 2026-03-03 2026-04-06 2026-04-13 2026-04-14 2026-04-15 2026-05-04 2026-05-13 2026-06-01
2026-06-03 2026-07-28 2026-07-29 2026-07-30 2026-08-12 2026-10-13 2026-10-23 2026-12-07 2026-12-10 2026-12-31
2027-01-01 2027-02-22 2027-04-06 2027-04-13 2027-04-14 2027-04-15 2027-05-04 2027-05-20 2027-06-03 2027-07-19
2027-07-20 2027-07-28 2027-08-12 2027-10-13 2027-10-25 2027-12-06 2027-12-10 2027-12-31
"""
ORACLE = numpy.busdaycalendar(holidays=[*HAND_TYPED.split(), "2025-12-31"])
DAYS = st.dates(date(2026, 1, 1), date(2027, 11, 1))
CALENDAR = make_calendar()


def test_import_equals_the_published_lists():
    rows = government_holidays([2026, 2027])
    assert [str(row.day) for row in rows if row.day.weekday() < 5] == HAND_TYPED.split()
    assert all(row.name_th and row.name_en for row in rows)
    assert not [row for row in rows if "แรงงาน" in row.name_th or "Labor" in row.name_en or "เด็ก" in row.name_th]


@pytest.mark.parametrize(
    ("complete", "first_day", "due"),
    [
        ("2026-11-02", "2026-11-03", "2026-11-23"),  # E1 plain
        ("2026-09-04", "2026-09-07", "2026-09-25"),  # E2 complete on a Friday
        ("2026-11-07", "2026-11-09", "2026-11-27"),  # E3 on a Saturday
        ("2026-10-13", "2026-10-14", "2026-11-04"),  # E4 on a holiday
        ("2026-12-09", "2026-12-11", "2027-01-04"),  # E5 December and New Year
        ("2026-12-28", "2026-12-29", "2027-01-20"),  # E6 New Year
        ("2025-12-26", "2025-12-29", "2026-01-21"),  # E7 bridging 2 January
        ("2026-04-01", "2026-04-02", "2026-04-28"),  # E8 Songkran 2026
        ("2027-04-02", "2027-04-05", "2027-04-29"),  # E9 Songkran 2027
        ("2026-05-12", "2026-05-14", "2026-06-05"),  # E10 Ploughing, Visakha in lieu, 3 June
        ("2027-07-09", "2027-07-12", "2027-08-04"),  # E11 Asalha on Sunday, Lent, day in lieu
        ("2027-02-15", "2027-02-16", "2027-03-09"),  # E12 Makha in lieu
    ],
)
def test_worked_examples(calendar, complete, first_day, due):
    start = date.fromisoformat(complete)
    assert calendar.add(start, 1) == date.fromisoformat(first_day)
    assert calendar.add(start, 15) == date.fromisoformat(due)
    assert calendar.count(start, date.fromisoformat(due)) == 15
    assert numpy.busday_offset(complete, 15, roll="backward", busdaycal=ORACLE).astype(object) == calendar.add(
        start, 15
    )


@given(DAYS, st.integers(1, 30), DAYS)
def test_equals_numpy(start, days, other):
    offset = numpy.busday_offset(start, days, roll="backward", busdaycal=ORACLE).astype(object)
    assert CALENDAR.add(start, days) == offset
    assert CALENDAR.count(start, other) == (1 if start <= other else -1) * numpy.busday_count(
        min(start, other) + numpy.timedelta64(1, "D"), max(start, other) + numpy.timedelta64(1, "D"), busdaycal=ORACLE
    )


@pytest.mark.parametrize(
    ("changes", "complete", "before", "after"),
    [
        ({"added": ("2027-05-03",)}, "2027-04-16", "2027-05-10", "2027-05-11"),  # Labour Day in lieu kept
        ({"added": ("2027-05-12",)}, "2027-04-30", "2027-05-25", "2027-05-26"),  # Ploughing announced
        ({"added": ("2027-01-04",)}, "2026-12-09", "2027-01-04", "2027-01-05"),  # special day, E5
        ({"added": ("2027-01-04",)}, "2026-12-28", "2027-01-20", "2027-01-21"),  # special day, E6
        ({"removed": ("2026-12-07",)}, "2026-11-23", "2026-12-16", "2026-12-15"),  # day in lieu withdrawn
        ({"make_up": ("2026-11-14",)}, "2026-11-02", "2026-11-23", "2026-11-20"),  # a Saturday that works
    ],
)
def test_a_changed_calendar_moves_the_deadline(calendar, changes, complete, before, after):
    start = date.fromisoformat(complete)
    assert calendar.add(start, 15) == date.fromisoformat(before)
    assert make_calendar(**changes).add(start, 15) == date.fromisoformat(after)


@pytest.mark.parametrize(
    ("instant", "cutoff", "counts_for"),
    [
        (datetime(2026, 11, 2, 16, 59, 59, tzinfo=UTC), None, "2026-11-02"),  # 23:59:59 in Bangkok
        (datetime(2026, 11, 2, 17, 0, 0, tzinfo=UTC), None, "2026-11-03"),  # midnight in Bangkok
        (datetime(2026, 11, 6, 9, 29, tzinfo=UTC), time(16, 30), "2026-11-06"),
        (datetime(2026, 11, 6, 9, 30, tzinfo=UTC), time(16, 30), "2026-11-09"),  # Friday 16:30 counts for Monday
    ],
)
def test_counting_date(calendar, instant, cutoff, counts_for):
    assert calendar.counting_date(instant, cutoff) == date.fromisoformat(counts_for)


def test_roll(calendar):
    songkran = date(2026, 4, 14)
    assert calendar.roll(songkran, "before") == date(2026, 4, 10)
    assert calendar.roll(songkran, "as_is") == songkran
    assert calendar.roll(songkran, "after") == date(2026, 4, 16)
    assert calendar.roll(date(2026, 4, 16), "before") == date(2026, 4, 16)
    assert calendar.holiday(songkran).th == "วันสงกรานต์"


@pytest.mark.parametrize(
    "question",
    [
        lambda c: c.add(date(2028, 12, 20), 15),
        lambda c: c.add(date(2025, 1, 3), -15),
        lambda c: c.count(date(2024, 12, 31), date(2025, 1, 2)),
        lambda c: c.is_working(date(2029, 1, 1)),
        lambda c: c.holiday(date(2029, 1, 1)),
    ],
)
def test_outside_the_calendar_nothing_is_guessed(calendar, question):
    with pytest.raises(OutsideCalendar, match="holiday calendar runs from 2025-01-01 to 2028-12-31"):
        question(calendar)


def test_unnamed_holidays_have_a_name():
    calendar = Calendar([date(2026, 1, 1)], date(2026, 1, 1), date(2026, 1, 2))
    assert calendar.holiday(date(2026, 1, 1)).en == "Government holiday"
    assert calendar.holiday(date(2026, 1, 2)) is None
