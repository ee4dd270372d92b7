"""A forgotten password: by the registered mailbox, or by a letter that the region agrees to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import update

from app import passwords
from tests.support.account_life import papers, reason
from tests.support.counting import counted
from tests.support.world import World, person
from workflows.actor import Actor
from workflows.clock import real_now
from workflows.commands.keep_password import KeepPassword
from workflows.commands.make_token import MakeToken
from workflows.commands.open_session import OpenSession
from workflows.commands.set_password import SetPassword
from workflows.commands.suspend_account import SuspendAccount
from workflows.errors import NotAllowed, NotFound, OwnRequest
from workflows.queries import actors, cases
from workflows.records import Account

ADDRESS, NEW_ADDRESS = "requester@example.org", "manee.new@example.org"
NEW = "สามคำที่ยาวพอและจำง่าย"


@pytest.fixture(autouse=True)
def _always_true(world: World) -> Iterator[None]:
    yield
    world.check()


def ask(world: World, email: str, name: str = "a") -> int:
    """A stranger asks for a new password; gives the case."""
    case_id = world.start("password_reset", world.visitor(name), reset_by="mailbox", email=email).case_id
    world.deliver()
    return case_id


def test_the_old_password_is_dead_at_once_and_the_link_sets_a_new_one(world: World) -> None:
    account_id = world.actor("requester").account_id
    assert account_id is not None
    session = world.execute(OpenSession(account_id), world.visitor())
    _, _, token = world.execute(MakeToken(account_id, "robot"), "requester")
    ask(world, ADDRESS)
    assert reason(world) == "reset"
    link = world.link_for(ADDRESS, "reset")
    world.execute(SetPassword(passwords.hashed(NEW), link_hash=link), world.visitor())
    assert reason(world) is None
    with world.runtime.reading() as db:
        known = actors.sign_in_account(db, "requester")
        assert actors.living_session(db, session, real_now()) is None  # whoever was signed in is out
        assert actors.bearer(db, token, real_now()) is None
    assert known is not None
    assert passwords.matches(known["password_hash"], NEW)
    assert "requester" in world.sent(ADDRESS)[0]["text"]  # confirmed by mail
    with pytest.raises(NotAllowed):
        world.execute(SetPassword(passwords.hashed(NEW), link_hash=link), world.visitor())


def test_nobody_learns_whether_an_address_is_known(world: World) -> None:
    def seen(name: str, email: str) -> tuple[Any, ...]:
        visitor = world.visitor(name)
        with counted(world) as counts:
            case_id = world.start("password_reset", visitor, reset_by="mailbox", email=email).case_id
        assert not [each for each in counts["statements"] if "accounts" in each]  # the request itself looks nobody up
        written = [each for each in counts["statements"] if not each.startswith("SELECT")]
        asked = written, world.case(case_id)["state"], world.items(visitor), reason(world)
        world.deliver()
        with world.runtime.reading() as db, pytest.raises(NotFound):
            cases.find(db, visitor, str(case_id))  # what was sent, and whether, is not theirs to see
        case = world.case(case_id)
        return asked, case["state"], case["outcome"], case["subject"], case["stage"], world.variables(case_id).keys()

    unknown = seen("a", "nobody@example.org")
    assert unknown == seen("b", ADDRESS)
    assert unknown[0][1:] == ("ACTIVE", [], None)
    assert world.sent("nobody@example.org") == []
    assert "/reset/" in world.sent(ADDRESS)[0]["text"]


def test_the_link_ends_after_a_day_and_with_the_next(world: World) -> None:
    ask(world, ADDRESS)
    first = world.link_for(ADDRESS, "reset")
    ask(world, ADDRESS)
    assert world.link_for(ADDRESS, "reset") == first  # not two mails within five minutes
    world.later(minutes=5)
    ask(world, ADDRESS)
    second = world.link_for(ADDRESS, "reset")
    with pytest.raises(NotAllowed):
        world.execute(SetPassword(passwords.hashed(NEW), link_hash=first), world.visitor())
    world.later(days=1)
    with pytest.raises(NotAllowed):
        world.execute(SetPassword(passwords.hashed(NEW), link_hash=second), world.visitor())


def test_who_had_not_asked_keeps_the_password_and_is_left_alone_for_a_week(world: World) -> None:
    ask(world, ADDRESS)
    reset, keep = world.link_for(ADDRESS, "reset"), world.link_for(ADDRESS, "keep-password")
    with pytest.raises(NotAllowed):  # a link serves its own purpose only
        world.execute(SetPassword(passwords.hashed(NEW), link_hash=keep), world.visitor())
    with pytest.raises(NotAllowed):
        world.execute(KeepPassword(reset), world.visitor())
    world.execute(KeepPassword(keep), world.visitor())
    assert reason(world) is None
    with pytest.raises(NotAllowed):
        world.execute(SetPassword(passwords.hashed(NEW), link_hash=reset), world.visitor())
    ask(world, ADDRESS)
    assert reason(world) is None  # a stranger locks nobody out twice
    world.execute(SetPassword(passwords.hashed(NEW), link_hash=world.link_for(ADDRESS, "reset")), world.visitor())
    world.later(days=8)
    ask(world, ADDRESS)
    assert reason(world) == "reset"


@pytest.mark.parametrize(
    ("status", "said"), [("suspended", "account_reactivate"), ("cancelled", "access_request"), ("pending", "activate/")]
)
def test_an_account_that_may_not_sign_in_is_shown_its_way(world: World, status: str, said: str) -> None:
    with world.database.begin() as db:
        db.execute(update(Account).where(Account.username == "requester").values(status=status))
    ask(world, ADDRESS)
    mail = world.sent(ADDRESS)[0]["text"]
    assert said in mail
    assert "/reset/" not in mail


def test_an_account_suspended_meanwhile_gets_no_new_password(world: World) -> None:
    ask(world, ADDRESS)
    link = world.link_for(ADDRESS, "reset")
    world.execute(SuspendAccount("requester", "ตรวจสอบการใช้งาน"), "region")
    with pytest.raises(NotAllowed):
        world.execute(SetPassword(passwords.hashed(NEW), link_hash=link), world.visitor())


def letter(world: World, who: Actor, **other: Any) -> int:
    """Somebody without the mailbox sends a letter; gives the case, which waits for the region."""
    case_id = world.start("password_reset", who, reset_by="letter").case_id
    about = {
        **person(1, pid="0990000000011", first_name="มานี", last_name="ตัวอย่าง", email=NEW_ADDRESS),
        **papers(world, who),
        **other,
    }
    world.do(who, "reset_letter", case_id, **about)
    world.do(who, "otp_enter", case_id, otp_code=world.code_for(about["mobile"]))
    return case_id


def test_by_letter_the_region_agrees_and_the_link_goes_to_the_new_address(world: World) -> None:
    case_id = letter(world, world.visitor())
    assert (world.case(case_id)["stage"], world.case(case_id)["region"]) == ("สปสช. เขต พิจารณา", "7")
    assert reason(world) is None  # nothing changes before the region agrees
    seen = world.seen("region", world.item("region", "region_decide")["id"])["account"]
    assert (seen["name_matches"], seen["mobile_matches"], seen["last_name"]) == (True, True, "ตัว???")
    world.do("region", "region_decide", case_id, decision="approve")
    assert world.account("requester")["email"] == NEW_ADDRESS
    assert reason(world) == "reset"
    assert world.case(case_id)["number"] in world.sent(ADDRESS)[0]["text"]
    assert "/reset/" not in world.sent(ADDRESS)[0]["text"]
    world.execute(SetPassword(passwords.hashed(NEW), link_hash=world.link_for(NEW_ADDRESS, "reset")), world.visitor())
    assert reason(world) is None
    assert (world.case(case_id)["outcome"], world.case(case_id)["sla_state"]) == ("approved", "met")


def test_by_letter_the_account_decides_which_region_looks_at_it(world: World) -> None:
    case_id = letter(world, world.visitor(), unit_code="99005")
    assert world.case(case_id)["region"] == "7"
    assert world.items("region9", "region_decide") == []


def test_by_letter_returned_corrected_and_rejected(world: World) -> None:
    visitor = world.visitor()
    case_id = letter(world, visitor)
    world.do("region", "region_decide", case_id, decision="return", comment="หนังสือไม่มีลายมือชื่อ")
    assert world.case(case_id)["stage"] == "ผู้ขอแก้ไขคำขอ"
    assert "/return/" in world.sent(NEW_ADDRESS)[0]["text"]
    world.do(visitor, "correct", case_id)
    world.do("region", "region_decide", case_id, decision="reject", comment="ชื่อไม่ตรงกับบัญชี")
    assert world.case(case_id)["outcome"] == "rejected"
    assert "ชื่อไม่ตรงกับบัญชี" in world.sent(NEW_ADDRESS)[0]["text"]
    assert (reason(world), world.account("requester")["email"]) == (None, ADDRESS)


def test_a_letter_for_somebody_without_an_account_is_told_to_the_officer(world: World) -> None:
    case_id = letter(world, world.visitor(), pid=person(77)["pid"])
    assert world.seen("region", world.item("region", "region_decide")["id"])["account"]["known"] is False
    world.do("region", "region_decide", case_id, decision="approve")
    again = world.item("region", "region_decide")["id"]
    assert "ไม่มีบัญชี" in world.seen("region", again)["approve_problem"]["th"]


def test_nobody_decides_the_letter_about_themselves(world: World) -> None:
    case_id = letter(world, world.visitor(), pid="0990000000061", first_name="ดวงใจ", last_name="สาธิต")
    assert world.case(case_id)["region"] == "7"
    with pytest.raises(OwnRequest):
        world.do("region", "region_decide", case_id, decision="approve")


def test_a_letter_that_is_not_sent_within_a_day_is_forgotten(world: World) -> None:
    case_id = world.start("password_reset", world.visitor(), reset_by="letter").case_id
    world.later(days=1)
    world.tick()
    assert (world.case(case_id)["state"], world.case(case_id)["outcome"]) == ("COMPLETED", "expired")
