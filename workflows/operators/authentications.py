"""One patient's visit: what must be true before it begins, the claim code, and its closing (ปิดสิทธิ)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from workflows.clock import BANGKOK, bangkok_date
from workflows.errors import Text
from workflows.operators.readings import Unusable, fresh_reading
from workflows.operators.registry import both, operator
from workflows.ports import BpmnError, Change, Context, Result
from workflows.rules import qr_codes

ROLE = "frontdesk"
_KEPT = ("code", "name", "kind", "province", "region")
_NEEDED = ("pid", "mobile", "service_code", "visit_kind", "profession")
_NO_UNIT = Text(
    "ท่านไม่มีหน้าที่หน้าจุดบริการของหน่วยใด ให้ผู้ดูแลระบบเพิ่มบทบาทเจ้าหน้าที่จุดบริการของหน่วย",
    "You do not serve at the desk of any unit; ask the administrator for the role of front-desk staff",
)
_NOT_REGISTERED = Text(
    "หน่วย {unit} ยังไม่ได้ลงทะเบียนข้อมูลหน่วยและบุคลากร จึงยืนยันตัวตนผู้รับบริการไม่ได้ "
    "ผู้มีอำนาจลงนามเริ่มได้ที่ “ลงทะเบียนหน่วยบริการนวัตกรรม (OSS)”",
    "Unit {unit} has not registered its data and personnel, so it cannot authenticate patients; its signatory begins at"
    " “OSS registration”",
)
_NOT_ACTIVE = Text(
    "หน่วย {unit} ยังไม่ได้ทำ Re-Activate หรือพ้นกำหนดแล้ว จึงยืนยันตัวตนผู้รับบริการไม่ได้ "
    "ผู้มีอำนาจลงนามหรือผู้รับมอบอำนาจเริ่มได้ที่ “Re-Activate หน่วยบริการ”",
    "Unit {unit} is not re-activated, or no longer, so it cannot authenticate patients; its signatory or approved"
    " delegate begins at “Re-activation”",
)
_OTHER_UNIT = Text("ท่านไม่ใช่เจ้าหน้าที่จุดบริการของหน่วย {unit}", "You do not serve at the desk of unit {unit}")
_INCOMPLETE = Text("กรอกข้อมูลผู้รับบริการให้ครบ", "Fill in who the patient is and what they come for")
_NO_SERVICE = Text("รหัสบริการ {code} ใช้ไม่ได้ในวันนี้", "Service {code} is not valid today")
_NO_PROFESSION = Text("หน่วยไม่ได้ลงทะเบียนวิชาชีพนี้", "The unit has not registered this profession")
_OTHER_CARD = Text(
    "เลขประจำตัวประชาชนไม่ตรงกับบัตรที่อ่าน ตรวจเลขหรืออ่านบัตรใหม่",
    "The citizen ID is not that of the card; check it or read the card again",
)
_BAD_BOOKING = Text(
    "QR การจองนี้ใช้ไม่ได้: ไม่พบ หมดอายุ ใช้แล้ว หรือเป็นของหน่วย วัน หรือคนอื่น ลบรหัสการจองแล้วยืนยันตัวตนตามปกติ",
    "This booking cannot be used: unknown, expired, used, or of another unit, day or person; leave it out and prove the"
    " identity as usual",
)
_NOT_ARRIVED = Text(
    "ยังไม่ได้บันทึกรับผู้รับบริการตามคิว บันทึกที่งาน “รับผู้ป่วยตามคิวจอง” ก่อน แล้วส่งอีกครั้ง",
    "The arrival is not recorded yet; do so at the task of the booking first, then send this again",
)
_ALREADY = Text(
    "ผู้รับบริการรายนี้มีรหัสเข้ารับบริการ {code} ของบริการเดียวกันที่หน่วยนี้วันนี้แล้ว และยังไม่ปิดสิทธิ ใช้รหัสเดิม หรือปิดสิทธิก่อน",
    "This patient has the open claim code {code} for the same service at this unit today; use it, or close it first",
)
_DAY_OVER = Text(
    "พ้นวันที่รับบริการแล้ว เปิดสิทธิได้เฉพาะวันที่รับบริการ ให้เริ่มรายการใหม่",
    "The day of the service is over; a code is given on that day only. Begin anew",
)
_BAD_TIME = Text(
    "วันเวลาปิดสิทธิต้องไม่ก่อนเวลาเปิดสิทธิ และไม่เกินเวลาปัจจุบัน",
    "The closing cannot be before the opening, nor in the future",
)
_MINUTE = timedelta(minutes=1)


@operator(
    "authentication.begin",
    inputs={
        "pid?": "citizen ID of the patient",
        "mobile?": "first phone of the patient or a relative",
        "phones?": "further phones, with commas",
        "unit_code?": "code of the unit; none = the only one the actor serves at",
        "service_code?": "code of the service",
        "visit_kind?": "general or prevention",
        "profession?": "code of the profession",
        "reading_id?": "reading of the patient's card",
        "booking_token?": "token of a booking's QR code",
        "source?": "desk (as if not given) or api",
    },
    outputs={
        "unit_code": "code of the unit",
        "unit": "code, name, kind, province, region",
        "service": "code, name, level, visit_kind",
        "profession_name": "name of the profession",
        "service_on": "day of the service (ISO date)",
        "card_birth": "year, month, day as the patient's card says, or null",
        "identity": "method booking and its case where a booking is shown, else null",
        "source": "desk or api",
        "problem": "null",
    },
    errors={
        "UNIT_NOT_READY": "the unit may not authenticate patients; variables problem, unit_code",
        "INCOMPLETE": "something is missing or wrong; variables problem, unit_code",
        "ALREADY_OPEN": "the patient has an open code for this; variables problem, claim_code",
    },
)
def begin(inputs: Mapping[str, Any], context: Context) -> Result:
    """Check the unit's standing first, then who comes for what: the service on this day, the profession, the card or
    the booking that was shown, and that no code is open for the same already."""
    unit = _unit(inputs["unit_code"], context)
    code = str(unit["code"])
    if any(not inputs[name] for name in _NEEDED):
        empty = not any(inputs[name] for name in ("pid", "mobile", "profession"))
        raise _wrong(_INCOMPLETE, code, silent=empty)
    today = bangkok_date(context.now)
    services = {each["code"]: each for each in context.lookups.services(today)}
    service = services.get(str(inputs["service_code"]))
    if service is None:
        raise _wrong(_filled(_NO_SERVICE, code=inputs["service_code"]), code)
    names = {each["code"]: each["name"] for each in context.lookups.professions()}
    profession = str(inputs["profession"])
    if profession not in unit["professions"] or profession not in names:
        raise _wrong(_NO_PROFESSION, code)
    pid = str(inputs["pid"])
    birth, changes = _card(inputs["reading_id"], pid, code, context)
    booked = _booking(inputs["booking_token"], pid, code, profession, today, context)
    _refuse_second(code, str(service["code"]), pid, today, context)
    told = {
        "unit_code": code,
        "unit": {key: unit[key] for key in _KEPT},
        "service": dict(service),
        "profession_name": names[profession],
        "service_on": today.isoformat(),
        "card_birth": birth,
        "identity": booked,
        "source": inputs["source"] or "desk",
        "problem": None,
    }
    return Result(told, changes=changes)


@operator(
    "authentication.open",
    inputs={
        "pid": "citizen ID of the patient",
        "mobile": "first phone",
        "phones?": "further phones, with commas",
        "unit": "what authentication.begin gave",
        "service": "what authentication.begin gave",
        "visit_kind": "general or prevention",
        "profession": "code of the profession",
        "service_on": "day of the service (ISO date)",
        "source": "desk or api",
        "rights": "what the rights registry said",
        "age?": "completed years on this day",
        "identity": "how the identity was proven",
        "attempts?": "evidence of every attempt on the ladder",
        "illness?": "code of a common illness",
    },
    outputs={
        "claim_code": "the new claim code",
        "opened_at": "when (ISO, UTC)",
        "reason": "why a last resort, in words",
    },
    errors={
        "ALREADY_OPEN": "a code was opened for the same meanwhile; variables problem, claim_code",
        "DAY_OVER": "it is not the day of the service any more; variable problem",
    },
)
def open_(inputs: Mapping[str, Any], context: Context) -> Result:
    """Draw the claim code and write the authentication. Of two who do so for the same patient, service, unit and day
    one wins; the other is told the code."""
    today, unit, pid = bangkok_date(context.now), inputs["unit"], str(inputs["pid"])
    if today.isoformat() != inputs["service_on"]:
        raise BpmnError("DAY_OVER", _DAY_OVER, {"problem": both(_DAY_OVER)})
    _refuse_second(str(unit["code"]), str(inputs["service"]["code"]), pid, today, context)
    identity, rights = inputs["identity"], inputs["rights"]
    reason = str(identity.get("reason_text") or identity.get("reason") or "")
    code = context.lookups.claim_code()
    names = {name: rights.get(name) or "" for name in ("title", "first_name", "last_name")}
    row = {
        "claim_code": code,
        "unit_code": unit["code"],
        "region": unit["region"],
        "service_on": inputs["service_on"],
        "service_code": inputs["service"]["code"],
        "visit_kind": inputs["visit_kind"],
        "profession": inputs["profession"],
        "method": identity["method"],
        "source": inputs["source"],
        "pid": pid,
        "age": inputs["age"],
        "rights_class": rights.get("main_class") or "",
        "details": {
            **names,
            "mobile": inputs["mobile"],
            "phones": inputs["phones"] or "",
            "rights": rights,
            "identity": identity,
        },
        "evidence": list(inputs["attempts"] or []),
        "reason": reason,
        "illness": inputs["illness"] or "",
        "review": "awaiting" if identity["method"] == "smartcard" else "none",
    }
    told = {"claim_code": code, "opened_at": context.now.isoformat(), "reason": reason}
    used = (Change("booking.use", {"booking": identity["booking"]}),) if identity["method"] == "booking" else ()
    return Result(told, changes=(Change("authentication.open", row), *used))


@operator(
    "authentication.close",
    inputs={
        "claim_code": "the claim code",
        "opened_at": "when it was opened (ISO)",
        "closed_at?": "when the visit was closed (ISO); none = now",
        "claimable": "amount claimable, in baht",
        "not_claimable": "amount not claimable, in baht",
        "visit_number?": "the unit's own number of the visit (VN)",
        "illness?": "code of a common illness; none leaves what was said before",
    },
    errors={"BAD_TIME": "closed before it was opened, or in the future; variable problem"},
)
def close(inputs: Mapping[str, Any], context: Context) -> Result:
    """Close the right (ปิดสิทธิ): when, how much is claimable and how much is not, and the visit number."""
    opened = datetime.fromisoformat(str(inputs["opened_at"]))
    closed = _moment(inputs["closed_at"], context)
    if not opened - _MINUTE <= closed <= context.now + _MINUTE:
        raise BpmnError("BAD_TIME", _BAD_TIME, {"problem": both(_BAD_TIME)})
    values = {
        "claim_code": inputs["claim_code"],
        "closed_at": closed.isoformat(),
        "claimable": _satang(inputs["claimable"]),
        "not_claimable": _satang(inputs["not_claimable"]),
        "visit_number": str(inputs["visit_number"] or ""),
        "illness": str(inputs["illness"] or ""),
    }
    return Result(changes=(Change("authentication.close", values),))


def _unit(wanted: Any, context: Context) -> Mapping[str, Any]:
    """The unit whose desk this is, with its professions. Raises UNIT_NOT_READY."""
    own = sorted(group.partition(":")[2] for group in context.actor.groups if group.startswith(f"{ROLE}:"))
    code = str(wanted or (own[0] if own else ""))
    if not code:
        raise BpmnError("UNIT_NOT_READY", _NO_UNIT, {"problem": both(_NO_UNIT)})
    if code not in own and not context.actor.is_system:
        raise _not_ready(_OTHER_UNIT, code)
    standing, unit = context.lookups.standing(code), context.lookups.unit(code)
    if unit is None or not unit["active"] or standing["registered_at"] is None:
        raise _not_ready(_NOT_REGISTERED, code)
    until: date | None = standing["active_until"]
    if standing["reactivated_at"] is None or (until is not None and until < bangkok_date(context.now)):
        raise _not_ready(_NOT_ACTIVE, code)
    return {**unit, "professions": standing["professions"]}


def _not_ready(text: Text, code: str) -> BpmnError:
    text = _filled(text, unit=code)
    return BpmnError("UNIT_NOT_READY", text, {"problem": both(text), "unit_code": code})


def _wrong(text: Text, code: str, *, silent: bool = False) -> BpmnError:
    return BpmnError("INCOMPLETE", text, {"problem": None if silent else both(text), "unit_code": code})


def _filled(text: Text, **values: Any) -> Text:
    return Text(text.th.format(**values), text.en.format(**values))


def _card(reading_id: Any, pid: str, code: str, context: Context) -> tuple[dict[str, Any] | None, tuple[Change, ...]]:
    """The birth date on the patient's card, and the change that ties the reading to this case."""
    if not reading_id:
        return None, ()
    try:
        reading, changes = fresh_reading(reading_id, code, context)
    except Unusable as unusable:
        raise _wrong(unusable.text, code) from unusable
    if reading["card"]["citizen_id"] != pid:
        raise _wrong(_OTHER_CARD, code)
    birth = reading["card"].get("birth") or {}
    return {part: birth.get(part) for part in ("year", "month", "day")}, changes


def _booking(token: Any, pid: str, code: str, profession: str, today: date, context: Context) -> dict[str, Any] | None:
    """A booking that was shown proves who comes (domain: booked ahead)."""
    if not token:
        return None
    scanned = qr_codes.parse(str(token))
    shown = scanned.token if isinstance(scanned, qr_codes.BookingCode) else str(token).strip().upper()
    found = context.lookups.queue().by_token(shown)
    told = ("pid", "unit_code", "service_on", "profession")
    if found is None or tuple(found[name] for name in told) != (pid, code, today, profession):
        raise _wrong(_BAD_BOOKING, code)
    if found["state"] != "arrived":
        raise _wrong(_NOT_ARRIVED if found["state"] == "booked" else _BAD_BOOKING, code)
    return {
        "method": "booking",
        "at": context.now.isoformat(timespec="seconds"),
        "booking": str(found["id"]),
        "booking_case": str(found["case_id"]),
    }


def _refuse_second(code: str, service_code: str, pid: str, on: date, context: Context) -> None:
    existing = context.lookups.open_code(code, service_code, pid, on)
    if existing is not None:
        text = _filled(_ALREADY, code=existing)
        raise BpmnError("ALREADY_OPEN", text, {"problem": both(text), "claim_code": existing})


def _moment(text: Any, context: Context) -> datetime:
    """A moment as forms write it: without a zone it is Bangkok's."""
    if not text:
        return context.now
    found = datetime.fromisoformat(str(text))
    return (found.replace(tzinfo=BANGKOK) if found.tzinfo is None else found).astimezone(UTC)


def _satang(baht: Any) -> int:
    return round(float(baht) * 100)
