"""Which round a request is in, as the operators find it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.demo.schedules import SCHEDULES
from tests.operators.register import Register, context
from workflows.operators import table
from workflows.rules.calendar_import import government_holidays
from workflows.rules.round_schedules import NoSchedule
from workflows.rules.working_days import Calendar

CALENDAR = Calendar({row.day: row.name_th for row in government_holidays([2026])}, date(2026, 1, 1), date(2026, 12, 31))
ERM = [{"code": "ERM", "roles": [{"code": "100"}]}]


def chosen(at: datetime, *, operator: str = "round.choose", register: Any = None, **given: Any) -> Any:
    moment = replace(context(register, now=at), working_days=CALENDAR)
    return table()[operator]({"unit": {"region": "7"}, "systems": ERM, **given}, moment).variables  # type: ignore[union-attr]


NOON = datetime(2026, 11, 2, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("channel", "region", "effective_on"),
    [
        ("smartcard", "7", "2026-11-13"),  # the 15th is a Sunday
        ("regular", "9", "2026-11-03"),  # Tuesday
        ("regular", "7", "2026-11-03"),
    ],
)
def test_the_schedule_of_the_region(channel: str, region: str, effective_on: str) -> None:
    found = chosen(NOON, channel=channel, unit={"region": region})
    assert found["effective_on"] == effective_on == found["round"]["effective_on"]


def test_the_narrowest_schedule_counts() -> None:
    narrow = {**SCHEDULES[0], "code": "narrow", "days": [[5, 20]], "roles": ["100"]}
    off = {**SCHEDULES[0], "code": "off", "days": [[3, 4]], "roles": ["100"], "active": False}

    class Narrow(Register):
        def round_schedules(self) -> list[Any]:
            return [*SCHEDULES, narrow, off]

    assert chosen(NOON, channel="smartcard", register=Narrow.demo())["round"]["id"] == "narrow.2026-11-05"
    other = [{"code": "ERM", "roles": [{"code": "100"}, {"code": "101"}]}]
    assert chosen(NOON, channel="smartcard", register=Narrow.demo(), systems=other)["round"]["schedule"] == "smartcard"


def test_nothing_is_promised_that_nobody_knows() -> None:
    assert chosen(datetime(2026, 12, 23, tzinfo=UTC), channel="smartcard") == dict.fromkeys(
        ("round", "effective_on", "opens_on")
    )
    assert chosen(NOON, channel="pigeon")["effective_on"] is None
    with pytest.raises(NoSchedule):
        chosen(NOON, operator="round.join", channel="pigeon")


def test_a_round_that_opens_later_is_told_with_its_day() -> None:
    late = {**SCHEDULES[0], "opens_before": 5}

    class Late(Register):
        def round_schedules(self) -> list[Any]:
            return [late]

    found = chosen(NOON, channel="smartcard", register=Late.demo())
    assert (found["opens_on"], found["effective_on"]) == ("2026-11-05", "2026-11-13")
    opened = datetime(2026, 11, 4, 17, tzinfo=UTC)  # the 5th begins in Bangkok
    assert chosen(opened, channel="smartcard", register=Late.demo())["opens_on"] is None
    assert chosen(NOON, channel="smartcard")["opens_on"] is None  # at the previous cut-off, long ago


def test_a_case_that_is_in_no_round_is_issued_by_itself_alone() -> None:
    assert chosen(NOON, operator="round.enlist", channel="pigeon") == {"round": None, "effective_on": None}


def test_the_day_of_sending_counts_even_if_the_case_begins_later() -> None:
    late = datetime(2026, 11, 9, 17, 0, 5, tzinfo=UTC)  # five seconds after midnight in Bangkok
    assert chosen(late, operator="round.join", channel="smartcard")["effective_on"] == "2026-11-27"
    sent_at = "2026-11-09T16:59:59+00:00"
    found = chosen(late, operator="round.join", channel="smartcard", sent_at=sent_at)
    assert found["effective_on"] == "2026-11-13"
