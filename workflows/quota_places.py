"""Reading quotas: what a unit has left in a month, and who holds a place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, select

from workflows.records import Quota, QuotaHold

_QUOTA = (
    select(Quota.month, Quota.total, Quota.held, Quota.used)
    .where(
        Quota.unit_code == bindparam("unit"),
        Quota.profession == bindparam("profession"),
        Quota.month <= bindparam("month"),
    )
    .order_by(Quota.month.desc())
    .limit(1)
)
_HOLD = select(QuotaHold.unit_code, QuotaHold.profession, QuotaHold.month, QuotaHold.state).where(
    QuotaHold.key == bindparam("key"), QuotaHold.state != "released"
)


def quota(db: Connection, unit_code: str, profession: str, month: str) -> Mapping[str, Any] | None:
    """total, held, used of a month; one that has not begun has the total of the last month that was set. None: the
    unit has no limit for this profession."""
    row = db.execute(_QUOTA, {"unit": unit_code, "profession": profession, "month": month}).mappings().first()
    if row is None:
        return None
    return dict(row) if row["month"] == month else {"month": month, "total": row["total"], "held": 0, "used": 0}


def hold(db: Connection, key: str) -> Mapping[str, Any] | None:
    """unit_code, profession, month, state (held or used) of the place under a key; None where there is none."""
    row = db.execute(_HOLD, {"key": key}).mappings().first()
    return dict(row) if row else None
