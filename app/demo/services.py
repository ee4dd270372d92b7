"""What units offer to patients, as a new installation begins with it; the administration keeps it afterwards."""

from __future__ import annotations

from datetime import date
from typing import Any

_COVID_END = date(2022, 9, 30)
_SERVICES: tuple[tuple[str, str, str, str, date | None], ...] = (
    ("PG0060001", "เข้ารับบริการรักษาทั่วไป (OPD / IPD / PP)", "main", "general", None),
    ("PG0130001", "บริการฟอกเลือดด้วยเครื่องไตเทียม (HD)", "main", "general", None),
    ("PG0180001", "ตรวจสุขภาพตามกลุ่มวัย (เฉพาะกรุงเทพมหานคร)", "main", "prevention", None),
    ("PG0120001", "UCEP PLUS (ผู้ป่วยกลุ่มอาการสีเหลืองและสีแดง)", "secondary", "general", None),
    ("PG0080001", "Community Isolation", "secondary", "general", _COVID_END),
    ("PG0090001", "Home Isolation", "secondary", "general", _COVID_END),
    ("PG0110001", "Self Isolation", "secondary", "general", _COVID_END),
    ("SA0010001", "บริการการแพทย์ทางไกล (รหัสตัวอย่าง)", "secondary", "general", None),
    ("SA0020001", "หน่วยบริการนวัตกรรม (รหัสตัวอย่าง)", "main", "general", None),
    ("SA0030001", "ส่งเสริมสุขภาพและป้องกันโรคในหน่วยบริการนวัตกรรม (รหัสตัวอย่าง)", "main", "prevention", None),
)
"""Codes that begin with SA are ours: the documents name these services without a code."""

SERVICES: tuple[dict[str, Any], ...] = tuple(
    {
        "code": code,
        "name": name,
        "level": level,
        "visit_kind": kind,
        "valid_from": None,
        "valid_to": until,
        "position": number,
    }
    for number, (code, name, level, kind, until) in enumerate(_SERVICES, 1)
)

_PROFESSIONS = (
    ("nursing", "การพยาบาลและการผดุงครรภ์", "สภาการพยาบาล"),
    ("pharmacy", "เภสัชกรรม", "สภาเภสัชกรรม"),
    ("dental", "ทันตกรรม", "ทันตแพทยสภา"),
    ("physiotherapy", "กายภาพบำบัด", "สภากายภาพบำบัด"),
    ("medical_technology", "เทคนิคการแพทย์", "สภาเทคนิคการแพทย์"),
    ("thai_medicine", "การแพทย์แผนไทย", "สภาการแพทย์แผนไทย"),
    ("medical", "เวชกรรม", "แพทยสภา"),
)
PROFESSIONS: tuple[dict[str, Any], ...] = tuple(
    {"code": code, "name": name, "licensed_by": council, "position": number, "active": True}
    for number, (code, name, council) in enumerate(_PROFESSIONS, 1)
)

_REASONS: tuple[tuple[str, str, int | None], ...] = (
    ("accident", "อุบัติเหตุฉุกเฉิน", None),
    ("unconscious", "ผู้ป่วยไม่รู้สึกตัว", None),
    ("no_chip", "บัตรประจำตัวประชาชนไม่มีชิปหรือชิปชำรุด", None),
    ("conscript", "ทหารเกณฑ์หรือผู้ต้องขังที่ไม่มีบัตร", None),
    ("under_7", "เด็กอายุต่ำกว่า 7 ปี", 7),
    ("under_15", "เด็กอายุต่ำกว่า 15 ปี", 15),
    ("no_card", "ผู้ที่ไม่มีบัตรประจำตัวประชาชน", None),
    ("cannot_use", "เด็ก ผู้สูงอายุ ผู้มีปัญหาใบหน้า และกลุ่มเปราะบางที่ใช้ FVS หรือ LINE ไม่ได้", None),
)
REASONS: tuple[dict[str, Any], ...] = tuple(
    {"code": code, "text": text, "below_age": age, "position": number, "active": True}
    for number, (code, text, age) in enumerate(_REASONS, 1)
)

_ILLNESSES = (
    "เวียนศีรษะ", "ปวดศีรษะ", "ปวดข้อ", "เจ็บกล้ามเนื้อ", "ไข้", "ไอ", "เจ็บคอ", "ปวดท้อง", "ท้องผูก", "ท้องเสีย",
    "ถ่ายปัสสาวะขัด ปัสสาวะลำบาก ปัสสาวะเจ็บ", "ตกขาวผิดปกติ", "อาการทางผิวหนัง ผื่น คัน", "บาดแผล",
    "ความผิดปกติเกี่ยวกับตา", "ความผิดปกติเกี่ยวกับหู",
)  # fmt: skip
"""The sixteen groups of common illness that innovation pharmacies treat; the codes are ours."""
ILLNESSES: tuple[dict[str, Any], ...] = tuple(
    {"code": f"CI{number:02d}", "name": name, "position": number, "active": True, "revision": 1}
    for number, name in enumerate(_ILLNESSES, 1)
)

UNITS: tuple[dict[str, Any], ...] = (
    {
        "unit_code": "99003",
        "general": {
            "address": "3 ถ.ตัวอย่าง อ.เมือง จ.ขอนแก่น 40000",
            "phone_nhso": "043000013",
            "phone_public": "043000113",
            "email": "unit99003@example.org",
            "latitude": 16.4419,
            "longitude": 102.836,
        },
        "professions": ["nursing", "pharmacy", "physiotherapy"],
    },
)
"""The demonstration's unit that is registered and re-activated from the start."""
