"""Counting the places of a quota. A counter moves only where the condition still holds: the last place goes once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from workflows.chain import Event
from workflows.changes.registry import writes
from workflows.errors import Text
from workflows.operators.quotas import of_booking
from workflows.records import Quota, QuotaHold
from workflows.rules import quota
from workflows.work import Work

_NONE_LEFT = Text(
    "โควตาของวิชาชีพนี้ในเดือนที่รับบริการเต็มแล้ว ขอเพิ่มโควตาจาก สปสช. เขต ก่อน",
    "The quota of this profession in that month is used up; ask the region for more first",
)
_PLACE = ("unit_code", "profession", "month")


@writes("quota.hold")
def hold(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    """The month may not have begun: then it begins with the total of the month before."""
    dialect = postgresql if work.db.dialect.name == "postgresql" else sqlite
    place = {name: given[name] for name in _PLACE}
    stamp = {"updated_at": work.now, "updated_by": work.actor.id}
    month = {**place, "total": given["total"], "held": 0, "used": 0, "revision": 1, **stamp}
    work.write(dialect.insert(Quota).on_conflict_do_nothing(), month)
    free = update(Quota).where(of(place), Quota.held + Quota.used < Quota.total)
    work.write(free.values(held=Quota.held + 1), expect=1)
    row = {
        **place,
        "key": given["key"],
        "day": date.fromisoformat(given["day"]),
        "state": "held",
        "case_id": case.id,
        "claim_code": None,
        "updated_at": work.now,
    }
    mine = dialect.insert(QuotaHold).values(row)
    again = mine.on_conflict_do_update(index_elements=["key"], set_=row, where=QuotaHold.state == "released")
    work.write(again.execution_options(preserve_rowcount=True), expect=1)
    return Event("quota.held", name=given["profession"], data={"month": given["month"]})


@writes("quota.release")
def release(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    give_back(work, given["key"], given["from"])
    return Event("quota.released", name=given["from"]["profession"], data={"month": given["from"]["month"]})


@writes("quota.use")
def use(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    held = update(Quota).where(of(given), Quota.held > 0)
    work.write(held.values(held=Quota.held - 1, used=Quota.used + 1), expect=1)
    mine = update(QuotaHold).where(QuotaHold.key == given["key"], QuotaHold.state == "held")
    work.write(mine.values(state="used", claim_code=given["claim_code"], updated_at=work.now), expect=1)
    return Event("quota.used", name=given["profession"], data={"month": given["month"]})


def move(work: Work, claim: Mapping[str, Any], profession: str) -> Text | None:
    """Queue that a claim code uses a place of another profession from now on, and its present one is free again. Gives
    what to say where none is left."""
    place = {"unit_code": claim["unit_code"], "profession": profession, "month": quota.month_of(claim["service_on"])}
    found = work.register.quota(**place)
    if found is not None and not quota.left(found):
        return _NONE_LEFT
    give_back_of_code(work, claim["claim_code"])
    if found is not None:
        stamp = {"updated_at": work.now, "updated_by": work.actor.id}
        month = {**place, "total": found["total"], "held": 0, "used": 0, "revision": 1, **stamp}
        dialect = postgresql if work.db.dialect.name == "postgresql" else sqlite
        work.write(dialect.insert(Quota).on_conflict_do_nothing(), month)
        free = update(Quota).where(of(place), Quota.held + Quota.used < Quota.total)
        work.write(free.values(used=Quota.used + 1), expect=1)
        row = {
            **place,
            "key": f"code/{claim['claim_code']}/{claim['revision']}",
            "day": claim["service_on"],
            "state": "used",
            "case_id": claim["case_id"] or 0,
            "claim_code": claim["claim_code"],
            "updated_at": work.now,
        }
        work.write(insert(QuotaHold), row)
    return None


def of(place: Mapping[str, Any]) -> ColumnElement[bool]:
    """The counter of a unit, profession and month."""
    return and_(*(Quota.__table__.c[name] == place[name] for name in _PLACE))


def give_back(work: Work, key: str, place: Mapping[str, Any]) -> None:
    """Queue that a held or used place (with its ``state``) is free again, if it still is as it was read."""
    counter = Quota.held if place["state"] == "held" else Quota.used
    work.write(update(Quota).where(of(place), counter > 0).values({counter: counter - 1}), expect=1)
    mine = update(QuotaHold).where(QuotaHold.key == key, QuotaHold.state == place["state"])
    work.write(mine.values(state="released", updated_at=work.now), expect=1)


def left(work: Work, case_id: int) -> list[Event]:
    """Queue that what a case still holds, for itself or for the booking it made, is free again: it ends from outside
    its diagram. Gives what to tell."""
    keys = str(case_id), of_booking(case_id)
    held = select(*QuotaHold.__table__.c).where(QuotaHold.key.in_(keys), QuotaHold.state == "held")
    rows = work.db.execute(work.lock(held)).mappings().all()
    for row in rows:
        give_back(work, row["key"], dict(row))
    return [Event("quota.released", name=row["profession"], data={"month": row["month"]}) for row in rows]


def give_back_of_code(work: Work, claim_code: str) -> bool:
    """Queue that the place a claim code used is free again; gives whether it had one."""
    used = select(*QuotaHold.__table__.c).where(QuotaHold.claim_code == claim_code, QuotaHold.state == "used")
    row = work.db.execute(used).mappings().first()
    if row is None:
        return False
    give_back(work, row["key"], dict(row))
    return True
