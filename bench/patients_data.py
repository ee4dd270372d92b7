"""Patients of the benchmarks: the demonstration's, with cards that the desk has just read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert

from app.adapters.demo_patients import PATIENTS
from app.adapters.rights_demo import DemoRegistry
from app.wiring import Product
from workflows.clock import bangkok_date
from workflows.records import Reading, new_id

DESK = "frontdesk"
PEOPLE: list[dict[str, Any]] = [
    {"pid": patient.pid, "answer": DemoRegistry().look_up(patient.pid, bangkok_date(datetime.now(UTC)))}
    for patient in PATIENTS
    if not patient.silent
]


def visit(pid: str, reading: str) -> dict[str, Any]:
    """What the desk fills in."""
    about = {"service_code": "PG0060001", "visit_kind": "general", "profession": "nursing"}
    return {"pid": pid, "mobile": "0800000077", "phones": "", "reading_id": reading, **about}


def keep_readings(product: Product, pids: Sequence[str]) -> list[str]:
    """A reading of each patient's card, as if a card bridge had just brought it; gives their ids."""
    rows = []
    for pid in pids:
        id_ = new_id()
        name = {"title": "", "first": "ผู้รับบริการ", "middle": "", "last": "ตัวอย่าง"}
        card = json.dumps({"citizen_id": pid, "thai_name": name, "birth": None}, ensure_ascii=False)
        row = {"id": id_, "bridge_id": "bench", "actor": DESK, "unit_code": "99003", "purpose": "patient"}
        sealed = product.keyring.seal(f"reading/{id_}", card.encode())
        kept = {"pid_index": product.keyring.index("pid", pid), "card": sealed, "photo": None, "case_id": None}
        rows.append({**row, **kept, "at": datetime.now(UTC), "envelope": {}, "signature": b""})
    with product.database.begin() as db:
        db.execute(insert(Reading), rows)
    return [str(row["id"]) for row in rows]
