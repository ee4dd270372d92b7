"""The non-disclosure agreement as somebody accepted it: the very text, who, when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reportlab.lib.units import cm
from reportlab.platypus import Spacer

from app.adapters.pdf.flowables import CENTRE, JUSTIFY, Paragraph, Style, facts
from app.adapters.pdf.page import pdf
from app.adapters.pdf.words import bold, whole
from app.papers.letter import NHSO
from app.papers.proof import Proof, grouped, proof_block
from workflows.rules import masking, thai_dates

_SIZE = 13


@dataclass(frozen=True, slots=True)
class Agreement:
    """An acceptance: ``text`` in paragraphs, the first of them the title; ``version`` its SHA-256; ``pid`` is printed
    masked."""

    text: str
    version: str
    number: str
    name: str
    pid: str
    position: str
    unit: str
    accepted_at: datetime
    proof: Proof


def agreement_pdf(given: Agreement) -> bytes:
    """The agreement as PDF; the same values give the same bytes."""
    title, *paragraphs = [" ".join(part.split()) for part in given.text.strip().split("\n\n") if part.strip()]
    story = [
        Paragraph(bold(title), Style(16, CENTRE, after=8)),
        *(Paragraph(text, Style(_SIZE, JUSTIFY, first=1.5 * cm, after=4)) for text in paragraphs),
        Paragraph(bold("การยอมรับ"), Style(_SIZE, before=8, after=2, with_next=True)),
        facts(
            [
                ("ผู้รับข้อมูล", whole(given.name)),
                ("เลขประจำตัวประชาชน", masking.pid(given.pid)),
                ("ตำแหน่ง", given.position),
                ("หน่วยงาน", given.unit),
                ("ยอมรับเมื่อ", f"{thai_dates.long(given.accepted_at)} เวลา {thai_dates.clock_time(given.accepted_at)}"),
                ("วิธียอมรับ", "ทางอิเล็กทรอนิกส์ ในขั้นตอนแรกของคำขอ"),
                ("เลขเรื่อง", given.number),
                ("ฉบับข้อตกลง", grouped(given.version)),
            ]
        ),
        Spacer(1, 10),
        proof_block(given.proof),
    ]
    return pdf(story, title=f"{title} {given.number}", author=NHSO, foot=f"เรื่อง {given.number}")
