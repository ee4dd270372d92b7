"""The .xlsx that a unit fills in for a bulk request: its own people, lists to choose from, and how to do it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from intake.workbook import SHEET
from workflows.rules.bulk_list import COLUMNS, KINDS, MOST_PERSONS, USES, YES

_TITLES = ("นาย", "นาง", "นางสาว")
_WIDTHS = {"number": 8, "kind": 14, "pid": 20, "title": 12, "mobile": 16, "email": 30, "use": 24, "handover": 14}
_HEAD = PatternFill("solid", fgColor="0B5C73")
_THIN = Border(*(Side("thin", color="D5DCE2"),) * 4)
_TEXT = "@"
_HOW = (
    "วิธีกรอกรายชื่อผู้ขอสิทธิ (เอกสารแนบ 1)",
    "1. กรอกในแผ่นงาน “รายชื่อ” หนึ่งแถวต่อหนึ่งคน ไม่เกิน 500 คน ไม่ต้องเปลี่ยนหัวตาราง",
    "2. ประเภทคำขอ: “รหัสใหม่” สำหรับผู้ที่ยังไม่มีรหัสผู้ใช้ “สิทธิเพิ่ม” สำหรับผู้ที่มีรหัสแล้ว",
    "3. แถวที่ระบบใส่ไว้แล้วคือเจ้าหน้าที่ของหน่วยที่มีรหัสผู้ใช้ ลบแถวของผู้ที่ไม่ขอสิทธิครั้งนี้",
    "4. เลขประจำตัวประชาชน 13 หลัก พิมพ์จากบัตรของแต่ละคน ระบบไม่แสดงเลขของผู้อื่นให้",
    "5. อีเมลต้องเป็นของแต่ละคนและไม่ซ้ำกัน ระบบตอบกลับทางอีเมลนี้เท่านั้น",
    "6. บทบาทเลือกจากรายการในแต่ละช่อง (รายการทั้งหมดอยู่ในแผ่นงาน “บทบาท”) คนละไม่เกิน 6 บทบาท",
    "7. ผู้ขอบทบาท 901 ระบุว่าใช้ New Authentication เพื่อตรวจสอบสิทธิ หรือจองสิทธิ",
    "8. บทบาทที่หนึ่งหน่วยงานมีได้คนเดียว (เช่น 913) หากรับช่วงต่อจากคนเดิม ใส่ “ใช่” ในช่อง รับช่วง Admin",
    "9. ห้ามใช้สูตร มาโคร หรือลิงก์ไปยังไฟล์อื่น",
    "",
    "การส่ง",
    "10. รวมหนังสือขอที่ลงนามแล้ว รายชื่อ และสำเนาบัตรของทุกคน เป็น PDF ไฟล์เดียว",
    "11. รวม PDF และไฟล์นี้เป็น ZIP ไฟล์เดียว ตั้งชื่อ รหัสหน่วย 5 หลัก-ชื่อหน่วย.zip ไม่เกิน 30 MB",
    "12. ส่งที่หน้า “ขอสิทธิเข้าใช้งานเป็นชุด” ระบบตรวจทุกแถวและแจ้งแถวที่ต้องแก้ไขครบทุกแถว",
)


def template(unit: Mapping[str, Any], people: Sequence[Mapping[str, Any]], roles: Sequence[tuple[str, str]]) -> bytes:
    """The workbook for a unit. ``people`` are rows by the keys of the columns, ``roles`` (code, name)."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    _fill_list(sheet, people)
    _offer_choices(sheet, len(roles))
    how = book.create_sheet("คำแนะนำ")
    how.column_dimensions["A"].width = 110
    how.append([f"{unit['code']} {unit['name']}"])
    for line in _HOW:
        how.append([line])
    for cell in (how["A1"], how["A2"]):
        cell.font = Font(bold=True, size=14)
    for row in how.iter_rows():
        row[0].alignment = Alignment(wrap_text=True, vertical="top")
    choices = book.create_sheet("บทบาท")
    choices.column_dimensions["A"].width = 60
    for code, name in roles:
        choices.append([f"{code} {name}"])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _fill_list(sheet: Worksheet, people: Sequence[Mapping[str, Any]]) -> None:
    sheet.append([column.th for column in COLUMNS])
    for number, person in enumerate(people, 1):
        sheet.append([str(number) if column.key == "number" else person.get(column.key, "") for column in COLUMNS])
    for at, column in enumerate(COLUMNS, 1):
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = _WIDTHS.get(column.key, 30 if column.key.startswith("role") else 20)
        head = sheet.cell(1, at)
        head.font, head.fill = Font(bold=True, color="FFFFFF"), _HEAD
        head.alignment = Alignment(wrap_text=True, vertical="center")
        for row in range(2, max(len(people) + 1, 40) + 1):
            cell = sheet.cell(row, at)
            cell.number_format, cell.border = (
                _TEXT,
                _THIN,
            )  # as text: no citizen ID or telephone number loses its first 0
    sheet.freeze_panes = "D2"
    sheet.row_dimensions[1].height = 32


def _offer_choices(sheet: Worksheet, roles: int) -> None:
    lists = {"kind": tuple(KINDS), "title": _TITLES, "use": tuple(USES), "handover": (YES,)}
    for at, column in enumerate(COLUMNS, 1):
        formula = f"=บทบาท!$A$1:$A${max(roles, 1)}" if column.key.startswith("role") else None
        if column.key in lists:
            formula = '"' + ",".join(lists[column.key]) + '"'
        if formula:
            offered = DataValidation(
                type="list", formula1=formula, allow_blank=True, showErrorMessage=column.key != "title"
            )
            letter = get_column_letter(at)
            offered.add(f"{letter}2:{letter}{MOST_PERSONS + 1}")
            sheet.add_data_validation(offered)
