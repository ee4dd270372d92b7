"""Sending a bulk request in a browser and over the API; deciding lines and several tasks at once; campaigns."""

from __future__ import annotations

import io
import re
from base64 import b64encode
from datetime import timedelta
from html import unescape
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.demo.people import PASSWORD
from intake.workbook import rows_of
from tests.house.test_routes import application, signed_in
from tests.support.access_requests import send as send_one
from tests.support.bulk_requests import HEADING, lines, listed, send, sheet, zipped
from tests.support.bundles import bundle, letter, workbook
from tests.support.world import World
from workflows.clock import bangkok_date
from workflows.rules.thai_dates import numeric

__all__ = ["application"]
START = "/start/bulk_access_request"


def token(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def sent(client: FlaskClient, data: bytes, name: str = "99001-รพ.สต.ตัวอย่าง.zip", path: str = START) -> TestResponse:
    """Post a file as the page's form does."""
    fields = {"csrf_token": token(client, path), "_go": "next", "bundle": (io.BytesIO(data), name)}
    return client.post(path, data=fields, content_type="multipart/form-data")


class Seen(World):
    """What the tests' world knows how to look at, over the application's own product."""

    def __init__(self, application: Flask) -> None:
        wired = application.extensions["sitthi"]
        self.product, self.runtime, self.clock = wired, wired.runtime, wired.runtime.clock
        self.services, self.keyring, self.database = wired.runtime.services, wired.keyring, wired.database
        self._actors: dict[str, Any] = {}


@pytest.fixture
def seen(application: Flask) -> Seen:
    return Seen(application)


def test_a_good_file_becomes_a_case_and_each_line_is_seen(application: Flask, seen: Seen) -> None:
    requester = signed_in(application, "requester")
    page = requester.get(START).text
    assert 'action="/bulk/template"' in page
    answer = sent(requester, zipped([listed(1), listed(2)]))
    assert answer.status_code == 302
    case = requester.get(answer.location).text
    assert "นายทดสอบ ระบบดี" in case
    assert listed(1)["pid"] not in case
    head = signed_in(application, "head")
    item = seen.items("head", "unit_head")[0]["id"]
    page = head.get(f"/work/{item}").text
    assert page.count('name="_except"') == 2
    csrf = token(head, f"/work/{item}")
    head.post(f"/work/{item}/claim", data={"csrf_token": csrf})
    excepted = head.post(f"/work/{item}", data={"csrf_token": csrf, "_except": "2", "decision": "approve"}).text
    assert re.search(r'name="exceptions.0.lines"[^>]*value="2"', excepted)
    answers = {
        "csrf_token": csrf, "_go": "next", "decision": "approve", "exceptions.0.lines": "2, 9",
        "exceptions.0.decision": "reject", "exceptions.0.comment": "ย้ายแล้ว",
    }  # fmt: skip
    wrong = head.post(f"/work/{item}", data=answers)
    assert wrong.status_code == 422
    assert "ไม่มีลำดับ 9 ในรายการที่รอผลขั้นนี้" in wrong.text
    assert head.post(f"/work/{item}", data=answers | {"exceptions.0.lines": "2"}).status_code == 302
    found = seen.items("pao", "supervisor")[0]["case_id"]
    assert [line["state"] for line in lines(seen, found)] == ["open", "rejected"]


def test_every_wrong_row_is_listed_and_nothing_is_stored(application: Flask, seen: Seen) -> None:
    requester = signed_in(application, "requester")
    before = requester.get("/cases").text.count("/cases/")
    bad = [
        listed(21, pid="1234567890123"), listed(22, email="requester@example.org"), listed(23, mobile="021234567"),
        listed(24, role1="101"), listed(25, pid="0990000000011"), listed(26, title="ท่าน"), listed(27, kind=""),
        listed(28, pid=listed(27)["pid"]), listed(29, role1="100", role2=""), listed(30, use=""),
        listed(31, role1="12"), listed(32, first_name=""), listed(33, kind="สิทธิเพิ่ม"),
    ]  # fmt: skip
    answer = sent(requester, zipped(bad))
    assert answer.status_code == 422
    rows = dict(re.findall(r'<th scope="row" class="num">(\d+)</th><td>[^<]*</td><td>([^<]*)</td>', answer.text))
    assert list(rows) == [str(number) for number in range(2, 15)]
    told = [unescape(text) for text in rows.values()]
    for words, text in zip(
        ["หลักสุดท้ายไม่ตรง", "ผู้ใช้อื่น", "มือถือ", "โรงพยาบาลเท่านั้น", "ADM007", "คำนำหน้า", "รหัสใหม่ หรือ", "ซ้ำกับแถว 8",
         "รอบสิทธิ Smart Card", "จองสิทธิ", "รหัสบทบาท", "ต้องกรอก", "ยังไม่มีรหัสผู้ใช้"], told, strict=True,
    ):  # fmt: skip
        assert words in text
    english = requester.post("/language", data={"lang": "en", "csrf_token": token(requester, START)})
    assert english.status_code == 302
    assert "must be" in sent(requester, zipped([listed(34)]), "list.zip").text
    assert "row" in sent(requester, zipped(bad)).text
    requester.post("/language", data={"lang": "th", "csrf_token": token(requester, START)})
    assert requester.get("/cases").text.count("/cases/") == before
    assert sent(requester, zipped([listed(21)])).status_code == 302


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"no zip", "99001-x.zip", "เสียหาย"),
        (bundle(workbook([["ชื่อ", "สกุล"], ["ก", "ข"]])), "99001-x.zip", "ไม่พบคอลัมน์"),
        (bundle(workbook([HEADING])), "99001-x.zip", "ยังไม่มีรายชื่อ"),
        (zipped([listed(41)]), "99002-x.zip", "ส่งคำขอเป็นชุดของหน่วยงานนี้ไม่ได้"),
        (zipped([listed(41)]), "88888-x.zip", "ไม่พบหน่วยงานรหัส 88888"),
        (letter(), "letter.pdf", ".zip"),
    ],
    ids=["hostile", "heading", "empty", "another unit", "no unit", "a PDF"],
)
def test_what_cannot_be_taken_says_why(application: Flask, data: bytes, name: str, words: str) -> None:
    answer = sent(signed_in(application, "requester"), data, name)
    assert answer.status_code == 422
    assert words in answer.text


def test_only_this_form_takes_more_than_twelve_megabytes(application: Flask) -> None:
    requester = signed_in(application, "requester")
    large = bundle(sheet([listed(42)]), letter() + b"\n%" + bytes(20 * 1024 * 1024))
    padded = large + bytes(13 * 1024 * 1024)  # what follows a ZIP belongs to nobody, yet has to be carried
    assert len(padded) > 12 * 1024 * 1024
    assert sent(requester, padded).status_code in (302, 422)
    fields = {"csrf_token": token(requester, "/start/access_request"), "x": (io.BytesIO(padded), "x.zip")}
    assert requester.post("/start/access_request", data=fields).status_code == 413
    stranger = application.test_client()
    assert stranger.post(START, data={"x": (io.BytesIO(padded), "x.zip")}).status_code in (302, 400, 413)


def test_the_template_is_filled_with_the_units_people_and_can_be_sent_back(application: Flask) -> None:
    requester = signed_in(application, "requester")
    answer = requester.get("/bulk/template?unit=99001")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].isascii()  # the server refuses a header with Thai letters in it
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["รายชื่อ", "คำแนะนำ", "บทบาท"]
    rows = rows_of(answer.data)
    assert rows[0][1] == HEADING
    people = {tuple(row[4:6]): row for _, row in rows[1:]}
    assert people["มานี", "ตัวอย่าง"][2] == "0990000000011"  # their own citizen ID
    assert people["วันเพ็ญ", "สาธิต"][2] == ""  # nobody else's
    assert "0990000000037" not in str(rows)
    offered = {str(each.sqref): each.formula1 for each in book["รายชื่อ"].data_validations.dataValidation}
    assert offered["J2:J501"].startswith("=บทบาท!")
    codes = [row[0].value[:3] for row in book["บทบาท"].iter_rows()]
    assert "906" in codes
    assert "101" not in codes  # a hospital's
    assert requester.get("/bulk/template?unit=99002").status_code == 404
    assert signed_in(application, "pao").get("/bulk/template?unit=99013").status_code == 200
    assert signed_in(application, "region").get("/bulk/template?unit=99001").status_code == 403


def test_over_the_api_with_document_references(application: Flask, seen: Seen) -> None:
    client = application.test_client()
    basic = {"Authorization": "Basic " + b64encode(f"requester:{PASSWORD}".encode()).decode()}
    kept = client.post(
        "/v2/documents",
        headers=basic,
        data={"file": (io.BytesIO(zipped([listed(51), listed(52, email="x")])), "99001-ก.zip")},
    )
    assert kept.status_code == 201
    body = {"processDefinitionId": "bulk_access_request", "variables": {"bundle": [kept.json]}}
    refused = client.post("/v2/process-instances", headers=basic, json=body)
    assert refused.status_code == 400
    assert "แถว 3 อีเมล" in refused.json["errors"]["bundle"]
    assert "row 3, E-mail" in refused.json["errors_en"]["bundle"]
    kept = client.post("/v2/documents", headers=basic, data={"file": (io.BytesIO(zipped([listed(51)])), "99001-ก.zip")})
    body["variables"]["bundle"] = [kept.json]
    started = client.post("/v2/process-instances", headers=basic, json=body)
    assert started.status_code == 200
    case_id = int(started.json["processInstanceKey"])
    item = seen.item("head", "unit_head", case_id)["id"]
    basic = {"Authorization": "Basic " + b64encode(f"head:{PASSWORD}".encode()).decode()}
    path = f"/v2/user-tasks/{item}/completion"
    wrong = {"decision": "approve", "exceptions": [{"lines": "7", "decision": "reject"}]}
    answer = client.post(path, headers=basic, json={"variables": wrong})
    assert answer.status_code == 400
    assert set(answer.json["errors"]) == {"exceptions.0.lines", "exceptions.0.comment"}
    assert client.post(path, headers=basic, json={"variables": {"decision": "approve"}}).status_code == 204
    assert seen.item("pao", "supervisor", case_id)
    refused = client.post("/v2/documents", headers=basic, data={"file": (io.BytesIO(b"x"), "99001-ก.zip")})
    assert refused.status_code == 400


def test_several_tasks_are_decided_at_once_each_by_itself(application: Flask, seen: Seen) -> None:
    cases = [send_one(seen, serial=serial) for serial in (61, 62, 63)]
    head = signed_in(application, "head")
    page = head.get("/inbox").text
    assert 'action="/inbox/decide"' in page
    items = {case_id: seen.item("head", "unit_head", case_id)["id"] for case_id in cases}
    csrf = token(head, "/inbox")
    chosen = [str(items[case_id]) for case_id in cases]
    asked = head.post("/inbox/decide", data={"csrf_token": csrf, "item": chosen})
    assert asked.status_code == 422
    assert "เลือกผลการพิจารณา" in asked.text
    asked = head.post("/inbox/decide", data={"csrf_token": csrf, "item": chosen, "decision": "reject"})
    assert asked.status_code == 422
    assert all(f'value="{id_}" checked' in asked.text for id_ in chosen)
    seen.do("head", "unit_head", cases[0], decision="approve")  # meanwhile somebody was faster
    done = head.post("/inbox/decide", data={"csrf_token": csrf, "item": [*chosen, "12345"], "decision": "approve"})
    assert done.status_code == 200
    assert "มีผู้ดำเนินการแล้ว" in done.text
    assert done.text.count("ไม่ได้บันทึก") >= 2
    for case_id in cases:
        assert seen.item("pao", "supervisor", case_id)
    pao = signed_in(application, "pao")
    chosen = [str(seen.item("pao", "supervisor", case_id)["id"]) for case_id in cases]
    answers = {"csrf_token": token(pao, "/inbox"), "item": chosen, "decision": "return", "comment": "ขอหนังสือใหม่"}
    assert pao.post("/inbox/decide", data=answers).status_code == 200
    assert {seen.case(case_id)["stage"] for case_id in cases} == {"ผู้ขอแก้ไขคำขอ"}


def test_tasks_of_different_steps_and_of_ones_own_are_not_decided_together(application: Flask, seen: Seen) -> None:
    one = send_one(seen, serial=71)
    other = send(seen, [listed(72)])
    chosen = [str(seen.item("head", "unit_head", case_id)["id"]) for case_id in (one, other)]
    head = signed_in(application, "head")
    answers = {"csrf_token": token(head, "/inbox"), "item": chosen, "decision": "approve"}
    mixed = head.post("/inbox/decide", data=answers)
    assert mixed.status_code == 422
    assert "คนละขั้นตอน" in mixed.text
    officer = {"pid": "0990000000061", "email": "region@example.org", "mobile": "0800000006", "request_kind": "more"}
    own = send_one(seen, seen.visitor(), **officer)  # asked for without signing in, yet about the officer
    for who, element in (("head", "unit_head"), ("pao", "supervisor")):
        seen.do(who, element, own, decision="approve")
    region = signed_in(application, "region")
    chosen = [str(seen.item("region", "region_check", own)["id"])]
    answers = {"csrf_token": token(region, "/inbox"), "item": chosen, "decision": "approve"}
    assert "ผู้ขอพิจารณาคำขอของตนเองไม่ได้" in region.post("/inbox/decide", data=answers).text
    assert seen.item("region", "region_check", own)


def test_a_campaign_is_announced_shown_and_closes_the_process(application: Flask, seen: Seen) -> None:
    admin, requester = signed_in(application, "admin"), signed_in(application, "requester")
    today = bangkok_date(seen.clock.now())
    typed = {
        "csrf_token": token(admin, "/campaigns"), "name": "รอบทดสอบ", "process_id": "bulk_access_request",
        "opens_on": numeric(today), "closes_on": numeric(today - timedelta(days=1)), "units_by": "",
        "supervisors_by": "", "message": "ส่งพร้อมหนังสือ",
    }  # fmt: skip
    wrong = admin.post("/campaigns", data=typed)
    assert wrong.status_code == 422
    assert "ปิดรับต้องไม่ก่อน" in wrong.text
    assert 'value="รอบทดสอบ"' in wrong.text
    later = {"closes_on": numeric(today + timedelta(days=9)), "units_by": numeric(today + timedelta(days=3))}
    assert admin.post("/campaigns", data=typed | later).status_code == 302
    assert "ส่งพร้อมหนังสือ" in requester.get(START).text
    assert sent(requester, zipped([listed(81)])).status_code == 302
    assert "รอบทดสอบ" in signed_in(application, "head").get("/inbox").text
    found = re.search(r"/campaigns\?edit=(\d+)", admin.get("/campaigns").text)
    assert found is not None
    assert 'value="รอบทดสอบ"' in admin.get(found[0]).text
    ahead = {"id": found[1], "opens_on": numeric(today + timedelta(days=2)), **later}
    assert admin.post("/campaigns", data=typed | ahead).status_code == 302
    page = requester.get(START).text
    assert "ยังไม่เปิดรับ" in page
    assert 'name="bundle"' not in page
    withdrawn = admin.post(f"/campaigns/{found[1]}/withdraw", data={"csrf_token": typed["csrf_token"]})
    assert withdrawn.status_code == 302
    assert 'name="bundle"' in requester.get(START).text
    assert requester.get("/campaigns").status_code == 403


def test_an_ended_request_tells_what_became_of_each_and_has_no_letter_to_nobody(application: Flask, seen: Seen) -> None:
    case_id = send(seen, [listed(95), listed(96)])
    seen.do("head", "unit_head", case_id, decision="reject", comment="ไม่ได้อยู่หน่วยนี้")
    page = signed_in(application, "requester").get(f"/cases/{case_id}").text
    assert page.count("ไม่ได้อยู่หน่วยนี้") >= 2
    assert "ผลรายคน: ไม่อนุมัติ 2" in page
    assert "/papers/receipt.pdf" in page
    assert "/papers/notice.pdf" not in page


def test_the_corrected_file_is_checked_before_it_is_taken(application: Flask, seen: Seen) -> None:
    case_id = send(seen, [listed(91), listed(92)])
    seen.do("head", "unit_head", case_id, decision="return", comment="ขอบัตรใหม่")
    requester = signed_in(application, "requester")
    path = f"/work/{seen.item('requester', 'correct_file', case_id)['id']}"
    assert "ขอบัตรใหม่" in requester.get(path).text
    wrong = sent(requester, zipped([listed(91), listed(92, mobile="x")]), path=path)
    assert wrong.status_code == 422
    assert "มือถือ" in wrong.text
    assert [line["state"] for line in lines(seen, case_id)] == ["returned"] * 2
    assert sent(requester, zipped([listed(91), listed(92)]), path=path).status_code == 302
    assert [line["state"] for line in lines(seen, case_id)] == ["open"] * 2


def test_the_sender_follows_it_by_number_and_phone_and_sees_no_person(application: Flask, seen: Seen) -> None:
    case_id = send(seen, [listed(101), listed(102), listed(103)])
    seen.do("head", "unit_head", case_id, decision="approve", exceptions=[
        {"lines": "2", "decision": "reject", "comment": "ย้ายแล้ว"},
    ])  # fmt: skip
    number, nobody = seen.case(case_id)["number"], application.test_client()
    fields = {"csrf_token": token(nobody, "/track"), "case": number, "phone": "080-000-0001"}
    page = nobody.post("/track", data=fields)
    assert page.status_code == 200
    for words in ("คำขอเป็นชุด · 3 คน", "กำลังดำเนินการ 2 · ไม่อนุมัติ 1"):
        assert words in page.text
    for hidden in (listed(101)["pid"], "ระบบดี", "มานี", "ย้ายแล้ว"):
        assert hidden not in page.text
    answer = nobody.post("/api/track", json={"case": number, "phone": "0800000001"})
    assert answer.json is not None
    assert (answer.json["persons"], answer.json["subject"]) == ({"open": 2, "rejected": 1}, "คำขอเป็นชุด · 3 คน")
    assert nobody.post("/api/track", json={"case": number, "phone": "0800000002"}).status_code == 404
