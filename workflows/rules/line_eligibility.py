"""Who may register in LINE by themselves, and whom they may answer for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from workflows.errors import Text
from workflows.rules import rights

LEAST_AGE = 15
MOST_FAMILY = 5
RELATIONS = {"parent": Text("บิดาหรือมารดา", "Parent"), "child": Text("บุตร", "Child")}
"""What a member is to the owner of the account: direct family only."""
_UNIVERSAL = ("UCS", "WEL", rights.VACANT)

UNKNOWN = Text(
    "ไม่พบเลขประจำตัวประชาชนนี้ในฐานข้อมูลสิทธิ ตรวจเลขกับบัตร หากถูกต้องแล้วโทร 1330",
    "The registry of rights does not know this citizen ID; compare it with the card, or call 1330",
)
_OTHER_RIGHT = Text(
    "ลงทะเบียนด้วยตนเองได้เฉพาะผู้มีสิทธิหลักประกันสุขภาพแห่งชาติหรือสิทธิว่าง สิทธิของท่านคือ{right} ให้ยืนยันตัวตนที่หน่วยบริการด้วยวิธีอื่น",
    "Only people with the universal coverage or a vacant right register by themselves; yours is {right}. "
    "Prove your identity at the unit in another way",
)
_TOO_YOUNG = Text(
    f"ผู้ลงทะเบียนด้วยตนเองต้องมีอายุ {LEAST_AGE} ปีบริบูรณ์ขึ้นไป ให้บิดาหรือมารดาลงทะเบียนแทน",
    f"Whoever registers by themselves is at least {LEAST_AGE} full years old; a parent may register for them",
)
_NO_AGE = Text(
    "ฐานข้อมูลสิทธิไม่ทราบปีเกิดของท่าน จึงตรวจอายุไม่ได้ ติดต่อ 1330",
    "The registry of rights does not know your year of birth, so the age cannot be checked; call 1330",
)
_OWN = Text("นี่คือเลขของท่านเอง ท่านลงทะเบียนแล้ว", "This is your own number; you are registered already")
_TWICE = Text("บุคคลนี้อยู่ในครอบครัวของท่านแล้ว", "This person is in your family already")
_FULL = Text(
    f"บัญชี LINE นี้ทำแทนครอบครัวครบ {MOST_FAMILY} คนแล้ว ลบคนที่ไม่ใช้แล้วก่อนเพิ่ม",
    f"This LINE account answers for {MOST_FAMILY} members already; remove one first",
)
_RELATION = Text("เลือกความสัมพันธ์ บิดาหรือมารดา หรือบุตร", "Choose the relation: parent or child")


def own_problems(answer: Mapping[str, Any] | None, on: date) -> list[Text]:
    """Everything that keeps a person from registering by themselves, each with the way out. ``answer`` is what the
    registry of rights says of them."""
    if answer is None:
        return [UNKNOWN]
    found = []
    if answer["main_class"] not in _UNIVERSAL:
        found.append(_OTHER_RIGHT.format(right=answer.get("main_name") or answer["main_class"]))
    age = rights.age_on(answer, on)
    if age is None:
        found.append(_NO_AGE)
    elif age.years < LEAST_AGE:
        found.append(_TOO_YOUNG)
    return found


def family_problem(own_pid: str, members: Sequence[str], pid: str, relation: str) -> Text | None:
    """Why this person cannot become a member; None if they can. ``members`` are the citizen IDs of those who are."""
    if relation not in RELATIONS:
        return _RELATION
    if pid == own_pid:
        return _OWN
    if pid in members:
        return _TWICE
    return _FULL if len(members) >= MOST_FAMILY else None
