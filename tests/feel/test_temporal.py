"""Dates, times, durations and zones; the clock of the environment."""

from __future__ import annotations

import datetime as py
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.feel.support import NOW, evaluate, shown
from workflows.feel import Environment, to_json
from workflows.feel.temporal import civil_from_days, days_from_civil

CASES = {
    'date("2026-11-22")': "2026-11-22",
    'date("2026-02-29")': "null",
    "date(2026, 2, 28)": "2026-02-28",
    'date("-0044-03-15").year': "-44",
    'date("999999999-12-31") + @"P1D"': "null",
    'time("23:59:60")': "null",
    'time(8, 30, 0, @"PT7H")': "08:30:00+07:00",
    'time("08:30:00.000000001")': "08:30:00.000000001",
    'date and time("2026-11-22")': "2026-11-22T00:00:00",
    'date and time("2026-12-31T24:00:00")': "2027-01-01T00:00:00",
    'date and time(@"2026-11-22T09:00:00Z", "Asia/Bangkok")': "2026-11-22T16:00:00@Asia/Bangkok",
    'duration("P1Y14M")': "P2Y2M",
    'duration("-P1DT25H")': "-P2DT1H",
    'duration("P1Y1D")': "null",
    'years and months duration(@"2026-01-31", @"2027-03-30")': "P1Y1M",
    '@"2026-01-31" + @"P1M"': "2026-02-28",
    '@"2024-02-29" - @"P1Y"': "2023-02-28",
    '@"2026-11-22" - @"2026-11-01"': "P21D",
    '@"2026-11-22T00:00:00+07:00" = @"2026-11-21T17:00:00Z"': "true",
    '@"2026-11-22T00:00:00" < @"2026-11-22T00:00:00Z"': "null",
    '@"10:00:00" < @"10:00:00"': "false",
    '@"23:30:00" + @"PT1H"': "00:30:00",
    '@"2026-03-29T01:30:00@Europe/Paris" + @"PT1H"': "2026-03-29T03:30:00@Europe/Paris",
    '@"P1D" / @"PT6H"': "4",
    '@"P1D" * 1.5': "P1DT12H",
    '@"P1Y" / 5': "P2M",
    '@"2026-11-22".weekday': "7",
    '@"PT90M".minutes': "30",
    '@"-P14M".months': "-2",
    '@"2026-11-22T10:00:00@Asia/Bangkok".timezone': '"Asia/Bangkok"',
    '@"2026-11-22T10:00:00@Asia/Bangkok".time offset': "PT7H",
    'day of week(@"2026-11-22")': '"Sunday"',
    'week of year(@"2027-01-01")': "53",
    'day of year(@"2024-12-31")': "366",
    'last day of month(@"2028-02-01")': "2028-02-29",
    "today()": "2026-11-22",
    "now()": "2026-11-22T09:30:00+07:00",
    'now() + @"P2D" > @"2026-11-24T00:00:00Z"': "true",
    '@"nonsense"': "null",
}


@pytest.mark.parametrize(("source", "expected"), CASES.items())
def test_temporal(source: str, expected: str) -> None:
    assert shown(evaluate(source)) == expected


def test_a_moment_in_a_region_leaves_as_an_offset_that_python_reads() -> None:
    text = to_json(evaluate('@"2026-11-22T10:00:00@Asia/Bangkok"'))
    assert py.datetime.fromisoformat(text) == py.datetime(2026, 11, 22, 10, tzinfo=ZoneInfo("Asia/Bangkok"))


def test_python_dates_in_variables_are_dates() -> None:
    scope = {"due": py.date(2026, 11, 20), "at": NOW, "sla": py.timedelta(days=5)}
    assert shown(evaluate("[due < today(), at = now(), due + sla]", scope)) == "[true, true, 2026-11-25]"


def test_the_clock_is_asked_at_every_evaluation() -> None:
    days = iter((NOW, NOW + py.timedelta(days=1)))
    env = Environment(lambda: next(days))
    assert [shown(evaluate("today()", env=env)) for _ in range(2)] == ["2026-11-22", "2026-11-23"]


@given(st.dates())
def test_the_calendar_is_python_s_where_python_has_one(date: py.date) -> None:
    days = days_from_civil(date.year, date.month, date.day)
    assert days == (date - py.date(1970, 1, 1)).days
    assert civil_from_days(days) == (date.year, date.month, date.day)


@given(st.integers(-(10**11), 10**11))
def test_the_calendar_goes_there_and_back_in_every_year(days: int) -> None:
    assert days_from_civil(*civil_from_days(days)) == days
