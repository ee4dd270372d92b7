"""Authentications as the counter leaves them, written straight into the table."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, insert

from workflows.clock import bangkok_date
from workflows.records import Authentication
from workflows.rules import citizen_id, claim_code, masking
from workflows.sealing import Keyring

KEY = b"a key of the tests"
TRIED = [
    {"method": "line", "result": "not_possible", "at": "2026-11-02T01:40:00+00:00", "why": "no_phone"},
    {"method": "face", "result": "no_answer", "at": "2026-11-02T01:44:00+00:00", "why": ""},
]


def code(number: int) -> str:
    """The claim code of the n-th authentication of a test."""
    return claim_code.make(number, KEY)


def row(keyring: Keyring, number: int, at: datetime, **other: Any) -> dict[str, Any]:
    """A row that is open at unit 99003; ``other`` are columns, or ``pid``, or members of ``details``."""
    made, pid = code(number), other.pop("pid", citizen_id.make("0", 7000 + number))
    inside = ("title", "first_name", "last_name", "mobile", "phones", "rights", "identity")
    details = {
        "title": "นาง",
        "first_name": "สมมุติ",
        "last_name": f"ตัวอย่าง{number}",
        "mobile": "0800000101",
        "phones": "",
        "rights": {"main_class": "UCS", "address": "12 หมู่ 3 บ้านตัวอย่าง ต.ในเมือง อ.เมือง จ.ขอนแก่น"},
        "identity": {"method": "smartcard"},
        **{name: other.pop(name) for name in inside if name in other},
    }
    return {
        "claim_code": made,
        "case_id": None,
        "unit_code": "99003",
        "region": "7",
        "service_on": bangkok_date(at),
        "service_code": "PG0060001",
        "visit_kind": "general",
        "profession": "nursing",
        "method": "smartcard",
        "source": "desk",
        "pid_index": keyring.index("pid", pid),
        "pid_sealed": keyring.seal(f"authentication.pid/{made}", pid.encode()),
        "pid_masked": masking.pid(pid),
        "age": 71,
        "rights_class": "UCS",
        "details": keyring.seal(f"authentication.details/{made}", json.dumps(details).encode()),
        "evidence": TRIED,
        "reason": "ไม่มีโทรศัพท์",
        "illness": "",
        "state": "open",
        "review": "awaiting",
        "opened_at": at,
        "opened_by": "frontdesk",
        "visit_number": "",
        "void_reason": "",
        "revision": 1,
        **other,
    }


def put(database: Engine, keyring: Keyring, number: int, at: datetime, **other: Any) -> str:
    """Store one; gives its claim code."""
    with database.begin() as db:
        db.execute(insert(Authentication), row(keyring, number, at, **other))
    return code(number)
