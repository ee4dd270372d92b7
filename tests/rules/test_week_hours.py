"""Hours of service: two ranges a day that do not overlap, ends after beginnings, one person in one place."""

from __future__ import annotations

from typing import Any

import pytest

from workflows.rules import week_hours as week


def day(*times: str, **other: Any) -> dict[str, Any]:
    return {**dict(zip(("from", "to", "from2", "to2"), times, strict=False)), **other}


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        (day("08:30", "16:30"), None),
        (day("08:30", "12:00", "12:00", "16:30"), None),
        (day("13:00", "16:30", "08:30", "12:00"), None),
        (day("08:30:00", "16:30:00"), None),
        (day("08:30", ""), week.HALF),
        (day("", "16:30"), week.HALF),
        (day("", "", "13:00", ""), week.HALF),
        (day("16:30", "08:30"), week.BACKWARDS),
        (day("08:30", "08:30"), week.BACKWARDS),
        (day("08:30", "12:01", "12:00", "16:30"), week.OVERLAP),
        (day("09:00", "10:00", "08:30", "16:30"), week.OVERLAP),
        (day(on=True), week.EMPTY_DAY),
        (day(on=False), None),
    ],
)
def test_one_day(asked: dict[str, Any], wrong: Any) -> None:
    found = week.problem("mon", asked)
    assert found == (
        wrong and wrong._replace(th=wrong.th.replace("{day}", "จันทร์"), en=wrong.en.replace("{day}", "Monday"))
    )


def test_a_week_without_any_time_is_refused() -> None:
    assert week.problems({}) == {"": week.NO_TIME}
    assert week.problems({"mon": day(), "daily": None}) == {"": week.NO_TIME}
    assert set(week.problems({"mon": day("08:30", "16:30"), "tue": day("9:00", "")})) == {"tue"}


def test_it_is_kept_and_asked_again_as_it_was() -> None:
    kept = week.kept(
        {"mon": day("13:00", "16:30", "08:30", "12:00"), "holiday": day("10:00:00", "12:00:00"), "tue": {}}
    )
    assert kept == {"0": [["08:30", "12:00"], ["13:00", "16:30"]], "holiday": [["10:00", "12:00"]]}
    assert week.kept(week.asked(kept)) == kept
    assert week.kept({"daily": day("08:30", "16:30")}) == {"every": [["08:30", "16:30"]]}


def test_the_same_person_is_not_in_two_places() -> None:
    morning, noon = week.kept({"mon": day("08:30", "12:00")}), week.kept({"mon": day("11:00", "13:00")})
    afternoon, always = week.kept({"mon": day("12:00", "16:30")}), week.kept({"daily": day("08:00", "09:00")})
    assert week.clashes([("a", morning), ("a", afternoon), ("b", morning)]) == {}
    assert set(week.clashes([("a", morning), ("b", noon), ("a", noon)])) == {2}
    assert "จันทร์" in week.clashes([("a", morning), ("a", noon)])[1].th
    assert set(week.clashes([("a", always), ("a", morning)])) == {1}
    assert week.clashes([("", morning), ("", morning)]) == {}


def test_it_reads_well() -> None:
    weekdays = {str(number): [["08:30", "16:30"]] for number in range(5)}
    assert week.words(weekdays) == "จันทร์-ศุกร์ 08:30-16:30"
    assert week.words({**weekdays, "holiday": [["09:00", "12:00"]]}, "en") == (
        "Monday-Friday 08:30-16:30 · Public holiday 09:00-12:00"
    )
    assert week.words({"0": [["08:30", "12:00"], ["13:00", "16:30"]], "2": [["08:30", "12:00"]]}) == (
        "จันทร์ 08:30-12:00, 13:00-16:30 · พุธ 08:30-12:00"
    )
    assert week.words({"every": [["08:30", "16:30"]]}) == "ทุกวัน 08:30-16:30"
    assert week.words({}) == ""
