"""A smart card used as the last resort is reviewed: the unit appeals, the region confirms or voids, the unit knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.authentications import put
from tests.support.world import World
from workflows.actor import WORKER, Actor
from workflows.commands.cancel_case import CancelCase
from workflows.commands.start_case import StartCase
from workflows.commands.withdraw_case import WithdrawCase
from workflows.errors import InvalidAnswers, NotAllowed, OwnRequest
from workflows.records import Authentication, AuthenticationChange

UNIT_MAIL, REVIEWER_MAIL = "frontdesk@example.org", "reviewer@example.org"


@pytest.fixture(autouse=True)
def _always_true(world: World) -> Iterator[None]:
    yield
    world.check()


@pytest.fixture
def code(world: World) -> str:
    return put(world.database, world.keyring, 1, world.clock.now())


def opened(world: World, code: str, **other: Any) -> int:
    """As patient_authentication opens it, by way of the outbox."""
    return world.runtime.execute(StartCase("smartcard_review", variables={"claim_code": code, **other}), WORKER).case_id


def claim(world: World, code: str) -> Any:
    with world.runtime.reading() as db:
        return db.execute(select(*Authentication.__table__.c).where(Authentication.claim_code == code)).one()


def lines(world: World, code: str) -> list[str]:
    wanted = select(AuthenticationChange.kind).where(AuthenticationChange.claim_code == code)
    with world.runtime.reading() as db:
        return list(db.execute(wanted.order_by(AuthenticationChange.id)).scalars())


def appeal(world: World, case_id: int, who: str = "frontdesk", **other: Any) -> None:
    papers = [world.upload(who)]
    world.do(who, "appeal", case_id, reason="ผู้ป่วยสูงอายุ ไม่มีโทรศัพท์", card_holder="family", papers=papers, **other)


def test_the_unit_appeals_and_the_region_confirms(world: World, code: str) -> None:
    case_id = opened(world, code)
    assert (claim(world, code).review_stage, claim(world, code).review_case) == ("appeal", case_id)
    assert code in world.sent(UNIT_MAIL)[0]["subject"]
    assert world.item("frontdesk", "appeal")["due_at"].date() == date(2026, 11, 23)
    assert world.items("reviewer") == []
    appeal(world, case_id)
    assert (claim(world, code).review_stage, claim(world, code).review) == ("reviewing", "awaiting")
    assert code in world.sent(REVIEWER_MAIL)[0]["subject"]
    item = world.item("reviewer", "review", case_id)
    assert world.seen("reviewer", item["id"])["reason"] == "ผู้ป่วยสูงอายุ ไม่มีโทรศัพท์"
    world.do("reviewer", "review", case_id, decision="approve")
    row = claim(world, code)
    assert (row.review, row.review_stage, row.state) == ("confirmed", None, "open")
    assert lines(world, code) == ["review_opened", "appealed", "review_confirmed"]
    assert (world.case(case_id)["outcome"], world.case(case_id)["sla_state"]) == ("confirmed", "met")
    assert "ยืนยัน" in world.sent(UNIT_MAIL)[0]["subject"]


def test_rejected_the_code_is_void(world: World, code: str) -> None:
    case_id = opened(world, code)
    appeal(world, case_id, "signatory")
    with pytest.raises(InvalidAnswers):
        world.do("reviewer", "review", case_id, decision="reject")
    world.do("reviewer", "review", case_id, decision="reject", comment="ไม่มีเหตุผลเพียงพอ")
    row = claim(world, code)
    assert (row.review, row.state, row.voided_by, row.void_reason) == (
        "voided",
        "void",
        "reviewer",
        "ไม่มีเหตุผลเพียงพอ",
    )
    assert world.case(case_id)["outcome"] == "voided"
    assert "ไม่มีเหตุผลเพียงพอ" in world.sent(UNIT_MAIL)[0]["text"]


def test_asked_for_more_the_clock_rests_until_it_comes(world: World, code: str) -> None:
    case_id = opened(world, code)
    appeal(world, case_id)
    world.do("reviewer", "review", case_id, decision="return", comment="ขอใบรับรองแพทย์ของ 0990000000118")
    assert world.case(case_id)["sla_state"] == "paused"
    assert "0990000000118" not in world.sent(UNIT_MAIL)[0]["text"]
    assert "099XXXXXXXX18" in world.sent(UNIT_MAIL)[0]["text"]
    world.do("signatory", "more", case_id, reason="แนบใบรับรองแล้ว", papers=[world.upload("signatory")])
    assert world.case(case_id)["sla_state"] == "running"
    world.do("reviewer", "review", case_id, decision="approve")
    assert claim(world, code).review == "confirmed"


def test_a_program_appeals_in_the_unit_s_own_words_or_not_at_all(world: World, code: str) -> None:
    """The desk's reason at the counter is a proposal; so is the appeal when the reviewer asks for more."""
    case_id = opened(world, code, reason="ไม่มีโทรศัพท์")
    for step in ("appeal", "more"):
        item = world.item("frontdesk", step, case_id)["id"]
        assert world.seen("frontdesk", item)["reason"]
        for nothing in ({}, {"card_holder": "family"}):
            with pytest.raises(InvalidAnswers) as silent:
                world.answer("frontdesk", item, **nothing)
            assert set(silent.value.errors) == {"reason"}
        world.answer("frontdesk", item, reason="ผู้ป่วยติดเตียง")
        if step == "appeal":
            world.do("reviewer", "review", case_id, decision="return", comment="ขอใบรับรองแพทย์")
    assert world.item("reviewer", "review", case_id)


def test_what_is_asked_for_and_never_comes_does_not_hold_it_up(world: World, code: str) -> None:
    case_id = opened(world, code)
    appeal(world, case_id)
    world.do("reviewer", "review", case_id, decision="return", comment="ขอเพิ่ม")
    world.go_to(date(2026, 11, 12))  # after seven working days
    world.tick()
    assert world.items("frontdesk") == []
    assert world.item("reviewer", "review", case_id)


def test_after_the_limit_the_region_decides_on_what_is_there(world: World, code: str) -> None:
    case_id = opened(world, code)
    world.go_to(date(2026, 11, 23))
    world.tick()
    assert world.item("frontdesk", "appeal", case_id)  # the last day counts
    world.go_to(date(2026, 11, 24))
    world.tick()
    assert world.items("frontdesk") == []
    assert "พ้นกำหนด" in world.sent(UNIT_MAIL)[0]["subject"]
    item = world.item("reviewer", "review", case_id)
    assert world.seen("reviewer", item["id"])["late"] is True
    world.do("reviewer", "review", case_id, decision="approve")
    assert lines(world, code) == ["review_opened", "appeal_missed", "review_confirmed"]


def test_a_unit_may_begin_it_by_hand_in_place_of_the_one_that_waits(world: World, code: str) -> None:
    waiting = opened(world, code)
    case_id = world.start("smartcard_review", "frontdesk").case_id
    world.do("frontdesk", "ask_code", case_id, claim_code=f"{code[:2].lower()} {code[2:]}")
    world.deliver()
    world.tick()
    assert world.case(waiting)["outcome"] == "taken_over"
    assert claim(world, code).review_case == case_id
    appeal(world, case_id)
    again = world.start("smartcard_review", "signatory", claim_code=code).case_id
    problem = world.seen("signatory", world.item("signatory", "ask_code", again)["id"])["problem"]
    assert "กำลังพิจารณา" in problem["th"]
    late = opened(world, code)  # the outbox comes after the hand
    assert world.case(late)["outcome"] == "nothing"
    world.do("reviewer", "review", case_id, decision="approve")


def test_a_review_that_an_administrator_ends_may_begin_anew(world: World, code: str) -> None:
    case_id = opened(world, code)
    appeal(world, case_id)
    world.execute(CancelCase(case_id), "admin")
    row = claim(world, code)
    assert (row.review, row.review_case, row.review_stage) == ("awaiting", None, None)
    assert lines(world, code) == ["review_opened", "appealed", "review_ended"]
    again = world.start("smartcard_review", "frontdesk", claim_code=code).case_id
    appeal(world, again)
    world.do("reviewer", "review", again, decision="approve")
    assert claim(world, code).review == "confirmed"


@pytest.mark.parametrize("who", ["frontdesk", "signatory"])
def test_a_draft_is_thrown_away_but_a_review_is_a_control_nobody_of_the_unit_ends(
    world: World, code: str, who: str
) -> None:
    draft = world.start("smartcard_review", who).case_id
    world.execute(CancelCase(draft), who)
    case_id = world.start("smartcard_review", who, claim_code=code).case_id
    for step in ("appeal", "review"):  # as long as the unit has it, and when the region has it
        with pytest.raises(NotAllowed) as refused:
            world.execute(WithdrawCase(case_id), who)
        assert "ถอนหรือยกเลิกเรื่องไม่ได้" in refused.value.text.th
        assert "can neither withdraw nor end it" in refused.value.text.en
        with pytest.raises(NotAllowed):
            world.execute(CancelCase(case_id), who)
        if step == "appeal":
            appeal(world, case_id)
    assert claim(world, code).review == "awaiting"
    world.do("reviewer", "review", case_id, decision="approve")
    with pytest.raises(NotAllowed) as over:
        world.execute(WithdrawCase(case_id), "frontdesk")
    assert "สิ้นสุดแล้ว" in over.value.text.th


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"review": "none", "method": "face"}, "ไม่ได้ใช้ Smart Card"),
        ({"review": "confirmed"}, "ทวนสอบเสร็จแล้ว: ยืนยัน"),
        ({"state": "void"}, "ถูกยกเลิกแล้ว"),
        ({"unit_code": "99002"}, "ไม่พบรหัสเข้ารับบริการนี้ในหน่วย"),
    ],
)
def test_what_has_no_review_says_so_and_asks_again(world: World, columns: dict[str, str], words: str) -> None:
    code = put(world.database, world.keyring, 2, world.clock.now(), **columns)
    case_id = world.start("smartcard_review", "frontdesk", claim_code=code, unit_code="99003", region="7").case_id
    seen = world.seen("frontdesk", world.item("frontdesk", "ask_code", case_id)["id"])
    assert words in seen["problem"]["th"]


def test_nobody_reviews_what_they_opened_appealed_or_what_is_about_them(world: World, code: str) -> None:
    """The same person as reviewer, at the desk, or as the patient."""
    case_id = opened(world, code)
    appeal(world, case_id)
    desk = world.actor("frontdesk")
    both = Actor(desk.id, desk.name, desk.groups | {"reviewer:7"}, desk.organisation, desk.pid_index, desk.account_id)
    with pytest.raises(OwnRequest):
        world.do(both, "review", case_id, decision="approve")
    signed = put(world.database, world.keyring, 3, world.clock.now(), opened_by="somebody")
    case_id = opened(world, signed)
    appeal(world, case_id, "signatory")
    signatory = world.actor("signatory")
    appealed = Actor(signatory.id, "", frozenset({"reviewer:7"}), "", None, signatory.account_id)
    world.do(appealed, "review", case_id, decision="approve")
    seen = world.seen("reviewer", world.item("reviewer", "review", case_id)["id"])
    assert "ทวนสอบรายการของตนเองไม่ได้" in seen["review_problem"]["th"]
    patient = put(world.database, world.keyring, 4, world.clock.now(), pid="0990000000134")  # the reviewer
    case_id = opened(world, patient)
    appeal(world, case_id)
    with pytest.raises(OwnRequest):
        world.do("reviewer", "review", case_id, decision="approve")


def test_a_late_reviewer_is_reminded_and_the_chief_gets_it_too(world: World, code: str) -> None:
    case_id = opened(world, code)
    appeal(world, case_id)
    world.go_to(date(2026, 11, 17))
    world.tick()
    assert world.case(case_id)["number"] in world.sent(REVIEWER_MAIL)[0]["text"]
    world.go_to(date(2026, 11, 24))
    world.tick()
    assert world.case(case_id)["sla_state"] == "breached"
    world.do("regionchief", "review", case_id, decision="approve")
    assert claim(world, code).review == "confirmed"
