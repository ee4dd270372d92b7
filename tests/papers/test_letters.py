"""Letters, agreement, notice and receipt: everything given is on the paper, nothing personal more than needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from app.papers.agreement import Agreement, agreement_pdf
from app.papers.notice import Decided, Notice, notice_pdf
from app.papers.proof import Proof
from app.papers.receipt import Receipt, receipt_pdf
from app.papers.request_letter import FORMS, RequestLetter, Wanted, request_letter_pdf
from tests.papers.test_thai import LONG_NAME
from tests.support.papers import fonts_of, pages_of, qr_codes_of, squeezed, text_of

PID = "0990000000011"
MASKED = "099XXXXXXXX11"
DAY = date(2026, 11, 2)
AT = datetime(2026, 11, 2, 2, 5, tzinfo=UTC)
PROOF = Proof("https://sitthi.example/verify/69-000123-8-17-" + "0f" * 16, "0123456789abcdef" * 4)

LETTER = RequestLetter(
    form=1,
    unit_code="99001",
    unit_name="รพ.สต.ตัวอย่าง ก (สาธิต)",
    unit_address="1 หมู่ 1 ต.ตัวอย่าง อ.เมือง จ.ขอนแก่น 40000",
    unit_phone="043000011",
    unit_email="unit99001@example.org",
    office="เขต 7 ขอนแก่น",
    number="ขก 0001/1",
    title="นางสาว",
    first_name="กัญญารัตน์",
    last_name="ศรีสุวรรณพงษ์",
    position="นักวิชาการสาธารณสุข",
    pid=PID,
    mobile="0800000001",
    email="kanyarat@example.org",
    has_account=False,
    evidence="สำเนาบัตรประจำตัวประชาชน",
    wanted=[
        Wanted("E-Claim (online)", "904", "ผู้บันทึก E-Claim"),
        Wanted("New Authentication", "901", "ผู้ใช้งาน", "จองสิทธิ"),
    ],
)
NOTICE = Notice(
    outcome="partly_approved",
    number="69-000123-8",
    office="เขต 7 ขอนแก่น",
    title="นางสาว",
    first_name="กัญญารัตน์",
    last_name="ศรีสุวรรณพงษ์",
    unit_code="99001",
    unit_name="รพ.สต.ตัวอย่าง ก (สาธิต)",
    sent_on=DAY,
    decided_on=date(2026, 11, 20),
    systems=[
        Decided("New Authentication", ["ผู้ใช้งาน"], granted=True),
        Decided("E-Claim (online)", ["ผู้บันทึก E-Claim"], granted=False, reason="มีผู้บันทึกครบแล้ว"),
    ],
    usernames=["6911990010001"],
    reason="",
    proof=PROOF,
)
RECEIPT = Receipt(
    number="69-000123-8",
    process="ขอสิทธิเข้าใช้งานระบบ สปสช.",
    subject="กัญญารัตน์ ศร??? · 2 ระบบ",
    unit="99001 รพ.สต.ตัวอย่าง ก (สาธิต)",
    sent_at=AT,
    state="กำลังดำเนินการ",
    stage="สปสช. เขต พิจารณา",
    due=date(2026, 11, 23),
    at=AT,
    track_url="https://sitthi.example/track",
    proof=PROOF,
)
AGREEMENT = Agreement(
    text="ข้อตกลงรักษาความลับ\n\n1. ข้อมูล หมายถึงข้อมูลทุกชนิด\nที่เห็นจากระบบ\n\n2. ใช้เพื่องานเท่านั้น\n",
    version="ab" * 32,
    number="69-000123-8",
    name="นางสาวกัญญารัตน์ ศรีสุวรรณพงษ์",
    pid=PID,
    position="นักวิชาการสาธารณสุข",
    unit="99001 รพ.สต.ตัวอย่าง ก (สาธิต)",
    accepted_at=AT,
    proof=PROOF,
)


@pytest.mark.parametrize("form", FORMS)
def test_a_request_letter_holds_every_field_of_its_form(form: int, tmp_path: Path) -> None:
    made = request_letter_pdf(replace(LETTER, form=form), DAY)
    text = squeezed(text_of(made))
    for expected in (
        "ที่ ขก 0001/1",
        "รหัสหน่วยงาน 99001",
        "๑ หมู่ ๑ ต.ตัวอย่าง อ.เมือง จ.ขอนแก่น ๔๐๐๐๐",
        "๒ พฤศจิกายน ๒๕๖๙",
        f"เรื่อง การขอรหัสผ่านในการใช้งาน{FORMS[form].programme}",
        "เรียน ผู้อำนวยการสำนักงานหลักประกันสุขภาพแห่งชาติ เขต ๗ ขอนแก่น",
        "สิ่งที่ส่งมาด้วย สำเนาบัตรประจำตัวประชาชน จำนวน ๑ ฉบับ",
        f"เพื่อใช้ในการ{FORMS[form].purpose} นั้น",
        "นางสาวกัญญารัตน์ ศรีสุวรรณพงษ์ ตำแหน่งนักวิชาการสาธารณสุข",
        f"เลขประจำตัวประชาชน {MASKED}",
        "โทรศัพท์มือถือ ๐๘๐๐๐๐๐๐๐๑",
        "kanyarat@example.org",
        "ขอรหัสผู้ใช้และรหัสผ่านสำหรับ",
        "E-Claim (online)",
        "(ใช้จองสิทธิ)",
        "ขอแสดงความนับถือ",
        "โทร. ๐๔๓๐๐๐๐๑๑",
        f"แบบฟอร์มที่ {form} {FORMS[form].name}",
    ):
        assert squeezed(expected) in text, expected
    assert PID not in text
    assert pages_of(made, tmp_path) == 1


def test_a_letter_leaves_out_what_is_not_known() -> None:
    text = text_of(
        request_letter_pdf(
            replace(LETTER, number="", unit_address="", unit_phone="", unit_email="", has_account=True), DAY
        )
    )
    assert "ที่ ......" in text
    assert "โทร." not in text
    assert "None" not in text
    assert "ขอสิทธิเพิ่มในรหัสผู้ใช้เดิม" in squeezed(text)


def test_a_letter_for_many_roles_and_long_names_runs_over_pages_and_loses_nothing(tmp_path: Path) -> None:
    wanted = [Wanted(f"ระบบที่ {n} " + "ชื่อยาวมาก" * 8, str(900 + n), f"บทบาท {n}") for n in range(40)]
    made = request_letter_pdf(replace(LETTER, last_name=LONG_NAME, wanted=wanted), DAY)
    text = text_of(made)
    assert pages_of(made, tmp_path) > 2
    assert all(str(900 + n) in text and f"บทบาท {n}" in text for n in range(40))
    assert squeezed(LONG_NAME) in squeezed(text)


def test_a_partial_notice_tells_of_each_system(tmp_path: Path) -> None:
    made = notice_pdf(NOTICE)
    text = squeezed(text_of(made))
    for expected in ("อนุมัติบางระบบ", "มีผู้บันทึกครบแล้ว", "6911990010001", "๒๐ พฤศจิกายน ๒๕๖๙", "ลงวันที่ ๒ พฤศจิกายน ๒๕๖๙"):
        assert squeezed(expected) in text, expected
    assert qr_codes_of(made, tmp_path) == [PROOF.url]
    assert pages_of(made, tmp_path) == 1


def test_a_reason_longer_than_a_page_loses_nothing(tmp_path: Path) -> None:
    reason = "เอกสารไม่ครบถ้วน กรุณาตรวจสอบ " * 80
    systems = [replace(NOTICE.systems[1], reason=reason)]
    made = notice_pdf(replace(NOTICE, systems=systems))
    assert pages_of(made, tmp_path) > 2
    assert text_of(made).count("กรุณา") == 80


def test_a_refusal_says_why_and_promises_no_account() -> None:
    systems = [replace(each, granted=False, reason="") for each in NOTICE.systems]
    text = squeezed(
        text_of(notice_pdf(replace(NOTICE, outcome="rejected", systems=systems, usernames=[], reason="ผู้ขอย้ายหน่วยงาน")))
    )
    assert squeezed("พิจารณาแล้ว ไม่อนุมัติ เนื่องจาก ผู้ขอย้ายหน่วยงาน ดังนี้") in text
    assert "รหัสผู้ใช้ของท่าน" not in text
    assert text.count("ไม่อนุมัติ") == 3


def test_an_approval_names_the_account() -> None:
    systems = [replace(each, granted=True, reason="") for each in NOTICE.systems]
    text = squeezed(text_of(notice_pdf(replace(NOTICE, outcome="approved", systems=systems))))
    assert "อนุมัติตามคำขอ" in text
    assert "ไม่อนุมัติ" not in text


def test_an_agreement_holds_the_very_text_and_who_accepted_it(tmp_path: Path) -> None:
    made = agreement_pdf(AGREEMENT)
    text = squeezed(text_of(made))
    for part in (
        *AGREEMENT.text.split("\n\n"),
        AGREEMENT.name,
        AGREEMENT.version,
        MASKED,
        "2 พฤศจิกายน 2569 เวลา 09:05 น.",
    ):
        assert squeezed(part) in text, part
    assert PID not in text
    assert qr_codes_of(made, tmp_path) == [PROOF.url]


def test_a_receipt_can_be_followed_and_verified(tmp_path: Path) -> None:
    made = receipt_pdf(RECEIPT)
    text = squeezed(text_of(made))
    for part in (RECEIPT.number, RECEIPT.subject, PROOF.record, PROOF.url, "23 พฤศจิกายน 2569", RECEIPT.track_url):
        assert squeezed(part) in text, part
    assert qr_codes_of(made, tmp_path) == [PROOF.url]
    assert "ครบกำหนด" not in text_of(receipt_pdf(replace(RECEIPT, due=None)))


def test_an_emblem_stands_on_the_first_page(tmp_path: Path) -> None:

    picture = BytesIO()
    Image.new("RGB", (30, 30), "black").save(picture, "PNG")
    assert len(notice_pdf(NOTICE, picture.getvalue())) > len(notice_pdf(NOTICE))
    assert pages_of(notice_pdf(NOTICE, picture.getvalue()), tmp_path) == 1


MAKERS = {
    "letter": lambda: request_letter_pdf(LETTER, DAY),
    "notice": lambda: notice_pdf(NOTICE),
    "agreement": lambda: agreement_pdf(AGREEMENT),
    "receipt": lambda: receipt_pdf(RECEIPT),
}


@pytest.mark.parametrize("paper", MAKERS)
def test_every_paper_is_the_same_twice_with_all_its_fonts_inside(paper: str, tmp_path: Path) -> None:
    assert MAKERS[paper]() == MAKERS[paper]()
    fonts = fonts_of(MAKERS[paper](), tmp_path)
    assert fonts
    assert all(name.startswith("Sarabun") and embedded and mapped for name, embedded, mapped in fonts)
