"""The letter that tells a person what became of their request, system by system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reportlab.lib.units import cm
from reportlab.platypus import Spacer

from app.adapters.pdf.flowables import CENTRE, Paragraph, table
from app.adapters.pdf.page import pdf
from app.adapters.pdf.words import Content, Span, bold, whole
from app.papers import letter
from app.papers.letter import BODY, NHSO
from app.papers.proof import Proof, proof_block

_OUTCOMES = {
    "approved": "อนุมัติตามคำขอ",
    "partly_approved": "อนุมัติบางระบบ",
    "rejected": "ไม่อนุมัติ",
}
OUTCOMES = frozenset(_OUTCOMES)
"""The outcomes a notice can tell."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of one system: ``granted``, or why not."""

    system: str
    roles: Sequence[str]
    granted: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notice says. ``reason`` is why the whole request was refused; ``usernames`` belong to what was granted."""

    outcome: str
    number: str
    office: str
    title: str
    first_name: str
    last_name: str
    unit_code: str
    unit_name: str
    sent_on: date
    decided_on: date
    systems: Sequence[Decided]
    usernames: Sequence[str]
    reason: str
    proof: Proof


def notice_pdf(given: Notice, emblem: bytes | None = None) -> bytes:
    """The notice as PDF; the same values give the same bytes."""
    office = letter.office(given.office)
    outcome = Span(_OUTCOMES[given.outcome], bold=True, whole=True)
    story = [
        *letter.opening(["ที่ ", whole(given.number)], [f"{NHSO}\n", office], given.decided_on),
        letter.heading("เรื่อง", "แจ้งผลการพิจารณาคำขอสิทธิเข้าใช้งานระบบสารสนเทศ"),
        letter.heading("เรียน", letter.person(given.title, given.first_name, given.last_name)),
        letter.heading("อ้างถึง", ["คำขอเลขที่ ", whole(given.number), f" ลงวันที่ {letter.day(given.sent_on)}"]),
        Spacer(1, 6),
        Paragraph(
            f"ตามที่ท่านได้ยื่นคำขอสิทธิเข้าใช้งานระบบสารสนเทศของ{NHSO} ในนามของ {given.unit_name} "
            f"(รหัสหน่วยงาน\xa0{given.unit_code}) นั้น",
            BODY,
        ),
        Paragraph([f"{NHSO} ", office, " พิจารณาแล้ว ", outcome, _because(given)], BODY),
        table(
            ["ที่", "ระบบงาน", "บทบาท", "ผลการพิจารณา"],
            letter.numbered([[each.system, "\n".join(each.roles), _result(each)] for each in given.systems]),
            [1.2 * cm, 5.4 * cm, 5 * cm, 4.4 * cm],
            aligns=[CENTRE],
        ),
        Spacer(1, 6),
        Paragraph(_then(given), BODY),
        Paragraph("จึงเรียนมาเพื่อโปรดทราบ", BODY),
        letter.closing([f"{NHSO}\n", office], room=0.4 * cm),
        Spacer(1, 8),
        proof_block(given.proof),
    ]
    title = f"แจ้งผลการพิจารณาคำขอ {given.number}"
    return pdf(story, title=title, author=NHSO, foot=f"เรื่อง {given.number}", emblem=emblem, emblem_space=True)


def _because(given: Notice) -> str:
    return f" เนื่องจาก {given.reason} ดังนี้" if given.reason else " ดังนี้"


def _result(decided: Decided) -> Content:
    if decided.granted:
        return bold("อนุมัติ")
    return [bold("ไม่อนุมัติ"), f"\n{decided.reason}" if decided.reason else ""]


def _then(given: Notice) -> Content:
    if given.outcome == "rejected":
        return "หากเหตุดังกล่าวแก้ไขได้ ท่านยื่นคำขอใหม่ได้ทุกเมื่อ"
    account: list[str | Span] = []
    if given.usernames:
        account = ["รหัสผู้ใช้ของท่านคือ ", whole(" และ ".join(given.usernames)), " "]
    advice = "โปรดเก็บรักษารหัสผ่านไว้เป็นความลับ ไม่ให้ผู้อื่นใช้ร่วม และแจ้งยกเลิกสิทธิเมื่อโยกย้ายหรือพ้นหน้าที่"
    return [*account, advice]
