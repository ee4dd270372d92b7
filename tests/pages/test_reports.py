"""The page of the report and its files: harmless in a spreadsheet, Thai heads, both calendars, told to the audit."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import insert

from app.access import product
from app.exports import csv_file, excel_file, harmless
from app.request_report import HEAD
from tests.house.test_routes import application, signed_in
from workflows.records import Case

__all__ = ["application"]
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\x00=1", "＝1+1", '=HYPERLINK("http://x")']


@pytest.fixture(scope="module")
def three_cases(application: Flask) -> None:
    """Sent cases of two regions, one of which carries what a spreadsheet would run."""
    with application.app_context():
        runtime = product().runtime
        key = runtime.services.definitions.latest_process("access_request").key
        row = {"process_id": "access_request", "definition_key": key, "revision": 1, "snapshot": b"", "requester": "x"}
        row |= {
            "state": "COMPLETED",
            "outcome": "approved",
            "unit_code": "99001",
            "sla_state": "met",
            "channel": "regular",
        }
        row |= {
            "started_at": datetime(2026, 1, 1, tzinfo=UTC),
            "systems": " ECLAIM QOF ",
            "pid_masked": "099XXXXXXXX11",
        }
        rows = [
            {**row, "id": n, "number": f"69-00000{n}-0", "region": region, "subject": subject, "sent_at": sent}
            for n, region, subject, sent in (
                (1, "7", "=cmd|' /C calc'!A0", datetime(2026, 3, 3, 16, 59, tzinfo=UTC)),
                (2, "7", "มานี ตัวอย่าง", datetime(2026, 3, 3, 17, 0, tzinfo=UTC)),
                (3, "9", "ปิติ ตัวอย่าง", datetime(2026, 3, 9, 5, 0, tzinfo=UTC)),
            )
        ]
        with product().database.begin() as db:
            db.execute(insert(Case), rows)


MARCH = {"from": "3/3/2569", "to": "31 มี.ค. 2569"}


def export(client: FlaskClient, kind: str, **filters: str) -> tuple[int, bytes]:
    page = client.get("/reports/requests", query_string=MARCH).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    posted = {**MARCH, **filters, "format": kind, "csrf_token": token[1]}
    answer = client.post("/reports/requests/export", data=posted)
    return answer.status_code, answer.data


def test_the_page(application: Flask, three_cases: None) -> None:
    page = signed_in(application, "region").get("/reports/requests", query_string=MARCH).text
    assert set(re.findall(r"69-00000\d-0", page)) == {"69-000001-0", "69-000002-0"}
    assert "2 เรื่อง" in page
    assert "และอีก 1 ระบบ" in page


@pytest.mark.parametrize("typed", [{"from": "3/3/2026"}, {"to": "x"}, {"from": "4/3/2569", "to": "3/3/2569"}])
def test_what_is_no_range_is_told_beside_its_field(
    application: Flask, three_cases: None, typed: dict[str, str]
) -> None:
    answer = signed_in(application, "auditor").get("/reports/requests", query_string=typed)
    assert answer.status_code == 422
    assert re.search(r'id="f-(from|to)-error"', answer.text)
    assert all(f'value="{value}"' in answer.text for value in typed.values())


def test_a_csv_file(application: Flask, three_cases: None) -> None:
    status, data = export(signed_in(application, "auditor"), "csv")
    assert status == 200
    assert data.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert tuple(head) == HEAD
    assert [row[0] for row in rows] == ["69-000003-0", "69-000002-0", "69-000001-0"]
    first = dict(zip(head, rows[2], strict=True))
    assert first["เรื่อง"] == "'=cmd|' /C calc'!A0"
    assert (first["วันที่ส่ง"], first["วันที่ส่ง (ISO)"]) == ("03/03/2569", "2026-03-03")
    assert rows[1][head.index("วันที่ส่ง (ISO)")] == "2026-03-04"  # midnight in Bangkok
    assert first["เลขประจำตัวประชาชน (ปกปิด)"] == "099XXXXXXXX11"
    assert (first["สถานะ"], first["กำหนดเวลา"], first["การออกสิทธิ"]) == ("อนุมัติและออกสิทธิแล้ว", "ทันกำหนด", "ปกติ")


def test_an_excel_file_speaks_thai_whoever_asks(application: Flask, three_cases: None) -> None:
    client = signed_in(application, "region")
    client.set_cookie("lang", "en")
    status, data = export(client, "xlsx")
    assert status == 200
    head, *rows = load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)  # type: ignore[union-attr]
    assert head == HEAD
    assert [row[0] for row in rows] == ["69-000002-0", "69-000001-0"]
    assert rows[0][HEAD.index("สถานะ")] == "อนุมัติและออกสิทธิแล้ว"


def test_who_took_what_out_is_told(application: Flask, three_cases: None) -> None:
    assert export(signed_in(application, "region9"), "csv", region="9")[0] == 200
    told = signed_in(application, "auditor").get("/registers/exports/history").text
    assert "region9" in told
    assert "csv · 1 แถว" in told
    assert "region = 9" in told
    assert signed_in(application, "region9").get("/registers/exports/history").status_code == 403


def test_an_unknown_format_or_range_takes_nothing_out(application: Flask, three_cases: None) -> None:
    client = signed_in(application, "auditor")
    assert export(client, "pdf")[0] == 422
    assert export(client, "csv", to="x")[0] == 422


@pytest.mark.parametrize("text", DANGEROUS)
def test_nothing_becomes_a_formula(text: str) -> None:
    (_head, (cell,)) = list(
        csv.reader(io.StringIO(b"".join(csv_file(["x"], [[text]])).decode("utf-8-sig"), newline=""))
    )
    assert cell.startswith("'")
    book = load_workbook(io.BytesIO(b"".join(excel_file("x", ["x"], [[text]]))))
    found = book.active["A2"]  # type: ignore[index]
    assert (found.data_type, str(found.value)[0]) == ("s", "'")


@pytest.mark.parametrize("text", ["69-000001-0", "รพ.สต.ตัวอย่าง ก", "", "a=b", "02-123"])
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text
