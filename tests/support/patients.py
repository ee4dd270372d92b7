"""Patients at the desk of unit 99003: what the registry says of them, their cards, their visits."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from sqlalchemy import insert

from tests.support.world import World
from workflows.actor import Actor
from workflows.commands.keep_rights import KeepRights
from workflows.records import Reading, new_id
from workflows.rules import citizen_id

UNIT, DESK = "99003", "frontdesk"
PID = citizen_id.make("0", 700001)
ENDORSER = citizen_id.make("0", 700002)
MOBILE = "0800000077"
BIRTH = date(1990, 4, 12)
DRUG = {
    "gpu_id": "220021",
    "fsn": "tramadol 50 mg capsule",
    "units": 4,
    "days": 12,
    "visits": 12,
    "quantity": 360,
    "last_unit": "99002",
    "last_on": "2026-10-20",
    "last_quantity": 30,
}


def registry_says(birth: date = BIRTH, **other: Any) -> dict[str, Any]:
    """An answer of the registry about an invented person."""
    return {
        "title": "นาย",
        "first_name": "สมมติ",
        "last_name": "ตัวอย่าง",
        "sex": "male",
        "birth_year": birth.year,
        "birth_month": birth.month,
        "birth_day": birth.day,
        "address": "1 หมู่ 1 ต.ตัวอย่าง อ.เมือง จ.ขอนแก่น",
        "main_class": "UCS",
        "main_name": "สิทธิหลักประกันสุขภาพแห่งชาติ",
        "sub_class": "89",
        "sub_name": "ช่วงอายุ 12-59 ปี",
        "starts_on": None,
        "ends_on": None,
        "model": "",
        "primary": {"code": "99003", "name": "คลินิกตัวอย่าง"},
        "regular": None,
        "referral": None,
        "flags": [],
        "quota_left": {},
        "abnormal_drugs": [],
        **other,
    }


def looked_up(world: World, who: str | Actor = DESK, pid: str = PID, **about: Any) -> str:
    """The desk has asked the registry: the id of the kept answer."""
    answer = about.pop("answer", registry_says(**about))
    return str(world.execute(KeepRights(pid, UNIT, "test", answer), who))


def who_comes(**other: Any) -> dict[str, Any]:
    """What the desk fills in about a patient."""
    return {
        "pid": PID,
        "mobile": MOBILE,
        "phones": "",
        "service_code": "PG0060001",
        "visit_kind": "general",
        "profession": "nursing",
        **other,
    }


def arrive(world: World, who: str | Actor = DESK, *, about: dict[str, Any] | None = None, **other: Any) -> int:
    """A patient comes whose rights were looked up before; gives the case."""
    visit = who_comes(**other)
    visit.setdefault("rights_answer", looked_up(world, who, visit["pid"], **(about or {})))
    return world.start("patient_authentication", who, **visit).case_id


def card(world: World, pid: str = PID, who: str = DESK, birth: date | None = None, unit: str = UNIT) -> str:
    """A card that the desk has just read; gives the id of the reading."""
    id_ = new_id()
    shown = {
        "citizen_id": pid,
        "thai_name": {"title": "นาง", "first": "ผู้ยืนยัน", "middle": "", "last": "ตัวอย่าง"},
        "birth": {"year": birth.year, "month": birth.month, "day": birth.day} if birth else None,
    }
    with world.database.begin() as db:
        db.execute(
            insert(Reading),
            {
                "id": id_,
                "bridge_id": "test",
                "actor": who,
                "unit_code": unit,
                "purpose": "patient",
                "at": world.clock.now(),
                "pid_index": world.keyring.index("pid", pid),
                "card": world.keyring.seal(f"reading/{id_}", json.dumps(shown).encode()),
                "photo": None,
                "envelope": {},
                "signature": b"",
                "case_id": None,
            },
        )
    return str(id_)
