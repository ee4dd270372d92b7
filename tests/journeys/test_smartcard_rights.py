"""The way of a request for smart-card rights from sending to the day of its round, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time

import pytest
from sqlalchemy import select

from tests.support import access_requests
from tests.support.access_requests import LEVELS
from tests.support.rounds import CLOSES, FIRST, GRANTED, SECOND, THIRD, approve, line, send
from tests.support.world import World, person
from workflows.commands.amend_calendar import AmendCalendar, Day
from workflows.commands.withdraw_case import WithdrawCase
from workflows.errors import InvalidAnswers, NotAllowed
from workflows.queries import cases, documents, linked
from workflows.records import Grant


@pytest.fixture(autouse=True)
def _always_true(world: World) -> Iterator[None]:
    yield
    world.check()


def granted(world: World, case_id: int) -> set[str]:
    with world.runtime.reading() as db:
        return set(db.execute(select(Grant.role_code).where(Grant.case_id == case_id)).scalars())


def test_from_sending_to_the_day_of_the_round(world: World) -> None:
    world.run_rounds()
    case_id = world.start("smartcard_rights", "requester").case_id
    world.do("requester", "nda", case_id, nda_accepted="yes")
    world.do("requester", "applicant", case_id, **person(1))
    before = world.seen("requester", world.item("requester", "roles")["id"])
    assert (before["effective_on"], before["round"]["id"]) == ("2026-11-13", FIRST)  # known before it is sent
    world.do("requester", "roles", case_id, roles=["100"])
    attached = {"letter": [world.upload("requester")], "id_copy": [world.upload("requester", "card.pdf")]}
    world.do("requester", "attachments", case_id, evidence_kind="citizen_card", **attached)
    world.do("requester", "otp_enter", case_id, otp_code=world.code_for(person(1)["mobile"]))

    assert world.variables(case_id)["effective_on"] == "2026-11-13"
    assert line(world, case_id) == {FIRST: ("waiting", "")}
    approve(world, case_id)
    case = world.case(case_id)
    assert (case["stage"], case["sla_state"]) == ("รอรอบสิทธิ", "met")  # the clock stops at the last approval
    assert line(world, case_id) == {FIRST: ("approved", "")}

    world.go_to(CLOSES[FIRST])
    world.run_rounds()
    world.do("issuer", "confirm", confirm=True)
    assert line(world, case_id) == {FIRST: ("confirmed", "")}
    world.run_rounds()
    assert granted(world, case_id) == set()  # not before its day
    world.go_to(GRANTED[FIRST])
    world.run_rounds()
    case = world.case(case_id)
    assert (case["state"], case["outcome"]) == ("COMPLETED", "approved")
    assert granted(world, case_id) == {"100"}
    assert line(world, case_id) == {FIRST: ("effective", "")}
    assert "ERM" in world.sent(person(1)["email"])[0]["text"]
    assert case["number"] in world.sent(person(1)["mobile"])[0]["text"]


@pytest.mark.parametrize(
    ("day", "at", "round_id"),
    [
        (date(2026, 11, 9), time(23, 59, 59), FIRST),
        (date(2026, 11, 10), time(0), SECOND),  # midnight in Bangkok is late
        (date(2026, 11, 21), time(23, 59, 59), SECOND),
        (date(2026, 11, 22), time(0), THIRD),
    ],
)
def test_the_round_is_fixed_by_the_bangkok_date_of_sending(world: World, day: date, at: time, round_id: str) -> None:
    world.go_to(day, at)
    case_id = send(world)
    world.later(days=30)
    assert world.variables(case_id)["round"]["id"] == round_id
    assert world.variables(case_id)["effective_on"] == GRANTED[round_id].isoformat()


def test_the_day_of_sending_counts_not_the_day_the_draft_began(world: World) -> None:
    world.go_to(date(2026, 11, 9), time(23, 58))
    case_id = world.start("smartcard_rights", "requester").case_id
    world.do("requester", "nda", case_id, nda_accepted="yes")
    world.do("requester", "applicant", case_id, **person(1))
    assert world.seen("requester", world.item("requester", "roles")["id"])["effective_on"] == "2026-11-13"
    world.do("requester", "roles", case_id, roles=["100"])
    attached = {"letter": [world.upload("requester")], "id_copy": [world.upload("requester", "card.pdf")]}
    world.do("requester", "attachments", case_id, evidence_kind="citizen_card", **attached)
    world.go_to(date(2026, 11, 10), time(0, 1))
    world.do("requester", "otp_enter", case_id, otp_code=world.code_for(person(1)["mobile"]))
    assert world.variables(case_id)["effective_on"] == "2026-11-27"


def test_what_is_not_approved_in_time_is_carried_over_and_told_why(world: World) -> None:
    world.run_rounds()
    case_id = send(world)
    approve(world, case_id, until="region_decide")
    world.go_to(CLOSES[FIRST])
    world.run_rounds()
    assert line(world, case_id) == {
        FIRST: ("carried", "เลื่อนจากรอบก่อน เพราะเมื่อปิดรายชื่อคำขออยู่ขั้น สปสช. เขต พิจารณา"),
        SECOND: ("waiting", "เลื่อนจากรอบก่อน เพราะเมื่อปิดรายชื่อคำขออยู่ขั้น สปสช. เขต พิจารณา"),
    }
    assert world.variables(case_id)["effective_on"] == "2026-11-27"
    mail = world.sent(person(1)["email"])[0]["text"]
    assert "27 พฤศจิกายน 2569" in mail
    assert "สปสช. เขต พิจารณา" in mail
    assert "27 พฤศจิกายน" in world.sent(person(1)["mobile"])[0]["text"]
    world.do("region", "region_decide", decision="approve")
    world.do("owner", "owner_decide", decision="approve")
    world.go_to(CLOSES[SECOND])
    world.run_rounds()
    world.do("issuer", "confirm", confirm=True)
    world.go_to(GRANTED[SECOND])
    world.run_rounds()
    assert world.case(case_id)["outcome"] == "approved"


@pytest.mark.parametrize("at", [0, 3])
def test_returned_and_rejected(world: World, at: int) -> None:
    who, element, _ = LEVELS[at]
    case_id = send(world)
    approve(world, case_id, until=element)
    world.do(who, element, decision="return", comment="หนังสือไม่ใช่แบบฟอร์ม 2")
    assert world.case(case_id)["stage"] == "ผู้ขอแก้ไขคำขอ"
    world.do("requester", "correct", roles=["100"])
    assert world.variables(case_id)["effective_on"] == "2026-11-13"  # it keeps its round
    with pytest.raises(InvalidAnswers):
        world.do(who, element, decision="reject")
    world.do(who, element, decision="reject", comment="ไม่ใช่เจ้าหน้าที่ของหน่วย")
    assert world.case(case_id)["outcome"] == "rejected"
    assert line(world, case_id) == {FIRST: ("left", "")}
    assert "ไม่ใช่เจ้าหน้าที่ของหน่วย" in world.sent(person(1)["email"])[0]["text"]


def test_withdrawn_while_it_waits_for_its_round(world: World) -> None:
    case_id = send(world)
    approve(world, case_id)
    world.execute(WithdrawCase(case_id), "requester")
    assert world.case(case_id)["outcome"] == "withdrawn"
    assert line(world, case_id) == {FIRST: ("left", "")}
    world.run_rounds()
    world.go_to(CLOSES[FIRST])
    world.run_rounds()
    assert world.items("issuer") == []  # an empty round ends by itself
    assert granted(world, case_id) == set()


def test_reminder_and_escalation_as_for_every_request(world: World) -> None:
    case_id = send(world)
    approve(world, case_id, until="region_decide")
    world.go_to(date(2026, 11, 24))
    world.tick()
    assert world.case(case_id)["sla_state"] == "breached"
    assert world.item("regionchief", "region_decide")["case_id"] == case_id


def test_what_a_head_asks_for_others_skips_the_head(world: World) -> None:
    case_id = send(world, "head")
    assert world.items("head") == []
    assert world.item("pao", "supervisor")["case_id"] == case_id


def test_a_visitor_may_ask(world: World) -> None:
    case_id = send(world, world.visitor())
    approve(world, case_id)
    assert world.case(case_id)["stage"] == "รอรอบสิทธิ"
    with pytest.raises(NotAllowed):
        world.execute(WithdrawCase(case_id), world.visitor("b"))


def test_what_cannot_be_granted_on_the_day_waits_for_the_issuer(world: World) -> None:
    """Somebody else took the address meanwhile: the other grants of the round do not wait for it."""
    world.run_rounds()
    case_id, other = send(world, serial=1, email="wanted@example.org"), send(world, serial=2)
    for each in (case_id, other):
        approve(world, each)
    third = send(world, serial=3, email="wanted@example.org")
    approve(world, third)
    world.go_to(CLOSES[FIRST])
    world.run_rounds()
    world.do("issuer", "confirm", confirm=True)
    world.go_to(GRANTED[FIRST])
    world.run_rounds()
    assert sorted(world.case(each)["state"] for each in (case_id, other, third)) == ["ACTIVE", "COMPLETED", "COMPLETED"]
    stuck = world.item("issuer", "issue")["case_id"]
    assert "อีเมลนี้" in world.variables(stuck)["issue_problem"]["th"]


def test_a_holiday_declared_meanwhile_moves_the_day_and_people_are_told(world: World) -> None:
    world.run_rounds()
    case_id = send(world)
    approve(world, case_id)
    world.execute(AmendCalendar([Day(date(2026, 11, 13), "holiday", "วันหยุดพิเศษ")]), "admin")
    world.run_rounds()
    assert world.variables(case_id)["effective_on"] == "2026-11-12"
    assert "12 พฤศจิกายน 2569" in world.sent(person(1)["email"])[0]["text"]
    world.go_to(date(2026, 11, 11))
    world.run_rounds()
    world.do("issuer", "confirm", confirm=True)
    world.go_to(date(2026, 11, 12))
    world.run_rounds()
    assert world.case(case_id)["outcome"] == "approved"


def test_a_mixed_request_is_two_cases_under_one_number(world: World) -> None:
    case_id = access_requests.begin(world, "requester", person(1))
    world.do("requester", "roles", case_id, roles=["904", "100"])
    files = {"letter": [world.upload("requester")], "letter_smartcard": [world.upload("requester", "form2.pdf")]}
    card = {"id_copy": [world.upload("requester", "card.pdf")], "evidence_kind": "citizen_card"}
    world.do("requester", "attachments", case_id, **files, **card)
    world.do("requester", "otp_enter", case_id, otp_code=world.code_for(person(1)["mobile"]))
    world.run_rounds()
    with world.runtime.reading() as db:
        (second,) = linked.others(db, case_id)
        assert [first["id"] for first in linked.others(db, second["id"])] == [case_id]
        letters = {file["file_name"] for file in cases.documents(db, second["id"])}
        letter = documents.visible(db, world.actor("region"), files["letter_smartcard"][0]["documentId"])
    number = world.case(case_id)["number"]
    assert second["number"] == f"{number}-2"
    assert {"form2.pdf", "card.pdf"} <= letters
    assert letter is not None
    assert line(world, second["id"]) == {FIRST: ("waiting", "")}
    assert world.variables(second["id"])["effective_on"] == "2026-11-13"
    assert world.variables(case_id)["roles"] == ["904"]

    approve(world, second["id"])
    assert granted(world, second["id"]) == set()
    access_requests.approve(world, case_id)
    world.do("issuer", "issue", case_id, confirm=True)
    assert granted(world, case_id) == {"904"}  # the rest does not wait for the round
    world.go_to(CLOSES[FIRST])
    world.run_rounds()
    world.do("issuer", "confirm", confirm=True)
    world.go_to(GRANTED[FIRST])
    world.run_rounds()
    assert granted(world, second["id"]) == {"100"}
    told = [message["text"] for message in world.sent(person(1)["email"])]
    assert number in told[0]
    assert not any(f"{number}-2" in text for text in told)  # the person knows one number
