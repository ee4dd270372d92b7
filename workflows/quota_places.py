"""Reading quotas: what a unit has left in a month, and who holds a place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from workflows.records import Quota, QuotaHold


def quota(db: Connection, unit_code: str, profession: str, month: str) -> Mapping[str, Any] | None:
    """total, held, used of a month; one that has not begun has the total of the last month that was set. None: the
    unit has no limit for this profession."""
    same = Quota.unit_code == unit_code, Quota.profession == profession, Quota.month <= month
    columns = select(Quota.month, Quota.total, Quota.held, Quota.used).where(*same)
    row = db.execute(columns.order_by(Quota.month.desc()).limit(1)).mappings().first()
    if row is None:
        return None
    return dict(row) if row["month"] == month else {"month": month, "total": row["total"], "held": 0, "used": 0}


def hold(db: Connection, key: str) -> Mapping[str, Any] | None:
    """unit_code, profession, month, state (held or used) of the place under a key; None where there is none."""
    columns = select(QuotaHold.unit_code, QuotaHold.profession, QuotaHold.month, QuotaHold.state)
    row = db.execute(columns.where(QuotaHold.key == key, QuotaHold.state != "released")).mappings().first()
    return dict(row) if row else None
