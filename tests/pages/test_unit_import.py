"""A list of organisations from Excel: every fault has its row and reason, a preview changes nothing, and what is taken
over is exactly what was looked at, or nothing."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook

from app.exports import excel_file
from app.pages.unit_imports import _KINDS
from app.registers.organisations import PROVINCES
from tests.house.test_routes import application, signed_in
from workflows.errors import FileRejected
from workflows.rules import unit_import
from workflows.rules.unit_import import COLUMNS

__all__ = ["application"]
HOME = "/registers/organisations/import"
HEAD = ["รหัส", "ชื่อ", "ประเภท", "จังหวัด", "เขต", "หน่วยงานกำกับ", "ใช้งาน"]
GOOD = [
    ["99301", "รพ.สต.ใหม่", "รพ.สต.", "ขอนแก่น", "7", "PAO09", ""],
    ["PAO09", "อบจ.ใหม่", "องค์การบริหารส่วนจังหวัด", "จ.ขอนแก่น", "เขต 7", "", "ใช่"],
    ["99006", "คลินิกเปลี่ยนชื่อ", "คลินิก", "", "๑๓", "", ""],
    ["99007", "ร้านยาตัวอย่าง ช (สาธิต)", "pharmacy", "", "", "", "ใช่"],
]


def sheet(head: list[str], rows: list[list[Any]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in (head, *rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(rows: list[list[str]], head: list[str] = HEAD) -> list[unit_import.Line]:
    return unit_import.read(list(enumerate([head, *rows], 1)), _KINDS, PROVINCES)


PRESENT = {
    "99001": {"supervisor": "PAO01", "revision": 3, "name": "ก", "kind": "clinic"},
    "PAO01": {"supervisor": None, "revision": 1, "name": "อบจ.", "kind": "pao"},
}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["", "ก", "คลินิก"], "ไม่มีรหัส"),
        (["9999", "ก", "คลินิก"], "รหัสต้องเป็นเลข 5 หลัก"),
        (["99901", "ก", "ร้านกาแฟ"], "ไม่รู้จักประเภท ร้านกาแฟ"),
        (["99901", "", ""], "รายการใหม่ต้องมี ชื่อ, ประเภท"),
        (["99901", "ก", "คลินิก", "แอตแลนติส"], "ไม่รู้จักจังหวัด แอตแลนติส"),
        (["99901", "ก", "คลินิก", "", "14"], "เขตต้องเป็น 1 ถึง 13"),
        (["99901", "ก", "คลินิก", "", "", "NOBODY"], "ไม่พบหน่วยงานกำกับรหัส NOBODY"),
        (["99901", "ก", "คลินิก", "", "", "99901"], "หน่วยงานกำกับวนกลับมาที่ตนเอง"),
        (["PAO01", "", "", "", "", "99001"], "หน่วยงานกำกับวนกลับมาที่ตนเอง"),
        (["99901", "ก", "คลินิก", "", "", "", "บางที"], "ช่องใช้งานต้องเป็น ใช่ หรือ ไม่ใช่"),
    ],
)
def test_every_fault_has_its_reason(row: list[str], reason: str) -> None:
    plan = unit_import.plan(read([row]), PRESENT)
    assert [line.row for line in plan.wrong] == [2]
    assert reason in " ".join(text.th for text in plan.wrong[0].wrong)
    assert not plan.new
    assert not plan.changed


def test_faults_of_other_columns_and_a_code_twice() -> None:
    head = ["รหัส", "ชื่อ", "ประเภท", "อีเมล", "โทรศัพท์ สปสช.", "ละติจูด", "รหัส 9 หลัก"]
    plan = unit_import.plan(read([["99901", "ก", "คลินิก", "x@", "12", "99", "12"], ["99901", "ข", "คลินิก"]], head), {})
    assert [len(line.wrong) for line in plan.wrong] == [4, 1]


@pytest.mark.parametrize("head", [["ชื่อ", "ประเภท"], [*HEAD, "เงินเดือน"], [*HEAD, "ชื่อ"]])
def test_wrong_heads_are_refused(head: list[str]) -> None:
    with pytest.raises(FileRejected):
        read([["99901"]], head)


def test_the_digest_names_exactly_one_change() -> None:
    digests = {
        unit_import.plan(read([["99001", name, kind]]), present).digest
        for name in ("ข", "ค")
        for kind in ("คลินิก", "ร้านยา")
        for present in (PRESENT, {**PRESENT, "99001": {**PRESENT["99001"], "revision": 4}})
    }
    assert len(digests) == 8


def upload(client: FlaskClient, data: bytes, name: str = "units.xlsx") -> Any:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(HOME).text)
    assert token is not None
    return client.post(HOME, data={"file": (io.BytesIO(data), name), "csrf_token": token[1]})


def confirm(client: FlaskClient, where: str, **fields: str) -> Any:
    given = dict(re.findall(r'type="hidden" name="(csrf_token|digest)" value="([^"]*)"', client.get(where).text))
    return client.post(where, data={**given, **fields})


@pytest.fixture
def admin(application: Flask) -> FlaskClient:
    return signed_in(application, "admin")


def test_what_was_looked_at_is_taken_over(application: Flask, admin: FlaskClient) -> None:
    where = upload(admin, sheet(HEAD, GOOD)).location
    page = admin.get(where).text
    assert re.findall(r"<b>(\d+)</b></span>", page) == ["2", "1", "1", "0"]
    assert "<ins>คลินิกเปลี่ยนชื่อ</ins>" in page
    assert admin.get("/registers/organisations/entry/99301").status_code == 404
    assert signed_in(application, "auditor").get(where).status_code == 403

    assert confirm(admin, where, digest="0" * 64).status_code == 409
    entry = admin.get("/registers/organisations/entry/99006").text
    fields = dict(re.findall(r'type="hidden" name="(csrf_token|_revision)" value="([^"]*)"', entry))
    renamed = {**fields, "code": "99006", "name": "ชื่ออื่น", "kind": "clinic", "active": "true"}
    before = dict(re.findall(r'type="hidden" name="(csrf_token|digest)" value="([^"]*)"', admin.get(where).text))
    assert admin.post("/registers/organisations/entry/99006", data=renamed).status_code == 302
    late = admin.post(where, data=before)
    assert (late.status_code, "ทะเบียนเปลี่ยนไปหลังจากแสดงตัวอย่าง" in late.text) == (409, True)
    assert admin.get("/registers/organisations/entry/99301").status_code == 404

    assert confirm(admin, where).status_code == 302
    assert 'value="PAO09"' in admin.get("/registers/organisations/entry/99301").text
    assert "คลินิกเปลี่ยนชื่อ" in admin.get("/registers/organisations/entry/99006").text
    told = admin.get("/registers/organisations/history?key=99006").text
    assert "<del>ชื่ออื่น</del> → <ins>คลินิกเปลี่ยนชื่อ</ins>" in told
    assert "นำเข้าจากไฟล์" in admin.get("/registers/organisations/history").text
    assert "ไม่มีอะไรต้องนำเข้า" in admin.get(where).text


def test_one_wrong_row_keeps_all_out(admin: FlaskClient) -> None:
    where = upload(admin, sheet(HEAD, [["99401", "ก", "คลินิก"], ["99402", "ข", "ร้านกาแฟ"]])).location
    page = admin.get(where).text
    assert "ไม่รู้จักประเภท ร้านกาแฟ" in page
    assert "นำเข้าตามตัวอย่างนี้" not in page
    assert confirm(admin, where).status_code == 409
    assert admin.get("/registers/organisations/entry/99401").status_code == 404


@pytest.mark.parametrize("data", [b"", b"x", b"PK\x03\x04" + bytes(100), sheet(["a"], [["b"]])], ids=range(4))
def test_what_is_no_list_is_refused_with_the_reason(admin: FlaskClient, data: bytes) -> None:
    answer = upload(admin, data)
    assert answer.status_code == 422
    assert 'id="f-file-error"' in answer.text


def test_the_template_is_the_register_itself(admin: FlaskClient) -> None:
    data = admin.get(f"{HOME}/template.xlsx?q=9900").data
    rows = list(load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert list(rows[0]) == list(COLUMNS)
    assert rows[1][0] == "99001"
    where = upload(admin, data).location
    assert "ไม่มีอะไรต้องนำเข้า" in admin.get(where).text


def test_a_long_list(admin: FlaskClient) -> None:
    rows = [[str(50_000 + n), f"คลินิกที่ {n}", "คลินิก", "ขอนแก่น", "7", "", ""] for n in range(1_900)]
    where = upload(admin, b"".join(excel_file("x", HEAD, rows))).location
    assert confirm(admin, where).status_code == 302
    assert "51899" in admin.get("/registers/organisations?q=51899").text
