"""The menus for everybody, the list of administrators, and the pages on which texts and roles are changed."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.house.test_routes import application, signed_in

__all__ = ["application"]
PUBLIC = ["/help", "/catalogue", "/contacts", "/request-forms"]


def token(client: FlaskClient, path: str) -> dict[str, str]:
    return dict(
        re.findall(r'<input type="hidden" name="(csrf_token|_revision)" value="([^"]*)"', client.get(path).text)
    )


def test_strangers_find_everything_that_is_public(application: Flask) -> None:
    client = application.test_client()
    home = client.get("/").text
    assert [path for path in PUBLIC if f'href="{path}"' not in home] == []
    assert {client.get(path).status_code for path in PUBLIC} == {200}
    assert client.get("/directory").status_code == 302


def test_the_catalogue_by_kind_of_unit(application: Flask) -> None:
    client = application.test_client()
    clinics = client.get("/catalogue?kind=clinic").text
    assert "ผู้บันทึก E-Claim" in clinics
    assert "DMIS_TB" not in clinics
    assert "DMIS_TB" in client.get("/catalogue?q=dmis_tb").text


@pytest.mark.parametrize("number", range(1, 6))
def test_blank_letters(application: Flask, number: int) -> None:
    answer = application.test_client().get(f"/request-forms/{number}.pdf")
    with pikepdf.open(io.BytesIO(answer.data)) as pdf:
        assert len(pdf.pages) >= 1
    assert application.test_client().get("/request-forms/6.pdf").status_code == 404


def test_the_list_of_administrators_masks_for_all_but_nhso(application: Flask) -> None:
    for_units = signed_in(application, "requester").get("/directory?role=unit_head&q=99001").text
    assert "วันเพ็ญ สา???" in for_units
    assert "สาธิต</b>" not in for_units
    assert "he???@example.org" in for_units
    for_regions = signed_in(application, "region").get("/directory?role=unit_head&q=99001").text
    assert "วันเพ็ญ สาธิต" in for_regions
    assert "สมคิด" not in for_regions
    in_region_9 = signed_in(application, "region").get("/directory?region=9").text
    assert "สุรชัย" in in_region_9
    assert "ดวงใจ สาธิต</b>" not in in_region_9


def test_a_text_is_previewed_stored_and_reset(application: Flask) -> None:
    admin, path = signed_in(application, "admin"), "/texts/sms.rejected"
    fields = token(admin, path)
    draft = {**fields, "body": "เรื่อง {case_number} ไม่ผ่าน"}
    shown = admin.post(path, data={**draft, "_go": "preview"})
    assert (shown.status_code, "เรื่อง 69-000123-4 ไม่ผ่าน" in shown.text) == (200, True)
    assert "ไม่ผ่าน" not in admin.get(path).text
    wrong = admin.post(path, data={**fields, "body": "เรื่อง {case_nubmer}"})
    assert wrong.status_code == 422
    assert "ไม่รู้จักช่อง {case_nubmer}" in wrong.text
    assert "เรื่อง {case_nubmer}</textarea>" in wrong.text
    assert admin.post(path, data=draft).status_code == 302
    late = admin.post(path, data={**fields, "body": "อื่น {case_number}"})
    assert late.status_code == 409
    assert "อื่น {case_number}</textarea>" in late.text
    assert "แก้ไขแล้ว" in admin.get("/texts").text
    assert admin.post(path, data={**token(admin, path), "body": "", "_go": "reset"}).status_code == 302
    told = admin.get("/registers/texts/history?key=sms.rejected").text
    assert "<del>เรื่อง {case_number} ไม่ผ่าน</del>" in told
    assert "กลับเป็นข้อความตั้งต้น" in told
    assert signed_in(application, "designer").post(path, data=draft).status_code in (400, 403)


def test_roles_are_given_on_a_page_but_not_to_oneself(application: Flask) -> None:
    admin, path = signed_in(application, "admin"), "/memberships/requester2"
    assert "requester2" in admin.get("/memberships?q=ปิติ").text
    fields = token(admin, path)
    wrong = admin.post(path, data={**fields, "role": "unit_head", "scope": "๙๙๙๙๙"})
    assert (wrong.status_code, 'id="f-scope-error"' in wrong.text, 'value="๙๙๙๙๙"' in wrong.text) == (422, True, True)
    assert admin.post(path, data={**fields, "role": "unit_head", "scope": "๙๙๐๐๒"}).status_code == 302
    assert "unit_head:99002" in admin.get(path).text
    removed = admin.post(f"{path}/remove", data={**fields, "role": "unit_head", "scope": "99002"})
    assert removed.status_code == 302
    told = admin.get("/registers/memberships/history?key=requester2").text
    assert (told.count("หัวหน้าหน่วยงาน"), "ถอนบทบาท" in told) == (2, True)
    own = admin.get("/memberships/admin").text
    assert "ให้ผู้ดูแลระบบคนอื่นแก้บทบาทให้" in own
    assert admin.post("/memberships/admin", data={**fields, "role": "issuer", "scope": ""}).status_code == 409
    assert signed_in(application, "designer").get("/memberships").status_code == 403
