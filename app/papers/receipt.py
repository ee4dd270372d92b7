"""The receipt of a request: what was received, when, and how to prove and follow it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from reportlab.platypus import Spacer

from app.adapters.pdf.flowables import CENTRE, Paragraph, Style, facts
from app.adapters.pdf.page import pdf
from app.adapters.pdf.words import bold, whole
from app.papers.letter import NHSO
from app.papers.proof import Proof, proof_block
from workflows.rules import thai_dates


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says of a case as it stood ``at`` a moment; ``track_url`` is where it can be followed."""

    number: str
    process: str
    subject: str
    unit: str
    sent_at: datetime
    state: str
    stage: str
    due: date | None
    at: datetime
    track_url: str
    proof: Proof


def receipt_pdf(given: Receipt, emblem: bytes | None = None) -> bytes:
    """The receipt as PDF; the same values give the same bytes."""
    story = [
        Paragraph(NHSO, Style(14, CENTRE)),
        Paragraph(bold("ใบรับคำขอ"), Style(19, CENTRE, after=10)),
        facts(
            [
                ("เลขเรื่อง", bold(given.number)),
                ("ประเภทเรื่อง", given.process),
                ("เรื่อง", given.subject),
                ("หน่วยงาน", given.unit),
                ("ยื่นเมื่อ", _moment(given.sent_at)),
                ("สถานะ", f"{given.state} – {given.stage}" if given.stage else given.state),
                ("ครบกำหนดพิจารณา", thai_dates.long(given.due) if given.due else ""),
                ("ข้อมูล ณ", _moment(given.at)),
            ],
            size=13.5,
        ),
        Spacer(1, 10),
        Paragraph(
            ["ติดตามผลได้ที่ ", given.track_url, " ด้วยเลขเรื่อง ", whole(given.number), " และหมายเลขโทรศัพท์มือถือที่ให้ไว้"],
            Style(13, after=12),
        ),
        proof_block(given.proof),
    ]
    return pdf(story, title=f"ใบรับคำขอ {given.number}", author=NHSO, foot=f"เรื่อง {given.number}", emblem=emblem)


def _moment(at: datetime) -> str:
    return f"{thai_dates.long(at)} เวลา {thai_dates.clock_time(at)}"
