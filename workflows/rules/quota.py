"""Quotas of visits: which month a day counts in, what is said when none is left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from workflows.errors import Text

MOST = 1_000_000
"""The largest total a month may have."""
EMPTY = Text(
    "โควตา{profession}ของหน่วย {unit} เดือน{month} เต็มแล้ว ({total} ครั้ง) เลือกวิชาชีพอื่น นัดเดือนถัดไป "
    "หรือขอเพิ่มโควตาจาก สปสช. เขต",
    "The quota of unit {unit} for {profession} in {month} is used up ({total} visits). Choose another profession, book "
    "for the next month, or ask the NHSO region for more",
)


def month_of(day: date) -> str:
    """``2026-11``: the month whose quota a visit of this day takes."""
    return f"{day.year:04d}-{day.month:02d}"


def left(quota: Mapping[str, Any]) -> int:
    """How many places nobody holds or has used; never below 0, also where the total was lowered afterwards."""
    return max(0, int(quota["total"]) - int(quota["held"]) - int(quota["used"]))
