"""The people of the demonstration; the contract names them. Everybody is invented and has the same password."""

from __future__ import annotations

from typing import NamedTuple

PASSWORD = "sitthi-demo"  # noqa: S105 - the published password of people who do not exist


class Person(NamedTuple):
    """A person with a DC account. ``memberships`` are (role, scope); ``grants`` are the codes of roles held.
    ``in_oss``: they registered themselves in OSS with ThaID."""

    username: str
    pid: str
    title: str
    first_name: str
    last_name: str
    position: str
    unit_code: str
    mobile: str
    memberships: tuple[tuple[str, str], ...]
    grants: tuple[str, ...] = ()
    in_oss: bool = False

    @property
    def email(self) -> str:
        """The person's own address."""
        return f"{self.username}@example.org"


_OWNER = ("NEW_AUTHEN", "INVESTMENT", "DRUG_CATALOGUE", "CPP", "OPPP", "QOF", "MEETING", "API_AUTHEN", "ERM")
_OWNER2 = ("ECLAIM", "DMIS", "OPBKK", "CHRONIC", "PRESCRIPTION", "NAP", "VMI", "KTB_WALLET", "UCEP")

PEOPLE = (
    Person(
        "requester",
        "0990000000011",
        "นางสาว",
        "มานี",
        "ตัวอย่าง",
        "นักวิชาการสาธารณสุข",
        "99001",
        "0800000001",
        (("requester", "99001"),),
        ("906",),
    ),
    Person(
        "requester2",
        "0990000000029",
        "นาย",
        "ปิติ",
        "ตัวอย่าง",
        "เจ้าหน้าที่เวชสถิติ",
        "99002",
        "0800000002",
        (("requester", "99002"),),
        ("269", "378"),
    ),
    Person(
        "head",
        "0990000000037",
        "นาง",
        "วันเพ็ญ",
        "สาธิต",
        "ผู้อำนวยการ รพ.สต.",
        "99001",
        "0800000003",
        (("unit_head", "99001"),),
    ),
    Person(
        "head2",
        "0990000000045",
        "นาย",
        "สมคิด",
        "สาธิต",
        "ผู้อำนวยการโรงพยาบาล",
        "99002",
        "0800000004",
        (("unit_head", "99002"),),
        ("913",),
    ),
    Person(
        "pao",
        "0990000000053",
        "นาย",
        "ชูใจ",
        "สาธิต",
        "ผู้อำนวยการกองสาธารณสุข อบจ.",
        "PAO01",
        "0800000005",
        (("supervisor", "PAO01"),),
    ),
    Person(
        "region",
        "0990000000061",
        "นางสาว",
        "ดวงใจ",
        "สาธิต",
        "เจ้าหน้าที่บริหารงานประกันสุขภาพ",
        "NHSO07",
        "0800000006",
        (("region_officer", "7"),),
    ),
    Person(
        "regionchief",
        "0990000000070",
        "นาย",
        "ประสงค์",
        "สาธิต",
        "หัวหน้ากลุ่มงาน สปสช. เขต 7",
        "NHSO07",
        "0800000007",
        (("region_chief", "7"),),
    ),
    Person(
        "owner",
        "0990000000088",
        "นาง",
        "อารี",
        "สาธิต",
        "ผู้รับผิดชอบระบบงาน",
        "NHSO",
        "0800000008",
        tuple(("system_owner", system) for system in _OWNER),
    ),
    Person(
        "owner2",
        "0990000000096",
        "นาย",
        "วีระ",
        "สาธิต",
        "ผู้รับผิดชอบระบบงาน",
        "NHSO",
        "0800000009",
        tuple(("system_owner", system) for system in _OWNER2),
    ),
    Person("issuer", "0990000000100", "นางสาว", "จันทร์", "สาธิต", "ผู้ออกรหัส", "NHSO", "0800000010", (("issuer", ""),)),
    Person(
        "frontdesk",
        "0990000000118",
        "นางสาว",
        "สายใจ",
        "ตัวอย่าง",
        "เจ้าหน้าที่เวชระเบียน",
        "99003",
        "0800000011",
        (("frontdesk", "99003"),),
        ("901",),
    ),
    Person(
        "signatory",
        "0990000000126",
        "นาย",
        "เกรียงไกร",
        "ตัวอย่าง",
        "ผู้มีอำนาจลงนาม",
        "99003",
        "0800000012",
        (("signatory", "99003"), ("unit_head", "99003")),
        in_oss=True,
    ),
    Person(
        "reviewer",
        "0990000000134",
        "นาง",
        "พรรณี",
        "สาธิต",
        "ผู้ทวนสอบ สปสช. เขต 7",
        "NHSO07",
        "0800000013",
        (("reviewer", "7"),),
    ),
    Person(
        "designer", "0990000000142", "นาย", "ธนา", "สาธิต", "เจ้าของกระบวนงาน", "NHSO", "0800000014", (("designer", ""),)
    ),
    Person(
        "auditor", "0990000000151", "นาง", "รัตนา", "สาธิต", "ผู้ตรวจสอบภายใน", "NHSO", "0800000015", (("auditor", ""),)
    ),
    Person("admin", "0990000000169", "นาย", "อนันต์", "สาธิต", "ผู้ดูแลระบบ", "NHSO", "0800000016", (("admin", ""),)),
    Person(
        "region9",
        "0990000000177",
        "นาย",
        "สุรชัย",
        "สาธิต",
        "เจ้าหน้าที่บริหารงานประกันสุขภาพ",
        "NHSO09",
        "0800000017",
        (("region_officer", "9"), ("region_chief", "9")),
    ),
    Person(
        "region13",
        "0990000000185",
        "นางสาว",
        "กานดา",
        "สาธิต",
        "เจ้าหน้าที่บริหารงานประกันสุขภาพ",
        "NHSO13",
        "0800000018",
        (("region_officer", "13"), ("region_chief", "13")),
    ),
    Person(
        "head5",
        "0990000000193",
        "นาง",
        "มยุรี",
        "สาธิต",
        "ผู้อำนวยการโรงพยาบาล",
        "99005",
        "0800000019",
        (("unit_head", "99005"),),
    ),
    Person(
        "head6",
        "0990000000207",
        "นาย",
        "ธีระ",
        "สาธิต",
        "ผู้ดำเนินการคลินิก",
        "99006",
        "0800000020",
        (("unit_head", "99006"),),
    ),
    Person(
        "pho",
        "0990000000215",
        "นาง",
        "ศิริ",
        "สาธิต",
        "หัวหน้ากลุ่มงานประกันสุขภาพ สสจ.",
        "PHO01",
        "0800000021",
        (("supervisor", "PHO01"),),
    ),
    Person(
        "head4",
        "0990000000223",
        "นาย",
        "บุญมา",
        "สาธิต",
        "ผู้อำนวยการ รพ.สต.",
        "99004",
        "0800000022",
        (("unit_head", "99004"),),
    ),
)
