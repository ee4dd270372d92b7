"""Invented patients of the demonstration's registry of rights; nobody of them lives.

``note`` says in Thai and English what each is there to show. Ages are on the day that is asked about.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from workflows.errors import Text
from workflows.rules import citizen_id, rights

Unit = tuple[str, str]
Drug = tuple[str, str, int, int, int, int, str, int, int]
"""gpu_id, fsn, units, days, visits, quantity, last_unit, days since the last time, last_quantity."""

CLINIC: Unit = ("99003", "คลินิกตัวอย่าง ค (สาธิต)")
HEALTH_STATION: Unit = ("99001", "รพ.สต.ตัวอย่าง ก (สาธิต)")
HOSPITAL: Unit = ("99002", "โรงพยาบาลตัวอย่าง ข (สาธิต)")
ELSEWHERE: Unit = ("99005", "โรงพยาบาลตัวอย่าง จ (สาธิต)")
_ADDRESS = "99/{n} หมู่ {moo} บ้านตัวอย่าง ต.ตัวอย่าง อ.เมือง จ.ขอนแก่น"
_SUBS = {
    "UCS": ("89", "ช่วงอายุ 12-59 ปี"),
    "WEL": ("77", "ผู้มีอายุเกิน 60 ปีบริบูรณ์"),
    "OFC": ("O1", "สิทธิเบิกกรมบัญชีกลาง (ข้าราชการ)"),
    "SSS": ("S1", "สิทธิเบิกกองทุนประกันสังคม (ผู้ประกันตน)"),
    "LGO": ("L1", "สิทธิเบิกหน่วยงานต้นสังกัด (พนักงานส่วนท้องถิ่น)"),
    "COR": ("C1", "สิทธิเบิกตามสัญญา"),
    "OTH": ("", "สิทธิอื่นตามที่หน่วยงานกำหนด"),
    rights.VACANT: ("", ""),
}
_CHILD = ("71", "เด็กอายุไม่เกิน 12 ปีบริบูรณ์")
_DISABLED = ("74", "ผู้พิการ")


class Patient(NamedTuple):
    """One invented person. ``age`` full years, the birthday being ``since`` days ago; or ``born`` on a fixed day."""

    serial: int
    title: str
    first_name: str
    sex: str
    age: int
    note: Text
    main_class: str = "UCS"
    sub: tuple[str, str] | None = None
    since: int = 100
    born: date | None = None
    birth_known: str = "day"
    flags: tuple[str, ...] = ()
    quota_left: Mapping[str, int] = {"nursing": 8, "pharmacy": 6, "physiotherapy": 4}
    drugs: tuple[Drug, ...] = ()
    family: str = ""
    number: str = ""
    silent: bool = False
    elsewhere: bool = False

    @property
    def pid(self) -> str:
        return self.number or citizen_id.make("09910000", self.serial)

    @property
    def last_name(self) -> str:
        return self.family or ("ตัวอย่าง" if self.serial % 2 else "สาธิต")

    @property
    def address(self) -> str:
        return _ADDRESS.format(n=self.serial, moo=self.serial % 9 + 1)

    @property
    def sub_class(self) -> str:
        return (self.sub or _SUBS[self.main_class])[0]

    @property
    def sub_name(self) -> str:
        return (self.sub or _SUBS[self.main_class])[1]

    @property
    def model(self) -> str:
        return "1" if self.main_class in ("UCS", "WEL") else ""

    @property
    def primary(self) -> Unit | None:
        if self.main_class not in ("UCS", "WEL"):
            return None
        return ELSEWHERE if self.elsewhere else CLINIC if self.serial % 3 else HEALTH_STATION

    @property
    def regular(self) -> Unit | None:
        return ELSEWHERE if self.elsewhere else HOSPITAL if self.main_class in ("UCS", "WEL", "SSS") else None

    @property
    def referral(self) -> Unit | None:
        return HOSPITAL if self.main_class in ("UCS", "WEL") else None


_TRAMADOL: Drug = ("735914", "tramadol hydrochloride 50 mg capsule, hard", 5, 61, 9, 360, "99002", 6, 40)
_DIAZEPAM: Drug = ("219763", "diazepam 5 mg tablet", 3, 45, 5, 150, "99005", 12, 30)
_PSEUDOEPHEDRINE: Drug = ("660127", "pseudoephedrine hydrochloride 60 mg tablet", 4, 20, 6, 120, "99001", 2, 20)

_ADULT = Text("ผู้ใหญ่ กลุ่มทั่วไป ไม่มีข้อสังเกต", "An adult of the general group, nothing to note")
_CLASS = Text("กลุ่มทั่วไป ดูสิทธิหลัก", "General group; look at the main class")
_EDGE = Text("อายุอยู่ตรงเส้นแบ่งกลุ่ม", "An age at the border of a group")
_CHILD_NOTE = Text("เด็ก ผู้ปกครองยืนยันแทนได้", "A child; a guardian may answer")

PATIENTS: tuple[Patient, ...] = (
    Patient(1, "นาย", "กล้า", "male", 36, _ADULT),
    Patient(2, "นาง", "แก้ว", "female", 42, _ADULT),
    Patient(3, "นางสาว", "ขวัญ", "female", 27, _ADULT),
    Patient(4, "นาย", "คำ", "male", 51, _ADULT),
    Patient(5, "นาย", "จอม", "male", 19, _ADULT),
    Patient(6, "นางสาว", "ใจดี", "female", 33, _ADULT),
    Patient(7, "นาย", "ชัย", "male", 45, Text("หน่วยบริการประจำอยู่เขตอื่น", "Registered in another region"), elsewhere=True),
    Patient(8, "นาย", "เชิด", "male", 58, _CLASS, "WEL", ("72", "ผู้มีรายได้น้อย")),
    Patient(9, "นาง", "ดวง", "female", 39, _CLASS, "WEL", _DISABLED),
    Patient(10, "นาย", "เด่น", "male", 48, _CLASS, "OFC"),
    Patient(11, "นาง", "ตุ๊ก", "female", 55, _CLASS, "OFC"),
    Patient(12, "นาย", "ทอง", "male", 31, _CLASS, "SSS"),
    Patient(13, "นางสาว", "ธิดา", "female", 24, _CLASS, "SSS"),
    Patient(14, "นาย", "นพ", "male", 44, _CLASS, "LGO"),
    Patient(15, "นาง", "น้อย", "female", 37, _CLASS, "LGO"),
    Patient(16, "นาย", "บุญ", "male", 41, _CLASS, "COR"),
    Patient(17, "นางสาว", "เบญจา", "female", 29, _CLASS, "OTH"),
    Patient(18, "นาย", "ปราบ", "male", 22, Text("สิทธิว่าง", "A vacant right"), rights.VACANT),
    Patient(19, "นางสาว", "ปอ", "female", 34, Text("สิทธิว่าง", "A vacant right"), rights.VACANT),
    Patient(20, "เด็กชาย", "ผาด", "male", 6, _CHILD_NOTE, sub=_CHILD),
    Patient(21, "เด็กหญิง", "ฝน", "female", 7, _CHILD_NOTE, sub=_CHILD),
    Patient(22, "เด็กชาย", "พร", "male", 7, Text("ครบ 7 ปีวันนี้", "Seven years old today"), sub=_CHILD, since=0),
    Patient(23, "เด็กหญิง", "ฟ้า", "female", 7, Text("ครบ 7 ปีพรุ่งนี้", "Seven years old tomorrow"), sub=_CHILD, since=-1),
    Patient(24, "เด็กหญิง", "มะลิ", "female", 14, _EDGE),
    Patient(25, "นาย", "ยอด", "male", 15, _EDGE),
    Patient(26, "นางสาว", "รุ้ง", "female", 15, Text("ครบ 15 ปีวันนี้", "Fifteen years old today"), since=0),
    Patient(27, "เด็กชาย", "ฤทธิ์", "male", 15, Text("ครบ 15 ปีพรุ่งนี้", "Fifteen years old tomorrow"), since=-1),
    Patient(28, "นาย", "ลือ", "male", 16, _EDGE),
    Patient(29, "นางสาว", "วันดี", "female", 16, Text("ครบ 16 ปีวันนี้", "Sixteen years old today"), since=0),
    Patient(30, "นาย", "ศักดิ์", "male", 60, _EDGE),
    Patient(31, "นาง", "สร้อย", "female", 60, Text("ครบ 60 ปีวันนี้", "Sixty years old today"), since=0),
    Patient(32, "นาย", "สิงห์", "male", 61, _EDGE, "WEL"),
    Patient(33, "นาง", "หวาน", "female", 61, Text("ครบ 61 ปีวันนี้", "Sixty-one years old today"), "WEL", since=0),
    Patient(34, "นาย", "อาทิตย์", "male", 78, Text("ผู้สูงอายุ", "An old man"), "WEL"),
    Patient(
        35,
        "นาง",
        "อุ่น",
        "female",
        84,
        Text("ทราบเฉพาะปีเกิด", "Only the year of birth is known"),
        "WEL",
        birth_known="year",
    ),
    Patient(36, "นาย", "เอก", "male", 46, Text("ไม่ทราบวันเกิด", "The day of birth is unknown"), birth_known="month"),
    Patient(
        37,
        "นาย",
        "โอภาส",
        "male",
        40,
        Text("ใบหน้ามีปัญหา ใช้บัตรเป็นทางสุดท้ายได้", "A face problem: the card may be the last resort"),
        flags=("face_problem",),
    ),
    Patient(
        38,
        "นางสาว",
        "กานต์",
        "female",
        35,
        Text("กลุ่มเปราะบาง", "A vulnerable person"),
        sub=_DISABLED,
        flags=("vulnerable",),
    ),
    Patient(
        39,
        "นาย",
        "เกษม",
        "male",
        53,
        Text("การรับยาที่ผิดปกติ 2 รายการ", "Abnormal dispensing, two rows"),
        drugs=(_TRAMADOL, _DIAZEPAM),
    ),
    Patient(
        40,
        "นางสาว",
        "ขนิษฐา",
        "female",
        28,
        Text("การรับยาที่ผิดปกติ 1 รายการ สิทธิประกันสังคม", "Abnormal dispensing, one row; social security"),
        "SSS",
        drugs=(_PSEUDOEPHEDRINE,),
    ),
    Patient(
        41,
        "นาย",
        "คม",
        "male",
        49,
        Text("โควตาเภสัชกรรมหมด", "No quota left for pharmacy"),
        quota_left={"nursing": 5, "pharmacy": 0, "physiotherapy": 2},
    ),
    Patient(
        42,
        "นาง",
        "จันทร์ฉาย",
        "female",
        57,
        Text("โควตาหมดทุกวิชาชีพ", "No quota left for any profession"),
        quota_left={"nursing": 0, "pharmacy": 0, "physiotherapy": 0},
    ),
    Patient(
        43,
        "นาย",
        "ฉัตร",
        "male",
        66,
        Text("กลุ่มเปราะบาง รับยาผิดปกติ โควตาเหลือ 1", "Vulnerable, abnormal dispensing, one visit of quota left"),
        "WEL",
        flags=("face_problem", "vulnerable"),
        quota_left={"nursing": 1, "pharmacy": 1, "physiotherapy": 1},
        drugs=(_DIAZEPAM, _TRAMADOL, _PSEUDOEPHEDRINE),
    ),
    Patient(44, "เด็กหญิง", "ชมพู่", "female", 0, Text("อายุต่ำกว่า 1 ปี", "Less than one year old"), sub=_CHILD, since=75),
    Patient(
        45,
        "นาย",
        "เงียบ",
        "male",
        38,
        Text("ทะเบียนไม่ตอบสำหรับคนนี้", "The registry does not answer for this person"),
        silent=True,
    ),
    Patient(
        46,
        "นาย",
        "ทดสอบ",
        "male",
        0,
        Text("เจ้าของบัตรจำลองของชุดทดสอบ", "The holder of the virtual card of the tests"),
        born=date(1990, 4, 12),
        family="ระบบบัตร",
        number="0110170123455",
    ),
)

OWN_BLOCK = "0991"
"""The numbers the people above have; the others of this block belong to nobody, which shows what happens then."""


def passer_by(pid: str) -> Patient | None:
    """An adult with whatever fictional number somebody types who tries the product; None for what is nobody's."""
    if not pid.startswith("0") or pid.startswith(OWN_BLOCK) or citizen_id.problem(pid) is not None:
        return None
    serial = int(pid[5:12])
    sex = ("male", "female")[serial % 2]
    title = {"male": "นาย", "female": "นาง"}[sex]
    return Patient(serial, title, "ผู้รับบริการ", sex, 20 + serial % 40, _ADULT, number=pid)
