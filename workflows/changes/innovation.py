"""What innovation units registered, as the region confirmed it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update

from workflows.chain import Event
from workflows.changes.registry import writes
from workflows.records import InnovationUnit, UnitPerson, new_id
from workflows.rules import masking
from workflows.work import Work

_STAMPS = {"registration": "registered", "reactivation": "reactivated"}
_PLAIN = (
    "profession",
    "first_name",
    "last_name",
    "licence_number",
    "licence_found",
    "specialty",
    "registration_types",
    "every_day",
    "hours",
)


@writes("innovation.register")
def register(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    """General data, professions and personnel of a unit as they are from now on. Whoever is not among the personnel any
    more is marked as removed; people are the same by citizen ID and profession. ``purpose`` registration sets
    registered_at, reactivation sets reactivated_at."""
    code, stamp = str(given["unit_code"]), _STAMPS[given["purpose"]]
    unit = {
        "general": dict(given["general"]),
        "professions": list(given["professions"]),
        f"{stamp}_at": work.now,
        f"{stamp}_case": case.id,
        "updated_at": work.now,
        "updated_by": work.actor.id,
    }
    mine = InnovationUnit.unit_code == code
    if work.db.execute(work.lock(select(InnovationUnit.unit_code).where(mine))).first() is None:
        work.write(insert(InnovationUnit), {"unit_code": code, "active_until": None, **unit})
    else:
        work.write(update(InnovationUnit).where(mine).values(**unit), expect=1)
    counted = _personnel(work, case, code, given["personnel"])
    return Event(f"innovation.{stamp}", data={"unit": code, **counted})


def _personnel(work: Work, case: Any, code: str, people: list[Mapping[str, Any]]) -> dict[str, int]:
    keyring = work.services.keyring
    serving = UnitPerson.unit_code == code, UnitPerson.removed_at.is_(None)
    columns = UnitPerson.id, UnitPerson.pid_index, UnitPerson.profession, UnitPerson.confirmed_at
    known = {
        (bytes(row.pid_index), row.profession): row
        for row in work.db.execute(work.lock(select(*columns).where(*serving)))
    }
    counted = {"added": 0, "changed": 0, "removed": 0}
    fresh = []
    for person in people:
        index = keyring.index("pid", str(person["pid"]))
        before = known.pop((index, person["profession"]), None)
        row = _row(work, case, person, before)
        if before is not None:
            work.write(update(UnitPerson).where(UnitPerson.id == before.id).values(**row))
            counted["changed"] += 1
            continue
        id_ = new_id()
        sealed = keyring.seal(f"unit_person.pid/{id_}", str(person["pid"]).encode())
        own = {"id": id_, "unit_code": code, "pid_sealed": sealed, "pid_index": index, "removed_at": None}
        fresh.append({**own, "pid_masked": masking.pid(str(person["pid"])), **row})
    if fresh:
        work.write(insert(UnitPerson), fresh)
        counted["added"] = len(fresh)
    if known:
        gone = update(UnitPerson).where(UnitPerson.id.in_([row.id for row in known.values()]))
        work.write(gone.values(removed_at=work.now, updated_at=work.now, case_id=case.id))
        counted["removed"] = len(known)
    return counted


def _row(work: Work, case: Any, person: Mapping[str, Any], before: Any) -> dict[str, Any]:
    first_confirmed = before.confirmed_at if before is not None else None
    return {
        **{name: person[name] for name in _PLAIN},
        "starts_on": date.fromisoformat(person["starts_on"]),
        "ends_on": date.fromisoformat(person["ends_on"]) if person["ends_on"] else None,
        "confirmed_at": (first_confirmed or work.now) if person["confirmed"] else None,
        "confirmed_by": work.actor.id if person["confirmed"] else None,
        "case_id": case.id,
        "updated_at": work.now,
    }
