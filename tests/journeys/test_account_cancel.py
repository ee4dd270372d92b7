"""An account ends: by its holder, by the head of the unit, by NHSO; on a day, until which it can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.support.access_requests import approve, begin, choose, send
from tests.support.account_life import MANEE, held, prove, reason
from tests.support.world import World, person
from workflows.actor import Actor
from workflows.clock import real_now
from workflows.commands.appoint import Appoint
from workflows.commands.assign_work_item import AssignWorkItem
from workflows.commands.make_token import MakeToken
from workflows.commands.open_session import OpenSession
from workflows.commands.set_password import SetPassword
from workflows.commands.withdraw_case import WithdrawCase
from workflows.errors import InvalidAnswers, NotAllowed
from workflows.master_data import MEMBERSHIPS
from workflows.queries import actors, master_data
from workflows.queries.duties import of
from workflows.records import Account, Grant, InboxRow, WorkItem

TODAY, LATER = "2026-11-02", "2026-11-16"


@pytest.fixture(autouse=True)
def _always_true(world: World) -> Iterator[None]:
    yield
    world.check()


def fill_in(world: World, who: str | Actor, case_id: int, day: str = TODAY, **other: Any) -> None:
    world.do(who, "cancel_form", case_id, **{"cancel_reason": "left", "effective_on": day, "confirm": True, **other})


def of_another(world: World, who: str, username: str, day: str = TODAY) -> int:
    case_id = world.start("account_cancel", who).case_id
    world.do(who, "choose_account", case_id, whose="other", username=username)
    fill_in(world, who, case_id, day)
    return case_id


def test_by_the_holder_at_once(world: World) -> None:
    account_id = world.actor("requester").account_id
    assert account_id is not None
    session = world.execute(OpenSession(account_id), world.visitor())
    _, _, token = world.execute(MakeToken(account_id, "robot"), "requester")
    case_id = world.start("account_cancel", "requester").case_id
    world.do("requester", "choose_account", case_id, whose="own")
    fill_in(world, "requester", case_id, cancel_reason="other", reason="เกษียณอายุ")
    world.tick()
    assert (world.case(case_id)["outcome"], world.case(case_id)["state"]) == ("account_cancelled", "COMPLETED")
    assert (reason(world), held(world)) == ("cancelled", set())
    with world.runtime.reading() as db:
        assert actors.living_session(db, session, real_now()) is None
        assert actors.bearer(db, token, real_now()) is None
        kept = db.execute(select(Grant.role_code, Grant.revoked_at).where(Grant.account_id == account_id)).all()
    assert [role for role, revoked_at in kept if revoked_at] == ["906"]  # revoked, not forgotten
    assert "เกษียณอายุ" in world.sent(MANEE["email"])[0]["text"]


def test_by_a_visitor_who_proved_to_hold_it(world: World) -> None:
    visitor = world.visitor()
    case_id = world.start("account_cancel", visitor).case_id
    assert "account" not in world.variables(case_id)
    prove(world, visitor, case_id)
    fill_in(world, visitor, case_id)
    world.tick()
    assert reason(world) == "cancelled"


def test_by_the_head_on_a_day_to_come(world: World) -> None:
    case_id = of_another(world, "head", "requester", LATER)
    told = world.sent(MANEE["email"])[0]["text"]
    assert ("16 พ.ย. 2569" in told, "พ้นจากหน้าที่" in told) == (True, True)
    assert world.case(case_id)["stage"] == "รอวันมีผล"
    world.go_to(date(2026, 11, 15), time(23, 59))
    world.tick()
    assert reason(world) is None
    world.go_to(date(2026, 11, 16), time(0, 0))
    world.tick()
    assert (reason(world), held(world)) == ("cancelled", set())


def test_taken_back_before_its_day(world: World) -> None:
    case_id = of_another(world, "head", "requester", LATER)
    with pytest.raises(NotAllowed):
        world.execute(WithdrawCase(case_id), "requester")  # only who asked takes it back
    world.execute(WithdrawCase(case_id), "head")
    assert (world.case(case_id)["outcome"], reason(world), held(world)) == ("withdrawn", None, {"906"})
    assert "ใช้งานได้ตามเดิม" in world.sent(MANEE["email"])[0]["text"]
    world.go_to(date(2026, 11, 17))
    world.tick()
    assert reason(world) is None


@pytest.mark.parametrize("who", ["region", "regionchief", "admin"])
def test_by_nhso(world: World, who: str) -> None:
    of_another(world, who, "requester2")
    world.tick()
    assert reason(world, "requester2") == "cancelled"


@pytest.mark.parametrize(
    ("who", "username"), [("head", "requester2"), ("region9", "requester"), ("requester2", "head")]
)
def test_not_by_somebody_who_does_not_answer_for_it(world: World, who: str, username: str) -> None:
    case_id = world.start("account_cancel", who).case_id
    for name in (username, "nobody"):  # an account of others looks like none
        world.do(who, "choose_account", case_id, whose="other", username=name)
        again = world.item(who, "choose_account", case_id)["id"]
        assert "ไม่พบบัญชี" in world.seen(who, again)["identify_problem"]["th"]


def test_a_day_that_has_passed_is_refused(world: World) -> None:
    case_id = world.start("account_cancel", "requester").case_id
    world.do("requester", "choose_account", case_id, whose="own")
    with pytest.raises(InvalidAnswers) as refused:
        fill_in(world, "requester", case_id, "2026-11-01")
    assert set(refused.value.errors) == {"effective_on"}


def test_two_who_cancel_the_same_account_cancel_it_once(world: World) -> None:
    first, second = of_another(world, "head", "requester", LATER), of_another(world, "region", "requester", LATER)
    world.go_to(date(2026, 11, 16))
    world.tick()
    assert {world.case(case_id)["state"] for case_id in (first, second)} == {"COMPLETED"}
    assert sum("ยกเลิกแล้วตามคำขอ" in mail["text"] for mail in world.sent(MANEE["email"])) == 1


def test_a_single_role_is_free_again(world: World) -> None:
    of_another(world, "region", "head2")
    world.tick()
    with world.database.begin() as db:
        mine = select(Grant.single_holder).join(Account, Account.id == Grant.account_id)
        assert db.execute(mine.where(Account.username == "head2")).scalars().all() == [None]


# -- what else ends with an account ----------------------------------------------------------------------------------


def duties(world: World, username: str) -> set[tuple[str, str]]:
    """What an account acts for."""
    with world.runtime.reading() as db:
        return {(row["role"], row["scope"]) for row in of(db, world.account(username)["id"])}


def both_realms(world: World, serial: int = 41) -> tuple[str, str, str]:
    """Somebody with an account of each realm in unit 99001; gives the citizen ID and the names."""
    case_id = send(world, world.visitor("n"), serial, roles=("901", "914"))
    approve(world, case_id)
    world.do("issuer", "issue", case_id, confirm=True)
    made = {each["realm"]: each["username"] for each in world.variables(case_id)["usernames"]}
    return person(serial)["pid"], made["DC"], made["NDC"]


def test_whoever_gets_an_account_may_send_requests_of_the_unit(world: World) -> None:
    _, username, other = both_realms(world)
    assert (duties(world, username), duties(world, other)) == ({("requester", "99001")}, set())
    with world.database.begin() as db:
        db.execute(update(Account).where(Account.username == username).values(status="active"))
    bulk = world.services.definitions.latest_process("bulk_access_request")  # for officers and heads only
    assert bulk.may_start(world.actor(username))
    with world.runtime.reading() as db:
        told = master_data.history(db, world.keyring, MEMBERSHIPS, username)
    assert [(event["kind"], event["data"]["scope"]) for event in told] == [("membership.added", "99001")]


def test_every_account_of_the_person_by_default(world: World) -> None:
    _, username, other = both_realms(world)
    case_id = world.start("account_cancel", "head").case_id
    world.do("head", "choose_account", case_id, whose="other", username=username)
    form = world.form("head", world.item("head", "cancel_form", case_id)["id"], {})
    assert form.answers["username"] == "all"
    fill_in(world, "head", case_id, LATER)
    assert all(name in world.sent(person(41)["email"])[0]["text"] for name in (username, other))
    assert {world.account(name)["status"] for name in (username, other)} == {"pending"}
    world.go_to(date(2026, 11, 16))
    world.tick()
    assert {world.account(name)["status"] for name in (username, other)} == {"cancelled"}
    assert (held(world, username), held(world, other), duties(world, username)) == (set(), set(), set())


def test_one_account_of_two_leaves_the_other_and_what_is_asked_for_it(world: World) -> None:
    pid, username, other = both_realms(world)
    running = send(world, world.visitor("m"), 41, request_kind="more", roles=("904",))
    case_id = world.start("account_cancel", "head").case_id
    world.do("head", "choose_account", case_id, whose="other", username=username)
    fill_in(world, "head", case_id, username=other)
    world.tick()
    world.deliver()
    assert [world.account(name)["status"] for name in (username, other)] == ["pending", "cancelled"]
    assert (world.case(running)["state"], pid) == ("ACTIVE", person(41)["pid"])


def test_what_waits_for_a_decision_is_withdrawn_and_told(world: World) -> None:
    about_me = send(world, "head", 1, request_kind="more", pid=MANEE["pid"], mobile=MANEE["mobile"])
    sent_by_me = send(world, "requester", 42)
    of_somebody = send(world, "requester2", 43, "99002")
    case_id = of_another(world, "region", "requester", LATER)
    world.deliver()
    assert {world.case(each)["state"] for each in (about_me, sent_by_me)} == {"ACTIVE"}  # until the day
    world.go_to(date(2026, 11, 16))
    world.tick()
    world.deliver()
    for stopped in (about_me, sent_by_me):
        assert (world.case(stopped)["state"], world.case(stopped)["outcome"]) == ("COMPLETED", "withdrawn")
        assert world.case(stopped)["sla_state"] != "running"
    assert {item["case_id"] for item in (*world.items("head"), *world.items("pao"))} == set()
    assert world.case(of_somebody)["state"] == "ACTIVE"
    told = world.sent(person(42)["email"])[0]["text"]
    assert (world.case(case_id)["number"] in told, "พ้นจากหน้าที่" in told) == (True, True)
    numbers = [world.case(each)["number"] for each in (about_me, sent_by_me)]
    mine = next(mail["text"] for mail in world.sent(MANEE["email"]) if "ยกเลิกแล้วตามคำขอ" in mail["text"])
    assert all(number in mine for number in numbers)


def test_work_that_was_taken_goes_back_to_the_others(world: World) -> None:
    waits = send(world, "requester2", 44, "99002", roles=("901",))
    world.do("head2", "unit_head", waits, decision="approve")
    world.execute(AssignWorkItem(world.item("region", "region_check", waits)["id"]), "region")
    assert world.items("regionchief", "region_check") == []
    of_another(world, "admin", "region")
    world.tick()
    world.deliver()
    assert duties(world, "region") == set()
    with world.runtime.reading() as db:
        item = db.execute(select(WorkItem.assignee, WorkItem.groups).where(WorkItem.case_id == waits)).one()
        offered = set(db.execute(select(InboxRow.principal)).scalars())
    assert (item.assignee, item.groups, "group:region_officer:7" in offered) == (None, ["region_officer:7"], True)


def test_the_last_administrator_stays(world: World) -> None:
    case_id = world.start("account_cancel", "admin").case_id
    world.do("admin", "choose_account", case_id, whose="own")
    fill_in(world, "admin", case_id)
    again = world.item("admin", "cancel_form", case_id)["id"]
    assert "คนสุดท้าย" in world.seen("admin", again)["cancel_problem"]["th"]
    world.execute(Appoint("auditor", "admin", "", wanted=True), "admin")
    fill_in(world, "admin", case_id, LATER)
    world.execute(Appoint("auditor", "admin", "", wanted=False), "admin")
    world.go_to(date(2026, 11, 16))
    world.tick()
    assert (world.case(case_id)["outcome"], reason(world, "admin")) == ("withdrawn", None)


def test_whoever_comes_back_gets_the_account_back_by_a_new_request(world: World) -> None:
    of_another(world, "head", "requester")
    world.tick()
    mine = {"pid": MANEE["pid"], "email": "manee.again@example.org", "mobile": "0800000088"}
    with pytest.raises(AssertionError, match="not one roles"):  # more rights for what is cancelled: back to the form
        choose(world, world.visitor("b"), begin(world, world.visitor("b"), person(45, request_kind="more", **mine)))
    case_id = send(world, world.visitor("c"), 45, "99002", roles=("901",), **mine)
    world.do("head2", "unit_head", case_id, decision="approve")
    world.do("region", "region_check", case_id, decision="approve")
    world.do("region", "region_decide", case_id, decision="approve")
    world.do("owner", "owner_decide", case_id, decision="approve")
    world.do("issuer", "issue", case_id, confirm=True)
    account = world.account("requester")
    assert (account["status"], account["unit_code"], account["email"]) == ("pending", "99002", mine["email"])
    assert (reason(world), held(world), duties(world, "requester")) == ("pending", {"901"}, {("requester", "99002")})
    world.execute(SetPassword("hash", link_hash=world.link_for(mine["email"], "activate")), world.visitor("c"))
    assert reason(world) is None
