"""What the counter of a unit chooses from: services, professions, reasons of endorsers, common illnesses."""

from __future__ import annotations

from app.registers.description import Description, Field, active, pattern
from workflows import master_data
from workflows.errors import Text

LEVELS = [("main", Text("หลัก", "Main")), ("secondary", Text("รอง", "Secondary"))]
VISITS = [
    ("general", Text("รักษาทั่วไป", "General treatment")),
    ("prevention", Text("สร้างเสริมสุขภาพและป้องกันโรค (PP)", "Prevention (PP)")),
]
_WORD = pattern(r"[a-z][a-z0-9_]{1,29}", "ใช้อักษรอังกฤษตัวเล็ก ตัวเลข และ _", "Small letters, digits and _")
_ORDER = Field(
    "position",
    Text("ลำดับในรายการ", "Place in the list"),
    required=True,
    more=pattern(r"[0-9]{1,4}", "กรอกเป็นตัวเลข", "A number"),
)


def _day(key: str, thai: str, english: str, hint: Text) -> Field:
    return Field(key, Text(thai, english), "datetime", hint=hint, row="days", columns=8, more={"subtype": "date"})


SERVICES = Description(
    master_data.SERVICES,
    Text("รหัสบริการ", "Service codes"),
    Text("รหัสบริการ", "service code"),
    Text(
        "บริการที่จุดบริการเลือกและที่ QR ของหน่วยระบุ ใช้ได้เฉพาะในช่วงวันที่กำหนด รหัสที่ออกแล้วไม่เปลี่ยน",
        "What the front desk chooses and the QR codes of units name, within its days only. Codes drawn already stay",
    ),
    (
        Field(
            "code",
            Text("รหัส", "Code"),
            required=True,
            row="1",
            columns=5,
            more=pattern(
                r"[A-Z]{2}[0-9]{7}",
                "อักษรอังกฤษตัวใหญ่ 2 ตัวและตัวเลข 7 หลัก เช่น PG0060001",
                "Two capital letters and seven digits, such as PG0060001",
            ),
        ),
        Field("name", Text("ชื่อบริการ", "Name"), required=True, row="1", columns=11),
        Field("level", Text("ระดับ", "Level"), "select", required=True, options=LEVELS, row="2", columns=8),
        Field(
            "visit_kind",
            Text("ประเภทการรับบริการ", "Kind of visit"),
            "select",
            required=True,
            options=VISITS,
            row="2",
            columns=8,
        ),
        _day("valid_from", "ใช้ได้ตั้งแต่วันที่", "First day", Text("ว่าง = ไม่กำหนด", "Empty: no limit")),
        _day(
            "valid_to",
            "ใช้ได้ถึงวันที่",
            "Last day",
            Text("ว่าง = ไม่กำหนด นับวันที่ระบุด้วย", "Empty: no limit; the day itself counts"),
        ),
        _ORDER,
    ),
    shown=("code", "name", "level", "visit_kind", "valid_from", "valid_to"),
    searched=("name",),
    numbers=("position",),
    dates=("valid_from", "valid_to"),
)
PROFESSIONS = Description(
    master_data.PROFESSIONS,
    Text("วิชาชีพ", "Professions"),
    Text("วิชาชีพ", "profession"),
    Text(
        "วิชาชีพที่หน่วยนวัตกรรมลงทะเบียนได้ หน่วยที่ลงทะเบียนวิชาชีพซึ่งปิดไปแล้วเลือกวิชาชีพนั้นไม่ได้อีก",
        "What innovation units may register; a retired one is offered to no patient any more",
    ),
    (
        Field("code", Text("รหัส", "Code"), required=True, row="1", columns=5, more=_WORD),
        Field("name", Text("ชื่อวิชาชีพ", "Name"), required=True, row="1", columns=11),
        Field("licensed_by", Text("สภาวิชาชีพที่ออกใบอนุญาต", "Council that licenses it"), required=True),
        _ORDER,
        active("เปิดใช้", "In use"),
    ),
    shown=("code", "name", "licensed_by", "position", "active"),
    searched=("name", "licensed_by"),
    numbers=("position",),
)
REASONS = Description(
    master_data.REASONS,
    Text("เหตุผลที่ยืนยันแทน", "Reasons of endorsers"),
    Text("เหตุผล", "reason"),
    Text(
        "เหตุผลที่ผู้ปกครอง ผู้ดูแล หรือเจ้าหน้าที่ยืนยันตัวตนแทนผู้รับบริการได้",
        "Why a guardian, a caretaker or an officer may answer for a patient",
    ),
    (
        Field("code", Text("รหัส", "Code"), required=True, row="1", columns=5, more=_WORD),
        Field("text", Text("เหตุผล", "Reason"), required=True, row="1", columns=11),
        Field(
            "below_age",
            Text("เฉพาะผู้มีอายุต่ำกว่า (ปี)", "Only for patients younger than (years)"),
            hint=Text("ว่าง = ทุกอายุ", "Empty: any age"),
            row="2",
            columns=8,
            more=pattern(r"[0-9]{1,3}", "กรอกเป็นตัวเลข", "A number"),
        ),
        Field("position", _ORDER.label, required=True, row="2", columns=8, more=_ORDER.more),
        active("เปิดใช้", "In use"),
    ),
    shown=("code", "text", "below_age", "position", "active"),
    searched=("text",),
    numbers=("below_age", "position"),
)
ILLNESSES = Description(
    master_data.ILLNESSES,
    Text("อาการเจ็บป่วยเล็กน้อย", "Common illnesses"),
    Text("อาการ", "illness"),
    Text("อาการที่หน่วยนวัตกรรมบันทึกกับการเข้ารับบริการ", "What innovation units record with a visit"),
    (
        Field("code", Text("รหัส", "Code"), required=True, row="1", columns=5),
        Field("name", Text("ชื่ออาการ", "Name"), required=True, row="1", columns=11),
        _ORDER,
        active("เปิดใช้", "In use"),
    ),
    shown=("code", "name", "position", "active"),
    searched=("name",),
    numbers=("position",),
)
