"""The list of persons in a bulk request: its columns, how a row is read, and everything that can be wrong with it.

All problems are found at once: people correct a whole file, not one cell after the other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from workflows.errors import Text
from workflows.rules import citizen_id, email_address, masking, phone, titles
from workflows.rules.thai_text import arabic_digits, normalise

MOST_PERSONS = 500
ROLE_COLUMNS = 6
NEW_AUTHEN = "901"
"""The role whose use (checking or reserving rights) must be stated."""


class Column(NamedTuple):
    """A column of the list: its key, its heading, and what it is called in English."""

    key: str
    th: str
    en: str
    needed: bool = True


COLUMNS = (
    Column("number", "ลำดับ", "No.", False),
    Column("kind", "ประเภทคำขอ", "Kind of request"),
    Column("pid", "เลขประจำตัวประชาชน", "Citizen ID"),
    Column("title", "คำนำหน้า", "Title"),
    Column("first_name", "ชื่อ", "First name"),
    Column("last_name", "นามสกุล", "Family name"),
    Column("position", "ตำแหน่ง", "Position"),
    Column("mobile", "โทรศัพท์มือถือ", "Mobile"),
    Column("email", "อีเมล", "E-mail"),
    *(Column(f"role{n}", f"บทบาท {n}", f"Role {n}", n == 1) for n in range(1, ROLE_COLUMNS + 1)),
    Column("use", "การใช้ New Authentication", "Use of New Authentication", False),
    Column("handover", "รับช่วง Admin", "Takes over as admin", False),
)
BY_KEY = {column.key: column for column in COLUMNS}
KINDS = {"รหัสใหม่": "new", "สิทธิเพิ่ม": "more"}
USES = {"ตรวจสอบสิทธิ": "check", "จองสิทธิ": "reserve"}
YES = "ใช่"
_BY_HEADING = {normalise(column.th).casefold(): column.key for column in COLUMNS}
_LONGEST = {"first_name": 80, "last_name": 80, "position": 120}
_ROLE = re.compile(r"([0-9]{3,4})(?![0-9])")
_NAME = re.compile(r"[^\d\W][^\d_@<>]*")


class Problem(NamedTuple):
    """Something wrong in the list: the row of the sheet, the key of the column ("" = the whole row), why."""

    row: int
    column: str
    text: Text

    @property
    def heading(self) -> Text:
        """The column as people know it."""
        column = BY_KEY.get(self.column)
        return Text(column.th, column.en) if column else Text("ทั้งแถว", "The row")


@dataclass(frozen=True, slots=True)
class Listed:
    """One person of the list, cleaned. ``row`` is the row of the sheet."""

    row: int
    kind: str
    pid: str
    title: str
    first_name: str
    last_name: str
    position: str
    mobile: str
    email: str
    roles: tuple[str, ...]
    use: str = ""
    handover: bool = False

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "roles": list(self.roles)}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the register says about the people and roles of a list.

    refused: role → why this kind of unit cannot have it; holders: role that one person of a unit may hold → masked name
    of who does ("" = nobody); accounts: citizen IDs with an account; taken: addresses of somebody else's account;
    waiting: citizen ID → number of an open request with it; decided: the persons of this request that are not to be
    corrected, by citizen ID.
    """

    refused: Mapping[str, Text]
    holders: Mapping[str, str]
    accounts: frozenset[str] = frozenset()
    taken: frozenset[str] = frozenset()
    waiting: Mapping[str, str] | None = None
    decided: Mapping[str, Mapping[str, Any]] | None = None


def read(rows: Sequence[tuple[int, Sequence[str]]]) -> tuple[list[Listed], list[Problem]]:
    """The persons of a sheet and what is wrong with the writing of it. The first row that says something is the
    heading."""
    if not rows:
        return [], [
            Problem(1, "", Text("แผ่นงานว่าง กรุณาใช้แบบฟอร์มที่ดาวน์โหลดจากระบบ", "The sheet is empty; use the template"))
        ]
    (number, heading), *rest = rows
    places, problems = _places(number, heading)
    if problems:
        return [], problems
    persons = []
    for row, cells in rest:
        values = {key: normalise(cells[at]) if at < len(cells) else "" for key, at in places.items()}
        if any(value for key, value in values.items() if key != "number"):
            persons.append(_person(row, values, problems))
    if not persons:
        problems.append(Problem(number + 1, "", Text("ยังไม่มีรายชื่อ กรุณากรอกอย่างน้อยหนึ่งคน", "The list names nobody")))
    if len(persons) > MOST_PERSONS:
        problems.append(
            Problem(
                persons[MOST_PERSONS].row,
                "",
                Text(
                    f"มีรายชื่อ {len(persons)} คน ส่งได้ครั้งละไม่เกิน {MOST_PERSONS} คน กรุณาแบ่งไฟล์",
                    f"The list has {len(persons)} persons; at most {MOST_PERSONS} at a time, split the file",
                ),
            )
        )
    return persons, problems + _repeated(persons)


def judge(persons: Sequence[Listed], facts: Facts) -> list[Problem]:
    """What the register has against persons that were written correctly."""
    problems: list[Problem] = []
    taking: Counter[str] = Counter(role for person in persons for role in person.roles if role in facts.holders)
    for person in persons:
        kept = (facts.decided or {}).get(person.pid)
        if kept is not None:
            if not is_same(person, kept):
                problems.append(Problem(person.row, "", _DECIDED))
            continue
        problems += [Problem(person.row, column, text) for column, text in _against(person, facts, taking)]
    return problems


def is_same(person: Listed, stored: Mapping[str, Any]) -> bool:
    """Whether a row says the same as what the request holds of that person (``Listed.to_json``), row number apart."""
    return {**person.to_json(), "row": 0} == {key: stored.get(key) for key in person.to_json()} | {"row": 0}


_DECIDED = Text(
    "รายการนี้ไม่ได้ถูกส่งกลับแก้ไข ให้คงข้อมูลเดิมหรือลบแถวนี้ออกจากไฟล์",
    "This person was not returned for correction; leave the row as it was, or out of the file",
)
_REQUIRED = Text("ต้องกรอก", "This has to be filled in")


def _places(number: int, heading: Sequence[str]) -> tuple[dict[str, int], list[Problem]]:
    places: dict[str, int] = {}
    problems = []
    for at, words in enumerate(heading):
        name = normalise(words).rstrip("* ").casefold()
        key = _BY_HEADING.get(name)
        if not name:
            continue
        if key is None or key in places:
            text = Text(
                f"คอลัมน์ “{words[:40]}” ไม่มีในแบบฟอร์มหรือซ้ำกัน กรุณาใช้หัวตารางตามแบบฟอร์ม",
                f"There is no column “{words[:40]}” in the template, or it comes twice; keep the template's headings",
            )
            problems.append(Problem(number, "", text))
        else:
            places[key] = at
    for column in COLUMNS:
        if column.needed and column.key not in places:
            text = Text(
                f"ไม่พบคอลัมน์ “{column.th}” กรุณาใช้แบบฟอร์มที่ดาวน์โหลดจากระบบ", f"The column “{column.en}” is missing"
            )
            problems.append(Problem(number, column.key, text))
    return places, problems


def _person(row: int, values: Mapping[str, str], problems: list[Problem]) -> Listed:
    def wrong(column: str, text: Text) -> None:
        problems.append(Problem(row, column, text))

    title, first_name = values["title"], values["first_name"]
    if not title:  # lists of other offices write นางสาวมานี in one cell
        title, first_name = titles.split(first_name)
    known = titles.full(title)
    if known is None:
        wrong(
            "title",
            _REQUIRED if not title else Text("ไม่รู้จักคำนำหน้านี้ กรุณาเลือกจากรายการ", "Choose the title from the list"),
        )
    for key, value in {**values, "first_name": first_name}.items():
        if key in _LONGEST:
            _check_words(key, value, wrong)
    kind = KINDS.get(values["kind"], "")
    if not kind:
        wrong("kind", Text("เลือก รหัสใหม่ หรือ สิทธิเพิ่ม", "Choose from the list: new account, or more rights"))
    pid = citizen_id.clean(values["pid"])
    if found := citizen_id.problem(pid) if pid else _REQUIRED:
        wrong("pid", found)
    mobile = _mobile(values["mobile"])
    if not mobile:
        wrong("mobile", phone.NOT_A_MOBILE if values["mobile"] else _REQUIRED)
    email = email_address.clean(values["email"])
    if found := email_address.problem(email) if email else _REQUIRED:
        wrong("email", found)
    roles = _roles(values, wrong)
    use = USES.get(values.get("use", ""), "")
    if NEW_AUTHEN in roles and not use:
        wrong(
            "use", Text("ระบุว่าใช้เพื่อ ตรวจสอบสิทธิ หรือ จองสิทธิ", "State the use from the list: checking or reserving rights")
        )
    return Listed(
        row, kind, pid, known or title, first_name, values["last_name"], values["position"], mobile, email, roles,
        use if NEW_AUTHEN in roles else "", values.get("handover", "") == YES,
    )  # fmt: skip


def _check_words(key: str, value: str, wrong: Any) -> None:
    if not value:
        wrong(key, _REQUIRED)
    elif len(value) > _LONGEST[key]:
        wrong(key, Text(f"ยาวเกิน {_LONGEST[key]} ตัวอักษร", f"Longer than {_LONGEST[key]} letters"))
    elif key != "position" and not _NAME.fullmatch(value):
        wrong(key, Text("ชื่อต้องเป็นตัวอักษร กรุณาตรวจสอบ", "A name consists of letters"))


def _mobile(text: str) -> str:
    """A mobile in its national form, "" for none. A sheet of numbers drops the first 0: 812345678 is given it back."""
    digits = arabic_digits(text)
    found = phone.parse(f"0{digits}" if re.fullmatch("[689][0-9]{8}", digits) else text)
    return found.national if found is not None and found.kind == "mobile" else ""


def _roles(values: Mapping[str, str], wrong: Any) -> tuple[str, ...]:
    """The codes at the beginning of the role cells: "904 ผู้บันทึก E-Claim", "904"."""
    roles: list[str] = []
    for n in range(1, ROLE_COLUMNS + 1):
        text = arabic_digits(values.get(f"role{n}", ""))
        code = _ROLE.match(text)
        if code is None and text:
            wrong(
                f"role{n}",
                Text("ขึ้นต้นด้วยรหัสบทบาท เช่น 904 กรุณาเลือกจากรายการ", "Begin with the code of a role, such as 904"),
            )
        elif code is not None and code[1] in roles:
            wrong(f"role{n}", Text(f"บทบาท {code[1]} ซ้ำในแถวเดียวกัน", f"Role {code[1]} comes twice in this row"))
        elif code is not None:
            roles.append(code[1])
    if not roles and not any(values.get(f"role{n}") for n in range(1, ROLE_COLUMNS + 1)):
        wrong("role1", Text("เลือกอย่างน้อยหนึ่งบทบาท", "Choose at least one role"))
    return tuple(roles)


def _repeated(persons: Sequence[Listed]) -> list[Problem]:
    """Citizen IDs and addresses that come twice in the file."""
    problems = []
    for key, what in (("pid", Text("เลขประจำตัวประชาชน", "citizen ID")), ("email", Text("อีเมล", "e-mail address"))):
        first: dict[str, int] = {}
        for person in persons:
            value = getattr(person, key)
            if not value:
                continue
            if value in first:
                text = Text(f"{what.th}ซ้ำกับแถว {first[value]}", f"The same {what.en} as in row {first[value]}")
                problems.append(Problem(person.row, key, text))
            first.setdefault(value, person.row)
    return problems


def _against(person: Listed, facts: Facts, taking: Counter[str]) -> list[tuple[str, Text]]:
    found: list[tuple[str, Text]] = []
    if person.kind == "new" and person.pid in facts.accounts:
        masked = masking.pid(person.pid)
        found.append(
            (
                "kind",
                Text(
                    f"ADM007 – เลขที่บัตรประชาชน {masked} ได้ถูกนำไปสร้างผู้ใช้แล้ว ให้เปลี่ยนเป็น สิทธิเพิ่ม",
                    f"ADM007 – an account was already made with citizen ID {masked}; ask for more rights instead",
                ),
            )
        )
    if person.kind == "more" and person.pid not in facts.accounts:
        found.append(("kind", Text("ยังไม่มีรหัสผู้ใช้ ให้เปลี่ยนเป็น รหัสใหม่", "There is no account yet; ask for a new one")))
    if person.email in facts.taken:
        found.append(("email", Text("อีเมลนี้เป็นของผู้ใช้อื่นแล้ว", "This e-mail belongs to another account")))
    if number := (facts.waiting or {}).get(person.pid):
        text = Text(f"อยู่ในคำขอ {number} ที่ยังไม่เสร็จ ให้ลบแถวนี้", f"Already in request {number}, which is not finished")
        found.append(("pid", text))
    for n, role in enumerate(person.roles, 1):
        if role in facts.refused:
            found.append((f"role{n}", Text(*(f"{role}: {words}" for words in facts.refused[role]))))
        elif role in facts.holders:
            if taking[role] > 1:
                text = Text(
                    f"{role}: หนึ่งหน่วยงานมีได้หนึ่งคน แต่ในไฟล์มี {taking[role]} คน", f"{role}: one person of a unit only"
                )
                found.append((f"role{n}", text))
            elif facts.holders[role] and not person.handover:
                who = facts.holders[role]
                text = Text(
                    f"{role}: หน่วยงานมีผู้ถือบทบาทนี้แล้วคือ {who} หากรับช่วงต่อ ให้ใส่ “{YES}” ในช่อง รับช่วง Admin",
                    f"{role}: {who} of the unit holds it; fill in “Takes over as admin” if the person succeeds them",
                )
                found.append((f"role{n}", text))
    return found
