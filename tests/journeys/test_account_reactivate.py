"""An account that was away too long, or was suspended, comes back when the region agrees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from app import passwords
from tests.support.account_life import MANEE, papers, prove, reason
from tests.support.world import World
from workflows.actor import Actor
from workflows.commands.set_password import SetPassword
from workflows.commands.suspend_account import SuspendAccount
from workflows.commands.withdraw_case import WithdrawCase
from workflows.errors import OwnRequest


@pytest.fixture(autouse=True)
def _always_true(world: World) -> Iterator[None]:
    yield
    world.check()


def ask(world: World, who: Actor, by: str = "mobile", about: dict[str, str] = MANEE) -> int:
    case_id = world.start("account_reactivate", who).case_id
    prove(world, who, case_id, by, about)
    world.do(who, "reactivate_form", case_id, reason="กลับมาปฏิบัติงาน", **papers(world, who))
    return case_id


@pytest.mark.parametrize("why", ["dormant", "irregular"])
def test_the_region_agrees_and_a_new_password_is_forced(world: World, why: str) -> None:
    if why == "dormant":
        world.later(days=181)
    else:
        world.execute(SuspendAccount("requester", "ใช้รหัสร่วมกัน"), "region")
    assert reason(world) == why
    case_id = ask(world, world.visitor())
    assert reason(world) == why
    world.do("region", "region_decide", case_id, decision="approve")
    assert (world.case(case_id)["outcome"], reason(world)) == ("reactivated", "reset")
    link = world.link_for(MANEE["email"], "reset")
    world.execute(SetPassword(passwords.hashed("สามคำที่ยาวพอและจำง่าย"), link_hash=link), world.visitor())
    assert reason(world) is None
    assert world.account("requester")["status"] == "active"


def test_an_account_that_works_needs_none(world: World) -> None:
    visitor = world.visitor()
    case_id = world.start("account_reactivate", visitor).case_id
    prove(world, visitor, case_id, "email")
    again = world.item(visitor, "identify", case_id)["id"]
    assert "ไม่ได้ถูกระงับ" in world.seen(visitor, again)["identify_problem"]["th"]


def test_rejected_it_stays_suspended(world: World) -> None:
    world.execute(SuspendAccount("requester", "ใช้รหัสร่วมกัน"), "admin")
    case_id = ask(world, world.visitor(), "email")
    world.do("region", "region_decide", case_id, decision="reject", comment="ยังสอบข้อเท็จจริงไม่เสร็จ")
    assert (world.case(case_id)["outcome"], reason(world)) == ("rejected", "irregular")
    assert "ยังสอบข้อเท็จจริงไม่เสร็จ" in world.sent(MANEE["email"])[0]["text"]


def test_returned_corrected_withdrawn(world: World) -> None:
    world.execute(SuspendAccount("requester", "ใช้รหัสร่วมกัน"), "admin")
    visitor = world.visitor()
    case_id = ask(world, visitor)
    world.do("region", "region_decide", case_id, decision="return", comment="ขอหนังสือฉบับจริง")
    world.do(visitor, "correct", case_id, reason="แนบฉบับจริงแล้ว", **papers(world, visitor))
    assert world.case(case_id)["sla_state"] == "running"
    world.execute(WithdrawCase(case_id), visitor)
    assert (world.case(case_id)["outcome"], reason(world)) == ("withdrawn", "irregular")
    assert world.items("region") == []


def test_nobody_lets_themselves_in_again(world: World) -> None:
    about = {"pid": "0990000000061", "mobile": "0800000006", "email": "region@example.org"}
    region = world.actor("region")
    world.execute(SuspendAccount("region", "ตรวจสอบ"), "admin")
    case_id = ask(world, world.visitor(), about=about)
    with pytest.raises(OwnRequest):
        world.do(region, "region_decide", case_id, decision="approve")


def test_a_late_officer_is_reminded_and_the_chief_gets_it_too(world: World) -> None:
    world.execute(SuspendAccount("requester", "ใช้รหัสร่วมกัน"), "admin")
    case_id = ask(world, world.visitor())
    world.go_to(date(2026, 11, 17))  # two thirds of 15 working days
    world.tick()
    assert world.case(case_id)["number"] in world.sent("region@example.org")[0]["text"]
    assert world.items("regionchief") == []
    world.go_to(date(2026, 11, 24))
    world.tick()
    assert world.case(case_id)["sla_state"] == "breached"
    world.do("regionchief", "region_decide", case_id, decision="approve")
    assert reason(world) == "reset"
