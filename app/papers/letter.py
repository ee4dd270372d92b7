"""The shape of an official letter: number and sender, date, subject, addressee, body, closing, signature.

Numerals are Thai, as in official letters; codes, user names, mail addresses and case numbers stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from reportlab.lib.units import cm
from reportlab.platypus import KeepTogether, Spacer

from app.adapters.pdf.flowables import CENTRE, JUSTIFY, Paragraph, Style, columns
from app.adapters.pdf.fonts import REGULAR, width
from app.adapters.pdf.page import TEXT_WIDTH
from app.adapters.pdf.words import Content, Span, whole
from workflows.rules import thai_dates
from workflows.rules.thai_text import thai_digits

NHSO = "สำนักงานหลักประกันสุขภาพแห่งชาติ"
SIZE = 13.5
PLAIN = Style(SIZE)
SMALL = Style(11)
BODY = Style(SIZE, JUSTIFY, first=2.5 * cm, after=4)
DOTS = "." * 60

_MIDDLE = 8 * cm  # where the sender, the date and the closing begin


def day(on: date) -> str:
    """``๒ พฤศจิกายน ๒๕๖๙``."""
    return thai_digits(thai_dates.long(on))


def opening(reference: Content, sender: Content, on: date | None) -> list[Any]:
    """Number and sender side by side, and the date below in the middle; None leaves it to be filled in."""
    sides = columns([Paragraph(reference, PLAIN), Paragraph(sender, PLAIN)], [_MIDDLE, TEXT_WIDTH - _MIDDLE])
    return [sides, Paragraph(day(on) if on else f"วันที่ {DOTS[:40]}", Style(SIZE, left=_MIDDLE, before=4, after=6))]


def heading(label: str, content: Content) -> Any:
    """A line such as ``เรื่อง …``, whose content hangs beside its label."""
    wide = max(1.5 * cm, width(label, REGULAR, SIZE) + 0.5 * cm)
    return columns([Paragraph(label, PLAIN), Paragraph(content, PLAIN)], [wide, TEXT_WIDTH - wide])


def closing(*signature: Content, beside: Sequence[Any] = (), room: float = 1.4 * cm) -> Any:
    """The closing words and who signs, with room for the signature and, at the left, what stands ``beside`` it; all on
    one page."""
    centred = Style(SIZE, CENTRE)
    signed = [Paragraph("ขอแสดงความนับถือ", centred), Spacer(1, room), *(Paragraph(line, centred) for line in signature)]
    left = _MIDDLE - 1 * cm
    return KeepTogether(columns([list(beside), signed], [left, TEXT_WIDTH - left], valign="BOTTOM"))


def numbered(rows: Sequence[Sequence[Content]]) -> list[list[Content]]:
    """Rows of a table with their number before them."""
    return [[thai_digits(str(number)), *row] for number, row in enumerate(rows, 1)]


def office(name: str) -> Span:
    """``เขต ๗ ขอนแก่น``, which no line breaks."""
    return whole(thai_digits(name))


def person(title: str, first_name: str, last_name: str) -> Span:
    """A full name, which no line breaks."""
    return whole(f"{title}{first_name} {last_name}".strip())
