"""Rounds of grants, at every boundary."""

from datetime import UTC, date, datetime, timedelta

import pytest

from workflows.rules.rounds import DAILY, SMART_CARD, TUESDAY_AND_FRIDAY, MonthlyRound, Schedule, begins

D = date.fromisoformat
MIDNIGHT = timedelta(hours=-7)  # 00:00 in Bangkok, from the UTC midnight of the same date


def sent(day):
    return datetime.fromisoformat(day).replace(tzinfo=UTC) + MIDNIGHT


@pytest.mark.parametrize(
    ("day", "roll", "effective", "closes"),
    [
        ("2026-12-09", "before", "2026-12-15", "2026-12-14"),
        ("2026-12-10", "before", "2026-12-28", "2026-12-25"),  # the cut-off day itself is late
        ("2026-12-21", "before", "2026-12-28", "2026-12-25"),
        ("2026-12-22", "before", "2027-01-15", "2027-01-14"),
        ("2027-12-31", "after", "2028-01-17", "2028-01-14"),  # the 15th is a Saturday
        ("2027-12-31", "before", "2028-01-14", "2028-01-13"),
        ("2027-12-31", "as_is", "2028-01-15", "2028-01-14"),
        ("2026-04-01", "before", "2026-04-10", "2026-04-09"),  # Songkran
        ("2026-07-21", "before", "2026-07-27", "2026-07-24"),  # the 28th is a holiday
    ],
)
def test_smart_card_rounds(calendar, day, roll, effective, closes):
    found = Schedule(SMART_CARD.rounds, roll).round_of(sent(day), calendar)
    assert (found.effective_on, found.closes_on) == (D(effective), D(closes))


def test_the_cut_off_is_midnight_in_bangkok(calendar):
    cutoff = sent("2026-12-10")
    assert SMART_CARD.round_of(cutoff - timedelta(seconds=1), calendar).effective_on == D("2026-12-15")
    assert SMART_CARD.round_of(cutoff, calendar).effective_on == D("2026-12-28")


def test_what_is_late_goes_to_the_next_round(calendar):
    first = SMART_CARD.round_of(sent("2026-12-09"), calendar)
    second = SMART_CARD.following(first, calendar)
    third = SMART_CARD.following(second, calendar)
    assert [each.cutoff for each in (first, second, third)] == [D("2026-12-10"), D("2026-12-22"), D("2027-01-10")]


def test_another_schedule(calendar):
    monthly = Schedule([MonthlyRound(25, 28)], "as_is")
    assert monthly.round_of(sent("2026-02-25"), calendar).effective_on == D("2026-03-28")


@pytest.mark.parametrize(
    ("schedule", "day", "effective"),
    [
        (TUESDAY_AND_FRIDAY, "2026-11-02", "2026-11-03"),  # Monday: tomorrow
        (TUESDAY_AND_FRIDAY, "2026-11-03", "2026-11-06"),  # what is sent on Tuesday waits for Friday
        (TUESDAY_AND_FRIDAY, "2026-11-06", "2026-11-10"),
        (TUESDAY_AND_FRIDAY, "2026-12-31", "2027-01-04"),  # Friday is New Year's Day, so Monday
        (DAILY, "2026-11-05", "2026-11-06"),
        (DAILY, "2026-11-06", "2026-11-09"),
        (DAILY, "2026-12-04", "2026-12-08"),  # Monday is a holiday
    ],
)
def test_days_of_the_week(calendar, schedule, day, effective):
    found = schedule.round_of(sent(day), calendar)
    assert found.effective_on == found.closes_on == D(effective)
    assert schedule.following(found, calendar).effective_on > found.effective_on


def test_days_that_roll_into_one_are_one_round(calendar):
    days = [one.effective_on for one, _ in zip(DAILY.upcoming(D("2026-12-03"), calendar), range(6), strict=False)]
    assert days == [D(f"2026-12-{day:02d}") for day in (3, 4, 8, 9, 11, 14)]


def test_a_list_that_closed_before_its_cut_off_takes_nobody_any_more(calendar):
    """Songkran 2026: the 15th becomes the 10th, so the list closes on the 9th, a day before the cut-off."""
    assert SMART_CARD.open_round(sent("2026-04-08"), calendar).effective_on == D("2026-04-10")
    assert SMART_CARD.open_round(sent("2026-04-09"), calendar).effective_on == D("2026-04-28")


def test_a_schedule_that_cannot_be_kept_says_why(calendar):
    assert SMART_CARD.problem(D("2026-11-02"), calendar) is None
    assert "2026-11-13" in Schedule([MonthlyRound(15, 15)]).problem(D("2026-11-02"), calendar).th
    assert Schedule([MonthlyRound(15, 14)], "as_is").problem(D("2026-11-02"), calendar) is not None
    assert SMART_CARD.problem(calendar.last, calendar) is not None  # nobody knows the holidays after that


@pytest.mark.parametrize(
    ("opens_before", "opens"),
    [
        (None, ["2026-10-22", "2026-11-10", "2026-11-22"]),  # the previous cut-off
        (5, ["2026-11-05", "2026-11-17", "2026-12-05"]),
        (60, ["2026-10-22", "2026-11-10", "2026-11-22"]),  # never before it
    ],
)
def test_a_round_opens(calendar, opens_before, opens):
    schedule = Schedule(SMART_CARD.rounds, opens_before=opens_before)
    coming = [one for one, _ in zip(schedule.upcoming(D("2026-11-02"), calendar), range(3), strict=False)]
    assert [one.opens_on for one in coming] == [D(day) for day in opens]
    assert schedule.open_round(sent("2026-11-02"), calendar).cutoff == D("2026-11-10")  # waits, if it is not open yet


def test_rounds_of_the_week_open_one_after_the_other(calendar):
    coming = [one for one, _ in zip(TUESDAY_AND_FRIDAY.upcoming(D("2026-11-02"), calendar), range(3), strict=False)]
    assert [(one.opens_on, one.cutoff) for one in coming] == [
        (D("2026-10-30"), D("2026-11-03")),
        (D("2026-11-03"), D("2026-11-06")),
        (D("2026-11-06"), D("2026-11-10")),
    ]


def test_a_calendar_that_begins_in_between_knows_no_opening(calendar):
    first = next(SMART_CARD.upcoming(calendar.first, calendar))
    assert first.opens_on is None
    assert not first.opens_after(calendar.first)


def test_a_day_begins_at_midnight_in_bangkok():
    assert begins(D("2026-12-10")) == sent("2026-12-10")
