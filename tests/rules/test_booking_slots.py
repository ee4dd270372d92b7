"""Slots of a day: whose hours count, how many seats, when to remind, when it is missed."""

from datetime import date, datetime

import pytest

from workflows.clock import BANGKOK
from workflows.rules import booking_slots

DAY = date(2026, 11, 3)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BANGKOK)


@pytest.mark.parametrize(
    ("people", "minutes", "seats", "found"),
    [
        ([], 30, 1, {}),
        ([[]], 30, 1, {}),
        ([[["08:30", "09:30"]]], 30, 1, {"08:30": 1, "09:00": 1}),
        ([[["08:30", "09:20"]]], 30, 1, {"08:30": 1}),  # what does not fit wholly is no slot
        ([[["08:30", "09:30"]], [["09:00", "10:00"]]], 30, 2, {"08:30": 2, "09:00": 4, "09:30": 2}),
        ([[["08:30", "09:00"], ["13:00", "14:00"]]], 30, 1, {"08:30": 1, "13:00": 1, "13:30": 1}),
        ([[["08:30", "16:30"]]], 0, 1, {}),
        ([[["08:30", "16:30"]]], 30, 0, {}),
        ([[["23:00", "23:59"]]], 60, 1, {}),
    ],
)
def test_seats_of_a_day(people: list[list[list[str]]], minutes: int, seats: int, found: dict[str, int]) -> None:
    assert booking_slots.seats_of_day(people, minutes, seats) == found


def test_two_ranges_that_touch_are_not_one() -> None:
    """A break between them is possible only where they say so: 08:30 to 09:15 and on does not hold a slot over it."""
    assert booking_slots.seats_of_day([[["08:30", "09:15"], ["09:15", "10:00"]]], 30, 1) == {"08:30": 1, "09:30": 1}


@pytest.mark.parametrize(
    ("booked", "reminded"),
    [
        (at(1, 9), at(2, 18)),
        (at(2, 17, 59), at(2, 18)),
        (at(2, 18), at(3, 7)),
        (at(3, 6), at(3, 7)),
        (at(3, 8), at(3, 7)),  # at short notice: in the past
    ],
)
def test_reminded_the_evening_before_or_two_hours_before(booked: datetime, reminded: datetime) -> None:
    assert booking_slots.remind_at(DAY, "09:00", booked) == reminded


def test_missed_when_the_day_is_over() -> None:
    assert booking_slots.missed_at(DAY) == at(4, 0)
    assert booking_slots.begins(DAY, "09:30") == at(3, 9, 30)
