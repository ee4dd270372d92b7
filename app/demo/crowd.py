"""A larger demonstration: sixty organisations in all regions, four hundred people. Everybody is invented; everybody has
the demo's password. Made once, by the worker or by ``flask --app wsgi demo-crowd``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice

from app import passwords
from app.demo.organisations import DEMO, Organisation
from app.demo.people import PASSWORD, PEOPLE
from app.demo.places import REGIONS
from app.wiring import Product
from workflows.actor import DEPLOYER
from workflows.commands.enrol_people import Enrolled, EnrolPeople
from workflows.commands.load_reference import LoadReference
from workflows.rules import citizen_id

ORGANISATIONS, PERSONS = 60, 400
_FIRST_CODE, _FIRST_SERIAL = 99101, 700_000
_KINDS = (
    ("subdistrict_hospital", "รพ.สต.ตัวอย่าง"),
    ("community_hospital", "โรงพยาบาลชุมชนตัวอย่าง"),
    ("clinic", "คลินิกตัวอย่าง"),
    ("subdistrict_hospital", "รพ.สต.สมมุติ"),
    ("pharmacy", "ร้านยาตัวอย่าง"),
    ("general_hospital", "โรงพยาบาลทั่วไปตัวอย่าง"),
    ("dental_clinic", "คลินิกทันตกรรมตัวอย่าง"),
    ("local_government", "เทศบาลตัวอย่าง"),
)
FIRST_NAMES = (
    "กมล", "ขวัญใจ", "คมสัน", "จิราพร", "ชลธี", "ณัฐวุฒิ", "ดาริกา", "ทิพย์", "ธารา", "นภา", "บุญเลิศ", "ปรียา", "พงศ์", "มาลัย",
    "รุ่งเรือง", "ลัดดา", "วิชัย", "ศิริพร", "สุดา", "อำนวย",
)  # fmt: skip
LAST_NAMES = ("สมมุติดี", "ตัวอย่างงาม", "ทดลองเพียร", "สาธิตสุข", "จำลองวงศ์", "นามสมมุติ", "แบบอย่าง")
POSITIONS = ("นักวิชาการสาธารณสุข", "พยาบาลวิชาชีพ", "เจ้าหน้าที่เวชสถิติ", "นักวิชาการคอมพิวเตอร์", "เภสัชกร", "เจ้าพนักงานธุรการ")
TITLES = ("นาย", "นาง", "นางสาว")


def make(product: Product) -> tuple[int, int]:
    """Enter what is not there yet; gives how many organisations and people were new."""
    found = list(organisations())
    rows = product.runtime.execute(LoadReference(organisations=[each._asdict() for each in found]), DEPLOYER)
    people = product.runtime.execute(EnrolPeople(list(persons(found, passwords.hashed(PASSWORD)))), DEPLOYER)
    return rows, people


def organisations() -> Iterator[Organisation]:
    """Units beside those of the small demonstration, in the regions by turns and in each of their provinces."""
    for number in range(ORGANISATIONS - len(DEMO)):
        region = number % len(REGIONS) + 1
        provinces = REGIONS[region].provinces
        province = provinces[number // len(REGIONS) % len(provinces)]
        kind, name = _KINDS[number % len(_KINDS)]
        code = str(_FIRST_CODE + number)
        yield Organisation(
            code,
            f"{name} {number + 1} (สาธิต)",
            kind,
            province,
            str(region),
            None,
            f"0200003{number:02d}",
            f"unit{code}@example.org",
            f"{number + 1} ถ.ตัวอย่าง อ.เมือง จ.{province}",
        )


def persons(units: list[Organisation], password_hash: str) -> Iterator[Enrolled]:
    """A head for each unit, two officers for each region, and staff for the units in turn."""
    duties = [(unit.code, "ผู้อำนวยการ", ("unit_head", unit.code)) for unit in units]
    duties += [
        (f"NHSO{number:02d}", "เจ้าหน้าที่บริหารงานประกันสุขภาพ", (role, str(number)))
        for number in REGIONS
        for role in ("region_officer", "region_chief")
    ]
    staff = (
        (unit.code, POSITIONS[place % len(POSITIONS)], ("requester", unit.code))
        for place, unit in enumerate(cycle(units))
    )
    wanted = PERSONS - len(PEOPLE)
    for number, (unit, position, duty) in enumerate([*duties, *islice(staff, wanted - len(duties))], 1):
        username = f"demo{number:03d}"
        yield Enrolled(
            username,
            citizen_id.make("0", _FIRST_SERIAL + number),
            TITLES[number % len(TITLES)],
            FIRST_NAMES[number % len(FIRST_NAMES)],
            LAST_NAMES[number // len(FIRST_NAMES) % len(LAST_NAMES)],
            position,
            unit,
            f"{username}@example.org",
            f"0890{number:06d}",
            password_hash,
            [duty],
            (),
        )
