"""QR sheets of units: a page for each service, read by a machine, for the unit's own people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.demo.people import PASSWORD
from app.papers.unit_qr import UnitSheet, unit_qr_pdf
from tests.support.papers import fonts_of, pages_of, qr_codes_of, squeezed, text_of
from tests.support.world import World
from workflows.rules import qr_codes

Enter = Callable[[str], FlaskClient]
LONG = "เข้ารับบริการรักษาทั่วไป (OPD / IPD / PP) ของหน่วยบริการนวัตกรรมที่มีชื่อยาวมากจนต้องขึ้นบรรทัดใหม่"
SHEETS = [
    UnitSheet("99003", "คลินิกนวัตกรรมตัวอย่าง ค (สาธิต)", "PG0060001", "เข้ารับบริการรักษาทั่วไป (OPD / IPD / PP)"),
    UnitSheet("99003", "คลินิกนวัตกรรมตัวอย่าง ค (สาธิต)", "SA0020001", LONG),
]


def test_each_service_has_a_page_that_a_phone_reads(tmp_path: Path) -> None:
    paper = unit_qr_pdf(SHEETS, date(2026, 11, 2))
    assert pages_of(paper, tmp_path) == 2
    texts = qr_codes_of(paper, tmp_path)
    assert texts == ["SITTHI:U:99003:PG0060001", "SITTHI:U:99003:SA0020001"]
    assert [qr_codes.parse(text) for text in texts] == [
        qr_codes.UnitCode("99003", "PG0060001"),
        qr_codes.UnitCode("99003", "SA0020001"),
    ]


def test_the_sheet_says_what_it_is_in_two_languages(tmp_path: Path) -> None:
    paper = unit_qr_pdf(SHEETS, date(2026, 11, 2))
    text = squeezed(text_of(paper))
    for part in (
        SHEETS[0].unit_name,
        LONG,
        "99003",
        "PG0060001",
        "สแกนเพื่อขอรหัสเข้ารับบริการ",
        "Scan to get your claim code",
        "No phone or LINE?",
        "2 พฤศจิกายน 2569",
        "แบบที่ 1",
    ):
        assert squeezed(part) in text, part
    assert all(embedded and mapped for _, embedded, mapped in fonts_of(paper, tmp_path))
    assert paper == unit_qr_pdf(SHEETS, date(2026, 11, 2)), "the same values, the same bytes"


def test_a_code_that_is_no_units_is_no_sheet() -> None:
    with pytest.raises(ValueError, match="no QR"):
        unit_qr_pdf([UnitSheet("9900", "x", "PG0060001", "y")], date(2026, 11, 2))


@pytest.fixture
def enter(world: World) -> Iterator[Enter]:
    app: Flask = create_app(wired=world.product)
    app.config["WTF_CSRF_ENABLED"] = False

    def signed_in(username: str) -> FlaskClient:
        client = app.test_client()
        assert client.post("/sign-in", data={"username": username, "password": PASSWORD}).status_code == 302
        return client

    yield signed_in
    world.check()


def test_people_of_the_unit_print_what_they_choose(enter: Enter, tmp_path: Path) -> None:
    client = enter("frontdesk")
    page = client.get("/unit-qr").text
    assert "SITTHI:U:99003:PG0060001" in page
    assert "PG0090001" not in page, "not valid on this day"
    answer = client.get("/unit-qr.pdf?service=PG0060001&service=SA0020001")
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert len(qr_codes_of(answer.data, tmp_path)) == 2
    every = client.get("/unit-qr.pdf")
    assert pages_of(every.data, tmp_path) >= 5
    for wrong in ("service=PG0090001", "service=x", "unit_code=99001", "unit_code=99001&service=PG0060001"):
        assert client.get(f"/unit-qr.pdf?{wrong}").status_code == 404, wrong


def test_nobody_prints_for_another_unit_but_the_administration(enter: Enter) -> None:
    assert "99001:PG0060001" not in enter("signatory").get("/unit-qr?unit_code=99001").text
    assert enter("requester").get("/unit-qr").status_code == 403
    admin = enter("admin")
    assert admin.get("/unit-qr").status_code == 200
    page = admin.get("/unit-qr?unit_code=99001").text
    assert "SITTHI:U:99001:PG0060001" in page
    assert "ยังไม่ได้ลงทะเบียน" in page
    for odd in ("98999", "abc", "", "99001x", "๙๙๐๐๑"):
        assert admin.get("/unit-qr", query_string={"unit_code": odd}).status_code == 200
        assert admin.get("/unit-qr.pdf", query_string={"unit_code": odd}).status_code == 404
