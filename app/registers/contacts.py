"""Whom to ask: contacts per region and per target system."""

from __future__ import annotations

from app.registers.description import Description, Field, active, names_of, pattern
from app.registers.organisations import REGION_OPTIONS
from workflows import master_data
from workflows.errors import Text

CONTACTS = Description(
    master_data.CONTACTS,
    Text("ช่องทางติดต่อ", "Contacts"),
    Text("ช่องทางติดต่อ", "contact"),
    Text(
        "หน่วยงานที่ตอบคำถามของแต่ละเขตและแต่ละระบบ แสดงต่อสาธารณะ จึงใช้หมายเลขและอีเมลของหน่วยงาน ไม่ใช้ของบุคคล",
        "Who answers questions for each region and system. Everybody sees it: numbers of offices, never of persons",
    ),
    (
        Field(
            "code",
            Text("รหัส", "Code"),
            required=True,
            row="1",
            columns=4,
            more=pattern(
                r"[A-Z0-9][A-Z0-9_-]{1,29}", "ใช้อักษรอังกฤษตัวใหญ่ ตัวเลข _ และ -", "Capital letters, digits, _ and -"
            ),
        ),
        Field("name", Text("หน่วยงานหรือกลุ่มงาน", "Office"), required=True, row="1", columns=12),
        Field("region", Text("สปสช. เขต", "NHSO region"), "select", options=REGION_OPTIONS, row="2", columns=8),
        Field(
            "system_code",
            Text("ระบบงาน", "System"),
            "select",
            options=names_of(master_data.SYSTEMS),
            row="2",
            columns=8,
        ),
        Field("phone", Text("โทรศัพท์", "Telephone"), row="3", columns=8),
        Field("email", Text("อีเมล", "E-mail"), row="3", columns=8, more={"validate": {"validationType": "email"}}),
        Field("line", Text("LINE", "LINE"), row="4", columns=8),
        Field(
            "hours",
            Text("เวลาทำการ", "Hours"),
            hint=Text("เช่น จันทร์–ศุกร์ 08:30–16:30 น.", "Such as Monday to Friday 08:30–16:30"),
            row="4",
            columns=8,
        ),
        active("แสดงต่อสาธารณะ", "Shown"),
    ),
    shown=("code", "name", "region", "system_code", "phone", "active"),
    searched=("name", "system_code"),
    nothing=("system_code",),
)
