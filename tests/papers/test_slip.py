"""The slip of a claim code: one small sheet, read by the eye and by a scanner alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from app.papers.slip import Slip, slip_pdf
from tests.papers.test_thai import LONG_NAME
from tests.support.papers import pages_of, qr_codes_of, squeezed, text_of
from workflows.rules import qr_codes

CODE = "PP2595771344"
SLIP = Slip(
    claim_code=CODE,
    unit="คลินิกนวัตกรรมตัวอย่าง ค (สาธิต) (99003)",
    patient="นายกล้า ตัวอย่าง",
    pid="0-99XX-XXXXX-01-1",
    service="PG0060001 เข้ารับบริการรักษาทั่วไป (OPD / IPD / PP)",
    profession="การพยาบาลและการผดุงครรภ์",
    right="UCS สิทธิหลักประกันสุขภาพแห่งชาติ",
    method="สแกนใบหน้า (แอป FVS)",
    opened_at=datetime(2026, 11, 2, 3, 5, tzinfo=UTC),
    awaits_review=False,
)


def test_everything_given_is_on_one_sheet(tmp_path: Path) -> None:
    paper = slip_pdf(SLIP)
    text = squeezed(text_of(paper))
    given = (SLIP.unit, SLIP.patient, SLIP.pid, SLIP.service, SLIP.profession, SLIP.right, SLIP.method)
    assert all(squeezed(value) in text for value in (*given, CODE, "2 พฤศจิกายน 2569", "10:05"))
    assert "ทวนสอบ" not in text
    assert pages_of(paper, tmp_path) == 1
    assert slip_pdf(SLIP) == paper


def test_a_scanner_reads_the_code_back(tmp_path: Path) -> None:
    (read,) = qr_codes_of(slip_pdf(SLIP), tmp_path)
    assert qr_codes.parse(read) == qr_codes.ClaimCode(CODE)


def test_long_names_stay_on_the_sheet_and_a_review_is_told(tmp_path: Path) -> None:
    paper = slip_pdf(replace(SLIP, patient=LONG_NAME, unit=LONG_NAME, awaits_review=True))
    assert pages_of(paper, tmp_path) == 1
    assert "ทวนสอบ" in squeezed(text_of(paper))


def test_a_void_code_says_so(tmp_path: Path) -> None:
    text = squeezed(text_of(slip_pdf(replace(SLIP, void=True, awaits_review=True))))
    assert squeezed("รหัสนี้ถูกยกเลิกแล้ว") in text
    assert "ทวนสอบ" not in text
