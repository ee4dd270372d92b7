"""The slip that a patient takes along: the claim code in large letters and as a QR code, and what it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reportlab.lib.units import cm
from reportlab.platypus import Spacer

from app.adapters.pdf.flowables import CENTRE, Paragraph, QrCode, Style, columns, facts
from app.adapters.pdf.page import SLIP_WIDTH, pdf
from app.adapters.pdf.words import bold
from app.papers.letter import NHSO
from workflows.rules import qr_codes, thai_dates

_QR = 2.8 * cm


@dataclass(frozen=True, slots=True)
class Slip:
    """What the slip says; ``pid`` is masked."""

    claim_code: str
    unit: str
    patient: str
    pid: str
    service: str
    profession: str
    right: str
    method: str
    opened_at: datetime
    awaits_review: bool
    void: bool = False


def slip_pdf(given: Slip) -> bytes:
    """One sheet of A6; the same values give the same bytes."""
    code = given.claim_code
    words = [
        Paragraph("รหัสเข้ารับบริการ (Claim Code)", Style(11, CENTRE)),
        Paragraph(bold(grouped(code)), Style(19, CENTRE)),
    ]
    moment = f"{thai_dates.long(given.opened_at)} เวลา {thai_dates.clock_time(given.opened_at)}"
    story = [
        Paragraph(NHSO, Style(10, CENTRE, grey=0.3)),
        columns([words, QrCode(qr_codes.for_claim(code), _QR)], [SLIP_WIDTH - _QR, _QR], valign="MIDDLE"),
        Spacer(1, 4),
        facts(
            [
                ("ผู้รับบริการ", given.patient),
                ("เลขประชาชน", given.pid),
                ("หน่วยบริการ", given.unit),
                ("บริการ", given.service),
                ("วิชาชีพ", given.profession),
                ("สิทธิ", given.right),
                ("ยืนยันด้วย", given.method),
                ("วันเวลา", moment),
            ],
            size=9.5,
            label=62,
            width=SLIP_WIDTH,
        ),
    ]
    if given.void:
        story.append(Paragraph(bold("รหัสนี้ถูกยกเลิกแล้ว ใช้ไม่ได้"), Style(10, CENTRE, before=4)))
    elif given.awaits_review:
        story.append(Paragraph(bold("รหัสนี้รอ สปสช. เขต ทวนสอบ"), Style(10, CENTRE, before=4)))
    story.append(Paragraph("ใช้เบิกค่าบริการของครั้งนี้เท่านั้น รหัสอย่างเดียวใช้ดูข้อมูลใดไม่ได้", Style(8.5, CENTRE, before=4, grey=0.3)))
    return pdf(story, title=f"รหัสเข้ารับบริการ {code}", author=NHSO, slip=True)


def grouped(code: str) -> str:
    """The code in groups that the eye can keep: PP 12345 67890."""
    return f"{code[:2]} {code[2:7]} {code[7:]}"
