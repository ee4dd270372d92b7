"""What the API tells of a visit: states, codes, rights in codes; of the patient the masked citizen ID only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.api.describe import ANYTHING, NUMBER, TEXT, WHEN, list_of, nullable, one_of, record
from app.api.resource import key, when
from workflows.errors import Text
from workflows.queries.visits import Visit

_WAITS = {
    "who": "to_correct",
    "rights_silent": "rights_silent",
    "identify": "to_identify",
    "face_wait": "waiting_face",
    "confirm": "to_confirm",
}
"""The open task of a case without a code, and what that state is called."""
STATES = ("looking_up_rights", *_WAITS.values(), "open", "closed", "void", "ended", "cancelled")
_DAY = {"type": "string", "format": "date"}

VISIT = record(
    case=TEXT,
    claim_code=nullable(TEXT),
    state=one_of(*STATES),
    unit_code=TEXT,
    service_code=nullable(TEXT),
    visit_kind=nullable(TEXT),
    profession=nullable(TEXT),
    service_on=nullable(_DAY),
    pid=TEXT,
    age=nullable(NUMBER),
    method=nullable(TEXT),
    review=nullable(TEXT),
    visit_number=nullable(TEXT),
    opened_at=nullable(WHEN),
    closed_at=nullable(WHEN),
    claimable=nullable({"type": "number"}),
    not_claimable=nullable({"type": "number"}),
    methods=list_of(record(value=TEXT, label=TEXT, label_en=TEXT)),
    attempts=list_of(record(method=TEXT, result=TEXT, at=TEXT, why=TEXT)),
    problem=nullable({"type": "object", "properties": {"th": TEXT, "en": TEXT}, "required": ["th", "en"]}),
    rights=nullable({"type": "object"}),
    abnormal_drugs=list_of(ANYTHING),
)
_RIGHTS = ("main_class", "main_name", "sub_class", "sub_name", "starts_on", "ends_on", "model")
_PLACES = ("primary", "regular", "referral")

_ENDS = {
    "refused": Text("หน่วยยังยืนยันตัวตนผู้รับบริการไม่ได้", "The unit may not authenticate patients"),
    "already": Text("ผู้รับบริการมีรหัสที่ยังไม่ปิดสิทธิแล้ว", "The patient has an open claim code already"),
    "day_over": Text("พ้นวันที่รับบริการแล้ว", "The day of the service is over"),
    "rights_unknown": Text("ตรวจสอบสิทธิไม่ได้", "The rights could not be looked up"),
}


def state(visit: Visit) -> str:
    """One of STATES."""
    if visit.authentication is not None:
        return str(visit.authentication["state"])
    for element, name in _WAITS.items():
        if element in visit.tasks:
            return name
    return {"ACTIVE": "looking_up_rights", "COMPLETED": "ended"}.get(visit.case["state"], "cancelled")


def visit(visit: Visit, *, with_drugs: bool = False) -> dict[str, Any]:
    """The members of VISIT. Abnormal dispensing is told while it is to be shown before confirming, and in the answer
    that opened the visit (``with_drugs``), not to whoever looks it up later."""
    row, case = visit.authentication or {}, visit.case
    known = {name: _value(visit, name) for name in ("rights", "age", "service", "problem", "methods", "attempts")}
    service = known["service"] or {}
    rights, now = known["rights"], state(visit)
    drugs = (rights or {}).get("abnormal_drugs") or []
    return {
        "case": key(case["id"]),
        "claim_code": row.get("claim_code"),
        "state": now,
        "unit_code": case["unit_code"],
        "service_code": row.get("service_code") or service.get("code"),
        "visit_kind": row.get("visit_kind") or _value(visit, "visit_kind"),
        "profession": row.get("profession") or _value(visit, "profession"),
        "service_on": str(row["service_on"]) if row else _value(visit, "service_on"),
        "pid": case["pid_masked"],
        "age": row.get("age", known["age"]),
        "method": row.get("method"),
        "review": row.get("review"),
        "visit_number": row.get("visit_number") or case["business_id"],
        "opened_at": when(row.get("opened_at")),
        "closed_at": when(row.get("closed_at")),
        "claimable": _baht(row.get("claimable")),
        "not_claimable": _baht(row.get("not_claimable")),
        "methods": [_option(each) for each in known["methods"] or []] if now == "to_identify" else [],
        "attempts": [
            {name: str(each.get(name) or "") for name in ("method", "result", "at", "why")}
            for each in row.get("evidence") or known["attempts"] or []
        ],
        "problem": known["problem"] if now in ("to_identify", "to_correct", "to_confirm") else None,
        "rights": {name: rights.get(name) for name in (*_RIGHTS, *_PLACES)} if rights else None,
        "abnormal_drugs": drugs if with_drugs or now == "to_confirm" else [],
    }


def ended(visit: Visit) -> tuple[Text, dict[str, Any]] | None:
    """Why a visit ended without a code of its own, with what a caller needs to go on; None if it did not."""
    if visit.authentication is not None or visit.case["state"] == "ACTIVE":
        return None
    outcome = str(visit.variables.get("outcome") or "")
    told = visit.variables.get("problem")
    text = Text(told["th"], told["en"]) if isinstance(told, dict) else _ENDS.get(outcome, _ENDS["rights_unknown"])
    extra = {"outcome": outcome or "cancelled"}
    if outcome == "already":
        extra["claim_code"] = str(visit.variables.get("claim_code") or "")
    return text, extra


def wrong_patient(variables: Mapping[str, Any]) -> dict[str, Text]:
    """What was wrong with who comes for what, by the field it is about."""
    told = variables.get("problem")
    text = Text(told["th"], told["en"]) if isinstance(told, dict) else Text("ข้อมูลไม่ครบ", "Something is missing")
    if variables.get("service") is not None:
        return {"pid": text}  # the desk's checks were passed: the registry does not know the number
    if variables.get("booking_token"):
        return {"booking_token": text}
    return {"reading_id" if variables.get("reading_id") else "pid": text}


def _value(visit: Visit, name: str) -> Any:
    return visit.variables.get(name)


def _option(each: Any) -> dict[str, str]:
    return {name: str(each.get(name) or "") for name in ("value", "label", "label_en")}


def _baht(satang: int | None) -> float | None:
    return satang / 100 if satang is not None else None
