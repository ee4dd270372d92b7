"""Finding, correcting and voiding claim codes on pages and over the API; statistics and the report as files."""

from __future__ import annotations

import csv
import io
import re
from base64 import b64encode
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from app.access import product
from app.pages.claim_reports import HEAD
from tests.house.test_routes import application, signed_in
from tests.support.authentications import code, put
from workflows.clock import BANGKOK, bangkok_date
from workflows.rules import thai_address, thai_dates

__all__ = ["application"]
ALICE = "0990000000215"
BASIC = {"Authorization": "Basic " + b64encode(b"frontdesk:sitthi-demo").decode()}


@pytest.fixture(scope="module")
def desk(application: Flask) -> FlaskClient:
    """The front desk of unit 99003, with a handful of codes; nobody guards the forms."""
    application.config["WTF_CSRF_ENABLED"] = False
    with application.app_context():
        wired = product()
        now = wired.runtime.clock.now().astimezone(BANGKOK)
        before = now - timedelta(days=1)

        def one(number: int, at: Any = now, **other: Any) -> None:
            put(wired.database, wired.keyring, number, at, **other)

        one(1, pid=ALICE, method="face", review="none", illness="CI05", service_code="SA0020001")
        one(2, before, pid=ALICE, unit_code="99002", region="7", method="line", review="none", evidence=[])
        one(3, before, method="line", review="none", evidence=[])
        one(4, state="closed", method="endorsed", review="none", claimable=25050, not_claimable=0)
        one(5, unit_code="99004", region="9", first_name="=cmd|' /C calc'!A0")
        one(6)
        for number in range(20, 80):
            one(number, before - timedelta(minutes=number), method="line", review="none", evidence=[])
    return signed_in(application, "frontdesk")


def test_who_sees_which(application: Flask, desk: FlaskClient) -> None:
    mine = desk.get("/authentications").text
    assert code(1) in mine
    assert code(2) not in mine
    region = signed_in(application, "reviewer")
    seen = region.get("/authentications?unit=99002").text
    assert code(2) in seen
    assert code(1) not in seen
    assert code(5) not in region.get("/authentications").text
    assert code(5) in signed_in(application, "auditor").get("/authentications").text
    for url in (f"/authentications/{code(5)}", f"/authentications/{code(2)}/person"):
        assert desk.get(url).status_code == 404
    assert signed_in(application, "requester").get("/authentications").status_code == 403


def test_filters_narrow_and_pages_follow_a_key(desk: FlaskClient) -> None:
    assert code(6) in desk.get("/authentications?method=smartcard").text
    assert code(1) not in desk.get("/authentications?method=smartcard").text
    assert desk.get("/authentications?from=32/1/2569").status_code == 422
    assert desk.get("/authentications?code=PP1").status_code == 422
    first = desk.get("/authentications?state=open")
    link = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = desk.get(link).text
    assert code(79) in second
    assert code(20) in first.text
    assert code(20) not in second


def test_a_person_is_found_and_never_stands_in_an_address(desk: FlaskClient) -> None:
    answer = desk.post("/authentications/person", data={"pid": "0-9900-00000-21-5"})
    assert answer.status_code == 302
    assert "0990000000215" not in answer.headers["Location"]
    found = desk.get(answer.headers["Location"]).text
    assert code(1) in found
    assert "099XXXXXXXX15" in found
    assert code(6) not in found
    assert desk.post("/authentications/person", data={"pid": "0990000000216"}).status_code == 422
    cleared = desk.post("/authentications/person", data={"_go": "clear"}, follow_redirects=True).text
    assert code(6) in cleared


def test_the_entry_shows_evidence_and_masks_for_those_who_need_no_names(application: Flask, desk: FlaskClient) -> None:
    mine = desk.get(f"/authentications/{code(6)}").text
    assert "ไม่ตอบภายในเวลา" in mine
    assert "ตัวอย่าง6" in mine
    assert "0800000101" in mine
    audit = signed_in(application, "auditor").get(f"/authentications/{code(6)}").text
    assert "ตัวอย่าง6" not in audit
    assert "0800000101" not in audit
    assert "บันทึกการแก้ไข" not in audit


def edited(desk: FlaskClient, number: int, **fields: str) -> Any:
    given = {"mobile": "0800000101", "phones": "", "reason": "พิมพ์ผิด", "revision": "1", **fields}
    return desk.post(f"/authentications/{code(number)}/edit", data=given)


def test_a_correction_is_kept_with_what_was_before(desk: FlaskClient) -> None:
    whole = {"service_code": "PG0060001", "profession": "pharmacy", "visit_number": "VN1", "illness": "CI07"}
    wrong = edited(desk, 3, **whole, claimable="12.345")
    assert wrong.status_code == 422
    assert "VN1" in wrong.text
    assert edited(desk, 3, **whole, claimable="", reason="").status_code == 422
    assert edited(desk, 3, **{**whole, "profession": "dental"}).status_code == 422
    saved = edited(desk, 3, **whole, claimable="1,250.50", not_claimable="0", mobile="081-234-5678")
    assert saved.status_code == 302
    seen = desk.get(f"/authentications/{code(3)}").text
    for words in ("1250.50", "VN1", "การพยาบาลและการผดุงครรภ์ → เภสัชกรรม", "081XXXX678", "พิมพ์ผิด"):
        assert words in seen
    late = edited(desk, 3, **whole, claimable="7")
    assert late.status_code == 409
    assert "สายใจ ตัวอย่าง แก้ไขรายการนี้ไปก่อน" in late.text
    assert "วิชาชีพ" in late.text
    assert 'value="7"' in late.text


def test_closed_ones_keep_what_was_claimed(desk: FlaskClient) -> None:
    page = desk.get(f"/authentications/{code(4)}").text
    assert 'name="profession"' not in page
    refused = edited(desk, 4, profession="pharmacy")
    assert refused.status_code == 409
    assert "ปิดสิทธิแล้ว" in refused.text
    assert edited(desk, 4, illness="CI01").status_code == 302


def test_voiding_at_once_later_and_twice(application: Flask, desk: FlaskClient) -> None:
    assert desk.post(f"/authentications/{code(1)}/void", data={"void_reason": " "}).status_code == 422
    done = desk.post(f"/authentications/{code(1)}/void", data={"void_reason": "ผิดคน"}, follow_redirects=True).text
    assert "ยกเลิกรหัสแล้ว" in done
    twice = desk.post(f"/authentications/{code(1)}/void", data={"void_reason": "x"})
    assert twice.status_code == 409
    assert "ถูกยกเลิกแล้วเมื่อ" in twice.text
    asked = desk.post(f"/authentications/{code(20)}/void", data={"void_reason": "ซ้ำ"}, follow_redirects=True).text
    assert "รอคนที่สองเห็นชอบ" in asked
    again = desk.post(f"/authentications/{code(20)}/void", data={"void_reason": "ซ้ำ"})
    assert again.status_code == 409
    signatory = signed_in(application, "signatory")
    queue = signatory.get("/queue").text
    assert "เห็นชอบการยกเลิกรหัส" in queue
    item = re.search(r'href="/work/([0-9]+)"', queue)
    assert item is not None
    page = signatory.get(f"/work/{item[1]}").text
    assert ("เห็นชอบและยกเลิกรหัส" in page, "อนุมัติและส่งต่อ" in page) == (True, False), "decisions in the form's words"
    assert signed_in(application, "reviewer").post(f"/authentications/{code(21)}/void").status_code == 403


def test_other_units_codes_are_masked_while_the_patient_is_here_today(application: Flask, desk: FlaskClient) -> None:
    with application.app_context():
        wired = product()
        today = wired.runtime.clock.now()
        put(wired.database, wired.keyring, 8, today, pid="0990000000223", review="none", method="line", illness="CI06")
        old = today - timedelta(days=9)
        put(wired.database, wired.keyring, 9, old, pid="0990000000223", unit_code="99002", illness="CI06")
    seen = desk.get(f"/authentications/{code(8)}/person").text
    assert code(9) not in seen
    assert f"{code(9)[:2]}XXXXXXXX{code(9)[-2:]}" in seen
    assert "ปกปิดไว้" in seen
    assert "ไอ" in seen
    region = signed_in(application, "reviewer").get(f"/authentications/{code(8)}/person").text
    assert code(9) in region


def test_exceptions_are_counted_sorted_and_taken_out(application: Flask, desk: FlaskClient) -> None:
    region = signed_in(application, "reviewer")
    page = region.get("/authentications/exceptions?sort=total&dir=down")
    assert page.status_code == 200
    assert 'aria-sort="descending"' in page.text
    assert region.get("/authentications/exceptions?from=12/2569&to=11/2569").status_code == 422
    file = region.post("/authentications/exceptions/export", data={"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(file.data.decode("utf-8-sig"))))
    month = bangkok_date(_now(application)).isoformat()[:7]
    line = next(row for row in rows if row["รหัสหน่วยงาน"] == "99003" and row["เดือน (ISO)"] == month)
    assert int(line["Smart Card กรณีพิเศษ"]) == 1
    assert int(line["มีผู้ยืนยันแทน"]) == 1
    assert int(line["แอปใบหน้าไม่ตอบ"]) >= 1
    assert {row["รหัสหน่วยงาน"] for row in rows} == {"99002", "99003"}
    book = region.post("/authentications/exceptions/export", data={"format": "xlsx"})
    assert load_workbook(io.BytesIO(book.data)).active.max_row == len(rows) + 1


def _now(application: Flask) -> Any:
    with application.app_context():
        return product().runtime.clock.now()


def test_the_report_as_page_and_file(application: Flask, desk: FlaskClient) -> None:
    page = desk.get("/reports/authentications").text
    assert "ในเมือง" in page
    assert "ตัวอย่าง6" in page
    file = desk.post("/reports/authentications/export", data={"format": "csv", "state": "open"})
    rows = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))
    assert tuple(rows[0]) == HEAD
    assert len(rows) > 50
    assert rows[1][4:9] == ["3", "ตัวอย่าง", "ในเมือง", "เมือง", "ขอนแก่น"]
    auditor = signed_in(application, "auditor")
    book = auditor.post("/reports/authentications/export", data={"format": "xlsx"})
    sheet = load_workbook(io.BytesIO(book.data)).active
    names = [row[3] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert any(str(name).startswith("นาง=cmd") for name in names)  # text, no formula
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert not any("ตัวอย่าง6" in str(name) for name in names)
    assert "authentications" in auditor.get("/registers/exports/history").text


def test_the_interface_finds_corrects_and_voids(application: Flask, desk: FlaskClient) -> None:
    client = application.test_client()
    found = client.get("/api/authentications?method=line&limit=10", headers=BASIC).get_json()
    assert len(found["items"]) == 10
    further = client.get(f"/api/authentications?method=line&limit=10&after={found['next']}", headers=BASIC).get_json()
    assert {each["claimCode"] for each in found["items"]}.isdisjoint(each["claimCode"] for each in further["items"])
    assert client.get(f"/api/authentications?pid={ALICE}", headers=BASIC).status_code == 400
    person = client.post("/api/authentications/search", json={"pid": ALICE}, headers=BASIC).get_json()
    assert [each["claimCode"] for each in person["items"]] == [code(1)]
    change = {"revision": 1, "reason": "แก้", "visit_number": "VN9", "claimable": 500}
    saved = client.patch(f"/api/authentications/{code(22)}", json=change, headers=BASIC)
    assert (saved.status_code, saved.get_json()["revision"], saved.get_json()["claimable"]) == (200, 2, 500)
    late = client.patch(f"/api/authentications/{code(22)}", json={**change, "visit_number": "VN8"}, headers=BASIC)
    assert late.status_code == 409
    assert "สายใจ" in late.get_json()["detail_th"]
    wrong = client.patch(
        f"/api/authentications/{code(22)}", json={**change, "revision": 2, "mobile": "1"}, headers=BASIC
    )
    assert (wrong.status_code, list(wrong.get_json()["errors"])) == (400, ["mobile"])
    void = client.post(f"/api/authentications/{code(22)}/void", json={"reason": "ซ้ำ"}, headers=BASIC).get_json()
    assert (void["authentication"]["state"], void["authentication"]["voidAsked"]) == ("open", True)
    assert client.post(f"/api/authentications/{code(22)}/void", json={"reason": "x"}, headers=BASIC).status_code == 409
    assert client.post(f"/api/authentications/{code(5)}/void", json={"reason": "x"}, headers=BASIC).status_code == 404


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("12 หมู่ 3 บ้านตัวอย่าง ต.ในเมือง อ.เมือง จ.ขอนแก่น", ("3", "ตัวอย่าง", "ในเมือง", "เมือง", "ขอนแก่น")),
        ("๑๒#หมู่ที่ ๓####ตำบลในเมือง#อำเภอเมืองขอนแก่น#จังหวัดขอนแก่น", ("3", "", "ในเมือง", "เมืองขอนแก่น", "ขอนแก่น")),
        ("บ้านเลขที่ 9 แขวงดุสิต เขตดุสิต", ("", "", "ดุสิต", "ดุสิต", "")),
        ("", ("", "", "", "", "")),
    ],
)
def test_the_parts_of_an_address(text: str, parts: tuple[str, ...]) -> None:
    assert tuple(thai_address.parts(text)) == parts


@pytest.mark.parametrize("text", ["11/2569", "พ.ย. 2569", "พฤศจิกายน 2569", "2026-11", "๑๑/๒๕๖๙"])
def test_a_month_as_people_type_it(text: str) -> None:
    assert thai_dates.parse_month(text) == date(2026, 11, 1)
