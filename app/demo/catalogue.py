"""The target systems access is asked for, and their roles.

Names, realms, known role codes and form numbers follow the documents of NHSO regions 7, 9 and 13. Role codes from 901
on are our own: the documents name those systems without a code. Which kinds of unit may have a role is decided again by
the table ``bpmn/role_eligibility.dmn``; a test keeps the two equal.
"""

from __future__ import annotations

from typing import NamedTuple


class System(NamedTuple):
    """A target system. ``realm`` is DC (inside the NHSO Data Center) or NDC; ``kind`` is web, installed or mobile."""

    code: str
    name: str
    owner: str
    realm: str
    kind: str = "web"


class Role(NamedTuple):
    """A role of a system. ``form`` is the request form 1-5; ``channel`` is regular or smartcard (rounds)."""

    code: str
    system_code: str
    name: str
    unit_kinds: tuple[str, ...]
    form: int = 1
    channel: str = "regular"
    single_holder: bool = False


HOSPITALS = ("regional_hospital", "general_hospital", "community_hospital")
SUBDISTRICT = ("subdistrict_hospital",)
PRIVATE = ("clinic", "pharmacy", "dental_clinic", "thai_medicine_clinic", "physiotherapy_clinic")
AUTHORITIES = ("local_government", "pao", "provincial_health_office")
OUTSIDE = (*HOSPITALS, *SUBDISTRICT, *PRIVATE, *AUTHORITIES)
EVERYBODY = (*OUTSIDE, "nhso_region", "nhso")

_FUND = "สำนักบริหารกองทุน"
_REGISTRY = "สำนักบริหารทะเบียน"
_IT = "สำนักเทคโนโลยีสารสนเทศ"

SYSTEMS = (
    System("NEW_AUTHEN", "ระบบตรวจสอบและยืนยันการเข้ารับบริการ (New Authentication)", _REGISTRY, "DC"),
    System("INVESTMENT", "ระบบบริหารจัดการงบค่าเสื่อม (Investment Budget)", _FUND, "DC"),
    System("DRUG_CATALOGUE", "ระบบบริหารจัดการรหัสยามาตรฐาน (Drug Catalogue)", _FUND, "DC"),
    System("ECLAIM", "ระบบบันทึกข้อมูลและประมวลผลข้อมูลทางการแพทย์ E-Claim (online)", _FUND, "DC"),
    System("DMIS", "Seamless for DMIS", _FUND, "DC"),
    System("OPPP", "OP/PP Individual Record", _FUND, "DC"),
    System("QOF", "QOF", _FUND, "DC"),
    System("OPBKK", "OPBKKClaim", _FUND, "DC"),
    System("CPP", "ระบบข้อมูลพื้นฐานหน่วยบริการ CPP (Hospital Profile)", _REGISTRY, "DC"),
    System("CHRONIC", "Chronic Register", _FUND, "DC"),
    System("MEETING", "ระบบจองการประชุม (Meeting System)", _IT, "DC"),
    System("PRESCRIPTION", "ระบบข้อมูลการจ่ายยาตามใบสั่งแพทย์", _FUND, "DC"),
    System("NAP", "NAP (HIV Coordinator / ARV)", _FUND, "DC"),
    System("VMI", "VMI ยา เวชภัณฑ์ และวัคซีน", _FUND, "DC"),
    System("KTB_WALLET", "KTB Health Wallet", _FUND, "DC", "mobile"),
    System("API_AUTHEN", "API Authentication (Kiosk)", _IT, "NDC"),
    System("ERM", "ระบบ Authentication ด้วยบัตร Smart Card (ERM)", _REGISTRY, "NDC", "installed"),
    System("UCEP", "ชดเชยค่าบริการเจ็บป่วยฉุกเฉินวิกฤต (UCEP)", _FUND, "NDC"),
)

ROLES = (
    Role("100", "ERM", "เจ้าหน้าที่ตรวจสอบสิทธิ ERM", OUTSIDE, 2, "smartcard"),
    Role("101", "ERM", "เจ้าหน้าที่ทะเบียน ERM", HOSPITALS),
    Role("269", "CPP", "Hospital Profile (CPP)", OUTSIDE),
    Role("326", "NAP", "DMIS_NAP_LAB", HOSPITALS, 3),
    Role("328", "NAP", "DMIS_NAP ดูข้อมูลอย่างเดียว", (*HOSPITALS, *SUBDISTRICT, "provincial_health_office"), 3),
    Role("336", "DMIS", "DMIS_TB", HOSPITALS),
    Role("378", "OPPP", "OP_Hospital", HOSPITALS),
    Role("413", "CPP", "นายทะเบียนหน่วยบริการ", HOSPITALS),
    Role("837", "DMIS", "TTM_HOSPITAL การให้บริการแพทย์แผนไทย", (*HOSPITALS, *SUBDISTRICT, "thai_medicine_clinic"), 5),
    Role("901", "NEW_AUTHEN", "ผู้ใช้งาน New Authentication", OUTSIDE),
    Role("902", "INVESTMENT", "ผู้บันทึกงบค่าเสื่อม", (*HOSPITALS, *SUBDISTRICT, "pao", "provincial_health_office")),
    Role("903", "DRUG_CATALOGUE", "ผู้บันทึกรหัสยามาตรฐาน", OUTSIDE),
    Role("904", "ECLAIM", "ผู้บันทึก E-Claim", OUTSIDE),
    Role("905", "DMIS", "ผู้บันทึก Seamless for DMIS", OUTSIDE),
    Role("906", "OPPP", "OP_PCU สำหรับ รพ.สต.", SUBDISTRICT),
    Role("907", "QOF", "ผู้ดูข้อมูล QOF", OUTSIDE),
    Role("908", "OPBKK", "ผู้บันทึก OPBKKClaim", (*HOSPITALS, *PRIVATE)),
    Role("909", "CHRONIC", "ผู้บันทึก Chronic Register", OUTSIDE),
    Role("910", "MEETING", "ผู้จองการประชุม", EVERYBODY),
    Role("911", "PRESCRIPTION", "ผู้ดูข้อมูลการจ่ายยา", OUTSIDE),
    Role("912", "VMI", "ผู้บริหารคลังยาและวัคซีน", (*HOSPITALS, "pharmacy"), 4),
    Role("913", "KTB_WALLET", "ผู้ดูแลระบบ (Admin) ของหน่วยงาน", OUTSIDE, single_holder=True),
    Role("914", "API_AUTHEN", "ผู้ใช้งาน API Authentication", OUTSIDE),
    Role("915", "UCEP", "ผู้บันทึก UCEP", HOSPITALS),
)
