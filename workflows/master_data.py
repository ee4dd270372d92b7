"""The registers that the administration keeps by hand: their tables, what may be changed in them, what they refer to.

Entries are never deleted, because cases and accounts name them; they are retired (``active`` is false). Every register
has an audit chain of its own, in which an event's name is the key of the entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from workflows.errors import Text
from workflows.records import (
    Base,
    CalendarDay,
    Case,
    CommonIllness,
    Contact,
    EditableText,
    EndorsementReason,
    Membership,
    Organisation,
    Profession,
    Quota,
    Role,
    ServiceCode,
    TargetSystem,
)

CALENDAR_CHAIN = 1
"""The calendar's chain began before the other registers had theirs (``commands/amend_calendar.py``)."""


@dataclass(frozen=True, slots=True)
class Register:
    """One register. ``columns`` may be changed; ``references`` names for a column the register that must know it.

    ``chain`` is the subject of its audit chain. ``plain`` registers are changed with ``AmendRegister`` by people of the
    roles ``editors``; the others have commands of their own.
    """

    name: str
    record: type[Base]
    chain: int
    columns: tuple[str, ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)
    key: str = "code"
    plain: bool = True
    editors: tuple[str, ...] = ("admin",)


ORGANISATIONS = Register(
    "organisations",
    Organisation,
    20,
    (
        "name",
        "kind",
        "province",
        "region",
        "supervisor",
        "main_affiliation",
        "sub_affiliation",
        "code9",
        "address",
        "phone",
        "public_phone",
        "email",
        "latitude",
        "longitude",
        "active",
    ),
    {"supervisor": "organisations"},
)
SYSTEMS = Register("systems", TargetSystem, 21, ("name", "owner", "realm", "kind", "sign_in_url", "active"))
ROLES = Register(
    "roles",
    Role,
    22,
    ("system_code", "name", "unit_kinds", "form", "channel", "single_holder", "active"),
    {"system_code": "systems"},
)
CONTACTS = Register(
    "contacts",
    Contact,
    23,
    ("name", "region", "system_code", "phone", "email", "line", "hours", "active"),
    {"system_code": "systems"},
)
_OWNERS = ("admin", "designer")
"""What process owners keep, too: it belongs to the processes of the counter as their tables do."""
SERVICES = Register(
    "services",
    ServiceCode,
    27,
    ("name", "level", "visit_kind", "valid_from", "valid_to", "position"),
    editors=_OWNERS,
)
PROFESSIONS = Register("professions", Profession, 28, ("name", "licensed_by", "position", "active"), editors=_OWNERS)
REASONS = Register("reasons", EndorsementReason, 29, ("text", "below_age", "position", "active"), editors=_OWNERS)
ILLNESSES = Register("illnesses", CommonIllness, 30, ("name", "position", "active"), editors=_OWNERS)
TEXTS = Register("texts", EditableText, 24, ("body",), key="key", plain=False)
MEMBERSHIPS = Register("memberships", Membership, 25, key="account_id", plain=False)
CALENDAR = Register("calendar", CalendarDay, CALENDAR_CHAIN, key="day", plain=False)
QUOTAS = Register("quotas", Quota, 40, key="unit_code", plain=False)
EXPORTS = Register("exports", Case, 26, key="id", plain=False)
"""No register, but told in the same way: who took which report out."""

REGISTERS = {
    each.name: each
    for each in (
        ORGANISATIONS,
        SYSTEMS,
        ROLES,
        CONTACTS,
        SERVICES,
        PROFESSIONS,
        REASONS,
        ILLNESSES,
        TEXTS,
        MEMBERSHIPS,
        CALENDAR,
        QUOTAS,
        EXPORTS,
    )
}
"""By their names, in the order people see them."""

CHANGED = Text(
    "มีผู้แก้ไขรายการนี้หลังจากท่านเปิดหน้า ยังไม่ได้บันทึกสิ่งที่ท่านกรอก ตรวจค่าปัจจุบันแล้วบันทึกอีกครั้ง",
    "Somebody changed this entry after you opened it; what you entered is not stored. See what it says now, save again",
)
_UNKNOWN = Text("ไม่พบรหัส {code} ในทะเบียน กรุณาตรวจสอบ", "There is no {code} in the register; please check")
_ITSELF = Text(
    "หน่วยงานกำกับตนเองไม่ได้ แม้ผ่านหน่วยงานอื่น", "An organisation cannot supervise itself, nor by way of another one"
)


_ENDS_FIRST = Text("วันสิ้นสุดต้องไม่อยู่ก่อนวันเริ่มใช้", "The last day cannot be before the first")


def problems(db: Connection, register: Register, key: str, values: Mapping[str, Any]) -> dict[str, Text]:
    """What the register forbids about the values of an entry, by column: codes that nobody knows, supervising in a
    circle, an end before the beginning. What a form can see by itself is checked there."""
    found: dict[str, Text] = {}
    for column, other in register.references.items():
        code = values.get(column)
        if code and not known(db, REGISTERS[other], [code]) and code != key:
            found[column] = _UNKNOWN.format(code=code)
    first, last = values.get("valid_from"), values.get("valid_to")
    if first and last and last < first:
        found["valid_to"] = _ENDS_FIRST
    supervisor = values.get("supervisor") if register is ORGANISATIONS and not found else None
    if supervisor and _supervises(db, key, str(supervisor)):
        found["supervisor"] = _ITSELF
    return found


def known(db: Connection, register: Register, keys: list[str]) -> set[str]:
    """Which of these keys the register has."""
    column = register.record.__table__.c[register.key]
    return set(db.execute(select(column).where(column.in_(keys))).scalars())


def _supervises(db: Connection, code: str, supervisor: str) -> bool:
    """Whether an organisation stands above the one that is to supervise it."""
    seen: set[str] = set()
    above: str | None = supervisor
    while above and above not in seen:
        if above == code:
            return True
        seen.add(above)
        above = db.execute(select(Organisation.supervisor).where(Organisation.code == above)).scalar()
    return False
