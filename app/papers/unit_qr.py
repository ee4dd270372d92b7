"""The sheets that stand on a unit's counter: a big QR code for each service, which people scan in LINE."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from reportlab.lib.units import cm
from reportlab.platypus import PageBreak, Spacer

from app.adapters.pdf.flowables import CENTRE, Paragraph, QrCode, Style
from app.adapters.pdf.page import pdf
from app.adapters.pdf.words import bold, whole
from app.papers.letter import NHSO
from workflows.rules import qr_codes, thai_dates

VERSION = "1"
"""Of the text in the QR code; a sheet says it, so that old ones are found when it changes."""
_QR = 11 * cm
_STEPS = (
    (
        "เปิด LINE ของ สปสช. แล้วเลือก “ขอรหัสเข้ารับบริการ”",
        "Open the NHSO's LINE account and choose “Get a claim code”",
    ),
    (
        "สแกน QR นี้ในวันที่มารับบริการ แล้วยืนยันว่ารับบริการให้ตนเองหรือสมาชิกในครอบครัวที่ลงทะเบียนไว้",
        "Scan this code on the day of your visit, for yourself or a registered family member",
    ),
    ("แจ้งเจ้าหน้าที่ว่าสแกนแล้ว รับรหัสเข้ารับบริการที่จุดบริการ", "Tell the staff; you get the claim code at the desk"),
)
_HELP = (
    "ไม่มีโทรศัพท์หรือ LINE แจ้งเจ้าหน้าที่ มีวิธียืนยันตัวตนแบบอื่น",
    "No phone or LINE? Tell the staff: there are other ways",
)


@dataclass(frozen=True, slots=True)
class UnitSheet:
    """One sheet: for one service of one unit. Nothing on it is personal."""

    unit_code: str
    unit_name: str
    service_code: str
    service_name: str


def unit_qr_pdf(sheets: Sequence[UnitSheet], on: date) -> bytes:
    """The sheets as one PDF, a page each; the same values give the same bytes. Raises ValueError for codes that a QR of
    a unit cannot have."""
    story: list[Any] = []
    for sheet in sheets:
        story += [PageBreak(), *_sheet(sheet)] if story else _sheet(sheet)
    unit = sheets[0].unit_code if len({sheet.unit_code for sheet in sheets}) == 1 else ""
    return pdf(
        story,
        title=f"QR หน่วยบริการ {unit}".strip(),
        author=NHSO,
        foot=f"แบบที่ {VERSION} · พิมพ์เมื่อ {thai_dates.long(on)}",
    )


def _sheet(sheet: UnitSheet) -> list[Any]:
    code = QrCode(qr_codes.for_unit(sheet.unit_code, sheet.service_code), _QR)
    code.hAlign = "CENTER"
    steps = [
        Paragraph([bold(f"{number}. {thai}"), f"\n{english}"], Style(15, after=6, left=14, first=-14))
        for number, (thai, english) in enumerate(_STEPS, 1)
    ]
    return [
        Paragraph([bold("สแกนเพื่อขอรหัสเข้ารับบริการ"), "\nScan to get your claim code"], Style(22, CENTRE, after=8)),
        Paragraph([bold(sheet.unit_name), "\nรหัสหน่วยบริการ ", whole(sheet.unit_code)], Style(17, CENTRE, after=4)),
        Paragraph([bold(sheet.service_name), " ", whole(f"({sheet.service_code})")], Style(16, CENTRE, after=2)),
        code,
        Spacer(1, 6),
        *steps,
        Paragraph(f"{_HELP[0]}\n{_HELP[1]}", Style(13, grey=0.3)),
    ]
