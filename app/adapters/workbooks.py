"""Lists as Excel workbooks."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

_BATCH = {
    "number": "เลขเรื่อง", "person": "ชื่อ - สกุล", "pid": "เลขประจำตัวประชาชน", "unit": "หน่วยงาน", "region": "เขต",
    "username": "รหัสผู้ใช้เดิม", "system": "ระบบ", "role": "บทบาท",
}  # fmt: skip
_WIDTHS = (16, 30, 18, 40, 6, 18, 46, 40)


def issuance_batch_xlsx(title: str, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The list of a round: one row for each role of each person, written row by row. Every value is text, never a
    formula, whatever it begins with."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("บัญชี")
    sheet.freeze_panes = "A3"
    for column, width in zip("ABCDEFGH", _WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    sheet.append([_cell(sheet, title, bold=True)])
    sheet.append([_cell(sheet, words, bold=True) for words in _BATCH.values()])
    for row in rows:
        sheet.append([_cell(sheet, row[name]) for name in _BATCH])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, str(value or ""))
    cell.data_type = "s"
    cell.quotePrefix = True
    if bold:
        cell.font = Font(bold=True)
    return cell
