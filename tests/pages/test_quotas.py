"""The page of quotas: who sees which, who sets them, what is said when it cannot be."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.house.test_routes import application, signed_in

__all__ = ["application"]
PLACE = {"unit_code": "99003", "profession": "nursing", "month": "12/2569"}


def test_the_region_sets_it_and_the_unit_reads_it(application: Flask) -> None:
    region, unit = signed_in(application, "region"), signed_in(application, "signatory")
    assert "ไม่มีโควตาที่ตั้งไว้" in unit.get("/quotas?month=2026-12").text
    application.config["WTF_CSRF_ENABLED"] = False
    saved = region.post("/quotas", data={**PLACE, "total": "๑,๒๐๐"}, follow_redirects=True)
    assert saved.status_code == 200
    assert "บันทึกโควตาแล้ว" in saved.text
    assert "1200" in saved.text
    seen = unit.get("/quotas?month=2026-12").text
    assert "1200" in seen
    assert 'action="/quotas" method' not in seen
    assert "ตั้งโควตา" not in seen
    assert unit.post("/quotas", data={**PLACE, "total": "5"}).status_code == 403
    form = region.get("/quotas?month=2026-12&unit=99003&profession=nursing").text
    assert 'name="revision" value="1"' in form
    assert 'value="1200"' in form
    late = {**PLACE, "total": "7", "revision": "1"}
    assert region.post("/quotas", data={**late, "total": "6"}).status_code == 302
    refused = region.post("/quotas", data=late)
    assert refused.status_code == 409
    assert "มีผู้แก้ไขรายการนี้" in refused.text
    assert 'value="7"' in refused.text
    history = signed_in(application, "admin").get("/registers/quotas/history").text
    assert "1200" in history
    assert "99003" in history


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("total", "-1", "กรอกจำนวนเต็ม"),
        ("total", "", "กรอกจำนวนเต็ม"),
        ("month", "1/2560", "เดือนที่ผ่านไปแล้ว"),
        ("month", "ธันวา", "เดือนไม่ถูกต้อง"),
        ("unit_code", "99999", "ไม่พบหน่วยงาน"),
        ("profession", "x", "เลือกวิชาชีพ"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    application: Flask, field: str, value: str, words: str
) -> None:
    application.config["WTF_CSRF_ENABLED"] = False
    answer = signed_in(application, "region").post("/quotas", data={**PLACE, "total": "45", field: value})
    assert answer.status_code == 422
    assert words in answer.text
    if field != "total":
        assert 'value="45"' in answer.text
