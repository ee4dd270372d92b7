"""The way of a request for many people, as those on it walk it, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select

from tests.support.bulk_requests import LEVELS, approve, lines, listed, send, states
from tests.support.world import World
from workflows.commands.withdraw_case import WithdrawCase
from workflows.errors import InvalidAnswers, NotAllowed, OwnRequest
from workflows.records import Account, Document, Grant

THREE = [listed(1), listed(2, role2=""), listed(3, role1="904", role2="", use="")]


@pytest.fixture(autouse=True)
def _always_true(world: World) -> Iterator[None]:
    """Whatever a journey did: its audit chains are whole, and inbox and snapshots agree."""
    yield
    world.check()


def test_decided_together_and_each_person_answered(world: World) -> None:
    case_id = send(world, THREE)
    case = world.case(case_id)
    assert (case["number"], case["unit_code"], case["region"]) == ("69-000001-5", "99001", "7")
    assert case["subject"] == "คำขอเป็นชุด · 3 คน"
    stages = []
    for who, element in LEVELS:
        stages.append((world.case(case_id)["stage"], world.case(case_id)["sla_state"]))
        world.do(who, element, decision="approve")
    assert stages == [
        ("หัวหน้าหน่วยงาน", ""), ("หน่วยงานกำกับ", ""), ("สปสช. เขต ตรวจเอกสาร", ""), ("สปสช. เขต พิจารณา", "running"),
    ]  # fmt: skip
    assert world.case(case_id)["sla_due"] == date(2026, 11, 23)
    world.do("owner", "owner_decide", decision="approve")
    assert world.items("issuer") == []
    world.do("owner2", "owner_decide", decision="approve")
    world.do("issuer", "issue", confirm=True)

    case = world.case(case_id)
    assert (case["state"], case["outcome"], case["stage"]) == ("COMPLETED", "approved", "เสร็จสิ้น")
    assert (case["sla_state"], states(world, case_id)) == ("met", ["issued"] * 3)
    with world.runtime.reading() as db:
        made = db.execute(select(Account.username, Account.email).where(Account.case_id == case_id)).all()
        held = db.execute(select(Account.email, Grant.role_code).join(Grant, Grant.account_id == Account.id)).all()
        attached = db.execute(select(Document.content_type).where(Document.case_id == case_id)).scalars()
        assert sorted(attached) == ["application/pdf", "application/zip"]
    assert [username[:9] for username, _ in made] == ["691199001"] * 3
    assert {(email, role) for email, role in held if email.startswith("person")} == {
        ("person1@example.org", "901"), ("person1@example.org", "904"),
        ("person2@example.org", "901"), ("person3@example.org", "904"),
    }  # fmt: skip
    for serial in (1, 2, 3):
        mail = world.sent(f"person{serial}@example.org")
        assert len(mail) == 1
        assert world.link_for(f"person{serial}@example.org", "activate")
    assert "E-Claim" not in world.sent("person2@example.org")[0]["text"]
    assert "ออกสิทธิแล้ว 3 คน" in world.sent("requester@example.org")[0]["text"]


def test_decided_line_by_line_with_partial_outcome(world: World) -> None:
    case_id = send(world, [listed(serial) for serial in range(1, 6)])
    otherwise = [{"lines": "2, 4", "decision": "reject", "comment": "ไม่ได้ปฏิบัติงานที่หน่วยนี้"}]
    world.do("head", "unit_head", decision="approve", exceptions=otherwise)
    assert states(world, case_id) == ["open", "rejected", "open", "rejected", "open"]
    assert "ไม่ได้ปฏิบัติงานที่หน่วยนี้" in world.sent("person2@example.org")[0]["text"]
    assert world.sent("person1@example.org") == []
    approve_from_supervisor(world, case_id)
    world.do(
        "owner",
        "owner_decide",
        decision="approve",
        exceptions=[{"lines": "3", "decision": "reject", "comment": "เหตุหนึ่ง"}],
    )
    world.do(
        "owner2",
        "owner_decide",
        decision="reject",
        comment="เหตุสอง",
        exceptions=[{"lines": "1", "decision": "approve"}],
    )
    world.do("issuer", "issue", confirm=True)
    assert (world.case(case_id)["outcome"], states(world, case_id)) == (
        "partly_approved", ["issued", "rejected", "rejected", "rejected", "issued"],
    )  # fmt: skip
    text = world.sent("person5@example.org")[0]["text"]
    assert "E-Claim (online): ไม่อนุมัติ: เหตุสอง" in text
    assert "ตั้งรหัสผ่าน" in text
    text = world.sent("person3@example.org")[0]["text"]
    assert "เหตุหนึ่ง" in text
    assert "เหตุสอง" in text
    decided = [event["data"] for event in world.history(case_id) if event["kind"] == "bulk.decided"]
    assert decided[0] == {"level": "head", "counts": {"approve": 3, "reject": 2}, "reject": [2, 4]}


def approve_from_supervisor(world: World, case_id: int) -> None:
    for who, element in LEVELS[1:]:
        world.do(who, element, case_id, decision="approve")


def test_all_rejected_at_a_level(world: World) -> None:
    case_id = send(world, THREE)
    with pytest.raises(InvalidAnswers) as refused:
        world.do("head", "unit_head", decision="reject")
    assert set(refused.value.errors) == {"comment"}
    world.do("head", "unit_head", decision="reject", comment="รายชื่อไม่ถูกต้อง")
    assert (world.case(case_id)["outcome"], states(world, case_id)) == ("rejected", ["rejected"] * 3)
    assert world.items("issuer") == []
    assert "รายชื่อไม่ถูกต้อง" in world.sent("person3@example.org")[0]["text"]
    assert "ไม่ได้ออกสิทธิ 3 คน" in world.sent("requester@example.org")[0]["text"]


def test_all_rejected_by_the_owners(world: World) -> None:
    case_id = send(world, THREE)
    approve(world, case_id, until="owner_decide")
    world.do("owner", "owner_decide", decision="reject", comment="เหตุหนึ่ง")
    world.do("owner2", "owner_decide", decision="reject", comment="เหตุสอง")
    assert world.items("issuer") == []
    assert world.case(case_id)["outcome"] == "rejected"
    assert "เหตุหนึ่ง; เหตุสอง" in world.sent("person1@example.org")[0]["text"]
    assert "เหตุหนึ่ง" not in world.sent("person3@example.org")[0]["text"]


def test_withdrawn_before_issuance_and_never_after(world: World) -> None:
    withdrawn = send(world, [listed(1)])
    approve(world, withdrawn, until="owner_decide")
    world.execute(WithdrawCase(withdrawn), "requester")
    case = world.case(withdrawn)
    assert (case["state"], case["outcome"], states(world, withdrawn)) == ("COMPLETED", "withdrawn", ["removed"])
    assert world.items("owner") == []
    late = send(world, [listed(1)])  # who was withdrawn may be asked for again
    approve(world, late)
    with pytest.raises(NotAllowed):
        world.execute(WithdrawCase(late), "requester")


def test_the_senders_own_level_is_skipped(world: World) -> None:
    by_head = send(world, [listed(1)], "head")
    assert world.item("pao", "supervisor")["case_id"] == by_head
    by_supervisor = send(world, [listed(2)], "pao")
    world.do("head", "unit_head", by_supervisor, decision="approve")
    assert world.item("region", "region_check")["case_id"] == by_supervisor
    alone = send(world, [listed(3)], "requester2", "99002")
    world.do("head2", "unit_head", alone, decision="approve")
    assert len(world.items("region", "region_check")) == 2


def test_nobody_decides_a_line_about_themselves(world: World) -> None:
    """A head's own line goes to the next level undecided; at the other levels somebody else must decide."""
    head = listed(8, kind="สิทธิเพิ่ม", pid="0990000000037", email="head@example.org")
    region = listed(9, kind="สิทธิเพิ่ม", pid="0990000000061", email="region@example.org")
    case_id = send(world, [listed(1), head, region])
    world.do(
        "head", "unit_head", decision="reject", comment="ทดสอบ", exceptions=[{"lines": "1, 3", "decision": "approve"}]
    )
    assert [(line["state"], line["level"]) for line in lines(world, case_id)] == [
        ("open", "head"), ("open", ""), ("open", "head"),
    ]  # fmt: skip
    world.do("pao", "supervisor", decision="approve")
    assert [line["level"] for line in lines(world, case_id)] == ["supervisor"] * 3
    with pytest.raises(OwnRequest):
        world.do("region", "region_check", decision="approve")
    assert world.item("region", "region_check")["case_id"] == case_id


def test_many_are_issued_in_parts_each_once(world: World) -> None:
    case_id = send(world, [listed(serial, role2="") for serial in range(1, 61)])
    approve(world, case_id)
    world.do("issuer", "issue", confirm=True)
    assert states(world, case_id).count("issued") == 25  # one transaction
    world.deliver()
    assert states(world, case_id).count("issued") == 60
    assert world.case(case_id)["outcome"] == "approved"
    with world.runtime.reading() as db:
        made = db.execute(select(Account.email).where(Account.case_id == case_id)).scalars().all()
    assert len(made) == len(set(made)) == 60
    assert all(len(world.sent(email)) == 1 for email in made)


def test_who_cannot_be_issued_any_more_is_told_and_the_others_go_on(world: World) -> None:
    case_id, rival = send(world, THREE), send(world, [listed(4, email="other@example.org")], "head")
    approve(world, case_id)
    for who, element in LEVELS[1:]:
        world.do(who, element, rival, decision="approve")
    for who in ("owner", "owner2"):
        world.do(who, "owner_decide", rival, decision="approve")
    with world.database.begin() as db:  # meanwhile somebody else got the address of the second person
        db.execute(Account.__table__.update().where(Account.username == "auditor").values(email="person2@example.org"))
    world.do("issuer", "issue", case_id, confirm=True)
    assert states(world, case_id) == ["issued", "failed", "issued"]
    assert world.case(case_id)["outcome"] == "partly_approved"
    assert "อีเมลนี้เป็นของผู้ใช้อื่นแล้ว" in world.sent("person2@example.org")[0]["text"]


def test_reminder_then_escalation(world: World) -> None:
    case_id = send(world, THREE)
    approve(world, case_id, until="region_decide")
    world.go_to(date(2026, 11, 16))  # day 10 of 15
    world.tick()
    assert world.case(case_id)["number"] in world.sent("region@example.org")[0]["text"]
    world.go_to(date(2026, 11, 24))
    world.tick()
    assert world.case(case_id)["sla_state"] == "breached"
    assert world.item("regionchief", "region_decide")["case_id"] == case_id
