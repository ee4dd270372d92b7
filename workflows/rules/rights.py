"""Rights to health care, as the registry answers them: the classes, and how old somebody is on a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from workflows.rules import age

VACANT = "VAC"
"""Nobody pays: the person has no right of any fund (สิทธิว่าง). The registry says so by naming no class."""

CLASSES: Mapping[str, str] = {
    "UCS": "สิทธิหลักประกันสุขภาพแห่งชาติ",
    "WEL": "สิทธิหลักประกันสุขภาพแห่งชาติ (ยกเว้นการร่วมจ่าย)",
    "OFC": "สิทธิสวัสดิการข้าราชการ",
    "SSS": "สิทธิประกันสังคม",
    "LGO": "สิทธิสวัสดิการพนักงานส่วนท้องถิ่น",
    "COR": "สิทธิคู่สัญญา",
    "OTH": "สิทธิอื่น",
    VACANT: "สิทธิว่าง",
}
"""Main class → its name, where the registry gives none. Others than these occur and are taken as they come."""


def age_on(answer: Mapping[str, Any], day: date) -> age.Age | None:
    """The age of the person of an answer on a day. What is unknown of the birth date is supplied as the law says (the
    first of the month, the first of the year), and left out of the age; None if even the year is unknown."""
    year, month, of_month = (answer.get(part) for part in ("birth_year", "birth_month", "birth_day"))
    if year is None:
        return None
    years, months, days = age.elapsed(age.birth_date(year, month, of_month), day)
    return age.Age(years, months if month else None, days if month and of_month else None)
