"""Say how many visits of a profession a unit may authenticate in a month."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select, update

from workflows.chain import Event
from workflows.changes.quotas import of
from workflows.clock import bangkok_date
from workflows.errors import Conflict, InvalidAnswers, NotAllowed, Text
from workflows.master_data import CHANGED, QUOTAS
from workflows.records import Organisation, Profession, Quota
from workflows.rules.quota import MOST, month_of
from workflows.work import Work

_UNKNOWN_UNIT = Text("ไม่พบหน่วยงานรหัสนี้ในเขตของท่าน กรุณาตรวจรหัส", "There is no such unit in your region; check the code")
_UNKNOWN = Text("เลือกวิชาชีพจากรายการ", "Choose a profession of the list")
_OVER = Text("เดือนที่ผ่านไปแล้วแก้โควตาไม่ได้", "A month that is over keeps its quota")
_NUMBER = Text("กรอกจำนวนเต็ม 0 ถึง 1,000,000", "Give a whole number from 0 to 1,000,000")


@dataclass(frozen=True, slots=True)
class SetQuota:
    """Set the total of a month ("2026-11"), as it was at a revision (0: there is none yet). What is held and used
    stays; a total below that leaves nothing.

    For administrators, and for the region's officers in their region. Raises NotAllowed, InvalidAnswers by field,
    Conflict when somebody changed it meanwhile. Gives the new revision.
    """

    unit_code: str
    profession: str
    month: str
    total: int
    revision: int

    def run(self, work: Work) -> int:
        self._allowed(work)
        place = {"unit_code": self.unit_code, "profession": self.profession, "month": self.month}
        found = work.db.execute(work.lock(select(Quota.total, Quota.revision).where(of(place)))).first()
        if (found.revision if found else 0) != self.revision:
            raise Conflict(CHANGED)
        stamp = {"total": self.total, "updated_at": work.now, "updated_by": work.actor.id}
        if found is None:
            work.write(insert(Quota), {**place, **stamp, "held": 0, "used": 0, "revision": 1})
        elif found.total == self.total:
            return int(found.revision)
        else:
            same = update(Quota).where(of(place), Quota.revision == self.revision)
            work.write(same.values(**stamp, revision=self.revision + 1), expect=1)
        private = {"changes": {f"{self.profession} {self.month}": [found.total if found else None, self.total]}}
        kind = "register.changed" if found else "register.added"
        work.record(QUOTAS.chain, Event(kind, name=self.unit_code, private=private))
        return self.revision + 1

    def _allowed(self, work: Work) -> None:
        actor, errors = work.actor, dict[str, Text]()
        regions = {scope for role, _, scope in (group.partition(":") for group in actor.groups) if role in SETTERS}
        if "admin" not in actor.roles and not regions:
            raise NotAllowed()
        region = work.db.execute(select(Organisation.region).where(Organisation.code == self.unit_code)).scalar()
        if region is None or ("admin" not in actor.roles and region not in regions):
            errors["unit_code"] = _UNKNOWN_UNIT
        if work.db.execute(select(Profession.code).where(Profession.code == self.profession)).first() is None:
            errors["profession"] = _UNKNOWN
        if self.month < month_of(bangkok_date(work.now)):
            errors["month"] = _OVER
        if not 0 <= self.total <= MOST:
            errors["total"] = _NUMBER
        if errors:
            raise InvalidAnswers(errors)


SETTERS = ("region_officer", "region_chief")
"""Who sets the quotas of a region, besides administrators."""
