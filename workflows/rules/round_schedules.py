"""Which schedule a request goes by, and what its round is called. Schedules come as rows of the register."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from workflows.errors import NotFound, Text
from workflows.rules import thai_dates
from workflows.rules.rounds import EVERY_WORKING_DAY, MonthlyRound, Round, Schedule
from workflows.rules.working_days import Calendar

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,29}")
_SHORTEST_MONTH = 28
_MOST_DAYS = 20
_MOST_OPEN = 60


class NoSchedule(NotFound):
    """No schedule of rounds covers this request / ไม่มีตารางรอบที่ครอบคลุมคำขอนี้"""


class Placed(NamedTuple):
    """A round with its name: what is kept of it in the register and in the variables of a case."""

    id: str
    schedule: str
    name: str
    round: Round

    def as_json(self) -> dict[str, str | None]:
        return {
            "id": self.id,
            "schedule": self.schedule,
            "name": self.name,
            "cutoff": self.round.cutoff.isoformat(),
            "closes_on": self.round.closes_on.isoformat(),
            "effective_on": self.round.effective_on.isoformat(),
            "opens_on": self.round.opens_on.isoformat() if self.round.opens_on else None,
        }


def schedule_of(row: Mapping[str, Any]) -> Schedule:
    """The rule of a row of ``round_schedules``."""
    weekdays = {"monthly": (), "weekly": row["weekdays"], "daily": EVERY_WORKING_DAY}[row["kind"]]
    days = [MonthlyRound(*pair) for pair in row["days"]] if row["kind"] == "monthly" else ()
    return Schedule(
        days,
        row["roll"],
        row["closes_before"],
        weekdays=weekdays,
        cutoff_days=row["cutoff_days"],
        opens_before=row["opens_before"],
    )


def placed(row: Mapping[str, Any], found: Round) -> Placed:
    """A round of this schedule under its name, which its cut-off makes once and for all."""
    return Placed(f"{row['code']}.{found.cutoff}", row["code"], round_name(row["name"], found.effective_on), found)


def round_name(schedule: str, effective_on: date) -> str:
    return f"{schedule} · {thai_dates.short(effective_on)}"


def covering(rows: Iterable[Mapping[str, Any]], channel: str, region: str, systems: Sequence[Mapping[str, Any]]) -> Any:
    """The row for a request of this region and these systems: the narrowest that covers it. Raises NoSchedule."""
    codes = {system["code"] for system in systems}
    roles = {str(role["code"]) for system in systems for role in system["roles"]}
    found = [
        row
        for row in rows
        if row["active"]
        and row["channel"] == channel
        and (not row["regions"] or region in row["regions"])
        and (not row["systems"] or codes <= set(row["systems"]))
        and (not row["roles"] or roles <= set(row["roles"]))
    ]
    if not found:
        raise NoSchedule(
            Text(
                f"ไม่มีตารางรอบที่เปิดใช้ของช่องทาง {channel} เขต {region} ให้ผู้ดูแลระบบเพิ่มที่หน้ารอบสิทธิ",
                f"No active schedule of the channel {channel} covers region {region}; add one on the page of rounds",
            )
        )
    return max(found, key=lambda row: (bool(row["roles"]), bool(row["systems"]), bool(row["regions"]), row["code"]))


def problems(row: Mapping[str, Any], today: date, calendar: Calendar) -> dict[str, Text]:
    """What is wrong with a schedule, by column: what it lacks, and what the coming year could not keep."""
    wrong: dict[str, Text] = {}
    if not _CODE.fullmatch(row["code"]):
        wrong["code"] = Text("ใช้ตัวอักษรอังกฤษเล็ก ตัวเลข และขีด 2-30 ตัว", "2 to 30 small letters, digits and dashes")
    if not row["name"].strip():
        wrong["name"] = Text("กรอกชื่อตารางรอบ", "Name the schedule")
    if row["kind"] == "monthly" and not row["days"]:
        wrong["days"] = Text(
            "กรอกวันตัดรอบและวันมีผล เช่น 10=15, 22=28", "Give cut-off and effective days, such as 10=15, 22=28"
        )
    if any(not 1 <= cutoff <= effective <= _SHORTEST_MONTH for cutoff, effective in row["days"]):
        wrong["days"] = Text(
            f"วันตัดรอบต้องไม่หลังวันมีผล และไม่เกินวันที่ {_SHORTEST_MONTH} ซึ่งมีทุกเดือน",
            f"No cut-off after its effective day, and no day after the {_SHORTEST_MONTH}th, which every month has",
        )
    if row["kind"] == "weekly" and not row["weekdays"]:
        wrong["weekdays"] = Text("เลือกอย่างน้อยหนึ่งวัน", "Choose at least one day")
    for name in ("cutoff_days", "closes_before"):
        if not 0 <= row[name] <= _MOST_DAYS:
            wrong[name] = Text(f"กรอกจำนวนวัน 0-{_MOST_DAYS}", f"Give a number of days, 0-{_MOST_DAYS}")
    if row["opens_before"] is not None and not 1 <= row["opens_before"] <= _MOST_OPEN:
        wrong["opens_before"] = Text(
            f"กรอกจำนวนวัน 1-{_MOST_OPEN} หรือเว้นว่าง = เปิดเมื่อตัดรอบก่อนหน้า",
            f"Give a number of days, 1-{_MOST_OPEN}, or leave it empty: at the previous cut-off",
        )
    if not wrong and (found := schedule_of(row).problem(today, calendar)):
        wrong["days" if row["kind"] == "monthly" else "weekdays"] = found
    return wrong
