"""New details of an account: who must agree to what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import pytest

from tests.support.account_life import MANEE, held, papers, prove
from tests.support.world import World
from workflows.actor import Actor
from workflows.commands.answer_email_link import AnswerEmailLink
from workflows.commands.set_password import SetPassword
from workflows.commands.withdraw_case import WithdrawCase
from workflows.errors import Conflict, InvalidAnswers, NotAllowed, OwnRequest

NEW_ADDRESS = "manee.new@example.org"


@pytest.fixture(autouse=True)
def _always_true(world: World) -> Iterator[None]:
    yield
    world.check()


def begin(world: World, who: str | Actor = "requester") -> int:
    case_id = world.start("account_edit", who).case_id
    if isinstance(who, Actor):
        prove(world, who, case_id)
    return case_id


def answer(world: World, address: str, what: Literal["yes", "no"]) -> None:
    world.execute(AnswerEmailLink(world.link_for(address, "confirm-email"), what), world.visitor("z"))


def test_a_position_is_changed_at_once(world: World) -> None:
    case_id = begin(world)
    world.do("requester", "changes_form", case_id, position="หัวหน้ากลุ่มงาน")
    assert (world.case(case_id)["outcome"], world.account("requester")["position"]) == ("changed", "หัวหน้ากลุ่มงาน")
    assert "ตำแหน่ง" in world.sent(MANEE["email"])[0]["text"]


def test_a_visitor_sees_nothing_before_the_proof(world: World) -> None:
    visitor = world.visitor()
    case_id = world.start("account_edit", visitor).case_id
    world.do(visitor, "identify", case_id, pid=MANEE["pid"], prove_by="email")
    known = str(world.variables(case_id)) + str(world.seen(visitor, world.item(visitor, "code_enter")["id"]))
    assert "ตัวอย่าง" not in known
    assert MANEE["mobile"] not in known
    world.do(visitor, "code_enter", case_id, otp_code=world.code_for(MANEE["email"]))
    world.do(visitor, "changes_form", case_id, position="พยาบาล")
    assert world.account("requester")["position"] == "พยาบาล"


def test_a_new_mobile_is_proven_first(world: World) -> None:
    case_id = begin(world, world.visitor())
    world.do(world.visitor(), "changes_form", case_id, mobile="0899999999")
    assert world.account("requester")["mobile"] == MANEE["mobile"]
    world.do(world.visitor(), "otp_enter", case_id, otp_code=world.code_for("0899999999"))
    assert world.account("requester")["mobile"] == "0899999999"


@pytest.mark.parametrize("order", [(MANEE["email"], NEW_ADDRESS), (NEW_ADDRESS, MANEE["email"])])
def test_both_addresses_must_agree(world: World, order: tuple[str, str]) -> None:
    case_id = begin(world)
    world.do("requester", "changes_form", case_id, email=NEW_ADDRESS)
    assert world.case(case_id)["stage"] == "รอยืนยันอีเมลทั้งสองแห่ง"
    first = world.link_for(order[0], "confirm-email")
    answer(world, order[0], "yes")
    assert world.account("requester")["email"] == MANEE["email"]
    with pytest.raises(NotAllowed):  # twice the same is not both
        world.execute(AnswerEmailLink(first, "yes"), world.visitor())
    answer(world, order[1], "yes")
    assert (world.account("requester")["email"], world.case(case_id)["outcome"]) == (NEW_ADDRESS, "changed")
    assert all("อีเมล" in world.sent(address)[0]["text"] for address in order)  # both are told


@pytest.mark.parametrize("refuses", [MANEE["email"], NEW_ADDRESS])
def test_either_address_can_refuse(world: World, refuses: str) -> None:
    case_id = begin(world)
    world.do("requester", "changes_form", case_id, email=NEW_ADDRESS)
    answer(world, refuses, "no")
    assert (world.account("requester")["email"], world.case(case_id)["outcome"]) == (MANEE["email"], "unchanged")
    other = NEW_ADDRESS if refuses == MANEE["email"] else MANEE["email"]
    assert "ปฏิเสธ" in world.sent(MANEE["email"])[0]["text"]
    with pytest.raises(Conflict):
        answer(world, other, "yes")


def test_after_a_week_the_address_stays(world: World) -> None:
    case_id = begin(world)
    world.do("requester", "changes_form", case_id, email=NEW_ADDRESS, position="หัวหน้ากลุ่มงาน")
    answer(world, NEW_ADDRESS, "yes")
    world.later(days=7)
    with pytest.raises(NotAllowed):
        answer(world, MANEE["email"], "yes")
    world.tick()
    assert (world.account("requester")["email"], world.case(case_id)["outcome"]) == (MANEE["email"], "unchanged")


def test_a_confirmation_opens_nothing_else(world: World) -> None:
    case_id = begin(world)
    world.do("requester", "changes_form", case_id, email=NEW_ADDRESS)
    link = world.link_for(NEW_ADDRESS, "confirm-email")
    with pytest.raises(NotAllowed):
        world.execute(SetPassword("hash", link_hash=link), world.visitor())
    world.execute(WithdrawCase(case_id), "requester")
    assert world.case(case_id)["outcome"] == "unchanged"


def moved(world: World, who: str | Actor, **more: Any) -> int:
    case_id = begin(world, who)
    answers = {"change_unit": True, "unit_code": "99002", **papers(world, who), **more}
    world.do(who, "changes_form", case_id, **answers)
    return case_id


def test_a_new_name_or_unit_needs_a_letter_and_the_region(world: World) -> None:
    case_id = begin(world)
    with pytest.raises(InvalidAnswers) as refused:
        world.do("requester", "changes_form", case_id, change_name=True, last_name="ใหม่")
    assert set(refused.value.errors) == {"letter", "id_copy"}
    world.do("requester", "changes_form", case_id, change_name=True, last_name="ใหม่", **papers(world, "requester"))
    seen = world.seen("region", world.item("region", "region_decide")["id"])
    assert seen["compared"] == [{"label": "นามสกุล", "before": "ตัวอย่าง", "after": "ใหม่"}]
    assert world.account("requester")["last_name"] == "ตัวอย่าง"
    world.do("region", "region_decide", case_id, decision="approve")
    assert world.account("requester")["last_name"] == "ใหม่"
    assert world.case(case_id)["sla_state"] == "met"


def test_who_moves_leaves_the_roles_and_offices_of_the_old_unit(world: World) -> None:
    case_id = moved(world, "requester")
    world.do("region", "region_decide", case_id, decision="approve")
    assert (world.account("requester")["unit_code"], held(world)) == ("99002", set())
    world._actors.clear()
    assert world.actor("requester").groups == {
        "requester:99002"
    }  # an officer of the new unit, who asks for roles there


def test_an_address_and_a_unit_need_everybody(world: World) -> None:
    case_id = moved(world, world.visitor(), email=NEW_ADDRESS)
    world.do("region", "region_decide", case_id, decision="approve")
    assert world.account("requester")["unit_code"] == "99001"
    answer(world, NEW_ADDRESS, "yes")
    answer(world, MANEE["email"], "yes")
    assert (world.account("requester")["unit_code"], world.account("requester")["email"]) == ("99002", NEW_ADDRESS)


def test_returned_corrected_rejected(world: World) -> None:
    case_id = moved(world, "requester")
    world.do("region", "region_decide", case_id, decision="return", comment="ขอหนังสือต้นสังกัดใหม่")
    assert world.case(case_id)["sla_state"] == "paused"
    world.do("requester", "correct", case_id, **papers(world, "requester"))
    world.do("region", "region_decide", case_id, decision="reject", comment="หน่วยใหม่ยังไม่รับย้าย")
    assert (world.case(case_id)["outcome"], world.account("requester")["unit_code"]) == ("rejected", "99001")


def test_something_in_words_goes_to_the_region(world: World) -> None:
    case_id = begin(world)
    world.do("requester", "changes_form", case_id, detail="ขอแก้ไขรหัสพนักงาน")
    world.do("region", "region_decide", case_id, decision="approve")
    assert world.case(case_id)["outcome"] == "changed"


def test_nothing_changed_and_taken_addresses_are_told_at_the_form(world: World) -> None:
    case_id = begin(world)
    world.do("requester", "changes_form", case_id)
    again = world.item("requester", "changes_form", case_id)["id"]
    assert "ยังไม่มีข้อมูลใดเปลี่ยนแปลง" in world.seen("requester", again)["change_problem"]["th"]


def test_an_address_that_is_taken_meanwhile_is_not_given_twice(world: World) -> None:
    links, case_ids = [], []
    for who in ("requester", "requester2"):
        case_ids.append(begin(world, who))
        world.do(who, "changes_form", case_ids[-1], email=NEW_ADDRESS)
        links += [world.link_for(address, "confirm-email") for address in (NEW_ADDRESS, f"{who}@example.org")]
    for link in links:
        world.execute(AnswerEmailLink(link, "yes"), world.visitor("z"))
    assert [world.case(case_id)["outcome"] for case_id in case_ids] == ["changed", "unchanged"]
    assert world.account("requester2")["email"] == "requester2@example.org"


def test_the_region_officer_does_not_decide_their_own(world: World) -> None:
    case_id = moved(world, "region")
    with pytest.raises(OwnRequest):
        world.do("region", "region_decide", case_id, decision="approve")
