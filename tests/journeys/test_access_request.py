"""The way of a request for access, as the people on it walk it, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app import passwords
from tests.support.access_requests import LEVELS, approve, begin, choose, send
from tests.support.world import World, person
from workflows.clock import real_now
from workflows.commands.amend_calendar import AmendCalendar, Day
from workflows.commands.open_session import OpenSession
from workflows.commands.send_return_code import SendReturnCode
from workflows.commands.set_password import SetPassword
from workflows.commands.use_return_link import UseReturnLink
from workflows.commands.withdraw_case import WithdrawCase
from workflows.errors import InvalidAnswers, NotAllowed, OwnRequest
from workflows.queries import actors, links
from workflows.records import Account, Consent, Grant


@pytest.fixture(autouse=True)
def _always_true(world: World) -> Iterator[None]:
    """Whatever a journey did: its audit chains are whole, and inbox and snapshots agree."""
    yield
    world.check()


def test_approved_by_all_and_in_use(world: World) -> None:
    case_id = send(world)
    case, applicant = world.case(case_id), person(1)
    assert (case["number"], case["unit_code"], case["region"]) == ("69-000001-5", "99001", "7")
    stages = []
    for who, element, _ in LEVELS:
        stages.append((world.case(case_id)["stage"], world.case(case_id)["sla_state"]))
        world.do(who, element, decision="approve")
    assert stages == [
        ("หัวหน้าหน่วยงาน", ""),
        ("หน่วยงานกำกับ", ""),
        ("สปสช. เขต ตรวจเอกสาร", ""),
        ("สปสช. เขต พิจารณา", "running"),
    ]
    assert world.case(case_id)["sla_due"] == date(2026, 11, 23)  # 15 working days after Monday 2 November
    world.do("owner", "owner_decide", decision="approve")
    assert world.items("issuer") == []
    world.do("owner2", "owner_decide", decision="approve")
    world.do("issuer", "issue", confirm=True)

    case = world.case(case_id)
    assert (case["state"], case["outcome"], case["stage"]) == ("COMPLETED", "approved", "เสร็จสิ้น")
    assert case["sla_state"] == "met"
    with world.runtime.reading() as db:
        account = db.execute(select(*Account.__table__.c).where(Account.case_id == case_id)).one()
        grants = set(db.execute(select(Grant.role_code).where(Grant.account_id == account.id)).scalars())
        assert actors.actor_of(db, account.id) is None  # it acts only once it is activated
    assert (account.status, account.username[:9], grants) == ("pending", "691199001", {"901", "904"})

    link = world.link_for(applicant["email"], "activate")
    activation = SetPassword(passwords.hashed("a long new password"), link_hash=link)
    world.execute(activation, world.visitor())
    with pytest.raises(NotAllowed):  # the link works once
        world.execute(activation, world.visitor())
    with world.runtime.reading() as db:
        known = actors.sign_in_account(db, account.username)
    assert known is not None
    assert passwords.matches(known["password_hash"], "a long new password")
    token = world.execute(OpenSession(account.id), world.visitor())
    with world.runtime.reading() as db:
        assert actors.living_session(db, token, real_now()) is not None
    assert world.actor(account.username).organisation == "99001"
    assert account.username in world.sent(applicant["email"])[0]["text"]  # and the change is confirmed by mail
    assert world.deliver() == 4  # code, result by mail and SMS, confirmation


@pytest.mark.parametrize("at", range(len(LEVELS)))
def test_returned_from_a_level_and_back_to_it(world: World, at: int) -> None:
    who, element, review = LEVELS[at]
    case_id = send(world)
    approve(world, case_id, until=element)
    world.do(who, element, decision="return", comment="ชื่อไม่ตรงกับหนังสือ")
    assert world.items(who) == []
    assert world.case(case_id)["stage"] == "ผู้ขอแก้ไขคำขอ"
    mail = world.sent(person(1)["email"])[0]["text"]
    assert "ชื่อไม่ตรงกับหนังสือ" in mail
    assert "/sign-in" in mail  # somebody with an account needs no link
    world.do("requester", "correct", first_name="ทดสอบใหม่", roles=["904"])
    assert world.item(who, element)["subject"] == "ทดสอบใหม่ ระบบดี1 · 1 ระบบ"
    assert world.case(case_id)["stage"] != "ผู้ขอแก้ไขคำขอ"
    world.do(who, element, decision="approve")
    assert world.variables(case_id)[review] == {"decision": "approve", "comment": None} | (
        {"enquiry": None} if who == "region" else {}
    )
    assert world.told(case_id).count(f"completed:{element}") == 2


def test_the_clock_runs_pauses_while_returned_and_is_met(world: World) -> None:
    case_id = send(world)
    approve(world, case_id, until="region_decide")
    due = world.case(case_id)["sla_due"]
    world.go_to(date(2026, 11, 5))
    world.do("region", "region_decide", decision="return", comment="ขอหนังสือใหม่")
    assert (world.case(case_id)["sla_state"], world.case(case_id)["sla_due"]) == ("paused", None)
    world.go_to(date(2026, 11, 12))
    assert world.tick() == 0  # nobody is reminded of what is not with the office
    world.do("requester", "correct")
    case = world.case(case_id)
    assert (case["sla_state"], case["sla_due"]) == ("running", due + timedelta(days=7))  # 5 working days and a weekend
    assert world.sla(case_id) == {
        "state": "running", "due": "2026-11-30", "used": 3, "total": 15, "paused": 5, "remaining": 12,
        "unit": "working",
    }  # fmt: skip
    world.do("region", "region_decide", decision="approve")
    world.do("owner", "owner_decide", decision="approve")
    world.do("owner2", "owner_decide", decision="approve")
    world.do("issuer", "issue", confirm=True)
    assert world.case(case_id)["sla_state"] == "met"
    assert [kind for kind in world.told(case_id) if kind.startswith("sla.")] == [
        "sla.start", "sla.pause", "sla.resume", "sla.stop",
    ]  # fmt: skip


@pytest.mark.parametrize("at", range(len(LEVELS)))
def test_rejected_at_a_level(world: World, at: int) -> None:
    who, element, _ = LEVELS[at]
    case_id = send(world)
    approve(world, case_id, until=element)
    with pytest.raises(InvalidAnswers) as refused:
        world.do(who, element, decision="reject")
    assert set(refused.value.errors) == {"comment"}  # a rejection needs its reason
    world.do(who, element, decision="reject", comment="ไม่ได้ปฏิบัติงานที่หน่วยนี้")
    case = world.case(case_id)
    assert (case["state"], case["outcome"]) == ("COMPLETED", "rejected")
    assert case["sla_state"] == ("met" if element == "region_decide" else "")
    assert "ไม่ได้ปฏิบัติงานที่หน่วยนี้" in world.sent(person(1)["email"])[0]["text"]
    assert person(1)["mobile"] in {message["to"] for message in world.sent(person(1)["mobile"])}
    decided = next(event for event in world.history(case_id) if event["data"].get("decision") == "reject")
    assert decided["private"] == {"comment": "ไม่ได้ปฏิบัติงานที่หน่วยนี้"}


def test_one_owner_rejects_and_the_others_go_on(world: World) -> None:
    case_id = send(world, roles=("901", "904", "910"))
    approve(world, case_id, until="owner_decide")
    assert len(world.items("owner", "owner_decide")) == 2  # one item for each of their systems
    world.do("owner2", "owner_decide", decision="reject", comment="ใช้ E-Claim ไม่ได้")
    for item in world.items("owner"):
        world.answer("owner", item["id"], decision="approve")
    world.do("issuer", "issue", confirm=True)
    assert world.case(case_id)["outcome"] == "partly_approved"
    text = world.sent(person(1)["email"])[0]["text"]
    assert "ไม่อนุมัติ: ใช้ E-Claim ไม่ได้" in text
    with world.runtime.reading() as db:
        assert set(db.execute(select(Grant.role_code).where(Grant.case_id == case_id)).scalars()) == {"901", "910"}


def test_all_owners_reject(world: World) -> None:
    case_id = send(world)
    approve(world, case_id, until="owner_decide")
    world.do("owner", "owner_decide", decision="reject", comment="เหตุหนึ่ง")
    world.do("owner2", "owner_decide", decision="reject", comment="เหตุสอง")
    assert world.case(case_id)["outcome"] == "rejected"
    text = world.sent(person(1)["email"])[0]["text"]
    assert "เหตุหนึ่ง" in text
    assert "เหตุสอง" in text


def test_an_owner_returns_while_the_other_decides(world: World) -> None:
    case_id = send(world)
    approve(world, case_id, until="owner_decide")
    world.do("owner", "owner_decide", decision="return", comment="ระบุงานที่ใช้")
    assert world.case(case_id)["sla_state"] == "paused"
    world.do("owner2", "owner_decide", decision="approve")
    world.later(days=2)
    world.do("requester", "owner_correct", position="เจ้าพนักงานสาธารณสุข")
    assert world.case(case_id)["sla_state"] == "running"
    world.do("owner", "owner_decide", decision="approve")
    world.do("issuer", "issue", confirm=True)
    assert world.case(case_id)["outcome"] == "approved"


def test_withdrawn_before_issuance_and_never_after(world: World) -> None:
    withdrawn = send(world, serial=1)
    approve(world, withdrawn, until="owner_decide")
    with pytest.raises(NotAllowed):
        world.execute(WithdrawCase(withdrawn), "head")
    world.execute(WithdrawCase(withdrawn), "requester")
    case = world.case(withdrawn)
    assert (case["state"], case["outcome"], case["sla_state"]) == ("COMPLETED", "withdrawn", "met")
    assert world.items("owner") == []
    assert world.told(withdrawn).count("cancelled:owner_decide") == 2
    late = send(world, serial=2)
    approve(world, late)
    with pytest.raises(NotAllowed):
        world.execute(WithdrawCase(late), "requester")
    world.do("issuer", "issue", confirm=True)
    with pytest.raises(NotAllowed):
        world.execute(WithdrawCase(late), "requester")
    assert world.case(late)["outcome"] == "approved"


def test_a_declined_agreement_is_kept_as_evidence(world: World) -> None:
    case_id = world.start("access_request", "requester").case_id
    world.do("requester", "nda", nda_accepted="no")
    case = world.case(case_id)
    assert (case["state"], case["outcome"], case["number"]) == ("COMPLETED", "declined", None)
    with world.runtime.reading() as db:
        kept = db.execute(select(*Consent.__table__.c).where(Consent.case_id == case_id)).one()
    assert (kept.accepted, kept.actor, kept.at) == (False, "requester", world.clock.now())
    assert len(kept.text_sha256) == 64


def test_a_draft_ends_after_a_day(world: World) -> None:
    case_id = begin(world, "requester", person(1))
    world.later(hours=23, minutes=59)
    assert world.tick() == 0
    world.later(minutes=1)
    assert world.tick() == 1
    case = world.case(case_id)
    assert (case["state"], case["outcome"], world.items("requester")) == ("COMPLETED", "expired", [])
    assert world.tick() == 0


def test_reminder_then_escalation(world: World) -> None:
    case_id = send(world)
    approve(world, case_id, until="region_decide")
    world.go_to(date(2026, 11, 15))
    assert world.tick() == 0
    world.go_to(date(2026, 11, 16))  # day 10 of 15
    assert world.tick() == 1
    assert world.case(case_id)["number"] in world.sent("region@example.org")[0]["text"]
    assert world.tick() == 0
    assert world.items("regionchief") == []
    world.go_to(date(2026, 11, 23))
    world.tick()
    assert world.case(case_id)["sla_state"] == "running"  # the last day counts to its end
    world.go_to(date(2026, 11, 24))
    assert world.tick() == 1
    assert world.case(case_id)["sla_state"] == "breached"
    assert world.item("regionchief", "region_decide")["case_id"] == case_id
    assert world.item("region", "region_decide")["case_id"] == case_id  # nobody loses it
    assert world.case(case_id)["number"] in world.sent("regionchief@example.org")[0]["text"]
    told = world.told(case_id)
    assert [kind for kind in told if kind in ("sla.reminder", "sla.breached", "escalated:region_decide")] == [
        "sla.reminder", "sla.breached", "escalated:region_decide",
    ]  # fmt: skip
    world.do("regionchief", "region_decide", decision="approve")
    assert world.items("region") == []


def test_a_holiday_declared_meanwhile_moves_the_deadline(world: World) -> None:
    case_id = send(world)
    approve(world, case_id, until="region_decide")
    before = world.item("region", "region_decide")["due_at"]
    with pytest.raises(NotAllowed):
        world.execute(AmendCalendar([Day(date(2026, 11, 20), "holiday", "วันหยุดพิเศษ")]), "region")
    world.execute(AmendCalendar([Day(date(2026, 11, 20), "holiday", "วันหยุดพิเศษ")]), "admin")
    assert world.case(case_id)["sla_due"] == date(2026, 11, 23)
    world.tick()
    assert world.case(case_id)["sla_due"] == date(2026, 11, 24)
    assert world.item("region", "region_decide")["due_at"] == before + timedelta(days=1)
    moved = next(event for event in world.history(case_id) if event["kind"] == "sla.recomputed")
    assert moved["data"] == {"from": "2026-11-23", "to": "2026-11-24"}
    world.execute(AmendCalendar([Day(date(2026, 11, 20), "none")]), "admin")
    world.tick()
    assert world.case(case_id)["sla_due"] == date(2026, 11, 23)
    world.go_to(date(2026, 11, 24))
    world.tick()
    assert world.case(case_id)["sla_state"] == "breached"


def test_a_unit_without_supervisor_skips_that_level(world: World) -> None:
    case_id = send(world, "requester2", unit_code="99002")
    world.do("head2", "unit_head", decision="approve")
    assert world.item("region", "region_check")["case_id"] == case_id
    assert world.items("pao") == []


def test_the_heads_own_request_skips_the_head(world: World) -> None:
    head = {"pid": "0990000000037", "email": "head@example.org", "request_kind": "more"}
    case_id = send(world, "head", **head)
    assert world.items("head") == []
    assert world.item("pao", "supervisor")["case_id"] == case_id


@pytest.mark.parametrize(("who", "unit_code", "next_level"), [("head", "99001", "pao"), ("head2", "99002", "region")])
def test_what_a_head_asks_for_others_skips_the_head(world: World, who: str, unit_code: str, next_level: str) -> None:
    case_id = send(world, who, unit_code=unit_code)
    assert world.items(who) == []
    assert [item["case_id"] for item in world.items(next_level)] == [case_id]


def test_nobody_decides_their_own_request(world: World) -> None:
    officer = {"pid": "0990000000061", "email": "region@example.org", "mobile": "0800000006", "request_kind": "more"}
    case_id = send(world, world.visitor(), serial=2, **officer)  # asked for without signing in, yet about the officer
    approve(world, case_id, until="region_check")
    with pytest.raises(OwnRequest):
        world.do("region", "region_check", decision="approve")
    assert world.case(case_id)["state"] == "ACTIVE"


@pytest.mark.parametrize(
    ("applicant", "words"),
    [
        ({"pid": "0990000000029", "email": "fresh@example.org"}, "ADM007"),
        ({"email": "owner@example.org"}, "อีเมลนี้"),
    ],
)
def test_a_second_account_and_a_taken_address_are_refused(world: World, applicant: dict[str, str], words: str) -> None:
    """At once, with the reason; and the applicant may correct it and go on."""
    case_id = world.start("access_request", "requester").case_id
    world.do("requester", "nda", nda_accepted="yes")
    try:
        world.do("requester", "applicant", **person(1, **applicant))
    except InvalidAnswers as refused:
        said = " ".join(text.th for text in refused.errors.values())
    else:
        said = world.seen("requester", world.item("requester", "applicant")["id"])["applicant_problem"]["th"]
    assert words in said
    world.do("requester", "applicant", **person(1))
    assert world.item("requester", "roles")["case_id"] == case_id


def test_an_account_made_meanwhile_stops_the_second_at_issuance(world: World) -> None:
    first = send(world, serial=1)
    second = send(world, serial=1, email="other@example.org")
    approve(world, first)
    approve(world, second)
    world.do("issuer", "issue", first, confirm=True)
    world.do("issuer", "issue", confirm=True)
    assert world.case(first)["outcome"] == "approved"
    case, item = world.case(second), world.item("issuer", "issue")
    assert (case["state"], item["case_id"]) == ("ACTIVE", second)
    assert "ADM007" in world.variables(second)["issue_problem"]["th"]
    world.do("issuer", "issue", request_kind="more", confirm=True)  # add to the account there is
    assert world.case(second)["outcome"] == "approved"


def test_one_holder_of_the_wallet_role(world: World) -> None:
    """``head2`` holds it in unit 99002; whoever wants it must say that they take it over."""
    case_id = begin(world, "requester2", person(1, "99002"))
    world.do("requester2", "roles", roles=["913"])
    problem = world.seen("requester2", world.item("requester2", "roles")["id"])["role_problem"]
    assert "สมคิด" in problem["th"]
    choose(world, "requester2", case_id, ("913",), handover=True)
    world.do("requester2", "otp_enter", otp_code=world.code_for(person(1)["mobile"]))
    world.do("head2", "unit_head", decision="approve")
    world.do("region", "region_check", decision="approve")
    world.do("region", "region_decide", decision="approve")
    world.do("owner2", "owner_decide", decision="approve")
    world.do("issuer", "issue", confirm=True)
    with world.runtime.reading() as db:
        held = select(Grant.case_id).where(Grant.single_holder == "99002/913")
        assert list(db.execute(held).scalars()) == [case_id]
        revoked = select(Grant.role_code).where(Grant.revoked_at == world.clock.now())
        assert list(db.execute(revoked).scalars()) == ["913"]


def test_a_visitor_comes_back_to_a_returned_request(world: World) -> None:
    visitor, applicant = world.visitor(), person(1)
    case_id = send(world, visitor)
    world.do("head", "unit_head", decision="return", comment="แนบหนังสือใหม่")
    link = world.link_for(applicant["email"], "return")
    world.execute(SendReturnCode(link), world.visitor("b"))
    code = world.code_for(applicant["mobile"])
    with world.runtime.reading() as db:
        wrong = f"{(int(code) + 1) % 10**6:06d}"
        assert links.wrong_code(db, world.keyring, link, wrong, world.clock.now()) is not None
        assert links.wrong_code(db, world.keyring, link, code, world.clock.now()) is None
    assert world.execute(UseReturnLink(link), world.visitor("b")) == (case_id, visitor.id)
    with pytest.raises(NotAllowed):
        world.execute(UseReturnLink(link), world.visitor("b"))
    assert world.items(world.visitor("b")) == []
    world.do(visitor, "correct", letter=[world.upload(visitor)])
    assert world.item("head", "unit_head")["case_id"] == case_id


def test_a_return_link_ends_after_its_time(world: World) -> None:
    send(world, world.visitor())
    world.do("head", "unit_head", decision="return", comment="แนบหนังสือใหม่")
    link = world.link_for(person(1)["email"], "return")
    world.later(days=60)
    with pytest.raises(NotAllowed):
        world.execute(UseReturnLink(link), world.visitor())


def test_a_visitor_asks_for_more_rights_only_with_the_number_of_the_account(world: World) -> None:
    visitor = world.visitor()
    about = {"pid": "0990000000011", "email": "requester@example.org", "request_kind": "more"}
    case_id = begin(world, visitor, person(5, **about))
    choose(world, visitor, case_id, ("904",))
    world.do(visitor, "otp_enter", case_id, otp_code=world.code_for(person(5)["mobile"]))
    assert world.case(case_id)["number"] is None
    again = world.item(visitor, "applicant", case_id)["id"]
    assert "ไม่ใช่เบอร์ที่ลงทะเบียนไว้" in world.seen(visitor, again)["applicant_problem"]["th"]
    world.do(visitor, "applicant", case_id, **person(5, **about, mobile="0800000001"))
    choose(world, visitor, case_id, ("904",))
    world.do(visitor, "otp_enter", case_id, otp_code=world.code_for("0800000001"))
    assert world.case(case_id)["number"]
