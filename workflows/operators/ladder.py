"""The rungs of the ladder: offering them, and judging what the desk brings for each. Every attempt leaves evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from workflows.errors import Text
from workflows.operators.readings import Unusable, fresh_reading
from workflows.operators.registry import both, operator
from workflows.ports import Change, Context, Message, Result
from workflows.rules import citizen_id, ladder

_ENDORSERS = ("guardian", "caretaker", "officer")
_NOT_OFFERED = Text(
    "ผู้รับบริการรายนี้ใช้วิธีนี้ไม่ได้ตามตารางลำดับวิธียืนยันตัวตน เลือกวิธีอื่นในรายการ",
    "The table of the ladder does not open this method to this patient; choose another one of the list",
)
_RECORD_FIRST = Text(
    "ก่อนใช้วิธีนี้ต้องบันทึกว่าวิธีต่อไปนี้ทำไม่ได้เพราะอะไร: {rungs}",
    "Before this method, record why these are not possible: {rungs}",
)
_NO_SCAN = Text(
    "ยังไม่พบการสแกน QR ของหน่วยด้วย LINE ให้ผู้รับบริการหรือญาติสายตรงที่ลงทะเบียนไว้สแกน แล้วกดอีกครั้ง",
    "No scan of the unit's QR code by LINE yet; let the patient or a registered relative scan it, then press again",
)
_OTHER_SERVICE = Text(
    "สแกน QR ของบริการอื่น ให้สแกน QR ของบริการที่เลือกไว้ แล้วกดอีกครั้ง",
    "The QR code of another service was scanned; let them scan the one of this service, then press again",
)
_BY_ONESELF = Text(
    "กลุ่มทั่วไปต้องสแกนด้วย LINE ของตนเอง ญาติสแกนแทนได้เฉพาะกลุ่มพิเศษ",
    "The general group scans with their own LINE; relatives may scan for the special group only",
)
_NO_PHOTO = Text("แนบภาพใบหน้าผู้รับบริการคู่กับบัตรประชาชน", "Attach a photo of the patient's face with the citizen card")
_NOT_DC = Text(
    "วิธีนี้ใช้ได้เฉพาะผู้มีบัญชี Data Center (DC) ให้ผู้มีบัญชี DC ดำเนินการ หรือเลือกวิธีอื่น",
    "Only a user with a Data Center (DC) account may use this; let one do it, or choose another method",
)
_OTHER_CARD = Text(
    "บัตรที่อ่านไม่ใช่ของผู้รับบริการรายนี้ ตรวจบัตรแล้วอ่านใหม่", "The card is not this patient's; check it and read it again"
)
_OWN_CARD = Text("ผู้ยืนยันแทนต้องเป็นคนละคนกับผู้รับบริการ", "Whoever confirms must be somebody else than the patient")
_NO_REASON = Text(
    "เหตุผลนี้ใช้กับผู้รับบริการอายุเท่านี้ไม่ได้ เลือกเหตุผลอื่น",
    "This reason does not apply at the patient's age; choose another one",
)
_INCOMPLETE = Text(
    "กรอกผู้ยืนยันแทน ความสัมพันธ์ และเหตุผลให้ครบ", "Say who confirms, the relation to the patient, and the reason"
)
_NO_THAID = Text(
    "ยังไม่พบการยืนยันด้วย ThaID ของผู้ยืนยันแทน ให้สแกน QR ของ ThaID ก่อน แล้วกดอีกครั้ง",
    "No confirmation by ThaID of the endorser yet; let them scan the ThaID QR code, then press again",
)
_SMARTCARD_REASON = Text(
    "กรอกผู้เสียบบัตรและเหตุผลที่ต้องใช้บัตร เขตจะทวนสอบภายหลัง",
    "Say who inserted the card and why it is needed; the region reviews it afterwards",
)
_FACE = {
    "no_answer": Text(
        "แอปสแกนใบหน้าไม่ตอบภายในเวลา ลองใหม่หรือใช้วิธีถัดไป", "The face app did not answer in time; try again or go on"
    ),
    "failed": Text("สแกนใบหน้าไม่ผ่าน ใช้วิธีถัดไป", "The face did not match; go on with the next method"),
    "no_place": Text(
        "ผลสแกนใบหน้าไม่มีพิกัด GPS จึงใช้ไม่ได้ เปิดตำแหน่งในแอปแล้วสแกนใหม่ หรือใช้วิธีถัดไป",
        "The face result has no GPS position and cannot be used; turn it on and scan again, or go on",
    ),
    "not_possible": Text("บันทึกว่าสแกนใบหน้าไม่ได้แล้ว ใช้วิธีถัดไป", "Recorded as not possible; go on with the next method"),
}


class _Refused(Exception):
    """The proof does not hold: what the desk is told, and what the evidence says of the attempt (none: no attempt)."""

    def __init__(self, text: Text, result: str = "", why: str = "") -> None:
        super().__init__(text.en)
        self.text, self.result, self.why = text, result, why


@operator(
    "ladder.offer",
    inputs={
        "ladder": "what the table ladder gave: group, first, second, last",
        "older_routes": "what the table older_routes gave: card, photo (true where the service still takes them)",
        "attempts?": "what was tried so far",
    },
    outputs={
        "methods": "one {value, label, label_en} per method that is open to the patient, in order",
        "method": "the one to try next",
        "unrecorded": "the rungs a last resort still needs a word about",
        "attempts": "what was tried so far, as a list",
    },
)
def offer(inputs: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
    """Say which methods a patient may use, and which one is next."""
    attempts = list(inputs["attempts"] or [])
    names = ladder.offered(inputs["ladder"], inputs["older_routes"])
    options = [{"value": name, "label": ladder.METHODS[name].th, "label_en": ladder.METHODS[name].en} for name in names]
    return {
        "methods": options,
        "method": ladder.next_of(names, attempts),
        "unrecorded": ladder.missing_before("smartcard", attempts),
        "attempts": attempts,
    }


@operator(
    "face.ask",
    inputs={
        "pid": "citizen ID of the patient",
        "unit_code": "code of the unit",
        "profession": "code of the profession",
        "attempts": "what was tried so far",
    },
    outputs={"face_ref": "correlation key of the answer, the message face_result"},
)
def ask_face(inputs: Mapping[str, Any], context: Context) -> Result:
    """Ask the face app to verify the patient. The answer comes as the message ``face_result`` with the variable of the
    same name: matched, at, latitude, longitude, transaction, reason. One to an earlier question reaches nobody."""
    number = len(inputs["attempts"])
    ref = context.lookups.seal("face", f"{context.case_id}/{number}/{context.now.isoformat()}")[:32]
    payload = {
        "face_ref": ref,
        "pid": inputs["pid"],
        "unit_code": inputs["unit_code"],
        "profession": inputs["profession"],
        "case_id": str(context.case_id),
        "expires_at": (context.now + ladder.FACE_WAIT).isoformat(),
    }
    return Result({"face_ref": ref}, messages=(Message("face.ask", payload, key=f"face.ask:{ref}"),))


@operator(
    "identity.face",
    inputs={
        "attempts": "what was tried so far",
        "face_result?": "the answer of the face app; none = no answer in time",
        "face_not_possible?": "why the desk gave up waiting",
    },
    outputs={
        "proven": "true if the face is the patient's, with a position",
        "attempts": "with this one",
        "identity": "method, at, latitude, longitude, transaction, score; null if not proven",
        "problem": "what the desk is told, or null",
    },
)
def judge_face(inputs: Mapping[str, Any], context: Context) -> Result:
    """Judge the answer of the face app. It counts only with a GPS position; the attempt is evidence either way."""
    found = inputs["face_result"]
    if not isinstance(found, Mapping):
        gave_up = inputs["face_not_possible"]
        result, why = ("not_possible", str(gave_up)) if gave_up else ("no_answer", "")
        return _ended("face", result, why, _FACE[result], inputs, context)
    if found.get("matched") is not True:
        return _ended("face", "failed", str(found.get("reason") or "")[:80], _FACE["failed"], inputs, context)
    if not all(isinstance(found.get(name), int | float) for name in ("latitude", "longitude")):
        return _ended("face", "failed", "no_place", _FACE["no_place"], inputs, context)
    known = ("at", "latitude", "longitude", "transaction", "score")
    return _proven({"method": "face", **{name: found.get(name) for name in known}}, (), inputs, context)


@operator(
    "identity.prove",
    inputs={
        "method": "line, card, photo, endorsed or smartcard",
        "methods": "what ladder.offer gave",
        "attempts": "what was tried so far",
        "pid": "citizen ID of the patient",
        "unit_code": "code of the unit",
        "service_on": "day of the service (ISO date)",
        "service_code": "code of the service",
        "group": "general or special, as the table ladder says",
        "age?": "completed years of the patient",
        "reading_id?": "reading of the patient's card",
        "photo?": "photo of the face with the card",
        "endorser?": "guardian, caretaker or officer",
        "endorser_name?": "name of the endorser",
        "endorser_pid?": "citizen ID of an endorser who confirms by ThaID",
        "endorser_reading_id?": "reading of the endorser's card",
        "proof?": "card or thaid: how the endorser proves who they are",
        "relation?": "what the endorser, or who inserted the card, is to the patient",
        "reason?": "code of an endorsement reason",
        "reason_text?": "why the smart card is needed, in words",
        "face_not_possible?": "why the face scan is not possible",
        "line_not_possible?": "why LINE is not possible",
    },
    outputs={
        "proven": "true if the identity is proven",
        "attempts": "with this one",
        "identity": "method and how it was proven; null if not proven",
        "problem": "what the desk is told, or null",
    },
)
def prove(inputs: Mapping[str, Any], context: Context) -> Result:
    """Judge the proof that the desk brings. A last resort needs a word about the rungs before it; that word is
    evidence, like every attempt with its result."""
    method, at = str(inputs["method"]), context.now
    attempts = list(inputs["attempts"])
    for rung in ladder.missing_before(method, attempts):
        if why := inputs[f"{rung}_not_possible"]:
            attempts.append(ladder.attempt(rung, "not_possible", at, str(why)))
    given = {**inputs, "attempts": attempts, "before": len(inputs["attempts"])}
    try:
        if method not in {each["value"] for each in inputs["methods"]} or method not in _JUDGES:
            raise _Refused(_NOT_OFFERED)
        if missing := ladder.missing_before(method, attempts):
            names = [ladder.METHODS[rung] for rung in missing]
            raise _Refused(
                Text(
                    _RECORD_FIRST.th.format(rungs=", ".join(name.th for name in names)),
                    _RECORD_FIRST.en.format(rungs=", ".join(name.en for name in names)),
                )
            )
        identity, changes = _JUDGES[method](given, context)
    except Unusable as unusable:
        return _ended(method, "failed", unusable.why, unusable.text, given, context)
    except _Refused as refused:
        return _ended(method, refused.result, refused.why, refused.text, given, context)
    return _proven({"method": method, "at": at.isoformat(timespec="seconds"), **identity}, changes, given, context)


_Proof = tuple[dict[str, Any], tuple[Change, ...]]


def _line(given: Mapping[str, Any], context: Context) -> _Proof:
    day = date.fromisoformat(str(given["service_on"]))
    scan = context.lookups.line_proof(str(given["unit_code"]), str(given["pid"]), day)
    if scan is None:
        raise _Refused(_NO_SCAN, "failed", "no_scan")
    by = "self" if scan["relation"] == "self" else "family"
    if scan["service_code"] != given["service_code"]:
        raise _Refused(_OTHER_SERVICE, "failed", "other_service")
    if by == "family" and given["group"] == "general":
        raise _Refused(_BY_ONESELF, "failed", "not_oneself")
    told = {"by": by, "relation": scan["relation"], "scanned_at": scan["scanned_at"].isoformat()}
    return told, (Change("line_scan.use", {"scan": str(scan["id"])}),)


def _card(given: Mapping[str, Any], context: Context) -> _Proof:
    accounts = context.lookups.accounts_of(username=context.actor.id)
    if not any(account["realm"] == "DC" for account in accounts):
        raise _Refused(_NOT_DC, "failed", "not_dc")
    return _of_patient(given, context)


def _photo(given: Mapping[str, Any], context: Context) -> _Proof:
    if not given["photo"]:
        raise _Refused(_NO_PHOTO)
    return {"photo": given["photo"]}, ()


def _smartcard(given: Mapping[str, Any], context: Context) -> _Proof:
    why, relation = (str(given[name] or "").strip() for name in ("reason_text", "relation"))
    if not why or not relation:
        raise _Refused(_SMARTCARD_REASON)
    identity, changes = _of_patient(given, context)
    return {**identity, "inserted_by": relation, "reason": why}, changes


def _of_patient(given: Mapping[str, Any], context: Context) -> _Proof:
    reading, changes = fresh_reading(given["reading_id"], str(given["unit_code"]), context)
    if reading["card"]["citizen_id"] != given["pid"]:
        raise _Refused(_OTHER_CARD, "failed", "other_card")
    return {"reading": str(reading["id"])}, changes


def _endorsed(given: Mapping[str, Any], context: Context) -> _Proof:
    reasons = {reason["code"]: reason for reason in context.lookups.endorsement_reasons()}
    reason, relation = reasons.get(str(given["reason"])), str(given["relation"] or "").strip()
    if given["endorser"] not in _ENDORSERS or reason is None or not relation:
        raise _Refused(_INCOMPLETE)
    if reason["below_age"] is not None and (given["age"] is None or given["age"] >= reason["below_age"]):
        raise _Refused(_NO_REASON)
    told = {
        "endorser": given["endorser"],
        "relation": relation,
        "reason": reason["code"],
        "reason_text": reason["text"],
    }
    if given["proof"] == "thaid":
        proof, changes = _by_thaid(given, context)
    else:
        reading, changes = fresh_reading(given["endorser_reading_id"], str(given["unit_code"]), context)
        name, pid = reading["card"]["thai_name"], str(reading["card"]["citizen_id"])
        if pid == given["pid"]:
            raise _Refused(_OWN_CARD, "failed", "own_card")
        shown = f"{name.get('first', '')} {name.get('last', '')}".strip()
        proof = {"proof": "card", "reading": str(reading["id"]), "endorser_pid": pid, "endorser_name": shown}
    return {**told, **proof}, changes


def _by_thaid(given: Mapping[str, Any], context: Context) -> _Proof:
    pid = citizen_id.clean(str(given["endorser_pid"] or ""))
    if pid == given["pid"]:
        raise _Refused(_OWN_CARD, "failed", "own_card")
    found = context.lookups.thaid_proof(str(given["unit_code"]), pid, context.now) if pid else None
    if found is None:
        raise _Refused(_NO_THAID, "failed", "no_thaid")
    proof = {"proof": "thaid", "thaid": str(found["id"]), "endorser_pid": pid, "endorser_name": found["name"]}
    return proof, (Change("thaid_proof.use", {"id": found["id"]}),)


_JUDGES: Mapping[str, Callable[[Mapping[str, Any], Context], _Proof]] = {
    "line": _line,
    "card": _card,
    "photo": _photo,
    "endorsed": _endorsed,
    "smartcard": _smartcard,
}


def _ended(method: str, result: str, why: str, text: Text, given: Mapping[str, Any], context: Context) -> Result:
    """Not proven: the attempt, if it was one, and the words for the desk."""
    tried = [ladder.attempt(method, result, context.now, why)] if result else []
    attempts = [*given["attempts"], *tried]
    told = {"proven": False, "attempts": attempts, "identity": None, "problem": both(text)}
    return Result(told, changes=_evidence(attempts, given))


def _proven(
    identity: Mapping[str, Any], changes: tuple[Change, ...], given: Mapping[str, Any], context: Context
) -> Result:
    attempts = [*given["attempts"], ladder.attempt(str(identity["method"]), "proven", context.now)]
    told = {"proven": True, "attempts": attempts, "identity": dict(identity), "problem": None}
    return Result(told, changes=(*changes, *_evidence(attempts, given)))


def _evidence(attempts: list[dict[str, Any]], given: Mapping[str, Any]) -> tuple[Change, ...]:
    """The new attempts as history of the case."""
    before = given.get("before", len(given["attempts"]))
    return tuple(Change("ladder.attempt", each) for each in attempts[before:])
