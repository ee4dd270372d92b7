"""Registration of innovation units in OSS: what ``oss_eligibility`` is told, and the personnel in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from workflows.rules import masking, thai_dates, week_hours
from workflows.rules.usernames import counts_as_dc

REGISTRATION_TYPES: dict[str, str] = {
    "primary": "หน่วยบริการปฐมภูมิ",
    "innovation": "หน่วยบริการที่รับการส่งต่อเฉพาะด้าน (หน่วยนวัตกรรม)",
    "specialised": "หน่วยบริการที่รับการส่งต่อเฉพาะด้าน สาขาอื่น",
    "joint": "หน่วยบริการร่วมให้บริการ",
}
"""What a person may be registered for at a unit. Names are ours, after the kinds of registration in the documents."""
LICENCE_WORDS = {
    "found": "พบในทะเบียนสภาวิชาชีพ",
    "not_found": "ไม่พบในทะเบียนสภาวิชาชีพ",
    "unknown": "ตรวจไม่ได้ในขณะนี้",
}


def facts(
    process_id: str, username: str, authority: Mapping[str, Any], unit: Mapping[str, Any] | None, standing: Any
) -> dict[str, Any]:
    """What ``oss_eligibility`` decides by. ``authority`` as ``Lookups.authority`` gives it, ``unit`` as
    ``Lookups.unit``, ``standing`` as ``Lookups.standing``."""
    chosen = chosen_unit(authority)
    return {
        "process_id": process_id,
        "account": {
            "username": username,
            "self_registered": authority["self_registered_at"] is not None,
            "thaid_verified": authority["thaid_verified_at"] is not None,
            "dc_name": counts_as_dc(username),
            "authority": chosen["role"] if chosen else "none",
        },
        "unit": {
            "code": unit["code"] if unit else "",
            "known": unit is not None and unit.get("active") is not False,
            "registered": standing["registered_at"] is not None,
        },
    }


def inputs(found: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as the columns of ``oss_eligibility`` name them."""
    account, unit = found["account"], found["unit"]
    told = {name: account[name] for name in ("self_registered", "thaid_verified", "dc_name", "authority")}
    return {
        "process_id": found["process_id"],
        **told,
        "unit_known": unit["known"],
        "unit_registered": unit["registered"],
    }


def chosen_unit(authority: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The unit somebody acts for: their own if they may act for it, else the first of those they may act for."""
    units: Sequence[Mapping[str, Any]] = authority["units"]
    own = [each for each in units if each["unit_code"] == authority["unit_code"]]
    found = [*sorted(own, key=lambda each: each["role"] != "signatory"), *units]
    return found[0] if found else None


def listed(personnel: Sequence[Mapping[str, Any]], professions: Mapping[str, str]) -> list[dict[str, Any]]:
    """The personnel of a form as a table shows them, citizen IDs masked."""
    return [
        {
            "name": f"{each['first_name']} {each['last_name']}",
            "pid": masking.pid(str(each["pid"])),
            "profession": professions.get(each["profession"], each["profession"]),
            "licence": each["licence_number"],
            "licence_found": LICENCE_WORDS.get(each.get("licence") or "unknown", ""),
            "specialty": each.get("specialty") or "–",
            "types": ", ".join(REGISTRATION_TYPES.get(kind, kind) for kind in each.get("registration_types") or ()),
            "dates": _dates(each),
            "hours": week_hours.words(week_hours.kept(each.get("hours"))),
            "confirmed": "ยืนยันแล้ว" if each.get("action") == "confirm" else "ยังไม่ยืนยัน",
        }
        for each in personnel
    ]


def _dates(person: Mapping[str, Any]) -> str:
    first, last = (person.get(name) for name in ("starts_on", "ends_on"))
    begins = thai_dates.short(date.fromisoformat(str(first))) if first else "–"
    return f"{begins} ถึง {thai_dates.short(date.fromisoformat(str(last)))}" if last else f"ตั้งแต่ {begins}"
