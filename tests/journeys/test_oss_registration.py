"""A unit registers in OSS: two parts in any order, a check list, and the region's word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import delete, update

from tests.support.oss import GENERAL, confirm, personnel, send, somebody, unit
from tests.support.world import World
from workflows.actor import WORKER
from workflows.commands.start_case import StartCase
from workflows.commands.withdraw_case import WithdrawCase
from workflows.eligibility import NotEligible
from workflows.records import Account, Membership

PROCESS = "oss_registration"


@pytest.fixture(autouse=True)
def _always_true(world: World) -> Iterator[None]:
    yield
    world.check()


@pytest.fixture
def case_id(world: World) -> int:
    return world.start(PROCESS, "signatory").case_id


def change_account(world: World, **values: Any) -> None:
    with world.database.begin() as db:
        db.execute(update(Account).where(Account.username == "signatory").values(**values))


@pytest.mark.parametrize("first", ["general_data", "personnel_data"])
def test_registered_whichever_part_comes_first(world: World, case_id: int, first: str) -> None:
    answers: dict[str, Any] = {"general_data": GENERAL, "personnel_data": {"personnel": [somebody()]}}
    second = next(each for each in answers if each != first)
    world.do("signatory", first, case_id, **answers[first])
    world.deliver()
    assert world.items("signatory", "check_list") == []
    assert world.items("region") == []
    assert (world.case(case_id)["outcome"], world.case(case_id)["stage"]) == ("", "หน่วยบริการกรอกข้อมูล")
    world.do("signatory", second, case_id, **answers[second])
    confirm(world, "signatory", case_id)
    world.later(days=1)
    world.do("region", "region_decide", case_id, decision="approve")
    case, registered = world.case(case_id), unit(world)
    assert (case["outcome"], case["state"], case["sla_state"]) == ("registered", "COMPLETED", "met")
    assert registered["registered_at"] == world.clock.at
    assert registered["registered_case"] == case_id
    assert registered["reactivated_at"] < world.clock.at
    assert registered["general"] == GENERAL
    assert registered["professions"] == ["nursing"]
    (nurse,) = personnel(world)
    assert (nurse.licence_found, nurse.every_day, nurse.confirmed_at) == (True, False, world.clock.at)
    assert nurse.hours == {
        "0": [["08:30", "12:00"]],
        "2": [["08:30", "12:00"], ["13:00", "16:30"]],
        "holiday": [["09:00", "12:00"]],
    }
    for address in (GENERAL["email"], "signatory@example.org"):
        assert case["number"] in world.sent(address)[0]["text"]


@pytest.mark.parametrize(
    ("part", "opened"),
    [("general", {"general_data"}), ("personnel", {"personnel_data"}), (None, {"general_data", "personnel_data"})],
)
def test_returned_it_opens_the_part_to_mend(world: World, case_id: int, part: str | None, opened: set[str]) -> None:
    send(world, "signatory", case_id)
    world.do("region", "region_decide", case_id, decision="return", comment="แก้ที่อยู่", return_part=part)
    assert world.case(case_id)["sla_state"] == "paused"
    assert "แก้ที่อยู่" in world.sent("signatory@example.org")[0]["text"]
    assert {item["element_id"] for item in world.items("signatory")} == opened
    if "personnel_data" in opened:
        world.do("signatory", "personnel_data", case_id, personnel=[somebody(905)])
    if "general_data" in opened:
        world.do("signatory", "general_data", case_id, address="99 ถ.ใหม่ อ.เมือง จ.ขอนแก่น 40000")
    if "personnel_data" in opened:
        confirm(world, "signatory", case_id)
    assert world.case(case_id)["sla_state"] == "running"
    world.do("region", "region_decide", case_id, decision="approve")
    assert unit(world)["general"]["address"].startswith("99" if "general_data" in opened else "3")
    assert [each.last_name for each in personnel(world)] == ["พยาบาล905" if part != "general" else "พยาบาล901"]


def test_rejected_and_withdrawn_change_nothing(world: World, case_id: int) -> None:
    before = unit(world)
    send(world, "signatory", case_id)
    world.do("region", "region_decide", case_id, decision="reject", comment="ไม่ใช่หน่วยนวัตกรรม")
    assert world.case(case_id)["outcome"] == "rejected"
    assert "ไม่ใช่หน่วยนวัตกรรม" in world.sent("signatory@example.org")[0]["text"]
    again = world.start(PROCESS, "signatory").case_id
    world.do("signatory", "general_data", again, **GENERAL)
    world.execute(WithdrawCase(again), "signatory")
    assert (world.case(again)["outcome"], unit(world), personnel(world)) == ("withdrawn", before, [])


def test_an_update_begins_with_what_is_registered(world: World, case_id: int) -> None:
    send(world, "signatory", case_id, somebody(901), somebody(902))
    world.do("region", "region_decide", case_id, decision="approve")
    first = {each.last_name: each.id for each in personnel(world)}
    again = world.start(PROCESS, "signatory").case_id
    item = world.item("signatory", "personnel_data", again)["id"]
    form = world.form("signatory", item, {})
    assert form.errors == {}
    assert [each["pid"] for each in form.answers["personnel"]] == [somebody(901)["pid"], somebody(902)["pid"]]
    assert form.answers["personnel"][0]["hours"]["wed"]["from2"] == "13:00:00"
    assert world.form("signatory", world.item("signatory", "general_data", again)["id"], {}).errors == {}
    send(world, "signatory", again, somebody(902, works="every", hours={"daily": {"from": "8:30", "to": "16:30"}}))
    world.do("region", "region_decide", again, decision="approve")
    (left,) = personnel(world)
    assert (left.id, left.every_day, left.hours) == (first["พยาบาล902"], True, {"every": [["08:30", "16:30"]]})


def test_others_are_refused_with_every_condition_and_its_way_out(world: World) -> None:
    with pytest.raises(NotEligible) as refused:
        world.start(PROCESS, "requester")
    assert [each["condition"] for each in refused.value.failed] == ["self_registered", "thaid_verified", "authority"]
    assert all(each["way_out"] and each["way_out_en"] for each in refused.value.failed)
    assert "มอบอำนาจ" in refused.value.text.th


@pytest.mark.parametrize(
    ("values", "condition"),
    [({"self_registered_at": None}, "self_registered"), ({"thaid_verified_at": None}, "thaid_verified")],
)
def test_one_missing_condition_is_enough(world: World, values: dict[str, Any], condition: str) -> None:
    change_account(world, **values)
    with pytest.raises(NotEligible) as refused:
        world.start(PROCESS, "signatory")
    assert [each["condition"] for each in refused.value.failed] == [condition]


def test_an_old_data_center_name_and_a_lost_appointment(world: World) -> None:
    change_account(world, username="6911990030001")
    with pytest.raises(NotEligible) as refused:
        world.start(PROCESS, "6911990030001")
    assert [each["condition"] for each in refused.value.failed] == ["not_dc_account"]
    with world.database.begin() as db:
        db.execute(delete(Membership).where(Membership.role == "signatory"))
    with pytest.raises(NotEligible) as refused:
        world.start(PROCESS, "6911990030001")
    assert [each["condition"] for each in refused.value.failed] == ["not_dc_account", "authority"]


def test_a_case_that_the_system_starts_is_checked_too(world: World) -> None:
    """The diagram decides again: nothing goes on for somebody who does not meet the conditions."""
    case_id = world.execute(StartCase(PROCESS, requester="requester"), WORKER).case_id
    assert (world.case(case_id)["outcome"], world.case(case_id)["state"]) == ("not_eligible", "COMPLETED")
