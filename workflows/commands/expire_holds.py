"""Give back places of quotas that were held for a day that is over."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from workflows.changes.quotas import of
from workflows.errors import NotAllowed
from workflows.records import Quota, QuotaHold
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class ExpireHolds:
    """Release up to ``size`` places that are still held for days before ``before``: whoever booked came and was
    not authenticated. For the system itself. Gives how many."""

    before: date
    size: int = 500

    def run(self, work: Work) -> int:
        if not work.actor.is_system:
            raise NotAllowed()
        held = QuotaHold.state == "held", QuotaHold.day < self.before
        columns = select(QuotaHold.key, QuotaHold.unit_code, QuotaHold.profession, QuotaHold.month)
        rows = work.db.execute(work.lock(columns.where(*held).order_by(QuotaHold.day).limit(self.size))).all()
        places = Counter((row.unit_code, row.profession, row.month) for row in rows)
        for (unit_code, profession, month), number in sorted(places.items()):
            place = {"unit_code": unit_code, "profession": profession, "month": month}
            work.write(update(Quota).where(of(place)).values(held=Quota.held - number), expect=1)
        if rows:
            mine = update(QuotaHold).where(QuotaHold.key.in_([row.key for row in rows]), QuotaHold.state == "held")
            work.write(mine.values(state="released", updated_at=work.now), expect=len(rows))
        return len(rows)
