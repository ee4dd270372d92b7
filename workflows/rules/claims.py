"""What may still be done with a claim code: correct it, void it, review it; and by whom.

A claim code is voided on the day of its service by one person of the unit; later a second person of the unit or the
region agrees; once the right is closed (ปิดสิทธิ) the region agrees, as its amounts may be claimed already.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Literal

from workflows.errors import Text
from workflows.rules import thai_dates

Agreement = Literal["none", "unit", "region"]

UNIT_ROLES = ("frontdesk", "signatory")
"""Who of a unit corrects and voids its claim codes, and appeals."""
_WHILE_OPEN = (
    "service_code",
    "profession",
    "mobile",
    "phones",
    "visit_number",
    "illness",
    "claimable",
    "not_claimable",
)
_ONCE_CLOSED = ("mobile", "phones", "illness")

VOID = Text("รหัสเข้ารับบริการนี้ถูกยกเลิกแล้วเมื่อ {day}", "This claim code was voided on {day}")
_ASKED = Text(
    "มีคำขอยกเลิกรหัสนี้รอความเห็นชอบอยู่แล้ว ติดตามได้ในประวัติของรายการ",
    "Somebody asked to void this code already; the request waits for its second person",
)
_NOT_YOURS = Text(
    "ไม่พบรหัสเข้ารับบริการนี้ในหน่วยของท่าน ตรวจตัวอักษร 2 ตัวและตัวเลข 10 หลัก",
    "Your unit has no such claim code; check its two letters and ten digits",
)
_NO_REVIEW = Text(
    "รหัสนี้ไม่ได้ใช้ Smart Card กรณีพิเศษ จึงไม่ต้องทวนสอบ",
    "This code did not use the smart card as a last resort; nothing is reviewed",
)
_REVIEWED = Text("รหัสนี้ทวนสอบเสร็จแล้ว: {result}", "This code has been reviewed: {result}")
_IN_REVIEW = Text("ผู้ทวนสอบกำลังพิจารณารหัสนี้อยู่แล้ว", "The region's reviewer has this code already")
RESULTS = {"confirmed": Text("ยืนยัน", "confirmed"), "voided": Text("ยกเลิก", "voided")}


def editable(claim: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields that may still be corrected: all while it is open, what does not change the claim once it is closed,
    nothing of a void one."""
    return {"open": _WHILE_OPEN, "closed": _ONCE_CLOSED}.get(claim["state"], ())


def voided(claim: Mapping[str, Any]) -> Text:
    """That it is void, since when."""
    at = claim["voided_at"]
    days = (thai_dates.short(at), thai_dates.short(at, "en")) if at else ("–", "–")
    return Text(VOID.th.format(day=days[0]), VOID.en.format(day=days[1]))


def void_problem(claim: Mapping[str, Any]) -> Text | None:
    """Why it cannot be voided; None if it can."""
    if claim["state"] == "void":
        return voided(claim)
    return _ASKED if claim["void_case"] is not None else None


def agreement(claim: Mapping[str, Any], today: date) -> Agreement:
    """Who has to agree to voiding it besides the one who asks."""
    if claim["state"] == "closed":
        return "region"
    return "none" if claim["service_on"] == today else "unit"


def agreeing(claim: Mapping[str, Any], wanted: Agreement) -> list[str]:
    """The groups whose members may agree."""
    region = [f"reviewer:{claim['region']}", f"region_officer:{claim['region']}"]
    unit = [f"signatory:{claim['unit_code']}", f"unit_head:{claim['unit_code']}"]
    return {"none": [], "unit": [*unit, *region], "region": region}[wanted]


def review_problem(claim: Mapping[str, Any]) -> Text | None:
    """Why no review of it can begin; None if one can, perhaps instead of one that still waits for the appeal."""
    if claim["state"] == "void":
        return voided(claim)
    if claim["review"] == "none":
        return _NO_REVIEW
    if claim["review"] != "awaiting":
        result = RESULTS[claim["review"]]
        return Text(_REVIEWED.th.format(result=result.th), _REVIEWED.en.format(result=result.en))
    return _IN_REVIEW if claim["review_stage"] == "reviewing" else None


def of_unit(claim: Mapping[str, Any] | None, groups: Collection[str]) -> Text | None:
    """Why it is none of the actor's unit's (unknown codes alike); None if it is."""
    if claim is None or not any(f"{role}:{claim['unit_code']}" in groups for role in UNIT_ROLES):
        return _NOT_YOURS
    return None
