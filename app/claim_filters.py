"""Authentications in words: their filters as people type them, their states and ways as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import session
from flask_babel import gettext as _
from sqlalchemy import Connection, select

from app import day_range
from app.access import product
from workflows.clock import bangkok_date
from workflows.errors import Text
from workflows.queries.claims import Filters, Key
from workflows.records import ServiceCode
from workflows.rules import citizen_id, claim_code, masking
from workflows.rules.thai_text import arabic_digits, normalise

_NAMES = ("from", "to", "code", "unit", "state", "method", "service", "review", "kind")
_NO_CODE = Text(
    "รหัสเข้ารับบริการมีตัวอักษร 2 ตัวและตัวเลข 10 หลัก ตรวจแล้วพิมพ์ใหม่", "A claim code has two letters and ten digits; check it"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody filters by: as typed, as understood, what is wrong by field, and whose (masked) if one person's."""

    typed: Mapping[str, str]
    filters: Filters
    errors: Mapping[str, Text] = field(default_factory=dict)
    person: str = ""


def asked(given: Mapping[str, str]) -> Asked:
    """Read the filters of an address. Without dates, code or person the last thirty days are meant."""
    typed = {name: given.get(name, "").strip()[:100] for name in _NAMES}
    index, masked = chosen_person() if given.get("person") else (None, "")
    today = bangkok_date(product().runtime.clock.now())
    if "from" not in given and "to" not in given and not typed["code"] and index is None:
        typed |= day_range.usual(today)
    first, last, errors = day_range.understood(typed)
    code = claim_code.parse(typed["code"]) if typed["code"] else ""
    if code is None:
        errors["code"] = _NO_CODE
    exact = {name: typed[name] for name in ("state", "method", "service", "review", "kind")}
    unit = arabic_digits(normalise(typed["unit"])).upper()
    return Asked(typed, Filters(first, last, code=code or "", unit=unit, person=index, **exact), errors, masked)


def choose_person(typed: str) -> Text | None:
    """Remember in the session whose authentications are wanted, by blind index: a citizen ID stands in no address.
    Gives what is wrong with it."""
    pid = citizen_id.clean(typed[:40])
    problem = citizen_id.problem(pid)
    if problem is None:
        session["claims_of"] = [product().keyring.index("pid", pid).hex(), masking.pid(pid)]
    return problem


def chosen_person() -> tuple[bytes | None, str]:
    """The blind index and the mask of the person chosen before; None if nobody was."""
    known = session.get("claims_of")
    return (bytes.fromhex(known[0]), known[1]) if known else (None, "")


def key_of(parts: list[str]) -> Key | None:
    """Where the page before ended, as an address says it; None for anything that is no such key."""
    try:
        at = datetime.fromisoformat(parts[0])
        return Key(at, parts[1]) if len(parts) == 2 and at.tzinfo is not None else None
    except (IndexError, ValueError):
        return None


def query_of(wanted: Asked) -> dict[str, str]:
    """The filters as an address carries them."""
    query = {name: value for name, value in wanted.typed.items() if value or name in ("from", "to")}
    return query | ({"person": "1"} if wanted.person else {})


def options(db: Connection) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen, by filter."""
    services = db.execute(select(ServiceCode.code, ServiceCode.name).order_by(ServiceCode.position))
    return {
        "state": list(states().items()),
        "method": list(methods().items()),
        "service": [(row.code, f"{row.code} {row.name}") for row in services],
        "review": [(word, words) for word, words in reviews().items() if word != "none"],
        "kind": list(kinds().items()),
    }


def states() -> dict[str, str]:
    """The states in words."""
    return {"open": _("เปิดสิทธิ"), "closed": _("ปิดสิทธิ"), "void": _("ยกเลิกแล้ว")}


def methods() -> dict[str, str]:
    """The ways in which an identity was proven, in words."""
    return {
        "face": _("สแกนใบหน้า"),
        "line": _("LINE และ QR"),
        "smartcard": _("Smart Card กรณีพิเศษ"),
        "endorsed": _("มีผู้ยืนยันแทน"),
        "card": _("บัตรในเครื่องอ่าน"),
        "photo": _("เลขบัตรและภาพถ่าย"),
        "booking": _("QR ที่จองไว้"),
    }


def reviews() -> dict[str, str]:
    """The states of the review in words."""
    return {
        "none": _("ไม่ต้องทวนสอบ"),
        "awaiting": _("รอทวนสอบ"),
        "confirmed": _("ทวนสอบแล้ว ยืนยัน"),
        "voided": _("ทวนสอบแล้ว ยกเลิก"),
    }


def kinds() -> dict[str, str]:
    """The kinds of visit in words."""
    return {"general": _("บริการรักษาทั่วไป"), "prevention": _("สร้างเสริมสุขภาพและป้องกันโรค (PP)")}


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with its words."""
    return {
        **row,
        "state_words": states().get(row["state"], row["state"]),
        "method_words": methods().get(row["method"], row["method"]),
        "review_words": reviews().get(row["review"], row["review"]),
        "kind_words": kinds().get(row["visit_kind"], row["visit_kind"]),
    }
