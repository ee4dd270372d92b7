"""The list of an issuance batch."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from app.papers.issuance_batch import BatchRow, issuance_batch_pdf
from tests.support.papers import pages_of, text_of, words_of
from workflows.rules import citizen_id

MADE_ON = date(2026, 12, 14)
TITLE = "บัญชีออกสิทธิ รอบสิทธิ Smart Card วันที่ 15 ธันวาคม 2569"


def row(serial: int, **other: str) -> BatchRow:
    values = {
        "person": f"นางสาวกัญญารัตน์ ศรีสุวรรณพงษ์{serial}",
        "pid": citizen_id.make("0", serial),
        "unit": "99001 รพ.สต.ตัวอย่าง ก (สาธิต)",
        "username": f"6912990010{serial:03d}",
        "system": "ระบบ Authentication ด้วยบัตร Smart Card (ERM)",
        "role": "100 เจ้าหน้าที่ตรวจสอบสิทธิ ERM",
    }
    return BatchRow(**(values | other))


def made(rows: list[BatchRow]) -> bytes:
    return issuance_batch_pdf(TITLE, "คำขอก่อนวันที่ 10 ธันวาคม 2569", rows, MADE_ON)


def test_every_person_is_on_the_list_and_no_number_of_a_person() -> None:
    rows = [row(serial) for serial in range(1, 41)]
    text = text_of(made(rows))
    for each in rows:
        assert each.person in text
        assert each.username in text
        assert each.pid not in text
        assert f"{each.pid[:3]}XXXXXXXX{each.pid[-2:]}" in text
    assert "รวม 40 รายการ 40 คน จัดทำเมื่อ 14 ธันวาคม 2569" in words_of(made(rows))
    assert text.count(TITLE) > len(text.split("\f")) - 1  # on top and at the foot of every page


def test_a_person_with_two_roles_counts_once_and_a_new_one_has_no_username() -> None:
    text = words_of(made([row(1, username=""), row(1, username="", role="101 เจ้าหน้าที่ทะเบียน ERM")]))
    assert "รวม 2 รายการ 1 คน" in text


def test_a_masked_number_stays_as_it_is() -> None:
    assert "099XXXXXXXX11" in text_of(made([row(1, pid="099XXXXXXXX11")]))


def test_long_names_and_many_rows_lose_nothing(tmp_path: Path) -> None:
    long = "ว่าที่ร้อยตรีหญิงณัฐฐิญาลักษณ์ " + "ศรีสุวรรณพงษ์" * 6
    paper = made([row(serial, person=long) for serial in range(1, 101)])
    assert pages_of(paper, tmp_path) > 10
    assert all(f"6912990010{serial:03d}" in text_of(paper) for serial in range(1, 101))
    assert paper == made([row(serial, person=long) for serial in range(1, 101)])


def test_an_empty_batch_is_a_paper_too() -> None:
    assert "รวม 0 รายการ 0 คน" in words_of(made([]))
