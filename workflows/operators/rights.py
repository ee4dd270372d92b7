"""The rights of a patient, as the registry answered: bound to the case as evidence, or asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from workflows.clock import bangkok_date
from workflows.errors import Text
from workflows.operators.registry import both, operator
from workflows.ports import BpmnError, Change, Context, Message, Result
from workflows.rules import age
from workflows.rules.ladder import FRESH

_UNKNOWN = Text(
    "ทะเบียนสิทธิไม่รู้จักเลขประจำตัวประชาชนนี้ ตรวจเลขกับบัตร",
    "The rights registry does not know this citizen ID; compare it with the card",
)
_NOT_THERE = Text("ยังไม่มีผลตรวจสอบสิทธิที่ใช้ได้", "There is no usable answer of the rights registry yet")


@operator(
    "rights.look_up",
    inputs={"pid": "citizen ID of the patient", "unit_code": "code of the unit", "requester": "who asks"},
    outputs={"rights_answer": "the kept answer, for rights.bind"},
)
def look_up(inputs: Mapping[str, Any], context: Context) -> Result:
    """Ask the rights registry; the task waits for the answer. What a page has asked before the case began need not be
    asked again."""
    day = bangkok_date(context.now).isoformat()
    who = {"pid": inputs["pid"], "unit_code": inputs["unit_code"], "asked_for": inputs["requester"]}
    payload = {**who, "on": day, "case": context.case_id}
    key = f"rights.look_up:{context.case_id}/{context.now.isoformat()}"
    return Result(messages=(Message("rights.look_up", payload, key=key),), wait=True)


@operator(
    "rights.bind",
    inputs={
        "rights_answer?": "the kept answer",
        "pid": "citizen ID of the patient",
        "unit_code": "code of the unit",
        "requester": "for whom it was asked",
        "card_birth?": "birth date as the patient's card says",
    },
    outputs={
        "rights": "what the registry says of the patient",
        "rights_source": "which registry",
        "rights_at": "when it was asked (ISO, UTC)",
        "age": "completed years on this day, or null",
        "age_text": "the age in words",
        "flagged": "true if a face problem or a vulnerable group is recorded",
    },
    errors={
        "RIGHTS_NOT_THERE": "there is no answer, or it is of another person, unit or hour",
        "UNKNOWN_PERSON": "the registry knows nobody of this number; variable problem",
    },
)
def bind(inputs: Mapping[str, Any], context: Context) -> Result:
    """Tie a fresh answer of the registry, asked by the same person at the same unit about this patient, to the case.

    The age follows from the card's birth date if a card was read, else from the registry's; what is unknown of it is
    supplied as the law says (Civil and Commercial Code s.16).
    """
    asked = str(inputs["rights_answer"] or ""), str(inputs["pid"]), str(inputs["requester"])
    found = context.lookups.rights_answer(*asked)
    if found is None or not _is_ours(found, inputs, context):
        raise BpmnError("RIGHTS_NOT_THERE", _NOT_THERE, {"rights_answer": None})
    answer, today = found["answer"], bangkok_date(context.now)
    if answer is None:
        raise BpmnError("UNKNOWN_PERSON", _UNKNOWN, {"problem": both(_UNKNOWN), "rights_answer": None})
    known = inputs["card_birth"] or {}
    if known.get("year") is None:
        known = {part: answer.get(f"birth_{part}") for part in ("year", "month", "day")}
    years, words = _age(known, today)
    told = {
        "rights": answer,
        "rights_source": found["source"],
        "rights_at": found["asked_at"].isoformat(),
        "age": years,
        "age_text": both(words),
        "flagged": not {"face_problem", "vulnerable"}.isdisjoint(answer.get("flags") or ()),
    }
    return Result(told, changes=(Change("rights.bind", {"id": int(inputs["rights_answer"])}),))


def _is_ours(found: Mapping[str, Any], inputs: Mapping[str, Any], context: Context) -> bool:
    return (
        found["case_id"] in (None, context.case_id)
        and found["unit_code"] == inputs["unit_code"]
        and context.now - found["asked_at"] <= FRESH
    )


def _age(birth: Mapping[str, Any], on: date) -> tuple[int | None, Text]:
    if birth.get("year") is None:
        return None, Text("ไม่ทราบอายุ", "age unknown")
    born = age.birth_date(int(birth["year"]), birth.get("month"), birth.get("day"))
    years, months, days = age.elapsed(born, on)
    thai, english = [f"{years} ปี"], [f"{years} years"]
    if birth.get("month"):
        thai.append(f"{months} เดือน")
        english.append(f"{months} months")
        if birth.get("day"):
            thai.append(f"{days} วัน")
            english.append(f"{days} days")
    return years, Text(" ".join(thai), " ".join(english))
