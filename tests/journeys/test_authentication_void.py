"""Voiding a claim code: alone on its day, with a second person afterwards, with the region once it is closed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.test_smartcard_review import appeal, claim, lines, opened
from tests.support.authentications import put
from tests.support.world import World
from workflows.actor import Actor
from workflows.commands.cancel_case import CancelCase
from workflows.commands.withdraw_case import WithdrawCase
from workflows.errors import InvalidAnswers, OwnRequest


@pytest.fixture(autouse=True)
def _always_true(world: World) -> Iterator[None]:
    yield
    world.check()


@pytest.fixture
def code(world: World) -> str:
    return put(world.database, world.keyring, 1, world.clock.now(), method="face", review="none")


def ask(world: World, code: str, who: str = "frontdesk", reason: str = "บันทึกผิดคน") -> int:
    return world.start("authentication_void", who, claim_code=code, reason=reason).case_id


def problem(world: World, case_id: int, who: str = "frontdesk") -> str:
    seen = world.seen(who, world.item(who, "wish", case_id)["id"])
    return str(seen["problem"]["th"])


def test_on_its_day_one_person_voids_it(world: World, code: str) -> None:
    case_id = ask(world, code)
    row = claim(world, code)
    assert (row.state, row.voided_by, row.void_reason, row.revision) == ("void", "frontdesk", "บันทึกผิดคน", 2)
    assert (world.case(case_id)["outcome"], lines(world, code)) == ("voided", ["voided"])
    assert "ถูกยกเลิกแล้วเมื่อ 2 พ.ย. 2569" in problem(world, ask(world, code))


def test_by_hand_it_asks_for_code_and_reason(world: World, code: str) -> None:
    case_id = world.start("authentication_void", "signatory").case_id
    with pytest.raises(InvalidAnswers):
        world.do("signatory", "wish", case_id, claim_code=code)
    world.do("signatory", "wish", case_id, claim_code="PP0000000000", reason="ผิด")
    assert "ไม่พบรหัส" in problem(world, case_id, "signatory")
    world.do("signatory", "wish", case_id, claim_code=code, reason="ผิด")
    assert claim(world, code).state == "void"


@pytest.mark.parametrize("second", ["signatory", "reviewer", "region"])
def test_after_its_day_a_second_person_agrees(world: World, code: str, second: str) -> None:
    world.later(days=1)
    case_id = ask(world, code)
    row = claim(world, code)
    assert (row.state, row.void_case) == ("open", case_id)
    assert "มีคำขอยกเลิกรหัสนี้รอ" in problem(world, ask(world, code))
    world.do(second, "agree", case_id, decision="approve")
    row = claim(world, code)
    assert (row.state, row.voided_by, row.void_case) == ("void", second, None)
    assert lines(world, code) == ["void_asked", "voided"]


def test_a_request_that_an_administrator_ends_may_be_made_again(world: World, code: str) -> None:
    world.later(days=1)
    world.execute(CancelCase(ask(world, code)), "admin")
    assert (claim(world, code).state, claim(world, code).void_case) == ("open", None)
    assert lines(world, code) == ["void_asked", "void_ended"]
    world.do("reviewer", "agree", ask(world, code), decision="approve")
    assert claim(world, code).state == "void"


def test_who_asked_does_not_agree_themselves(world: World, code: str) -> None:
    world.later(days=1)
    case_id = ask(world, code, "signatory")
    with pytest.raises(OwnRequest):
        world.do("signatory", "agree", case_id, decision="approve")
    desk = world.actor("frontdesk")
    assert world.items(desk, "agree") == []  # the desk asks, it does not agree
    world.do("region", "agree", case_id, decision="approve")


def test_returned_refused_withdrawn_the_code_stays(world: World, code: str) -> None:
    world.later(days=1)
    case_id = ask(world, code)
    world.do("signatory", "agree", case_id, decision="return", comment="ผิดอย่างไร")
    world.do("frontdesk", "wish_again", case_id, reason="เลือกผู้ป่วยผิดคน ชื่อซ้ำ")
    item = world.item("signatory", "agree", case_id)
    assert world.seen("signatory", item["id"])["reason"] == "เลือกผู้ป่วยผิดคน ชื่อซ้ำ"
    world.do("signatory", "agree", case_id, decision="reject", comment="รับบริการจริง")
    row = claim(world, code)
    assert (row.state, row.void_case, world.case(case_id)["outcome"]) == ("open", None, "kept")
    assert "รับบริการจริง" in world.sent("frontdesk@example.org")[0]["text"]
    second = ask(world, code)
    world.execute(WithdrawCase(second), "frontdesk")
    assert (claim(world, code).void_case, world.case(second)["outcome"]) == (None, "withdrawn")
    assert lines(world, code) == ["void_asked", "void_refused", "void_asked", "void_refused"]


def test_once_closed_the_region_agrees_even_on_its_day(world: World) -> None:
    code = put(world.database, world.keyring, 2, world.clock.now(), state="closed", review="none", method="line")
    case_id = ask(world, code)
    assert world.items("signatory", "agree") == []
    world.do("reviewer", "agree", case_id, decision="approve")
    assert claim(world, code).state == "void"


def test_voided_meanwhile_its_review_ends(world: World) -> None:
    code = put(world.database, world.keyring, 3, world.clock.now())
    review = opened(world, code)
    appeal(world, review)
    ask(world, code)
    world.deliver()
    world.tick()
    assert world.items("reviewer") == []
    assert world.case(review)["outcome"] == "void_before"


def test_of_a_review_and_an_agreement_the_first_counts(world: World) -> None:
    code = put(world.database, world.keyring, 4, world.clock.now())
    review = opened(world, code)
    appeal(world, review)
    world.later(days=1)
    void = ask(world, code)
    world.do("reviewer", "review", review, decision="reject", comment="ไม่ครบ")
    world.do("signatory", "agree", void, decision="approve")
    assert world.case(void)["outcome"] == "void_before"
    assert lines(world, code).count("voided") == 0


def test_others_codes_are_unknown(world: World, code: str) -> None:
    stranger: Any = Actor("x", groups=frozenset({"frontdesk:99002"}), account_id=9)
    case_id = world.start("authentication_void", stranger, claim_code=code, reason="x").case_id
    assert "ไม่พบรหัส" in problem(world, case_id, stranger)
