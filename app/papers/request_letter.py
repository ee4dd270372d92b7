"""The letter with which the head of a unit asks for access (forms 1 to 5), filled in and ready to be signed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reportlab.lib.units import cm
from reportlab.platypus import Spacer

from app.adapters.pdf.flowables import CENTRE, Paragraph, table
from app.adapters.pdf.page import pdf
from app.adapters.pdf.words import Span, whole
from app.papers import letter
from app.papers.letter import BODY, DOTS, NHSO, SMALL
from workflows.rules import masking
from workflows.rules.thai_text import thai_digits

_BEFORE_POSTCODE = re.compile(r" (?=[0-9๐-๙]{5}$)")


@dataclass(frozen=True, slots=True)
class Form:
    """A request form: the programme it asks for, what that is used for, and what the unit takes note of."""

    name: str
    programme: str
    purpose: str
    note: str = ""


FORMS = {
    1: Form(
        "หนังสือขอรหัสผ่านเข้าใช้ระบบสารสนเทศ",
        "โปรแกรมสารสนเทศเพื่อการหลักประกันสุขภาพ",
        "บันทึก ตรวจสอบ และส่งข้อมูลการให้บริการตามภารกิจของหน่วยงาน",
    ),
    2: Form(
        "หนังสือขอสิทธิตรวจสอบสิทธิด้วยบัตร Smart Card",
        "โปรแกรมตรวจสอบสิทธิหลักประกันสุขภาพโดยการ Authentication ด้วยบัตร Smart Card",
        "ตรวจสอบสิทธิของผู้รับบริการด้วยบัตรประจำตัวประชาชน",
        "ทราบว่าสิทธินี้ออกให้ตามรอบที่สำนักงานหลักประกันสุขภาพแห่งชาติกำหนด ",
    ),
    3: Form(
        "หนังสือขอเข้าใช้โปรแกรม NAP",
        "โปรแกรมบันทึกข้อมูลสำหรับ HIV Coordinator และเภสัชกรบริหารคลังยา ARV (NAP Program)",
        "บันทึกข้อมูลการดูแลรักษาผู้ติดเชื้อเอชไอวีและบริหารคลังยาต้านไวรัส",
        "จะรักษาข้อมูลสุขภาพของผู้รับบริการเป็นความลับอย่างเคร่งครัด ",
    ),
    4: Form(
        "หนังสือขอเข้าใช้โปรแกรม VMI",
        "โปรแกรมบริหารจัดการยาตามชุดสิทธิประโยชน์ของกองทุนยา เวชภัณฑ์ และวัคซีน (VMI)",
        "เบิกและบริหารคลังยา เวชภัณฑ์ และวัคซีน",
    ),
    5: Form(
        "หนังสือขอเข้าใช้โปรแกรมแพทย์แผนไทย",
        "โปรแกรมบันทึกข้อมูลการให้บริการแพทย์แผนไทย (Seamless for DMIS)",
        "บันทึกและส่งข้อมูลการให้บริการแพทย์แผนไทย",
    ),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One role asked for; ``use`` says what for, where the system asks."""

    system: str
    role_code: str
    role: str
    use: str = ""


@dataclass(frozen=True, slots=True)
class RequestLetter:
    """What a request letter says. ``office`` is the NHSO office it goes to ("เขต 7 ขอนแก่น"), empty for the centre;
    ``number`` the letter's own number if the unit has given one; ``pid`` is printed masked."""

    form: int
    unit_code: str
    unit_name: str
    unit_address: str
    unit_phone: str
    unit_email: str
    office: str
    number: str
    title: str
    first_name: str
    last_name: str
    position: str
    pid: str
    mobile: str
    email: str
    has_account: bool
    evidence: str
    wanted: Sequence[Wanted]


def request_letter_pdf(given: RequestLetter, made_on: date | None, emblem: bytes | None = None) -> bytes:
    """The letter as PDF; the same values give the same bytes. The head of the first page stays free for the emblem."""
    form = FORMS[given.form]
    office = letter.office(given.office)
    sender: list[str | Span] = [f"{given.unit_name}\nรหัสหน่วยงาน ", whole(given.unit_code)]
    if given.unit_address:
        sender.append("\n" + _BEFORE_POSTCODE.sub("\xa0", thai_digits(given.unit_address)))
    what = "สิทธิเพิ่มในรหัสผู้ใช้เดิม" if given.has_account else "รหัสผู้ใช้และรหัสผ่าน"
    story = [
        *letter.opening(["ที่ ", whole(given.number or "." * 40)], sender, made_on),
        letter.heading("เรื่อง", f"การขอรหัสผ่านในการใช้งาน{form.programme}"),
        letter.heading("เรียน", [f"{'ผู้อำนวยการ' if given.office else 'เลขาธิการ'}{NHSO} ", office]),
        letter.heading("สิ่งที่ส่งมาด้วย", f"{given.evidence} จำนวน\xa0๑\xa0ฉบับ"),
        Spacer(1, 6),
        Paragraph(
            [f"ตามที่ {NHSO} ", office, f" ได้พัฒนา{form.programme} เพื่อใช้ในการ{form.purpose} นั้น"],
            BODY,
        ),
        Paragraph(
            [
                f"ในการนี้ {given.unit_name} ขอ{what}สำหรับ ",
                letter.person(given.title, given.first_name, given.last_name),
                f" ตำแหน่ง{given.position} เลขประจำตัวประชาชน ",
                whole(masking.pid(given.pid) if given.pid.isdigit() else given.pid),
                " โทรศัพท์มือถือ ",
                whole(thai_digits(given.mobile)),
                " ไปรษณีย์อิเล็กทรอนิกส์ ",
                whole(given.email),
                " เพื่อปฏิบัติงานตามบทบาทต่อไปนี้",
            ],
            BODY,
        ),
        table(
            ["ที่", "ระบบงาน", "รหัส", "บทบาท"],
            letter.numbered([[each.system, each.role_code, _role(each)] for each in given.wanted]),
            [1.2 * cm, 7.2 * cm, 1.8 * cm, 5.8 * cm],
            aligns=[CENTRE, "left", CENTRE],
        ),
        Spacer(1, 6),
        Paragraph(
            f"ทั้งนี้ ผู้ขอเป็นบุคลากรในสังกัดและได้รับมอบหมายให้ปฏิบัติงานดังกล่าวจริง หน่วยงาน{form.note}"
            "จะกำกับดูแลให้เก็บรักษารหัสผ่านไว้เป็นความลับ และจะแจ้งยกเลิกสิทธิทันทีเมื่อผู้ใช้โยกย้ายหรือพ้นหน้าที่",
            BODY,
        ),
        Paragraph("จึงเรียนมาเพื่อโปรดพิจารณาดำเนินการ จะเป็นพระคุณ", BODY),
        letter.closing(f"( {DOTS} )", f"ตำแหน่ง {DOTS[:48]}", beside=[Paragraph(_contact(given), SMALL)]),
    ]
    title = f"แบบฟอร์มที่ {given.form} {form.name}"
    return pdf(story, title=title, author=given.unit_name, foot=title, emblem=emblem, emblem_space=True)


def blank_letter_pdf(form: int) -> bytes:
    """The letter with dotted lines in place of everything that is filled in."""
    short, middle = DOTS[:20], DOTS[:40]
    return request_letter_pdf(
        RequestLetter(
            form=form,
            unit_code="." * 10,
            unit_name=DOTS,
            unit_address=DOTS,
            unit_phone=short,
            unit_email=middle,
            office=f"เขต {short}",
            number="",
            title="",
            first_name=middle,
            last_name=middle,
            position=middle,
            pid=middle,
            mobile=short,
            email=middle,
            has_account=False,
            evidence="สำเนาบัตรประจำตัวประชาชน หรือบัตรข้าราชการ",
            wanted=[Wanted(middle, "." * 6, middle) for _ in range(3)],
        ),
        None,
    )


def _role(wanted: Wanted) -> str:
    return f"{wanted.role} (ใช้{wanted.use})" if wanted.use else wanted.role


def _contact(given: RequestLetter) -> str:
    phone = f"โทร.\xa0{thai_digits(given.unit_phone)}" if given.unit_phone else ""
    return "\n".join(filter(None, (given.unit_name, phone, given.unit_email)))
