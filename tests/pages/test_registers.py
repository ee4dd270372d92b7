"""The pages of the registers: who may open them, what they say about wrong entries, that nothing typed is lost."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.house.test_routes import application, signed_in

__all__ = ["application"]
PAGES = ["/registers", "/registers/organisations", "/registers/organisations/entry/99001", "/registers/roles/history"]


@pytest.fixture
def admin(application: Flask) -> FlaskClient:
    return signed_in(application, "admin")


def post(client: FlaskClient, path: str, **fields: object) -> tuple[int, str]:
    """Post what the page's form would post, with these fields changed."""
    page = client.get(path).text
    typed: dict[str, object] = dict(re.findall(r'<input[^>]* name="(\w+)" type="\w+" value="([^"]*)"', page))
    typed |= dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    typed |= dict.fromkeys(re.findall(r'type="checkbox"[^>]*name="(\w+)" value="true" checked', page), "true")
    for name, options in re.findall(r'<select[^>]* name="(\w+)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        typed[name] = chosen[1] if chosen else ""
    answer = client.post(path, data=typed | fields)
    return answer.status_code, answer.text


@pytest.mark.parametrize("who", ["requester", "head", "pao", "region", "owner", "issuer"])
def test_who_may_not_look(application: Flask, who: str) -> None:
    client = signed_in(application, who)
    assert {client.get(path).status_code for path in PAGES} == {403}


@pytest.mark.parametrize("who", ["auditor", "designer"])
def test_who_may_only_look(application: Flask, who: str) -> None:
    client = signed_in(application, who)
    assert {client.get(path).status_code for path in PAGES} == {200}
    assert client.get("/registers/organisations/new").status_code == 403
    assert "<fieldset disabled>" in client.get("/registers/organisations/entry/99001").text


def test_an_entry_is_found_changed_and_told(admin: FlaskClient) -> None:
    assert "99004" in admin.get("/registers/organisations?q=ตัวอย่าง ง").text
    path = "/registers/organisations/entry/99004"
    assert post(admin, path, name="รพ.สต.เปลี่ยนชื่อ", phone="043-000-099")[0] == 302
    page = admin.get(path).text
    assert 'value="รพ.สต.เปลี่ยนชื่อ"' in page
    assert 'value="043000099"' in page
    told = admin.get("/registers/organisations/history?key=99004").text
    assert "<ins>รพ.สต.เปลี่ยนชื่อ</ins>" in told
    assert "อนันต์" in told


def test_what_is_wrong_stands_beside_its_field(admin: FlaskClient) -> None:
    status, page = post(
        admin,
        "/registers/organisations/new",
        code="9x",
        name="ชื่อที่พิมพ์ไว้",
        supervisor="NOBODY",
        latitude="99",
        email="ไม่ใช่อีเมล",
    )
    assert status == 422
    assert re.findall(r'id="f-(\w+)-error"', page) == ["code", "kind", "email", "latitude"]
    assert 'value="ชื่อที่พิมพ์ไว้"' in page
    assert "ใช้เลข 5 หลัก หรืออักษรอังกฤษตัวใหญ่ตามด้วยเลข" in page
    status, page = post(admin, "/registers/organisations/new", code="99199", name="ชื่อ", kind="clinic", supervisor="NO")
    assert (status, re.findall(r'id="f-(\w+)-error"', page)) == (422, ["supervisor"])
    status, page = post(admin, "/registers/organisations/new", code="99001", name="ชื่อ", kind="clinic")
    assert (status, re.findall(r'id="f-(\w+)-error"', page)) == (422, ["code"])


def test_who_comes_second_sees_what_changed_and_decides(application: Flask, admin: FlaskClient) -> None:
    path = "/registers/systems/entry/QOF"
    opened = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', admin.get(path).text))
    assert post(admin, path, owner="สำนักหนึ่ง")[0] == 302
    status, page = post(admin, path, owner="สำนักสอง", _revision=opened["_revision"])
    assert status == 409
    assert "มีผู้แก้ไขรายการนี้หลังจากท่านเปิดหน้า" in page
    assert re.search(r"<td>สำนักหนึ่ง</td>\s*<td>สำนักสอง</td>", page)
    assert 'value="สำนักสอง"' in page
    assert "สำนักหนึ่ง" in admin.get(path).text
    revision = re.search(r'name="_revision" value="(\d+)"', page)
    assert revision is not None
    assert post(admin, path, owner="สำนักสอง", _revision=revision[1])[0] == 302
    assert "สำนักสอง" in admin.get(path).text


def test_where_catalogue_and_table_disagree_the_page_says_so(admin: FlaskClient) -> None:
    assert "role_eligibility ไม่ตรงกัน" not in admin.get("/registers/roles").text
    assert post(admin, "/registers/roles/entry/101", unit_kinds=["regional_hospital", "clinic"])[0] == 302
    page = admin.get("/registers/roles").text
    assert "101 เจ้าหน้าที่ทะเบียน ERM: ทะเบียนมี แต่ตารางไม่อนุญาต คลินิก" in page
    assert "101 เจ้าหน้าที่ทะเบียน ERM: ตารางอนุญาต แต่ทะเบียนไม่มี โรงพยาบาลทั่วไป, โรงพยาบาลชุมชน" in page


def test_a_process_owner_keeps_the_registers_of_the_counter(application: Flask) -> None:
    designer = signed_in(application, "designer")
    page = "/registers/services/new"
    fields = {
        "code": "SA0880001",
        "name": "บริการของชุดทดสอบ",
        "level": "main",
        "visit_kind": "prevention",
        "valid_from": "1/11/2569",
        "valid_to": "",
        "position": "70",
    }
    assert post(designer, page, **{**fields, "code": "x"})[0] == 422
    status, text = post(designer, page, **{**fields, "valid_to": "31/10/2569"})
    assert (status, "วันสิ้นสุดต้องไม่อยู่ก่อนวันเริ่มใช้" in text, "บริการของชุดทดสอบ" in text) == (422, True, True)
    assert post(designer, page, **fields)[0] == 302
    assert "01/11/2569" in designer.get("/registers/services/entry/SA0880001").text
    assert "1 พ.ย. 2569" in designer.get("/registers/services/history?key=SA0880001").text
    for name in ("services", "professions", "reasons", "illnesses"):
        assert designer.get(f"/registers/{name}").status_code == 200
        assert signed_in(application, "auditor").get(f"/registers/{name}/new").status_code == 403
    assert designer.get("/registers/systems/new").status_code == 403
    key = "/registers/reasons/entry/under_7"
    assert post(designer, key, text="เด็กเล็ก", below_age="8", position="5", active="true")[0] == 302
    assert post(designer, key, below_age="")[0] == 302
    assert "เด็กเล็ก" in designer.get(key).text
    assert re.search(r'name="below_age"[^>]* value=""', designer.get(key).text)
