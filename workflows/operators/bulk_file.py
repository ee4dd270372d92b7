"""Whether a bundle may come in: whose it is, and what is wrong with its rows. For the operators and for the form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from workflows.actor import Actor
from workflows.errors import Text
from workflows.operators.catalogue import NO_SUCH_ROLE, reason_of
from workflows.ports import Lookups
from workflows.rules import bulk_list
from workflows.rules.bulk_list import Facts, Listed, Problem

NO_BUNDLE = Text("กรุณาแนบไฟล์ ZIP ตามแบบ", "Attach the ZIP file as described")
_NOT_YOURS = Text(
    "ท่านส่งคำขอเป็นชุดของหน่วยงานนี้ไม่ได้ ผู้ส่งต้องเป็นเจ้าหน้าที่หรือหัวหน้าของหน่วยงาน หรือหน่วยงานกำกับของหน่วยงานนั้น",
    "You cannot send a bulk request for this unit: the sender is an officer or head of the unit, or supervises it",
)


def bundle_of(references: Any, lookups: Lookups) -> Mapping[str, Any] | None:
    """What the one referred-to ZIP holds; None if there is none."""
    first = references[0] if isinstance(references, list) and references else None
    id_ = first.get("documentId") if isinstance(first, Mapping) else None
    return lookups.bundle(id_) if isinstance(id_, str) else None


def sender_level(actor: Actor, unit: Mapping[str, Any]) -> str | None:
    """What an actor is to a unit: ``head``, ``unit`` (an officer), ``supervisor``; None for anybody else."""
    if f"unit_head:{unit['code']}" in actor.groups:
        return "head"
    if f"requester:{unit['code']}" in actor.groups:
        return "unit"
    return "supervisor" if unit["supervisor"] and f"supervisor:{unit['supervisor']}" in actor.groups else None


def refusal(
    found: Mapping[str, Any] | None, unit: Mapping[str, Any] | None, actor: Actor, expected: str | None
) -> Text | None:
    """Why a bundle is not taken from this sender at all; None if it is."""
    if found is None:
        return NO_BUNDLE
    if expected and found["unit_code"] != expected:
        return Text(
            f"ชื่อไฟล์เป็นของหน่วยงาน {found['unit_code']} แต่คำขอนี้เป็นของ {expected}",
            f"The file name says unit {found['unit_code']}, but this request is of {expected}",
        )
    if unit is None:
        return Text(
            f"ไม่พบหน่วยงานรหัส {found['unit_code']} ตามชื่อไฟล์ กรุณาตรวจรหัสหน่วย",
            f"There is no unit {found['unit_code']}, as the file name says; check the code",
        )
    return None if sender_level(actor, unit) else _NOT_YOURS


def roles_of(persons: Iterable[Listed]) -> list[str]:
    """Every role that somebody asks for, once."""
    return list(dict.fromkeys(role for person in persons for role in person.roles))


def check(
    rows: Sequence[tuple[int, Sequence[str]]],
    unit: Mapping[str, Any],
    role_checks: Iterable[Mapping[str, Any]],
    lookups: Lookups,
    case_id: int = 0,
    *,
    system: str | None = None,
) -> tuple[list[Listed], list[Problem]]:
    """The persons of a list, and everything that is wrong with it. ``case_id`` is of the request that it corrects."""
    persons, problems = bulk_list.read(rows)
    present = lookups.lines(case_id) if case_id else []
    known = lookups.people([(person.pid, person.email) for person in persons], case_id)
    facts = Facts(
        refused=_refused(roles_of(persons), unit, role_checks, lookups),
        holders=_holders(roles_of(persons), unit, lookups),
        accounts=frozenset(known["accounts"]),
        taken=frozenset(known["taken"]),
        waiting=known["waiting"],
        decided={line["person"]["pid"]: line["person"] for line in present if not is_returned(line, system)},
    )
    problems += bulk_list.judge(persons, facts)
    if present:
        problems += _strangers(persons, present, system)
    return persons, sorted(problems, key=lambda problem: problem.row)


def is_returned(line: Mapping[str, Any], system: str | None) -> bool:
    """Whether a line is to be corrected: it was returned by a level, or by the owner of this system."""
    if system:
        return bool(line["state"] == "open" and line["systems"].get(system) == "return")
    return bool(line["state"] == "returned")


def assigned(persons: Sequence[Listed], present: Sequence[Mapping[str, Any]], system: str | None) -> dict[int, Listed]:
    """Which line of the request each person of a list becomes: numbered as listed, or the returned line of the same
    citizen ID, or else the next returned line that nobody has, or else a new one where persons may be added. Lines that
    were not returned are not touched."""
    if not present:
        return dict(enumerate(persons, 1))
    returned = {line["person"]["pid"]: line["line"] for line in present if is_returned(line, system)}
    others = {line["person"]["pid"] for line in present} - set(returned)
    given = {returned[person.pid]: person for person in persons if person.pid in returned}
    free = chain(sorted(set(returned.values()) - set(given)), _added(present, system))
    for person in persons:
        if person.pid not in returned and person.pid not in others and (line := next(free, None)) is not None:
            given[line] = person
    return given


def _added(present: Sequence[Mapping[str, Any]], system: str | None) -> Iterator[int]:
    """Numbers for persons whom a corrected list adds. Only what the first level returned can get any: whoever comes
    later would pass nobody who decided before."""
    returned = [line for line in present if is_returned(line, system)]
    if system is None and not any(line["level"] for line in returned):
        yield from range(max(line["line"] for line in present) + 1, bulk_list.MOST_PERSONS + 1)


def summary(problems: Sequence[Problem], most: int | None = 20) -> Text:
    """All that is wrong in one text, row by row; at most so many of it."""
    lines = [
        Text(
            f"แถว {problem.row} {problem.heading.th}: {problem.text.th}",
            f"row {problem.row}, {problem.heading.en}: {problem.text.en}",
        )
        for problem in problems
    ]
    rows = len({problem.row for problem in problems})
    told = lines[:most]
    if told and len(lines) > len(told):
        more = len(lines) - len(told)
        told.append(Text(f"และอีก {more} แห่ง", f"and {more} more"))
    return Text(
        f"พบข้อผิดพลาดใน {rows} แถว ยังไม่มีรายการใดถูกบันทึก" + "".join(f"\n{text.th}" for text in told),
        f"{rows} rows are wrong; nothing was stored" + "".join(f"\n{text.en}" for text in told),
    )


def _refused(
    roles: Sequence[str], unit: Mapping[str, Any], role_checks: Iterable[Mapping[str, Any]], lookups: Lookups
) -> dict[str, Text]:
    """The roles that cannot be asked for here: refused by the table, not in the unit's catalogue, of the rounds."""
    known = {str(role["code"]): role for system in lookups.catalogue(unit["kind"]) for role in system["roles"]}
    by_rounds = [role for role in roles if role in known and known[role].get("channel", "regular") != "regular"]
    refused = {str(each["role"]): reason_of(each) for each in role_checks if each["allowed"] is not True}
    strange = [role for role in roles if role not in known]
    return {**dict.fromkeys(strange, NO_SUCH_ROLE), **dict.fromkeys(by_rounds, _BY_ROUNDS), **refused}


def _holders(roles: Iterable[str], unit: Mapping[str, Any], lookups: Lookups) -> dict[str, str]:
    """Roles that one person of a unit may hold → the masked name of who does, or ""."""
    single = {
        str(role["code"])
        for system in lookups.catalogue(unit["kind"])
        for role in system["roles"]
        if role.get("single_holder")
    }
    found = {role: lookups.grant_holder(unit["code"], role) for role in roles if role in single}
    return {role: str(holder["masked_name"]) if holder else "" for role, holder in found.items()}


def _strangers(persons: Sequence[Listed], present: Sequence[Mapping[str, Any]], system: str | None) -> list[Problem]:
    """Persons whom a corrected list must not bring in, and roles it must not change once the owners decide."""
    lines = {line["line"]: line for line in present}
    given = assigned(persons, present, system)
    placed = {person.row for person in given.values()}
    known = {line["person"]["pid"] for line in present}
    problems = [
        Problem(person.row, "", _TOO_MANY) for person in persons if person.row not in placed and person.pid not in known
    ]
    if system:
        for number, person in given.items():
            before = lines[number]["person"]
            if person.pid != before["pid"]:
                problems.append(Problem(person.row, "pid", _LOCKED))
            elif list(person.roles) != list(before["roles"]):
                problems.append(Problem(person.row, "role1", _LOCKED))
    return problems


_TOO_MANY = Text(
    "ไม่มีคนนี้ในคำขอเดิม เพิ่มคนในไฟล์แก้ไขได้เฉพาะเมื่อผู้พิจารณาขั้นแรกส่งกลับ กรุณายื่นเป็นคำขอใหม่",
    "This person is not in the request; a corrected file adds people only when the first level returned it; send a new "
    "request",
)
_BY_ROUNDS = Text(
    "บทบาทนี้ออกตามรอบสิทธิ Smart Card และต้องมีหนังสือของตนเอง (แบบฟอร์ม 2) ให้ยื่นที่ขอสิทธิ Smart Card",
    "This role is granted in the smart-card rounds and needs a letter of its own (form 2); ask for it under smart-card "
    "rights",
)
_LOCKED = Text(
    "เปลี่ยนไม่ได้แล้วในขั้นเจ้าของระบบ กรุณาใช้ค่าเดิม",
    "This can no longer be changed once the system's owner decides; keep it as it was",
)
