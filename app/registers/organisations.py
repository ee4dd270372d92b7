"""The register of organisations."""

from __future__ import annotations

from app.demo.organisations import KINDS
from app.demo.places import REGIONS
from app.registers.description import Description, Field, active, pattern
from workflows import master_data
from workflows.errors import Text

KIND_OPTIONS = [(code, Text(*words)) for code, words in KINDS.items()]
REGION_OPTIONS = [
    (str(number), Text(f"เขต {number} {region.office}", f"Region {number}")) for number, region in REGIONS.items()
]
PROVINCES = sorted({province for region in REGIONS.values() for province in region.provinces})

ORGANISATIONS = Description(
    master_data.ORGANISATIONS,
    Text("หน่วยงาน", "Organisations"),
    Text("หน่วยงาน", "organisation"),
    Text(
        "หน่วยบริการ หน่วยงานกำกับ และ สปสช. เขต หน่วยงานที่ปิดแล้วยื่นคำขอใหม่ไม่ได้ เรื่องเดิมยังเดินต่อ",
        "Units, supervising organisations and NHSO regions. A closed one takes no new requests; open cases go on",
    ),
    (
        Field(
            "code",
            Text("รหัสหน่วยงาน", "Code"),
            required=True,
            hint=Text("หน่วยบริการใช้เลข 5 หลัก", "Units have five digits"),
            row="1",
            columns=4,
            more=pattern(
                r"[0-9]{5}|[A-Z][A-Z0-9]{2,9}",
                "ใช้เลข 5 หลัก หรืออักษรอังกฤษตัวใหญ่ตามด้วยเลข",
                "Five digits, or capital letters and digits",
            ),
        ),
        Field("name", Text("ชื่อ", "Name"), required=True, row="1", columns=12, more={"validate": {"maxLength": 200}}),
        Field("kind", Text("ประเภท", "Kind"), "select", required=True, options=KIND_OPTIONS, row="2", columns=8),
        Field(
            "code9",
            Text("รหัส 9 หลัก", "9-character code"),
            row="2",
            columns=8,
            more=pattern(r"[A-Z0-9]{9}", "รหัสนี้มี 9 ตัวอักษร", "This code has nine characters"),
        ),
        Field("main_affiliation", Text("สังกัดหลัก", "Main affiliation"), row="3", columns=8),
        Field("sub_affiliation", Text("สังกัดย่อย", "Sub-affiliation"), row="3", columns=8),
        Field(
            "province",
            Text("จังหวัด", "Province"),
            "select",
            options=[(name, Text(name, name)) for name in PROVINCES],
            row="4",
            columns=6,
        ),
        Field("region", Text("สปสช. เขต", "NHSO region"), "select", options=REGION_OPTIONS, row="4", columns=5),
        Field(
            "supervisor",
            Text("หน่วยงานกำกับ", "Supervising organisation"),
            hint=Text("รหัส อบจ. หรือ สสจ.", "Code of the PAO or provincial health office"),
            row="4",
            columns=5,
            more={"properties": {"suggest": "units"}},
        ),
        Field("address", Text("ที่อยู่", "Address"), "textarea", more={"validate": {"maxLength": 500}}),
        Field(
            "phone",
            Text("โทรศัพท์สำหรับเจ้าหน้าที่ สปสช.", "Telephone for NHSO staff"),
            row="5",
            columns=8,
        ),
        Field(
            "public_phone",
            Text("โทรศัพท์สำหรับประชาชน", "Telephone for the public"),
            row="5",
            columns=8,
        ),
        Field("email", Text("อีเมล", "E-mail"), row="6", columns=8, more={"validate": {"validationType": "email"}}),
        Field(
            "latitude",
            Text("ละติจูด", "Latitude"),
            "number",
            row="6",
            columns=4,
            more={"validate": {"min": 5, "max": 21}, "decimalDigits": 6},
        ),
        Field(
            "longitude",
            Text("ลองจิจูด", "Longitude"),
            "number",
            row="6",
            columns=4,
            more={"validate": {"min": 97, "max": 106}, "decimalDigits": 6},
        ),
        active("เปิดใช้งาน", "In use"),
    ),
    shown=("code", "name", "kind", "province", "region", "active"),
    searched=("name", "province"),
    nothing=("supervisor",),
)
