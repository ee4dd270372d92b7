"""The catalogue of target systems and roles, as one request sees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.errors import Text
from workflows.operators.registry import both, operator
from workflows.ports import Context

_GENERAL_FORM, _SMARTCARD_FORM = 1, 2
NO_SUCH_ROLE = Text("ไม่มีบทบาทนี้สำหรับหน่วยงานของท่าน", "There is no such role for your unit")
_NOT_BY_ROUNDS = Text(
    "บทบาทนี้ไม่ได้ออกตามรอบสิทธิ Smart Card ให้ยื่นที่ขอสิทธิเข้าใช้งาน",
    "This role is not granted in the smart-card rounds; ask for it under access to NHSO systems",
)
_ONLY_ROUNDS = Text(
    "คำขอที่มีเฉพาะบทบาท Smart Card ให้ยื่นที่ขอสิทธิ Smart Card",
    "A request for smart-card roles only is made under smart-card rights",
)


@operator(
    "catalogue.systems",
    inputs={
        "unit": "the unit as unit.load gives it",
        "roles": "codes of the roles asked for",
        "role_checks": "one {role, allowed, reason_th, reason_en} per role, from the table of eligible roles",
        "handover?": "true if the applicant takes over a role that only one person of the unit may hold",
        "channel?": "regular (as if not given) or smartcard: how the roles of this request are granted",
    },
    outputs={
        "requested_systems": "one {code, name, realm, roles: [{code, name, form, single_holder}]} per system",
        "smartcard_systems": "the same of the roles that a regular request hands on to the smart-card rounds",
        "request_form": "number of the request form that belongs to the roles (the highest of theirs)",
        "role_problem": "why the roles cannot be asked for ({th, en}), or null",
    },
)
def group_by_system(inputs: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
    """Group the roles by the system they belong to, because each system has an owner who decides alone.

    A role that the table refuses, that is not in the catalogue for this kind of unit, that is granted in another way,
    or that somebody else of the unit already holds alone is a problem the requester can mend; all are told at once.
    """
    unit, wanted = inputs["unit"], [str(code) for code in inputs["roles"]]
    channel = inputs["channel"] or "regular"
    found: dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {
        str(role["code"]): (system, role)
        for system in context.lookups.catalogue(unit["kind"])
        for role in system["roles"]
    }
    refused = {str(check["role"]): reason_of(check) for check in inputs["role_checks"] if check["allowed"] is not True}
    problems: list[Text] = []
    systems: dict[str, dict[str, dict[str, Any]]] = {"regular": {}, "smartcard": {}}
    forms = {_GENERAL_FORM if channel == "regular" else _SMARTCARD_FORM}
    for code in dict.fromkeys(wanted):
        if code in refused or code not in found:
            reason = refused.get(code, NO_SUCH_ROLE)
            problems.append(Text(f"{code}: {reason.th}", f"{code}: {reason.en}"))
            continue
        system, role = found[code]
        way = role.get("channel", "regular")
        if channel == "smartcard" and way != channel:
            problems.append(Text(f"{code}: {_NOT_BY_ROUNDS.th}", f"{code}: {_NOT_BY_ROUNDS.en}"))
            continue
        held = None if inputs["handover"] is True else _held_by_another(unit["code"], role, context)
        if held:
            problems.append(held)
        if way == channel:
            forms.add(int(role["form"]))
        new = {"code": system["system"], "name": system["name"], "realm": system["realm"], "roles": []}
        entry = systems[way].setdefault(system["system"], new)
        entry["roles"].append(
            {
                "code": code,
                "name": role["name"],
                "form": int(role["form"]),
                "single_holder": role.get("single_holder") is True,
            }
        )
    if channel == "regular" and systems["smartcard"] and not systems["regular"] and not problems:
        problems += [Text(f"{code}: {_ONLY_ROUNDS.th}", f"{code}: {_ONLY_ROUNDS.en}") for code in dict.fromkeys(wanted)]
    return {
        "requested_systems": list(systems[channel].values()),
        "smartcard_systems": list(systems["smartcard"].values()) if channel == "regular" else [],
        "request_form": max(forms),
        "role_problem": both(Text(*map("\n".join, zip(*problems, strict=True)))) if problems else None,
    }


def reason_of(check: Mapping[str, Any]) -> Text:
    """Why the table of eligible roles refuses a role."""
    if not check.get("reason_th"):
        return NO_SUCH_ROLE
    return Text(check["reason_th"], check.get("reason_en") or check["reason_th"])


def _held_by_another(unit_code: str, role: Mapping[str, Any], context: Context) -> Text | None:
    """Why a role with a single holder is not free: who holds it (masked) and the way out."""
    holder = context.lookups.grant_holder(unit_code, str(role["code"])) if role.get("single_holder") else None
    if holder is None:
        return None
    who, what = holder["masked_name"], f"{role['code']} {role['name']}"
    return Text(
        f"{what}: หน่วยงานมีผู้ถือบทบาทนี้แล้วคือ {who} หนึ่งหน่วยงานมีได้หนึ่งคน หากรับช่วงต่อให้เลือก “รับช่วงเป็นผู้ดูแลระบบ”",
        f"{what}: {who} of your unit holds it already, and only one person may; tick “Take over” if you succeed them",
    )
