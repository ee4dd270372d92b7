"""The pages of rounds: who is in, who will miss it, the issuer's lines, the list to take away; and the schedules."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from app import create_app
from tests.house.test_routes import signed_in
from tests.support import access_requests
from tests.support.rounds import CLOSES, FIRST, SECOND, approve, line, rounds, send
from tests.support.world import World, person
from workflows.commands.save_schedule import SCHEDULES
from workflows.queries import linked
from workflows.queries import rounds as queries
from workflows.records import HistoryRow, RoundSchedule


@pytest.fixture
def application(world: World) -> Flask:
    return create_app(wired=world.product)


def post(client: FlaskClient, page: str, action: str, **fields: object) -> tuple[int, str]:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert token is not None
    answer = client.post(action, data={"csrf_token": token[1], **fields}, follow_redirects=True)
    return answer.status_code, answer.text


def test_a_round_from_its_page(world: World, application: Flask) -> None:
    world.run_rounds()
    ready, late, refused = (send(world, serial=serial) for serial in (1, 2, 3))
    for case_id in (ready, refused):
        approve(world, case_id)
    approve(world, late, until="region_check")
    issuer = signed_in(application, "issuer")
    listed = issuer.get("/rounds").text
    assert (FIRST in listed, 'data-label="ปิดรายชื่อ"' in listed) == (True, True)  # a phone shows no headings
    waiting = issuer.get(f"/rounds/{FIRST}?tab=waiting").text
    assert "สปสช. เขต ตรวจเอกสาร" in waiting  # where it stands is why it will miss the round
    assert person(2)["pid"] not in waiting
    world.go_to(CLOSES[FIRST])
    world.run_rounds()
    page = f"/rounds/{FIRST}"
    assert post(issuer, page, f"{page}/lines", _go="confirm")[0] == 422
    status, text = post(issuer, page, f"{page}/lines", case=str(refused), _go="refuse")
    assert (status, f'value="{refused}" form="marks" checked' in text) == (422, True)  # what was chosen is still chosen
    assert post(issuer, page, f"{page}/lines", case=str(refused), _go="refuse", reason="บัตรหมดอายุ")[0] == 200
    assert post(issuer, page, f"{page}/lines", case=str(refused), _go="confirm")[0] == 409
    assert post(issuer, page, f"{page}/carry", carry=str(ready), reason="หน่วยขอเลื่อน")[0] == 200
    assert (line(world, ready)[SECOND], line(world, late)[SECOND][0]) == (("approved", "หน่วยขอเลื่อน"), "waiting")
    assert post(issuer, page, f"{page}/carry", carry=str(refused))[0] == 409


def test_rounds_open_by_themselves_and_are_not_offered_to_anybody(application: Flask) -> None:
    start = signed_in(application, "designer").get("/start").text
    assert "/start/smartcard_rights" in start
    assert "/start/issuance_round" not in start
    assert signed_in(application, "designer").get("/start/issuance_round").status_code == 404


def test_the_list_to_take_away(world: World, application: Flask) -> None:
    world.run_rounds()
    case_id = send(world, last_name="=HYPERLINK(1)")
    approve(world, case_id)
    send(world, serial=2)
    issuer = signed_in(application, "issuer")
    answer = issuer.get(f"/rounds/{FIRST}/list.xlsx")
    assert answer.status_code == 200
    rows = list(load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert len(rows) == 3  # title, heads, the one that is approved
    assert rows[2][:3] == (world.case(case_id)["number"], "นาย ทดสอบ =HYPERLINK(1)", world.case(case_id)["pid_masked"])
    assert "XXXXXXXX" in str(rows[2][2])
    assert issuer.get(f"/rounds/{FIRST}/list.pdf").data.startswith(b"%PDF")
    assert issuer.get(f"/rounds/{FIRST}/list.doc").status_code == 404
    assert issuer.get("/rounds/nothing").status_code == 404


def test_an_officer_sees_the_lines_of_the_own_region_only(world: World, application: Flask) -> None:
    send(world)
    region = signed_in(application, "region")
    assert "ทดสอบ ระบบดี1" in region.get(f"/rounds/{FIRST}?tab=waiting").text
    assert region.get(f"/rounds/{FIRST}/list.xlsx").status_code == 403
    elsewhere = world.actor("region").__class__("other", groups=frozenset({"region_officer:8"}), account_id=1)
    with world.runtime.reading() as db:
        assert queries.lines(db, elsewhere, FIRST, ("waiting",)) == []


def test_a_schedule_is_seen_before_it_is_kept(world: World, application: Flask) -> None:
    designer, page = signed_in(application, "designer"), "/round-schedules/smartcard"
    values = {
        "name": "สิทธิ Smart Card", "channel": "smartcard", "kind": "monthly", "days": "8=16, 22=28",
        "closes_before": "1", "roll": "before", "active": "true",
    }  # fmt: skip
    assert "10=15, 22=28" in designer.get(page).text
    status, text = post(designer, page, page, **values, _go="save")  # not seen yet, so it is shown first
    assert (status, "บันทึกตามตัวอย่างนี้" in text, "16 ธ.ค. 2569" in text) == (200, True, True)
    seen = re.search(r'name="seen" value="([^"]+)"', text)
    assert seen is not None
    other = {**values, "days": "9=16, 22=28"}
    assert "บันทึกตามตัวอย่างนี้" in post(designer, page, page, **other, _go="save", seen=seen[1])[1]
    assert post(designer, page, page, **{**values, "days": "20=16"}, _go="preview")[0] == 422
    assert post(designer, page, page, **{**values, "days": "soon"}, _go="preview")[0] == 422
    with world.runtime.reading() as db:
        assert db.execute(select(RoundSchedule.days).where(RoundSchedule.code == "smartcard")).scalar() == [
            [10, 15],
            [22, 28],
        ]
    status, text = post(designer, page, page, **values, _go="save", seen=seen[1])
    assert (status, "บันทึกตารางรอบแล้ว" in text) == (200, True)
    with world.runtime.reading() as db:
        kept = db.execute(select(HistoryRow.data).where(HistoryRow.subject_id == SCHEDULES)).scalar_one()
    assert kept == {"before": {"days": [[10, 15], [22, 28]]}, "after": {"days": [[8, 16], [22, 28]]}}
    world.run_rounds()
    assert list(rounds(world)) == ["smartcard.2026-11-08"]
    assert signed_in(application, "issuer").get(page).status_code == 403


def test_a_new_schedule(world: World, application: Flask) -> None:
    admin, page = signed_in(application, "admin"), "/round-schedules/new"
    values = {
        "code": "fridays",
        "name": "วันศุกร์",
        "channel": "regular",
        "kind": "weekly",
        "weekdays": "4",
        "regions": "8",
    }
    more = {"closes_before": "0", "roll": "after", "active": "true"}
    assert post(admin, page, page, **{**values, **more, "code": "daily"}, _go="preview")[0] == 422
    text = post(admin, page, page, **values, **more, _go="preview")[1]
    seen = re.search(r'name="seen" value="([^"]+)"', text)
    assert seen is not None
    assert "วันศุกร์" in post(admin, page, page, **values, **more, _go="save", seen=seen[1])[1]
    case_id = access_requests.send(world, "requester")
    assert world.case(case_id)["region"] == "7"
    access_requests.approve(world, case_id)
    assert world.variables(case_id)["issue_expected_on"] == "2026-11-03"  # daily; region 8 alone waits for Friday


def test_a_schedule_says_when_its_rounds_open(world: World, application: Flask) -> None:
    designer, page = signed_in(application, "designer"), "/round-schedules/smartcard"
    values = {
        "name": "สิทธิ Smart Card", "channel": "smartcard", "kind": "monthly", "days": "10=15, 22=28",
        "opens_before": "4", "closes_before": "1", "roll": "before", "active": "true",
    }  # fmt: skip
    assert post(designer, page, page, **{**values, "opens_before": "0"}, _go="preview")[0] == 422
    text = post(designer, page, page, **values, _go="preview")[1]
    assert text.index("เปิดรับ 6 พ.ย. 2569") < text.index("เปิดรับ 18 พ.ย. 2569")
    seen = re.search(r'name="seen" value="([^"]+)"', text)
    assert seen is not None
    post(designer, page, page, **values, _go="save", seen=seen[1])
    world.run_rounds()
    assert rounds(world) == {}  # on the 2nd nothing opens yet
    case_id = send(world)
    world.run_rounds()
    assert line(world, case_id) == {FIRST: ("waiting", "")}  # it waits for the round, which has no case yet
    with world.runtime.reading() as db:
        assert queries.find(db, FIRST)["case_id"] is None
    shown = signed_in(application, "issuer").get(f"/rounds/{FIRST}").text
    assert ("ยังไม่เปิดรับ" in shown, "6 พ.ย. 2569" in shown) == (True, True)
    world.go_to(date(2026, 11, 6))
    world.run_rounds()
    with world.runtime.reading() as db:
        assert queries.find(db, FIRST)["case_id"] is not None


def test_the_requester_sees_round_and_day_and_both_cases_of_a_mixed_request(world: World, application: Flask) -> None:
    world.run_rounds()
    case_id = access_requests.begin(world, "requester", person(1))
    world.do("requester", "roles", case_id, roles=["904", "100"])
    files = {name: [world.upload("requester")] for name in ("letter", "letter_smartcard", "id_copy")}
    world.do("requester", "attachments", case_id, evidence_kind="citizen_card", **files)
    world.do("requester", "otp_enter", case_id, otp_code=world.code_for(person(1)["mobile"]))
    world.run_rounds()
    number = world.case(case_id)["number"]
    requester = signed_in(application, "requester")
    first, second = requester.get(f"/cases/{number}").text, requester.get(f"/cases/{number}-2").text
    assert f"/cases/{number}-2" in first
    assert "13 พ.ย. 2569" in second
    assert f'/cases/{number}"' in second
    status, text = post(application.test_client(), "/track", "/track", case=number, phone=person(1)["mobile"])
    assert (status, "ขอสิทธิ Smart Card ตามรอบ" in text, "13 พ.ย. 2569" in text) == (200, True, True)
    shown = application.test_client().post("/api/track", json={"case": number, "phone": person(1)["mobile"]}).json
    assert [(part["process"], part["effectiveOn"]) for part in shown["parts"]] == [
        ("ขอสิทธิ Smart Card ตามรอบ", "2026-11-13")
    ]
    with world.runtime.reading() as db:
        (part,) = linked.others(db, case_id)
    approve(world, part["id"])
    steps = re.search(r"<ol class=\"steps.*?</ol>", requester.get(f"/cases/{number}-2").text, re.DOTALL)
    assert steps is not None
    assert re.search(r'<li class="current".*?รอรอบสิทธิ', steps[0], re.DOTALL)
