"""A list of organisations from a spreadsheet: what it says, line by line, and what it would change in the register.

An empty cell of an organisation that is present leaves its value; nothing is closed or deleted by being left out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workflows.errors import FileRejected, Text
from workflows.rules import email_address, phone
from workflows.rules.thai_text import arabic_digits, normalise

COLUMNS = {
    "รหัส": "code",
    "ชื่อ": "name",
    "ประเภท": "kind",
    "จังหวัด": "province",
    "เขต": "region",
    "หน่วยงานกำกับ": "supervisor",
    "สังกัดหลัก": "main_affiliation",
    "สังกัดย่อย": "sub_affiliation",
    "รหัส 9 หลัก": "code9",
    "ที่อยู่": "address",
    "โทรศัพท์ สปสช.": "phone",
    "โทรศัพท์ประชาชน": "public_phone",
    "อีเมล": "email",
    "ละติจูด": "latitude",
    "ลองจิจูด": "longitude",
    "ใช้งาน": "active",
}
"""Heading → column. Only the first three are needed; the order is free."""

_NEEDED = ("code", "name", "kind")
_YES, _NO = {"ใช่", "เปิด", "1", "true", "yes"}, {"ไม่ใช่", "ไม่", "ปิด", "0", "false", "no"}
_LONGEST = 500
_BOUNDS = {"latitude": (5.0, 21.0), "longitude": (97.0, 106.0)}

_NO_HEAD = Text(
    "แถวแรกต้องเป็นหัวตาราง มีอย่างน้อย รหัส ชื่อ ประเภท",
    "The first row must be the heads, at least those for code, name and kind",
)
_STRANGE_HEAD = Text("ไม่รู้จักหัวตาราง {names} ที่ใช้ได้คือ {known}", "Unknown heads {names}; the known ones are {known}")
_TWICE_HEAD = Text("หัวตาราง {names} มีมากกว่าหนึ่งคอลัมน์", "There is more than one column {names}")
_EMPTY = Text("ไม่มีข้อมูลในไฟล์", "The file holds no entries")
_NO_CODE = Text("ไม่มีรหัส", "The code is missing")
_BAD_CODE = Text("รหัสต้องเป็นเลข 5 หลัก หรืออักษรอังกฤษตัวใหญ่ตามด้วยเลข", "The code is five digits, or capitals and digits")
_TWICE = Text("รหัสนี้อยู่ในแถว {row} แล้ว", "This code is in row {row} already")
_NEW_NEEDS = Text("รายการใหม่ต้องมี {names}", "A new entry needs {names}")
_KIND = Text("ไม่รู้จักประเภท {value}", "Unknown kind {value}")
_PROVINCE = Text("ไม่รู้จักจังหวัด {value}", "Unknown province {value}")
_REGION = Text("เขตต้องเป็น 1 ถึง 13", "The region is 1 to 13")
_CODE9 = Text("รหัส 9 หลักต้องมี 9 ตัวอักษร", "The 9-character code has nine characters")
_ACTIVE = Text("ช่องใช้งานต้องเป็น ใช่ หรือ ไม่ใช่", "The column for in use says yes or no")
_NUMBER = Text("{name} ต้องเป็นตัวเลขระหว่าง {least} ถึง {most}", "{name} is a number between {least} and {most}")
_TOO_LONG = Text("{name} ยาวเกินไป", "{name} is too long")
_SUPERVISOR = Text("ไม่พบหน่วยงานกำกับรหัส {code} ทั้งในทะเบียนและในไฟล์", "Nobody knows the supervising organisation {code}")
_CIRCLE = Text("หน่วยงานกำกับวนกลับมาที่ตนเอง", "It would supervise itself")


@dataclass(slots=True)
class Line:
    """One row of the file: its number there, the code, the values it gives, what is wrong with it."""

    row: int
    code: str
    values: dict[str, Any]
    wrong: list[Text] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one organisation: column → (before, after). ``revision`` 0 is a new one."""

    line: Line
    revision: int
    changes: dict[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What the file would do to the register as it is now. ``digest`` names exactly this."""

    new: list[Change]
    changed: list[Change]
    same: list[Line]
    wrong: list[Line]

    @property
    def digest(self) -> str:
        told = [[each.line.code, each.revision, each.changes] for each in (*self.new, *self.changed)]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def read(rows: Sequence[tuple[int, Sequence[str]]], kinds: Mapping[str, str], provinces: Iterable[str]) -> list[Line]:
    """The lines of a sheet. ``kinds`` are the words that may stand for a kind. Raises FileRejected for wrong heads."""
    if not rows:
        raise FileRejected(_EMPTY)
    head = [normalise(cell) for cell in rows[0][1]]
    columns = _columns(head)
    known = set(provinces)
    lines: list[Line] = []
    seen: dict[str, int] = {}
    for number, cells in rows[1:]:
        given = {
            name: normalise(cells[place])
            for place, name in columns.items()
            if place < len(cells) and cells[place].strip()
        }
        if not given:
            continue
        line = _line(number, given, kinds, known)
        if line.code and line.code in seen:
            line.wrong.append(_TWICE.format(row=seen[line.code]))
        seen.setdefault(line.code, number)
        lines.append(line)
    if not lines:
        raise FileRejected(_EMPTY)
    return lines


def plan(lines: Sequence[Line], present: Mapping[str, Mapping[str, Any]]) -> Plan:
    """Compare with the register (code → row, with ``revision``). What is wrong only in that light is added to the
    lines' own faults."""
    supervisors = {code: row["supervisor"] for code, row in present.items()}
    supervisors |= {line.code: line.values["supervisor"] for line in lines if "supervisor" in line.values}
    codes = set(present) | {line.code for line in lines}
    found = Plan([], [], [], [])
    for line in lines:
        row = present.get(line.code)
        wrong = [*line.wrong, *_in_its_place(line, row, codes, supervisors)]
        if wrong:
            found.wrong.append(Line(line.row, line.code, line.values, wrong))
            continue
        before = row or {}
        changes = {name: (before.get(name), value) for name, value in line.values.items() if before.get(name) != value}
        if row is None:
            found.new.append(Change(line, 0, changes))
        elif changes:
            found.changed.append(Change(line, int(row["revision"]), changes))
        else:
            found.same.append(line)
    return found


def _in_its_place(
    line: Line, row: Mapping[str, Any] | None, codes: set[str], supervisors: Mapping[str, str | None]
) -> list[Text]:
    found = []
    if row is None and (missing := [name for name in _NEEDED if name != "code" and not line.values.get(name)]):
        heads = {column: head for head, column in COLUMNS.items()}
        found.append(_NEW_NEEDS.format(names=", ".join(heads[name] for name in missing)))
    above = line.values.get("supervisor")
    if above and above not in codes:
        found.append(_SUPERVISOR.format(code=above))
    elif above and _goes_round(line.code, supervisors):
        found.append(_CIRCLE)
    return found


def _goes_round(code: str, supervisors: Mapping[str, str | None]) -> bool:
    seen, above = {code}, supervisors.get(code)
    while above:
        if above in seen:
            return True
        seen.add(above)
        above = supervisors.get(above)
    return False


def _columns(head: Sequence[str]) -> dict[int, str]:
    named = {place: name for place, name in enumerate(head) if name}
    if strange := [name for name in named.values() if name not in COLUMNS]:
        raise FileRejected(_STRANGE_HEAD.format(names=", ".join(strange[:5]), known=", ".join(COLUMNS)))
    if twice := [name for name in dict.fromkeys(named.values()) if list(named.values()).count(name) > 1]:
        raise FileRejected(_TWICE_HEAD.format(names=", ".join(twice)))
    found = {place: COLUMNS[name] for place, name in named.items()}
    if not set(_NEEDED) <= set(found.values()):
        raise FileRejected(_NO_HEAD)
    return found


def _line(number: int, given: Mapping[str, str], kinds: Mapping[str, str], provinces: set[str]) -> Line:
    code = arabic_digits(given.get("code", "")).upper().removesuffix(".0")
    line = Line(number, code, {})
    if not code:
        line.wrong.append(_NO_CODE)
    elif not _is_code(code):
        line.wrong.append(_BAD_CODE)
    for name, text in given.items():
        if name != "code":
            value = _value(name, text, kinds, provinces)
            if isinstance(value, Text):
                line.wrong.append(value)
            else:
                line.values[name] = value
    return line


def _is_code(code: str) -> bool:
    if len(code) == 5 and code.isascii() and code.isdigit():
        return True
    return code.isascii() and code.isalnum() and code[0].isalpha() and 3 <= len(code) <= 10


def _value(name: str, text: str, kinds: Mapping[str, str], provinces: set[str]) -> Any:
    """The value of a cell as the register holds it; what is wrong with it if it cannot."""
    plain = arabic_digits(text)
    match name:
        case "kind":
            return kinds.get(text.casefold()) or _KIND.format(value=text)
        case "province":
            bare = text.removeprefix("จังหวัด").removeprefix("จ.").strip()
            return bare if bare in provinces else _PROVINCE.format(value=text)
        case "region":
            digits = plain.removeprefix("เขต").strip().removesuffix(".0")
            return digits if digits in {str(number) for number in range(1, 14)} else _REGION
        case "supervisor":
            return plain.upper().removesuffix(".0")
        case "code9":
            upper = plain.upper()
            return upper if len(upper) == 9 and upper.isascii() and upper.isalnum() else _CODE9
        case "phone" | "public_phone":
            numbers = phone.parse_list(plain)
            return phone.NOT_A_PHONE if numbers is None else ", ".join(each.national for each in numbers)
        case "email":
            address = email_address.clean(text)
            return email_address.problem(address) or address
        case "latitude" | "longitude":
            return _degrees(name, plain)
        case "active":
            word = plain.casefold().removesuffix(".0")
            return True if word in _YES else False if word in _NO else _ACTIVE
        case _:
            return text if len(text) <= _LONGEST else _TOO_LONG.format(name=name)


def _degrees(name: str, text: str) -> float | Text:
    least, most = _BOUNDS[name]
    try:
        number = round(float(text), 6)
    except ValueError:
        number = float("nan")
    if least <= number <= most:
        return number
    heads = {column: head for head, column in COLUMNS.items()}
    return _NUMBER.format(name=heads[name], least=least, most=most)
