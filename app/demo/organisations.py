"""NHSO and its regions, and the fictional units and supervising organisations of the demonstration."""

from __future__ import annotations

from typing import NamedTuple

from app.demo.places import REGIONS


class Organisation(NamedTuple):
    """One row of the register of organisations. Those that supervise stand before those they supervise."""

    code: str
    name: str
    kind: str
    province: str
    region: str
    supervisor: str | None = None
    phone: str = ""
    email: str = ""
    address: str = ""


KINDS: dict[str, tuple[str, str]] = {
    "regional_hospital": ("โรงพยาบาลศูนย์", "Regional hospital"),
    "general_hospital": ("โรงพยาบาลทั่วไป", "General hospital"),
    "community_hospital": ("โรงพยาบาลชุมชน", "Community hospital"),
    "subdistrict_hospital": ("รพ.สต.", "Sub-district hospital"),
    "clinic": ("คลินิก", "Clinic"),
    "pharmacy": ("ร้านยา", "Pharmacy"),
    "dental_clinic": ("คลินิกทันตกรรม", "Dental clinic"),
    "thai_medicine_clinic": ("คลินิกแพทย์แผนไทย", "Thai traditional medicine clinic"),
    "physiotherapy_clinic": ("คลินิกกายภาพบำบัด", "Physiotherapy clinic"),
    "local_government": ("องค์กรปกครองส่วนท้องถิ่น", "Local government"),
    "pao": ("องค์การบริหารส่วนจังหวัด", "Provincial administrative organisation"),
    "provincial_health_office": ("สำนักงานสาธารณสุขจังหวัด", "Provincial health office"),
    "nhso_region": ("สปสช. เขต", "NHSO region"),
    "nhso": ("สปสช.", "NHSO"),
}
"""Kind of organisation → its name in Thai and English."""

NHSO = (
    Organisation("NHSO", "สำนักงานหลักประกันสุขภาพแห่งชาติ", "nhso", "กรุงเทพมหานคร", ""),
    *(
        Organisation(
            f"NHSO{number:02d}", f"สปสช. เขต {number} {region.office}", "nhso_region", region.office, str(number)
        )
        for number, region in REGIONS.items()
    ),
)

DEMO = (
    Organisation("PAO01", "อบจ.ตัวอย่าง (สาธิต)", "pao", "ขอนแก่น", "7", None, "043000001", "pao@example.org"),
    Organisation("PHO01", "สสจ.ตัวอย่าง (สาธิต)", "provincial_health_office", "กาฬสินธุ์", "7"),
    Organisation(
        "99001",
        "รพ.สต.ตัวอย่าง ก (สาธิต)",
        "subdistrict_hospital",
        "ขอนแก่น",
        "7",
        "PAO01",
        "043000011",
        "unit99001@example.org",
        "1 หมู่ 1 ต.ตัวอย่าง อ.เมือง จ.ขอนแก่น 40000",
    ),
    Organisation(
        "99002",
        "โรงพยาบาลตัวอย่าง ข (สาธิต)",
        "community_hospital",
        "มหาสารคาม",
        "7",
        None,
        "043000012",
        "unit99002@example.org",
        "2 ถ.ตัวอย่าง อ.เมือง จ.มหาสารคาม 44000",
    ),
    Organisation(
        "99003",
        "คลินิกนวัตกรรมตัวอย่าง ค (สาธิต)",
        "clinic",
        "ขอนแก่น",
        "7",
        None,
        "043000013",
        "unit99003@example.org",
        "3 ถ.ตัวอย่าง อ.เมือง จ.ขอนแก่น 40000",
    ),
    Organisation("99004", "รพ.สต.ตัวอย่าง ง (สาธิต)", "subdistrict_hospital", "กาฬสินธุ์", "7", "PHO01", "043000014"),
    Organisation("99005", "โรงพยาบาลตัวอย่าง จ (สาธิต)", "general_hospital", "นครราชสีมา", "9", None, "044000015"),
    Organisation("99006", "คลินิกตัวอย่าง ฉ (สาธิต)", "clinic", "กรุงเทพมหานคร", "13", None, "020000016"),
    Organisation("99007", "ร้านยาตัวอย่าง ช (สาธิต)", "pharmacy", "กรุงเทพมหานคร", "13", None, "020000017"),
    Organisation("99008", "คลินิกแพทย์แผนไทยตัวอย่าง ซ (สาธิต)", "thai_medicine_clinic", "บุรีรัมย์", "9"),
    Organisation("99009", "เทศบาลตำบลตัวอย่าง ฌ (สาธิต)", "local_government", "ร้อยเอ็ด", "7"),
    Organisation("99010", "โรงพยาบาลศูนย์ตัวอย่าง ญ (สาธิต)", "regional_hospital", "ขอนแก่น", "7"),
    Organisation("99011", "คลินิกทันตกรรมตัวอย่าง ฎ (สาธิต)", "dental_clinic", "สงขลา", "12"),
    Organisation("99012", "คลินิกกายภาพบำบัดตัวอย่าง ฏ (สาธิต)", "physiotherapy_clinic", "เชียงใหม่", "1"),
    Organisation("99013", "รพ.สต.ตัวอย่าง ฐ (สาธิต)", "subdistrict_hospital", "ขอนแก่น", "7", "PAO01", "043000023"),
)
