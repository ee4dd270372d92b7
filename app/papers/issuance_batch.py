"""The list of an issuance batch: whom the issuing officer gives which role, for any round or channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reportlab.lib.units import cm
from reportlab.platypus import KeepTogether

from app.adapters.pdf.flowables import CENTRE, RIGHT, Paragraph, Style, columns, table
from app.adapters.pdf.page import pdf
from app.adapters.pdf.words import Content, bold, whole
from workflows.rules import masking, thai_dates

_WIDTHS = [1.2 * cm, 6.2 * cm, 5.4 * cm, 3.2 * cm, 4.6 * cm, 5.1 * cm]


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One role for one person. ``person`` is the full name with its title; ``pid`` is printed masked, whether it is
    given in full or masked already; ``unit`` and ``role`` are code and name; ``username`` is empty if it is yet to be
    made."""

    person: str
    pid: str
    unit: str
    username: str
    system: str
    role: str


def issuance_batch_pdf(title: str, subtitle: str, rows: Sequence[BatchRow], made_on: date) -> bytes:
    """The batch list as PDF, over as many pages as it needs; the same values give the same bytes.

    ``title`` names the batch ("รอบสิทธิ Smart Card วันที่ 15 ธันวาคม 2569"), ``subtitle`` says more of it (cut-off,
    effective day, issuer). 2,000 rows take a few seconds: make it in the worker or store it, not in a page.
    """
    people = len({(row.person, row.pid) for row in rows})
    total = f"รวม {len(rows):,} รายการ {people:,} คน"
    story = [
        Paragraph(bold(title), Style(17, CENTRE)),
        Paragraph(subtitle, Style(13, CENTRE, after=2)),
        Paragraph([f"{total} จัดทำเมื่อ ", whole(thai_dates.long(made_on))], Style(12, RIGHT, after=4)),
        table(
            ["ที่", "ชื่อ – สกุล", "หน่วยงาน", "รหัสผู้ใช้", "ระบบ", "บทบาท"],
            [_cells(number, row) for number, row in enumerate(rows, 1)],
            _WIDTHS,
            size=11,
            aligns=[CENTRE],
        ),
        KeepTogether(columns([_signature("ผู้จัดทำบัญชี"), _signature("ผู้ออกรหัส")], [12.8 * cm, 12.8 * cm])),
    ]
    return pdf(story, title=title, author="สปสช.", foot=title, wide=True)


def _cells(number: int, row: BatchRow) -> list[Content]:
    pid = masking.pid(row.pid) if row.pid.isdigit() else row.pid
    return [str(number), [whole(row.person), "\n", whole(pid)], row.unit, row.username or "–", row.system, row.role]


def _signature(role: str) -> Paragraph:
    line = "." * 44
    return Paragraph(f"\n\nลงชื่อ {line} {role}\n( {line} )\nวันที่ {line}", Style(12, CENTRE))
