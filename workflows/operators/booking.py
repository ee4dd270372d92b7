"""Queues booked ahead: for whom, where and when, held, booked, told of, come or not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from workflows.clock import bangkok_date
from workflows.errors import Text
from workflows.operators import quotas
from workflows.operators.registry import both, operator
from workflows.ports import BpmnError, Change, Context, Result
from workflows.rules import booking_slots, masking, qr_codes, thai_dates
from workflows.rules.qr_codes import BookingCode

_RELATIONS = {
    "self": Text("ตนเอง", "myself"),
    "parent": Text("บิดาหรือมารดา", "my parent"),
    "child": Text("บุตร", "my child"),
}
_FAR = Text(
    f"จองได้ตั้งแต่วันนี้ถึงอีก {booking_slots.DAYS_AHEAD - 1} วันข้างหน้า กรุณาเลือกวันอื่น",
    f"Queues can be booked from today until {booking_slots.DAYS_AHEAD - 1} days ahead; choose another day",
)
_NOT_STANDING = Text(
    "หน่วยบริการนี้ยังไม่ได้ขึ้นทะเบียนหรือยังไม่ได้เปิดใช้ (Re-activate) จึงรับจองไม่ได้ กรุณาเลือกหน่วยบริการอื่น",
    "This unit is not registered or not re-activated and takes no bookings; choose another unit",
)
_NOT_OFFERED = Text(
    "หน่วยบริการนี้ไม่มีบริการของวิชาชีพที่เลือก กรุณาเลือกหน่วยบริการหรือวิชาชีพอื่น",
    "This unit does not offer the profession; choose another unit or profession",
)
_FULL_DAY = Text("วันนี้ไม่มีช่วงเวลาว่าง กรุณาเลือกวันหรือหน่วยบริการอื่น", "No time is free on this day; choose another day or unit")
_GONE = Text(
    "ช่วงเวลาที่เลือกมีผู้จองเต็มไปเมื่อสักครู่ กรุณาเลือกช่วงเวลาอื่น",
    "Somebody has just taken the last place at this time; choose another time",
)
_TWICE = Text(
    "ผู้รับบริการนี้จองคิววิชาชีพเดียวกันในวันนี้ไว้แล้ว ยกเลิกคิวเดิมก่อน หรือเลือกวันอื่น",
    "This person already has a place for this profession on that day; cancel it or choose another day",
)
_HOLD_OVER = Text("หมดเวลาถือคิวไว้ให้แล้ว กรุณาเลือกช่วงเวลาใหม่", "The place is no longer held; choose a time again")
_NOT_THIS_QR = Text(
    "QR นี้ไม่ใช่ของการจองคิวนี้ ให้สแกน QR ที่ผู้รับบริการได้รับเมื่อจอง หรือค้นชื่อในรายการคิววันนี้",
    "This is not the QR of this booking; scan the one the patient got when booking, or look in today's queue",
)
_OTHER_DAY = Text(
    "การจองนี้เป็นของวันที่ {day} รับเข้าบริการได้เฉพาะในวันนั้น",
    "This booking is for {day}; patients are received on that day only",
)


@operator(
    "booking.people",
    outputs={
        "people": "for whom somebody of LINE may book: [{value, label, label_en}]; null for everybody else",
        "is_stranger": "true for somebody without an account who must prove the mobile number",
    },
)
def people(inputs: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
    """Read for whom this person may book: somebody of LINE for themselves and their family, others for whom they
    name."""
    known = context.lookups.queue().people(context.actor)
    options = [
        {
            "value": each["value"],
            "label": f"{masking.person(each['name'])} ({_RELATIONS[each['relation']].th}) {each['pid_masked']}",
            "label_en": f"{masking.person(each['name'])} ({_RELATIONS[each['relation']].en}) {each['pid_masked']}",
        }
        for each in known
    ]
    return {"people": options or None, "is_stranger": context.actor.is_visitor and not options}


@operator(
    "booking.patient",
    inputs={
        "patient?": "which of booking.people",
        "pid?": "citizen ID, where nobody was chosen",
        "first_name?": "first name",
        "last_name?": "family name",
        "mobile?": "mobile number",
    },
    outputs={"person": "pid, pid_masked, name, mobile, relation, line_person_id (or null) of the patient"},
    errors={"PATIENT_UNKNOWN": "nobody of the family is this; variable problem says so"},
)
def patient(inputs: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
    """Settle who the patient is. What somebody of LINE chose is read from their registration, never from answers."""
    known = context.lookups.queue().people(context.actor)
    if not known:
        name = f"{inputs['first_name'] or ''} {inputs['last_name'] or ''}".strip()
        pid = str(inputs["pid"] or "")
        given = {"pid": pid, "pid_masked": masking.pid(pid), "name": name, "mobile": inputs["mobile"]}
        return {"person": {**given, "relation": "other", "line_person_id": None}}
    chosen = next((each for each in known if each["value"] == inputs["patient"]), None)
    if chosen is None:
        text = Text("เลือกผู้รับบริการจากรายชื่อที่ลงทะเบียนไว้", "Choose the patient from those who are registered")
        raise BpmnError("PATIENT_UNKNOWN", text, {"problem": both(text)})
    kept = {key: chosen[key] for key in ("pid", "pid_masked", "name", "relation")}
    return {"person": {**kept, "mobile": chosen["phone"], "line_person_id": str(chosen["line_person_id"])}}


@operator(
    "booking.day",
    inputs={"unit_code": "code of the unit", "profession": "code of the profession", "service_on": "day (ISO)"},
    outputs={
        "unit": "code, name, province, region of the unit",
        "day": "weekday (1 = Monday), is_holiday, in words (th, en)",
        "profession_name": "the profession in words",
    },
    errors={"BOOKING_REFUSED": "unit, profession or day cannot be booked; variable problem says why"},
)
def day(inputs: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
    """Check that the unit may serve patients and offers the profession, and that the day can be booked; say what kind
    of day it is."""
    on, today = date.fromisoformat(inputs["service_on"]), bangkok_date(context.now)
    standing, unit = context.lookups.standing(inputs["unit_code"]), context.lookups.unit(inputs["unit_code"])
    names = {each["code"]: each["name"] for each in context.lookups.professions()}
    if not 0 <= (on - today).days < booking_slots.DAYS_AHEAD:
        raise _refused(_FAR)
    serves = standing["registered_at"] and standing["reactivated_at"]
    if unit is None or not serves or (standing["active_until"] is not None and standing["active_until"] < on):
        raise _refused(_NOT_STANDING)
    if inputs["profession"] not in standing["professions"] or inputs["profession"] not in names:
        raise _refused(_NOT_OFFERED)
    words = {"th": thai_dates.long(on, weekday=True), "en": thai_dates.long(on, "en", weekday=True)}
    return {
        "unit": {key: unit[key] for key in ("code", "name", "province", "region")},
        "day": {"weekday": on.isoweekday(), "is_holiday": _is_holiday(on, context), **words},
        "profession_name": names[inputs["profession"]],
    }


@operator(
    "booking.slots",
    inputs={
        "unit_code": "code of the unit",
        "profession": "code of the profession",
        "service_on": "day (ISO)",
        "hours": "opens, closes, minutes, seats of the decision table booking_hours",
    },
    outputs={"slots": "free times: [{value, label, label_en}]", "capacity": "{time: seats} of the whole day"},
    errors={"BOOKING_REFUSED": "nothing is free; variable problem says so"},
)
def slots(inputs: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
    """Find the free times of a day, by the hours of the unit's personnel where they are known, else by the table."""
    on, hours, queue = date.fromisoformat(inputs["service_on"]), inputs["hours"], context.lookups.queue()
    asked = (inputs["unit_code"], inputs["profession"], on)
    ranges = queue.ranges(*asked, holiday=_is_holiday(on, context))
    if ranges is None:
        ranges = [[[hours["opens"], hours["closes"]]]] if hours["opens"] and hours["closes"] else []
    capacity = booking_slots.seats_of_day(ranges, int(hours["minutes"]), int(hours["seats"]))
    taken = queue.taken(*asked, context.now)
    free = {slot: seats - len(taken.get(slot, ())) for slot, seats in capacity.items()}
    options = [
        {"value": slot, "label": f"{slot} น. (ว่าง {left} คิว)", "label_en": f"{slot} ({left} free)"}
        for slot, left in free.items()
        if left > 0 and booking_slots.begins(on, slot) > context.now
    ]
    if not options:
        raise _refused(_FULL_DAY)
    return {"slots": options, "capacity": capacity}


@operator(
    "booking.hold",
    inputs={
        "unit_code": "code of the unit",
        "profession": "code of the profession",
        "service_on": "day (ISO)",
        "slot": "time",
        "capacity": "what booking.slots found",
        "person": "what booking.patient settled",
        "minutes": "for how many minutes the place is held",
    },
    outputs={"held_until": "until when (ISO, UTC)"},
    errors={"SLOT_TAKEN": "the last place has just gone, or this person has one already; variable problem says which"},
)
def hold(inputs: Mapping[str, Any], context: Context) -> Result:
    """Take a place for some minutes, and one of the unit's quota for the month. Of two who ask for the last one at the
    same moment only one gets it."""
    on, slot, person = date.fromisoformat(inputs["service_on"]), str(inputs["slot"]), inputs["person"]
    queue = context.lookups.queue()
    other = queue.has_booking(person["pid"], inputs["profession"], on, context.case_id, context.now)
    if other:  # where it is stays untold: whoever asks may not be this person
        raise BpmnError("SLOT_TAKEN", _TWICE, {"problem": both(_TWICE)})
    taken = queue.taken(inputs["unit_code"], inputs["profession"], on, context.now).get(slot, frozenset())
    seats = int(inputs["capacity"].get(slot, 0))
    seat = next((number for number in range(seats) if number not in taken), None)
    if seat is None or booking_slots.begins(on, slot) <= context.now:
        raise BpmnError("SLOT_TAKEN", _GONE, {"problem": both(_GONE)})
    until = context.now + timedelta(minutes=int(inputs["minutes"]))
    values = {
        "unit_code": inputs["unit_code"],
        "profession": inputs["profession"],
        "service_on": on.isoformat(),
        "slot": slot,
        "place": f"{inputs['unit_code']}/{inputs['profession']}/{on.isoformat()}/{slot}/{seat}",
        "held_until": until.isoformat(),
        "person": person,
    }
    counted = _place_of_quota(values, context)
    return Result({"held_until": until.isoformat()}, changes=(Change("booking.hold", values), *counted))


@operator(
    "booking.book",
    outputs={
        "booked_at": "now (ISO, UTC)",
        "remind_at": "when to remind (ISO)",
        "missed_at": "when whoever has not come did not come (ISO)",
    },
    errors={"HOLD_OVER": "the place is no longer held; variable problem says so"},
)
def book(inputs: Mapping[str, Any], context: Context) -> Result:
    """Turn the held place into a booking."""
    found = context.lookups.queue().of_case(context.case_id)
    if found is None or found["state"] != "held" or found["held_until"] <= context.now:
        raise BpmnError("HOLD_OVER", _HOLD_OVER, {"problem": both(_HOLD_OVER)})
    on, slot = found["service_on"], found["slot"]
    variables = {
        "booked_at": context.now.isoformat(),
        "remind_at": booking_slots.remind_at(on, slot, context.now).isoformat(),
        "missed_at": booking_slots.missed_at(on).isoformat(),
    }
    return Result(variables, changes=(Change("booking.book", {"booking": str(found["id"])}),))


@operator(
    "booking.end",
    inputs={"state": "expired, cancelled or no_show", "reason?": "why, in words"},
)
def end(inputs: Mapping[str, Any], context: Context) -> Result:
    """Give the place back, if this case has one."""
    found = context.lookups.queue().of_case(context.case_id)
    if found is not None and found["state"] == "arrived":
        return Result()
    counted = quotas.release({"key": quotas.of_booking(context.case_id)}, context).changes
    if found is None:
        return Result(changes=counted)
    values = {"booking": str(found["id"]), "state": inputs["state"], "reason": inputs["reason"] or ""}
    return Result(changes=(Change("booking.end", values), *counted))


@operator(
    "booking.arrive",
    inputs={"qr_text": "what was scanned or typed"},
    outputs={"arrived_at": "when (ISO, UTC)"},
    errors={"BOOKING_REFUSED": "another QR, or another day; variable problem says which"},
)
def arrive(inputs: Mapping[str, Any], context: Context) -> Result:
    """Compare the scanned QR with the booking. From now on the authentication of this patient may rely on it, once."""
    found = context.lookups.queue().of_case(context.case_id)
    scanned = qr_codes.parse(str(inputs["qr_text"]))
    if found is None or not isinstance(scanned, BookingCode) or scanned.token != found["token"]:
        raise _refused(_NOT_THIS_QR)
    if found["service_on"] != bangkok_date(context.now):
        day_ = found["service_on"]
        raise _refused(
            Text(*(_OTHER_DAY[i].format(day=thai_dates.long(day_, lang)) for i, lang in enumerate(("th", "en"))))
        )
    return Result(
        {"arrived_at": context.now.isoformat()}, changes=(Change("booking.arrive", {"booking": str(found["id"])}),)
    )


def _place_of_quota(values: Mapping[str, Any], context: Context) -> tuple[Change, ...]:
    """The change that holds a place of the quota for this booking. Raises SLOT_TAKEN where the month has none left."""
    place = {"unit_code": values["unit_code"], "profession": values["profession"], "day": values["service_on"]}
    try:
        return quotas.hold({**place, "key": quotas.of_booking(context.case_id)}, context).changes
    except BpmnError as empty:
        raise BpmnError("SLOT_TAKEN", empty.text, empty.variables) from empty


def _refused(text: Text) -> BpmnError:
    return BpmnError("BOOKING_REFUSED", text, {"problem": both(text)})


def _is_holiday(on: date, context: Context) -> bool:
    """Whether the day is a holiday; weekends are none. Beyond the calendar nobody knows: no."""
    calendar = context.working_days
    return calendar is not None and calendar.first <= on <= calendar.last and calendar.holiday(on) is not None
