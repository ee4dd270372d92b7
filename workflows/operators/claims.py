"""Claim codes after they were given: reviewing those by smart card, voiding them with a second person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from workflows.clock import bangkok_date
from workflows.errors import Text
from workflows.operators.other_cases import word_to_case
from workflows.operators.registry import both, operator
from workflows.ports import BpmnError, Change, Context, Message, Result
from workflows.rules import claim_code, claims, thai_dates

_NO_CODE = Text("กรอกรหัสเข้ารับบริการ", "Give the claim code")
_OWN = Text(
    "ผู้เปิดรหัสหรือผู้อุทธรณ์ทวนสอบรายการของตนเองไม่ได้ ให้ผู้ทวนสอบคนอื่นของเขตพิจารณา",
    "Whoever opened the code or appealed does not review it; another reviewer of the region decides",
)
_NO_REASON = Text("กรอกเหตุผลที่ยกเลิก", "Say why it is to be voided")
_RESULTS = {
    "proven": Text("สำเร็จ", "proven"),
    "failed": Text("ไม่ผ่าน", "failed"),
    "not_possible": Text("ทำไม่ได้", "not possible"),
    "no_answer": Text("ไม่ตอบภายในเวลา", "no answer in time"),
}
_METHODS = {
    "face": Text("สแกนใบหน้า", "Face"),
    "line": Text("LINE และ QR", "LINE and QR"),
    "smartcard": Text("Smart Card กรณีพิเศษ", "Smart card, last resort"),
    "endorsed": Text("มีผู้ยืนยันแทน", "Endorsed"),
    "card": Text("บัตรในเครื่องอ่าน", "Card in the reader"),
    "photo": Text("เลขบัตรและภาพถ่าย", "Citizen ID and photo"),
    "booking": Text("QR ที่จองไว้", "Booking"),
}
_CODE = {"claim_code?": "the claim code, as people type it"}
_CLAIM = (
    "claim_code, unit_code, unit_name, region, service_on (ISO), service_day (in words), method, reason, pid_masked, "
    "age, state, opened_by, attempts [{method, result, at}]"
)


@operator(
    "review.open",
    inputs=_CODE,
    outputs={"claim": _CLAIM, "claim_code": "the code in its one form"},
    errors={"REVIEW_REFUSED": "unknown, of another unit, or nothing to review; variable problem says why"},
)
def open_review(inputs: Mapping[str, Any], context: Context) -> Result:
    """Begin the review of a claim code by smart card: the unit has to appeal. A unit that begins one by hand takes over
    from the one that still waits for its appeal, which ends."""
    found = _claim(inputs["claim_code"], context, "REVIEW_REFUSED")
    problem = claims.review_problem(found)
    if problem is not None or (context.actor.is_system and found["review_case"] is not None):
        raise _refused("REVIEW_REFUSED", problem or claims.review_problem({**found, "review_stage": "reviewing"}))
    earlier = found["review_case"]
    key = f"{context.case_id}/taken_over"
    told = (word_to_case("review_taken_over", str(earlier), {}, key=key),) if earlier is not None else ()
    opened = _change("authentication.review", found, verdict="opened")
    return Result({"claim": _shown(found, context), "claim_code": found["claim_code"]}, told, (opened,))


@operator(
    "review.forward",
    inputs={
        "claim_code": "the claim code",
        "appealed": "true if the unit appealed in time",
        "reason?": "the unit's reason",
    },
    outputs={"appealed_by": "who appealed, or null"},
    errors={"CLAIM_VOID": "the code was voided meanwhile; variable problem"},
)
def forward(inputs: Mapping[str, Any], context: Context) -> Result:
    """Give the review to the region, with the unit's appeal or, when the time is over, without one."""
    found = _living(inputs["claim_code"], context)
    appealed = inputs["appealed"] is True
    change = _change(
        "authentication.review", found, verdict="appealed" if appealed else "unanswered", reason=inputs["reason"] or ""
    )
    return Result({"appealed_by": context.actor.id if appealed else None}, changes=(change,))


@operator(
    "review.decide",
    inputs={
        "claim_code": "the claim code",
        "decision": "approve confirms it, reject voids it",
        "comment?": "why",
        "appealed_by?": "who appealed",
    },
    errors={
        "OWN_CLAIM": "whoever decides opened the code or appealed; variable problem",
        "CLAIM_VOID": "the code was voided meanwhile; variable problem",
    },
)
def decide(inputs: Mapping[str, Any], context: Context) -> Result:
    """Write the reviewer's decision into the claim code: confirmed, or void, with its place of the quota given back."""
    found = _living(inputs["claim_code"], context)
    if context.actor.id in (found["opened_by"], inputs["appealed_by"]):
        raise BpmnError("OWN_CLAIM", _OWN, {"problem": both(_OWN)})
    verdict = "confirmed" if inputs["decision"] == "approve" else "voided"
    change = _change("authentication.review", found, verdict=verdict, reason=inputs["comment"] or "")
    return Result(messages=_void_news(found, context) if verdict == "voided" else (), changes=(change,))


@operator(
    "authentication.ask_void",
    inputs={**_CODE, "reason?": "why it is to be voided"},
    outputs={
        "claim": _CLAIM,
        "claim_code": "the code in its one form",
        "agreement": "who has to agree: none (same day), unit (a second person of it, or the region), region (closed)",
        "agreeing": "the groups whose members may agree",
    },
    errors={"VOID_REFUSED": "unknown, of another unit, void already or asked already; variable problem says why"},
)
def ask_void(inputs: Mapping[str, Any], context: Context) -> Result:
    """Ask to void a claim code of the actor's unit. Where somebody else has to agree, the code shows that."""
    found = _claim(inputs["claim_code"], context, "VOID_REFUSED")
    problem = claims.void_problem(found) or (None if str(inputs["reason"] or "").strip() else _NO_REASON)
    if problem is not None:
        raise _refused("VOID_REFUSED", problem)
    wanted = claims.agreement(found, bangkok_date(context.now))
    asked = _change("authentication.ask_void", found, reason=str(inputs["reason"]))
    told = {
        "claim": _shown(found, context),
        "claim_code": found["claim_code"],
        "agreement": wanted,
        "agreeing": claims.agreeing(found, wanted),
    }
    return Result(told, changes=() if wanted == "none" else (asked,))


@operator(
    "authentication.void",
    inputs={"claim_code": "the claim code", "reason": "why it is voided"},
    errors={"CLAIM_VOID": "it was voided meanwhile; variable problem"},
)
def void(inputs: Mapping[str, Any], context: Context) -> Result:
    """Void a claim code: its place of the quota is given back, its review and its closing end."""
    found = _living(inputs["claim_code"], context)
    change = _change("authentication.void", found, reason=str(inputs["reason"]))
    return Result(messages=_void_news(found, context), changes=(change,))


@operator(
    "authentication.keep",
    inputs={"claim_code": "the claim code", "comment?": "why it is not voided"},
)
def keep(inputs: Mapping[str, Any], context: Context) -> Result:
    """Who had to agree to voiding a claim code did not, or the wish was taken back: it stays as it is."""
    found = context.lookups.claim(str(inputs["claim_code"]))
    if found is None or found["void_case"] != context.case_id:
        return Result()
    return Result(changes=(_change("authentication.keep", found, reason=inputs["comment"] or ""),))


def _moment(text: Any) -> str:
    """A moment of the evidence as people read it; empty where there is none."""
    return thai_dates.moment(datetime.fromisoformat(str(text))) if text else ""


def _claim(typed: Any, context: Context, code: str) -> Mapping[str, Any]:
    """The claim of a typed code, if it is the actor's unit's; the system may name any."""
    if not typed:
        raise BpmnError(code, _NO_CODE, {"problem": None})
    parsed = claim_code.parse(str(typed))
    found = context.lookups.claim(parsed) if parsed else None
    if found is not None and context.actor.is_system:
        return found
    problem = claims.of_unit(found, context.actor.groups)
    if found is None or problem is not None:
        raise _refused(code, problem)
    return found


def _living(code: Any, context: Context) -> Mapping[str, Any]:
    found = context.lookups.claim(str(code))
    if found is None or found["state"] == "void":
        raise _refused("CLAIM_VOID", claims.voided(found) if found is not None else claims.of_unit(None, ()))
    return found


def _refused(code: str, text: Text | None) -> BpmnError:
    assert text is not None
    return BpmnError(code, text, {"problem": both(text)})


def _change(kind: str, found: Mapping[str, Any], **values: Any) -> Change:
    """A change of the claim as it was read: somebody faster makes this step begin again."""
    return Change(kind, {"claim_code": found["claim_code"], "revision": found["revision"], **values})


def _void_news(found: Mapping[str, Any], context: Context) -> tuple[Message, ...]:
    """What waits for the claim code hears that it is void: its closing, its review."""
    code = str(found["claim_code"])
    waiting = {"authentication_voided": code}
    if found["review_case"] is not None and found["review_case"] != context.case_id:
        waiting["review_claim_voided"] = code
    return tuple(
        word_to_case(name, correlation, {}, key=f"{context.case_id}/{name}/{correlation}")
        for name, correlation in waiting.items()
    )


def _shown(found: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """What forms say of a claim; nothing in it names the patient."""
    unit = context.lookups.unit(str(found["unit_code"])) or {"name": found["unit_code"]}
    plain = ("claim_code", "unit_code", "region", "method", "reason", "pid_masked", "age", "state", "opened_by")
    return {
        **{name: found[name] for name in plain},
        "unit_name": unit["name"],
        "service_on": found["service_on"].isoformat(),
        "service_day": thai_dates.short(found["service_on"]),
        "attempts": [
            {
                "method": str(_METHODS.get(each.get("method"), each.get("method", ""))),
                "result": str(_RESULTS.get(each.get("result"), each.get("result", ""))),
                "at": _moment(each.get("at")),
            }
            for each in found["evidence"]
        ],
    }
