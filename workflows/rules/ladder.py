"""The ladder of proofs of identity: its rungs, what an attempt is, what must be recorded before a last resort.

Which rung is first, second and last for whom is the decision table ``ladder``; which older routes a service still
takes is ``older_routes``.
Source: the guide to innovation units and the circular on authentication (docs/process-owner.th.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from workflows.errors import Text

METHODS: Mapping[str, Text] = {
    "face": Text("สแกนใบหน้า (แอป FVS)", "Face scan (FVS app)"),
    "line": Text("LINE สแกน QR ของหน่วย", "LINE, scanning the unit's QR code"),
    "card": Text("บัตรประชาชนในเครื่องอ่าน", "Citizen card in the reader"),
    "photo": Text("เลขบัตรและภาพถ่ายคู่กับบัตร", "Citizen ID and a photo of the face with the card"),
    "endorsed": Text("มีผู้ยืนยันแทน", "Somebody else confirms"),
    "smartcard": Text("Smart Card กรณีพิเศษ (ต้องทวนสอบ)", "Smart card as the last resort (reviewed afterwards)"),
    "booking": Text("QR ที่จองไว้", "QR code of a booking"),
}
"""How an identity may be proven. The PIN of the district office (Smart Card PIN) is not among them: it is not ours."""

RUNGS = ("face", "line")
"""The rungs that must be recorded before a last resort."""
LAST_RESORTS = ("endorsed", "smartcard")

NOT_POSSIBLE: Mapping[str, Text] = {
    "no_match": Text("สแกนแล้วไม่ผ่าน", "Tried without success"),
    "device": Text("อุปกรณ์หรือเครือข่ายใช้ไม่ได้", "Device or network does not work"),
    "condition": Text("สภาพร่างกายทำไม่ได้ เช่น ไม่รู้สึกตัว เด็กเล็ก", "The patient's condition does not allow it"),
    "no_phone": Text("ไม่มีโทรศัพท์หรือ LINE และไม่มีญาติลงทะเบียนให้", "No phone or LINE, no relative registered"),
    "declined": Text("ผู้รับบริการไม่ยินยอม", "The patient does not consent"),
}
"""Why a rung is recorded as not possible."""

FRESH = timedelta(minutes=15)
"""How old a card reading, an answer of the rights registry or a scan may be when it is used."""
FACE_WAIT = timedelta(minutes=3)
"""How long the face app has for its answer; afterwards the way leads down the ladder."""

_PASSED = "proven"


def attempt(method: str, result: str, at: datetime, why: str = "") -> dict[str, Any]:
    """One line of evidence, without anything personal. ``result``: proven, failed, not_possible, no_answer."""
    return {"method": method, "result": result, "at": at.isoformat(timespec="seconds"), "why": why}


def recorded(attempts: Iterable[Mapping[str, Any]]) -> set[str]:
    """The methods that were tried in vain, or recorded as not possible."""
    return {str(each["method"]) for each in attempts if each["result"] != _PASSED}


def missing_before(method: str, attempts: Iterable[Mapping[str, Any]]) -> list[str]:
    """The rungs that still have to be recorded before this method may be used."""
    if method not in LAST_RESORTS:
        return []
    done = recorded(attempts)
    return [rung for rung in RUNGS if rung not in done]


def offered(ladder: Mapping[str, Any], older: Mapping[str, Any]) -> list[str]:
    """The methods open to a patient, in the order in which they are to be tried."""
    first = [str(ladder["first"]), str(ladder["second"])]
    old = [name for name in ("card", "photo") if older.get(name) is True]
    last = ["endorsed"] + (["smartcard"] if ladder["last"] == "smartcard" else [])
    return list(dict.fromkeys([*first, *old, *last]))


def next_of(methods: Sequence[str], attempts: Iterable[Mapping[str, Any]]) -> str:
    """What to try next: the first method that was not tried in vain; the last one when all were."""
    done = recorded(attempts)
    return next((method for method in methods if method not in done), methods[-1])
