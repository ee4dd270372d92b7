"""The service promise: worked examples of pauses, every state, and a day-by-day count as the oracle."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.conftest import make_calendar
from workflows.rules.sla import EventsOutOfOrder, Pause, Sla, complete_on
from workflows.rules.sla_ledger import ledger

D = date.fromisoformat
CALENDAR = make_calendar()


def sla(complete, *pauses, stopped=None, **options):
    return Sla(
        15,
        started_on=D(complete),
        pauses=tuple(Pause(D(a), D(b) if b else None) for a, b in pauses),
        stopped_on=D(stopped) if stopped else None,
        **options,
    )


@pytest.mark.parametrize(
    ("complete", "pauses", "due", "due_restarted"),
    [
        ("2026-11-02", [], "2026-11-23", "2026-11-23"),
        ("2026-11-02", [("2026-11-06", "2026-11-16")], "2026-12-01", "2026-12-08"),  # P1
        ("2026-12-01", [("2026-12-04", "2026-12-21")], "2027-01-08", "2027-01-13"),  # P2
        ("2027-04-01", [("2027-04-05", "2027-04-18"), ("2027-04-22", "2027-04-26")], "2027-05-10", "2027-05-18"),  # P3
        ("2026-11-02", [("2026-11-06", None)], None, None),  # P4
        ("2026-11-02", [("2026-11-06", "2026-11-06")], "2026-11-23", "2026-11-27"),  # back the same day
        ("2026-11-02", [("2026-11-24", "2026-12-08")], "2026-11-23", "2026-11-23"),  # late before the return
        ("2026-11-02", [("2026-11-23", "2026-12-08")], "2026-12-08", "2026-12-30"),  # returned on the last day
    ],
)
def test_due_with_pauses(complete, pauses, due, due_restarted):
    expected = [D(day) if day else None for day in (due, due_restarted)]
    assert [sla(complete, *pauses, on_return=mode).due(CALENDAR) for mode in ("pause", "restart")] == expected


def test_labour_day_in_lieu_moves_the_third_example():
    late = sla("2027-04-01", ("2027-04-05", "2027-04-18"), ("2027-04-22", "2027-04-26"))
    assert late.due(make_calendar(added=("2027-05-03",))) == D("2027-05-11")


@pytest.mark.parametrize(
    ("value", "today", "state", "used", "remaining", "paused"),
    [
        (Sla(15), "2026-11-02", "not_started", 0, 15, 0),
        (sla("2026-11-02"), "2026-11-02", "running", 0, 15, 0),
        (sla("2026-11-02"), "2026-11-23", "running", 15, 0, 0),
        (sla("2026-11-02"), "2026-11-24", "breached", 16, -1, 0),
        (sla("2026-11-06", stopped=None), "2026-11-28", "breached", 15, 0, 0),  # due Friday, late on Saturday
        (sla("2026-11-02", ("2026-11-06", None)), "2026-11-30", "paused", 4, 11, 16),
        (sla("2026-11-02", ("2026-11-24", None)), "2026-11-30", "breached", 16, -1, 4),
        (sla("2026-11-02", ("2026-11-06", "2026-11-16")), "2026-11-16", "running", 4, 11, 6),
        (sla("2026-11-02", stopped="2026-11-23"), "2027-03-01", "met", 15, 0, 0),
        (sla("2026-11-02", stopped="2026-11-24"), "2027-03-01", "breached", 16, -1, 0),
        (sla("2026-11-02", ("2026-11-06", None), stopped="2026-12-25"), "2027-03-01", "met", 4, 11, 33),
        (sla("2026-11-02", ("2026-11-06", "2026-11-16"), on_return="restart"), "2026-11-17", "running", 1, 14, 6),
    ],
)
def test_state_and_counts(value, today, state, used, remaining, paused):
    day = D(today)
    assert (value.state(CALENDAR, day), value.used(CALENDAR, day)) == (state, used)
    assert (value.remaining(CALENDAR, day), value.paused(CALENDAR, day)) == (remaining, paused)


@pytest.mark.parametrize(("started", "due"), [("2026-11-02", "2026-11-05"), ("2026-11-05", "2026-11-09")])
def test_calendar_days_end_on_a_working_day(started, due):
    value = Sla(3, "calendar").start(D(started))
    assert value.due(CALENDAR) == D(due)
    assert value.used(CALENDAR, D(due)) == 3
    assert value.state(CALENDAR, D(due)) == "running"
    assert value.state(CALENDAR, D(due) + timedelta(days=1)) == "breached"


def test_reminder_and_breach_are_the_next_midnights():
    value = sla("2026-11-02")
    assert (value.reminder_on(CALENDAR), value.breached_on(CALENDAR)) == (D("2026-11-16"), D("2026-11-24"))
    looks = [datetime(2026, 11, 15, 17, tzinfo=UTC), datetime(2026, 11, 23, 17, tzinfo=UTC), None]  # 00:00 in Bangkok
    asked = [datetime(2026, 11, 2, 5, tzinfo=UTC), looks[0], looks[1]]
    assert [value.next_check_at(CALENDAR, instant) for instant in asked] == looks
    assert value.stop(D("2026-11-10")).next_check_at(CALENDAR, asked[0]) is None
    assert value.pause(D("2026-11-10")).next_check_at(CALENDAR, asked[0]) is None


def test_events():
    value = Sla(15)
    assert (
        value.pause(D("2026-11-02")).resume(D("2026-11-03")).stop(D("2026-11-04")) == value
    )  # returned before complete
    running = value.start(D("2026-11-02"))
    assert running.start(D("2026-11-09")) == running
    returned = running.pause(D("2026-11-06"))
    assert returned.is_paused
    assert returned.pause(D("2026-11-07")) == returned
    back = returned.resume(D("2026-11-16"))
    assert back.due(CALENDAR) == D("2026-12-01")
    done = back.stop(D("2026-11-20"))
    assert done.stop(D("2026-11-27")) == done
    assert [Sla.from_json(each.to_json()) for each in (value, returned, done)] == [value, returned, done]
    for impossible in (lambda: running.pause(D("2026-11-01")), lambda: returned.resume(D("2026-11-05"))):
        with pytest.raises(EventsOutOfOrder):
            impossible()
    with pytest.raises(EventsOutOfOrder):
        back.stop(D("2026-11-15"))


def test_complete_on_is_never_before_the_submission():
    submitted = datetime(2026, 11, 3, 2, tzinfo=UTC)
    assert complete_on(datetime(2026, 11, 2, 16, 59, 59, tzinfo=UTC), submitted) == D("2026-11-03")
    assert complete_on(datetime(2026, 11, 4, 17, 0, tzinfo=UTC), submitted) == D("2026-11-05")


def test_ledger_names_every_day():
    value = sla("2026-04-01", ("2026-04-08", "2026-04-16"))
    rows = [
        (row.kind, str(row.first)[5:], str(row.last)[5:], row.numbers, row.ahead)
        for row in ledger(value, CALENDAR, D("2026-04-20"))
    ]
    assert rows == [
        ("counted", "04-02", "04-03", (1, 2), False),
        ("weekend", "04-04", "04-05", None, False),
        ("holiday", "04-06", "04-06", None, False),
        ("counted", "04-07", "04-08", (3, 4), False),
        ("paused", "04-09", "04-16", None, False),
        ("counted", "04-17", "04-17", (5, 5), False),
        ("weekend", "04-18", "04-19", None, False),
        ("counted", "04-20", "04-20", (6, 6), False),
        ("counted", "04-21", "04-24", (7, 10), True),
        ("weekend", "04-25", "04-26", None, True),
        ("counted", "04-27", "05-01", (11, 15), True),
    ]
    assert ledger(sla("2026-04-10"), CALENDAR, D("2026-04-15"))[1].name.th == "วันสงกรานต์"
    restarted = ledger(sla("2026-11-02", ("2026-11-06", "2026-11-09"), on_return="restart"), CALENDAR, D("2026-11-10"))
    assert [(row.kind, row.days, row.numbers) for row in restarted[:3]] == [
        ("restarted", 4, None), ("paused", 3, None), ("counted", 1, (1, 1)),
    ]  # fmt: skip
    assert ledger(Sla(15), CALENDAR, D("2026-11-10")) == []


def brute_force_due(value):
    """Day by day from the start: the day on which the last counted day is reached."""
    day, left = value.started_on, value.total
    while left:
        day += timedelta(days=1)
        left -= CALENDAR.is_working(day) and not any(a < day <= b for a, b in value.pauses)
    return day


@given(
    st.dates(date(2026, 1, 1), date(2027, 6, 1)), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 40)), max_size=4)
)
def test_pauses_equal_a_day_by_day_count(start, gaps):
    value, day = Sla(15).start(start), start
    for until_return, away in gaps:
        value = value.pause(day := day + timedelta(days=until_return)).resume(day := day + timedelta(days=away))
    due = brute_force_due(value)
    if any(returned == due for returned, _ in value.pauses):
        assert value.due(CALENDAR) >= due  # returned on the very last day: on time until it comes back
    else:
        assert value.due(CALENDAR) == due
        assert value.used(CALENDAR, due) == 15
    counted = [row.numbers[1] for row in ledger(value, CALENDAR, start) if row.numbers]
    assert counted[-1] == 15
