"""Both parts of a unit's data and the check list, as registration and re-activation call them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.oss import GENERAL, confirm, personnel, somebody, unit
from tests.support.world import World
from workflows.errors import InvalidAnswers
from workflows.rules.week_hours import BACKWARDS, OVERLAP


@pytest.fixture(autouse=True)
def _always_true(world: World) -> Iterator[None]:
    yield
    world.check()


@pytest.fixture
def case_id(world: World) -> int:
    return world.start("oss_registration", "signatory").case_id


def test_the_check_list_confirms_edits_deletes_and_adds(world: World, case_id: int) -> None:
    people = [somebody(901), somebody(902, licence_number="45000100"), somebody(903)]
    world.do("signatory", "general_data", case_id, **GENERAL)
    world.do("signatory", "personnel_data", case_id, personnel=people)
    world.deliver()
    item = world.item("signatory", "check_list", case_id)["id"]
    shown = [each["shown"]["licence_found"] for each in world.seen("signatory", item)["personnel"]]
    assert shown == ["พบในทะเบียนสภาวิชาชีพ", "ไม่พบในทะเบียนสภาวิชาชีพ", "พบในทะเบียนสภาวิชาชีพ"]
    confirm(world, "signatory", case_id, "confirm", "edit", "delete")
    edit = world.item("signatory", "personnel_edit", case_id)["id"]
    assert [each["last_name"] for each in world.seen("signatory", edit)["personnel"]] == ["พยาบาล901", "พยาบาล902"]
    mended = [somebody(901), somebody(902, licence_number="45000101"), somebody(904, profession="pharmacy")]
    world.answer("signatory", edit, personnel=mended)
    confirm(world, "signatory", case_id)
    world.do("region", "region_decide", case_id, decision="approve")
    assert [(each.last_name, each.licence_found) for each in personnel(world)] == [
        ("พยาบาล901", True),
        ("พยาบาล902", True),
        ("พยาบาล904", True),
    ]
    assert unit(world)["professions"] == ["nursing", "pharmacy"]


def test_deleting_everybody_asks_for_somebody(world: World, case_id: int) -> None:
    world.do("signatory", "general_data", case_id, **GENERAL)
    world.do("signatory", "personnel_data", case_id, personnel=[somebody()])
    confirm(world, "signatory", case_id, "delete")
    with pytest.raises(InvalidAnswers) as refused:
        world.do("signatory", "personnel_edit", case_id, personnel=[])
    assert "personnel" in refused.value.errors


def test_hours_and_places_that_cannot_be_are_refused(world: World, case_id: int) -> None:
    item = world.item("signatory", "personnel_data", case_id)["id"]
    clash = {"mon": {"from": "08:30", "to": "12:01", "from2": "12:00", "to2": "16:30"}}
    backwards = {"mon": {"from": "16:30", "to": "08:30"}}
    rows = [
        somebody(901, hours=clash),
        somebody(902, hours=backwards),
        somebody(903),
        somebody(903, profession="dental"),
    ]
    errors = world.form("signatory", item, {"personnel": rows}).errors
    assert set(errors) == {"personnel.0.hours.mon", "personnel.1.hours.mon", "personnel.3.hours"}
    assert errors["personnel.0.hours.mon"].en == OVERLAP.en.replace("{day}", "Monday")
    assert errors["personnel.1.hours.mon"].en == BACKWARDS.en.replace("{day}", "Monday")
    place = world.item("signatory", "general_data", case_id)["id"]
    assert set(world.form("signatory", place, {**GENERAL, "latitude": 102.836, "longitude": 16.4419}).errors) >= {
        "latitude"
    }
    bangkok = {**GENERAL, "latitude": 13.75, "longitude": 100.5}
    assert set(world.form("signatory", place, bangkok).errors) == {"place_confirmed"}
    assert world.form("signatory", place, {**bangkok, "place_confirmed": True}).errors == {}
