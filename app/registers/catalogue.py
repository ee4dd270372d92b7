"""The catalogue: target systems and their roles."""

from __future__ import annotations

from app.registers.description import Description, Field, active, names_of, pattern
from app.registers.organisations import KIND_OPTIONS
from workflows import master_data
from workflows.errors import Text

REALMS = [
    ("DC", Text("ใน Data Center (DC)", "Inside the Data Center (DC)")),
    ("NDC", Text("นอก Data Center (NDC)", "Outside the Data Center (NDC)")),
]
SYSTEM_KINDS = [
    ("web", Text("เว็บ", "Web")),
    ("installed", Text("ติดตั้งบนเครื่อง", "Installed")),
    ("mobile", Text("มือถือ", "Mobile")),
]
CHANNELS = [
    ("regular", Text("ปกติ", "Regular")),
    ("smartcard", Text("รอบสิทธิ Smart Card", "Smart-card rounds")),
]
FORMS = [
    ("1", Text("แบบ 1 ทั่วไป", "Form 1: general")),
    ("2", Text("แบบ 2 ตรวจสอบสิทธิด้วย Smart Card", "Form 2: rights check by smart card")),
    ("3", Text("แบบ 3 NAP (HIV Coordinator / ARV)", "Form 3: NAP (HIV coordinator / ARV)")),
    ("4", Text("แบบ 4 VMI ยา เวชภัณฑ์ และวัคซีน", "Form 4: VMI drugs and vaccines")),
    ("5", Text("แบบ 5 แพทย์แผนไทย", "Form 5: Thai traditional medicine")),
]

SYSTEMS = Description(
    master_data.SYSTEMS,
    Text("ระบบงาน", "Target systems"),
    Text("ระบบงาน", "target system"),
    Text(
        "ระบบที่ขอสิทธิได้ ระบบที่เลิกใช้จะไม่ปรากฏในคำขอใหม่",
        "The systems access is asked for; a retired one is offered no more",
    ),
    (
        Field(
            "code",
            Text("รหัส", "Code"),
            required=True,
            row="1",
            columns=5,
            more=pattern(r"[A-Z][A-Z0-9_]{1,29}", "ใช้อักษรอังกฤษตัวใหญ่ ตัวเลข และ _", "Capital letters, digits and _"),
        ),
        Field(
            "name", Text("ชื่อระบบ", "Name"), required=True, row="1", columns=11, more={"validate": {"maxLength": 200}}
        ),
        Field("owner", Text("หน่วยงานเจ้าของระบบ", "Owner"), required=True),
        Field("realm", Text("ที่ตั้ง", "Realm"), "select", required=True, options=REALMS, row="2", columns=8),
        Field("kind", Text("ชนิด", "Kind"), "select", required=True, options=SYSTEM_KINDS, row="2", columns=8),
        Field(
            "sign_in_url",
            Text("ที่อยู่สำหรับเข้าใช้งาน", "Sign-in address"),
            more=pattern(r"https://[^\s]+", "ขึ้นต้นด้วย https://", "It begins with https://"),
        ),
        active("เปิดให้ขอสิทธิ", "Offered"),
    ),
    shown=("code", "name", "owner", "realm", "active"),
    searched=("name", "owner"),
)

ROLES = Description(
    master_data.ROLES,
    Text("บทบาท", "Roles"),
    Text("บทบาท", "role"),
    Text(
        "บทบาทของระบบงาน ประเภทหน่วยที่ขอได้ต้องตรงกับตารางตัดสินใจ role_eligibility ซึ่งเจ้าของกระบวนงานแก้ไข",
        "Roles of the systems. Which kinds of unit may have one must agree with the decision table role_eligibility, "
        "which the process owner edits",
    ),
    (
        Field(
            "code",
            Text("รหัสบทบาท", "Code"),
            required=True,
            row="1",
            columns=4,
            more=pattern(r"[0-9]{1,6}", "รหัสบทบาทเป็นตัวเลข", "A role's code is a number"),
        ),
        Field("name", Text("ชื่อบทบาท", "Name"), required=True, row="1", columns=12),
        Field("system_code", Text("ระบบงาน", "System"), "select", required=True, options=names_of(master_data.SYSTEMS)),
        Field("form", Text("แบบคำขอ", "Request form"), "select", required=True, options=FORMS, row="2", columns=8),
        Field("channel", Text("การออกสิทธิ", "Issued by"), "select", required=True, options=CHANNELS, row="2", columns=8),
        Field("unit_kinds", Text("ประเภทหน่วยที่ขอได้", "Kinds of unit"), "checklist", required=True, options=KIND_OPTIONS),
        Field("single_holder", Text("หน่วยงานหนึ่งมีผู้ถือได้คนเดียว", "Only one person of a unit may hold it"), "checkbox"),
        active("เปิดให้ขอสิทธิ", "Offered"),
    ),
    shown=("code", "name", "system_code", "form", "channel", "active"),
    searched=("name", "system_code"),
    numbers=("form",),
)
