"""Lines that are returned, and the corrected file that answers them, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.bulk_requests import LEVELS, approve, lines, listed, send, states, upload
from tests.support.world import World


@pytest.fixture(autouse=True)
def _always_true(world: World) -> Iterator[None]:
    yield
    world.check()


@pytest.mark.parametrize("at", range(len(LEVELS)))
def test_returned_from_a_level_and_back_to_it(world: World, at: int) -> None:
    who, element = LEVELS[at]
    case_id = send(world, [listed(1), listed(2)])
    approve(world, case_id, until=element)
    world.do(who, element, decision="return", comment="ขอบัตรที่ชัดเจน")
    assert world.items(who) == []
    assert (world.case(case_id)["stage"], states(world, case_id)) == ("ผู้ส่งแก้ไขไฟล์", ["returned"] * 2)
    assert "ลำดับ 1, 2: ขอบัตรที่ชัดเจน" in world.sent("requester@example.org")[0]["text"]
    assert world.case(case_id)["sla_state"] == ("paused" if element == "region_decide" else "")
    world.do("requester", "correct_file", bundle=upload(world, "requester", [listed(1, last_name="ใหม่"), listed(2)]))
    assert [line["person"]["last_name"] for line in lines(world, case_id)] == ["ใหม่", "ระบบดี"]
    assert world.case(case_id)["sla_state"] == ("running" if element == "region_decide" else "")
    world.do(who, element, case_id, decision="approve")
    assert states(world, case_id) == ["open"] * 2
    assert world.items(who, element) == []


def test_only_the_returned_lines_are_decided_again(world: World) -> None:
    case_id = send(world, [listed(serial) for serial in range(1, 5)])
    back = [
        {"lines": "2-3", "decision": "return", "comment": "ชื่อไม่ตรง"},
        {"lines": "4", "decision": "reject", "comment": "ย้ายแล้ว"},
    ]
    world.do("head", "unit_head", decision="approve", exceptions=back)
    assert states(world, case_id) == ["open", "returned", "returned", "rejected"]
    # Line 2 is corrected, its citizen ID too; line 3 is left out; line 1 is repeated as it was.
    corrected = [listed(1), listed(9, last_name="แก้แล้ว")]
    world.do("requester", "correct_file", bundle=upload(world, "requester", corrected))
    found = lines(world, case_id)
    assert [(line["state"], line["level"]) for line in found] == [
        ("open", "head"), ("open", ""), ("removed", ""), ("rejected", ""),
    ]  # fmt: skip
    assert found[1]["person"]["last_name"] == "แก้แล้ว"
    assert world.case(case_id)["subject"] == "คำขอเป็นชุด · 2 คน"
    world.do("head", "unit_head", decision="approve")
    assert [line["level"] for line in lines(world, case_id)][:2] == ["head", "head"]
    assert world.item("pao", "supervisor")["case_id"] == case_id


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([listed(1, last_name="เปลี่ยน"), listed(2)], "แถว 2 ทั้งแถว: รายการนี้ไม่ได้ถูกส่งกลับแก้ไข"),
        ([listed(2, email="ไม่ใช่อีเมล")], "แถว 2 อีเมล"),
    ],
)
def test_a_wrong_correction_changes_nothing_and_says_why(world: World, rows: list[dict[str, str]], words: str) -> None:
    case_id = send(world, [listed(1), listed(2)])
    world.do(
        "head", "unit_head", decision="approve", exceptions=[{"lines": "2", "decision": "return", "comment": "แก้"}]
    )
    before = lines(world, case_id)
    world.do("requester", "correct_file", bundle=upload(world, "requester", rows))
    assert lines(world, case_id) == before
    item = world.item("requester", "correct_file")
    assert words in world.seen("requester", item["id"])["bundle_problem"]["th"]
    world.do("requester", "correct_file", bundle=upload(world, "requester", [listed(2)]))
    assert world.item("head", "unit_head")["case_id"] == case_id


def test_a_file_that_the_first_level_returned_may_add_persons(world: World) -> None:
    """They pass every level like the others; what was not returned goes on as it was."""
    case_id = send(world, [listed(1), listed(2)])
    world.do(
        "head", "unit_head", decision="approve", exceptions=[{"lines": "2", "decision": "return", "comment": "ขาดคน"}]
    )
    corrected = [listed(2, position="เจ้าพนักงานสาธารณสุข"), listed(7), listed(8)]
    world.do("requester", "correct_file", bundle=upload(world, "requester", corrected))
    assert world.case(case_id)["subject"] == "คำขอเป็นชุด · 4 คน"
    assert [(line["state"], line["level"]) for line in lines(world, case_id)] == [
        ("open", "head"), ("open", ""), ("open", ""), ("open", ""),
    ]  # fmt: skip
    world.do("head", "unit_head", decision="approve")
    approve(world, case_id, after="unit_head")
    world.do("issuer", "issue", confirm=True)
    assert (world.case(case_id)["outcome"], states(world, case_id)) == ("approved", ["issued"] * 4)


def test_a_file_that_a_later_level_returned_adds_nobody(world: World) -> None:
    case_id = send(world, [listed(1), listed(2)])
    approve(world, case_id, until="supervisor")
    world.do("pao", "supervisor", decision="return", comment="แก้")
    world.do("requester", "correct_file", bundle=upload(world, "requester", [listed(1), listed(2), listed(7)]))
    item = world.item("requester", "correct_file")
    assert "แถว 4 ทั้งแถว: ไม่มีคนนี้ในคำขอเดิม" in world.seen("requester", item["id"])["bundle_problem"]["th"]
    assert states(world, case_id) == ["returned", "returned"]


def test_a_file_of_another_unit_or_of_somebody_who_may_not_send_it_is_refused(world: World) -> None:
    case_id = world.start("bulk_access_request", "owner", bundle=upload(world, "owner", [listed(1)])).case_id
    item = world.item("owner", "first_correct")
    assert "ส่งคำขอเป็นชุดของหน่วยงานนี้ไม่ได้" in world.seen("owner", item["id"])["return_comment"]
    assert (world.case(case_id)["number"], lines(world, case_id)) == (None, [])
    mine = send(world, [listed(1)])
    world.do("head", "unit_head", decision="return", comment="แก้")
    world.do("requester", "correct_file", bundle=upload(world, "requester", [listed(1)], "99013"))
    item = world.item("requester", "correct_file")
    assert "แต่คำขอนี้เป็นของ 99001" in world.seen("requester", item["id"])["bundle_problem"]["th"]
    assert states(world, mine) == ["returned"]


def test_an_owner_returns_lines_while_the_other_decides(world: World) -> None:
    case_id = send(world, [listed(1), listed(2)])
    approve(world, case_id, until="owner_decide")
    world.do(
        "owner",
        "owner_decide",
        decision="approve",
        exceptions=[{"lines": "2", "decision": "return", "comment": "ระบุงาน"}],
    )
    world.do("owner2", "owner_decide", decision="approve")
    assert world.case(case_id)["sla_state"] == "paused"
    world.do("requester", "correct_file", bundle=upload(world, "requester", [listed(2, role2="", role3="905")]))
    assert (
        "เปลี่ยนไม่ได้แล้ว" in world.seen("requester", world.item("requester", "correct_file")["id"])["bundle_problem"]["th"]
    )
    corrected = [listed(2, position="เจ้าพนักงานสาธารณสุข")]
    world.do("requester", "correct_file", bundle=upload(world, "requester", corrected))
    assert lines(world, case_id)[1]["systems"] == {"ECLAIM": "approve"}  # the other owner's word stands
    world.do("owner", "owner_decide", decision="approve")
    world.do("issuer", "issue", confirm=True)
    assert (world.case(case_id)["outcome"], states(world, case_id)) == ("approved", ["issued"] * 2)
