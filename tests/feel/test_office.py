"""Our own functions: they count by the office's calendar, read dates as cases store them, and never guess."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.feel.support import ENVIRONMENT, accepts, evaluate, shown
from tests.feel.test_documentation import OFFICE
from workflows.feel import FeelError, compile_unary_tests
from workflows.feel.temporal import Date

CALLS = {
    # Friday 10 April, Songkran Monday to Wednesday
    'working days after("2026-04-10", 1)': "2026-04-16",
    'working days after(@"2026-04-10", 2)': "2026-04-17",
    'working days after(@"2026-04-12", 0)': "2026-04-16",
    'working days after(@"2026-04-16", 0)': "2026-04-16",
    'working days after(@"2026-04-16", -2)': "2026-04-09",
    'working days after(date: @"2026-04-10", days: 1)': "2026-04-16",
    'working days after(@"2026-04-10", 1.5)': "null",
    'working days after("soon", 1)': "null",
    "working days after(null, 1)": "null",
    # the Bangkok day of an instant
    'working days after(@"2026-04-09T17:30:00Z", 0)': "2026-04-10",
    'working days between(@"2026-04-10", @"2026-04-16")': "1",
    'working days between(@"2026-04-16", @"2026-04-10")': "-1",
    'working days between(from: "2026-04-10", to: "2026-04-20")': "3",
    'thai id valid("0-1234-56789-01-6")': "true",
    'thai id valid("๐๑๒๓๔๕๖๗๘๙๐๑๖")': "true",
    'thai id valid("9123456789012")': "false",
    'thai id valid("")': "false",
    "thai id valid(null)": "null",
    'buddhist date(@"2026-01-05", "long")': '"5 มกราคม 2569"',
    'buddhist date(@"2026-01-05", null)': '"5 มกราคม 2569"',
    'buddhist date(@"2026-01-05", "iso")': "null",
    'buddhist date(@"10000-01-05")': "null",
    'age on("2004-02-29", "2026-02-28")': "21",
    'age on("2004-02-29", "2026-03-01")': "22",
    'age on("2026-03-01", "2026-03-01")': "0",
    'age on("2026-03-02", "2026-03-01")': "null",
}


@pytest.mark.parametrize("call", CALLS)
def test_calls(call: str) -> None:
    assert shown(evaluate(call, env=OFFICE)) == CALLS[call]


def test_between_undoes_after() -> None:
    for offset in range(0, 300, 7):
        start = date(2026, 1, 10) + timedelta(days=offset)
        for days in (1, 5, 20):
            scope = {"start": start, "days": days}
            found = evaluate("working days between(start, working days after(start, days))", scope, OFFICE)
            assert found == days


def test_they_work_in_cells_and_beside_names_of_their_words() -> None:
    assert accepts('age on(?, @"2026-11-22") >= 20', Date(2000, 1, 1)) is True
    assert evaluate("age + days", {"age": 1, "days": 2}) == 3
    test = compile_unary_tests("> working days after(start, 1)")
    assert test.evaluate({"?": Date(2026, 4, 17), "start": "2026-04-10"}, OFFICE) is True


@pytest.mark.parametrize(
    "call", ['working days after("2026-12-30", 5)', 'working days between("2027-01-01", "2026-01-05")']
)
def test_beyond_the_calendar_is_an_error_and_no_guess(call: str) -> None:
    with pytest.raises(FeelError, match="does not reach") as caught:
        evaluate(call, env=OFFICE)
    assert caught.value.reason == "calendar"


def test_without_a_calendar_they_say_so() -> None:
    with pytest.raises(FeelError, match="no calendar"):
        evaluate('working days after(@"2026-04-10", 1)', env=ENVIRONMENT)
