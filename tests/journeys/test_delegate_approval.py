"""The signatory names a delegate, the region approves, and the delegate acts for the unit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.oss import send
from tests.support.world import World
from workflows.commands.register_in_oss import RegisterInOss
from workflows.eligibility import NotEligible
from workflows.rules import citizen_id


@pytest.fixture(autouse=True)
def _always_true(world: World) -> Iterator[None]:
    yield
    world.check()


@pytest.fixture
def delegate(world: World) -> str:
    """Somebody who registered themselves in OSS."""
    person = citizen_id.make("0", 7001), "นางสาว", "ปราณี", "ตัวอย่าง", "2.3", "99003", "พยาบาล"
    return world.execute(RegisterInOss(*person, "pranee@example.org", "0800000777"), world.visitor()).username


def name(world: World, username: str, act: str = "appoint") -> int:
    case_id = world.start("delegate_approval", "signatory").case_id
    world.do("signatory", "name_delegate", case_id, username=username, act=act)
    return case_id


def test_approved_the_delegate_registers_the_unit(world: World, delegate: str) -> None:
    with pytest.raises(NotEligible) as refused:
        world.start("oss_registration", delegate)
    assert [each["condition"] for each in refused.value.failed] == ["authority"]
    case_id = name(world, delegate)
    world.do("region", "region_decide", case_id, decision="approve")
    assert world.case(case_id)["outcome"] == "appointed"
    for address in ("pranee@example.org", "signatory@example.org"):
        assert world.case(case_id)["number"] in world.sent(address)[0]["text"]
    world._actors.clear()  # the next sign-in knows the new group
    registration = world.start("oss_registration", delegate).case_id
    send(world, delegate, registration)
    world.do("region", "region_decide", registration, decision="approve")
    assert world.case(registration)["outcome"] == "registered"


def test_ended_by_the_signatory_at_once(world: World, delegate: str) -> None:
    world.do("region", "region_decide", name(world, delegate), decision="approve")
    ended = name(world, delegate, "end")
    assert world.case(ended)["outcome"] == "ended"
    world._actors.clear()
    with pytest.raises(NotEligible):
        world.start("oss_registration", delegate)


def test_returned_and_rejected(world: World, delegate: str) -> None:
    case_id = name(world, delegate)
    world.do("region", "region_decide", case_id, decision="return", comment="ขอผู้ที่ทำงานในหน่วย")
    item = world.item("signatory", "name_delegate", case_id)["id"]
    assert world.seen("signatory", item)["return_comment"] == "ขอผู้ที่ทำงานในหน่วย"
    world.answer("signatory", item, username=delegate, act="appoint")
    world.do("region", "region_decide", case_id, decision="reject", comment="ไม่ใช่บุคลากรของหน่วย")
    assert world.case(case_id)["outcome"] == "rejected"
    with pytest.raises(NotEligible):
        world.start("oss_registration", delegate)


@pytest.mark.parametrize(("username", "act"), [("requester", "appoint"), ("nobody", "appoint"), ("frontdesk", "end")])
def test_an_account_that_does_not_meet_the_conditions_is_named_with_the_way_out(
    world: World, username: str, act: str
) -> None:
    case_id = name(world, username, act)
    item = world.item("signatory", "name_delegate", case_id)["id"]
    assert world.seen("signatory", item)["delegate_problem"]["th"]
    assert world.items("region") == []


def test_only_a_signatory_names_delegates(world: World) -> None:
    definition = world.services.definitions.latest_process("delegate_approval")
    assert definition.may_start(world.actor("signatory"))
    assert not definition.may_start(world.actor("requester"))
    assert not definition.may_start(world.actor("frontdesk"))
