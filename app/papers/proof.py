"""How a paper proves that it came from here: a QR code that opens the public verification page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reportlab.lib.units import cm
from reportlab.platypus import KeepTogether

from app.adapters.pdf.flowables import Paragraph, QrCode, Style, columns
from app.adapters.pdf.page import TEXT_WIDTH
from app.adapters.pdf.words import Span, bold, whole

_QR = 2.8 * cm
_SMALL = Style(9.5)


@dataclass(frozen=True, slots=True)
class Proof:
    """Where a paper can be checked, and the SHA-256 of the case record it was made from."""

    url: str
    record: str

    @property
    def shown(self) -> str:
        """The hash in groups of eight, as the verification page shows it, too."""
        return grouped(self.record)


def grouped(digest: str) -> str:
    """A hexadecimal digest in groups that the eye can compare."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def proof_block(proof: Proof) -> Any:
    """The QR code with what it is for, on one page."""
    groups = proof.shown.split()
    text: list[str | Span] = [
        bold("ตรวจสอบเอกสารนี้ได้ที่ "),
        proof.url,
        "\nค่าแฮชของบันทึกเรื่อง (SHA-256)\n",
        whole(" ".join(groups[:4])),
        "\n",
        whole(" ".join(groups[4:])),
        "\nหน้าตรวจสอบต้องแสดงเลขเรื่องและค่าแฮชเดียวกันกับเอกสารนี้",
    ]
    widths = [_QR, TEXT_WIDTH - _QR]
    return KeepTogether(columns([QrCode(proof.url, _QR), Paragraph(text, _SMALL)], widths, valign="MIDDLE"))
