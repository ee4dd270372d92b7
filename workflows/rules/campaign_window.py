"""When a process with campaigns may be started, and what to say to somebody who comes outside of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from workflows.errors import Text
from workflows.rules import thai_dates

LEVELS = {"head": "units_by", "supervisor": "supervisors_by"}
"""Header ``level`` of a user task → the day of the campaign by which it is to be done."""


class Window(NamedTuple):
    """A campaign (days count to their end): to units it is open until ``units_by``, to those who supervise them until
    ``supervisors_by``, where these are set; to nobody after ``closes_on``."""

    id: int
    name: str
    process_id: str
    opens_on: date
    closes_on: date
    units_by: date | None
    supervisors_by: date | None
    message: str

    def last_day(self, supervises: bool) -> date:
        """The last day on which this kind of sender may start."""
        return (self.supervisors_by if supervises else self.units_by) or self.closes_on


def problems(opens_on: date, closes_on: date, units_by: date | None, supervisors_by: date | None) -> dict[str, Text]:
    """What is wrong with the days of a campaign, by field."""
    found: dict[str, Text] = {}
    if closes_on < opens_on:
        found["closes_on"] = Text("วันปิดรับต้องไม่ก่อนวันเปิดรับ", "It cannot close before it opens")
    for name, day in (("units_by", units_by), ("supervisors_by", supervisors_by)):
        if day and not opens_on <= day <= closes_on:
            found[name] = Text("ต้องอยู่ระหว่างวันเปิดรับและวันปิดรับ", "This day must be between opening and closing")
    if units_by and supervisors_by and supervisors_by < units_by and "supervisors_by" not in found:
        found["supervisors_by"] = Text(
            "หน่วยงานกำกับต้องมีเวลาถึงวันเดียวกับหน่วยบริการหรือหลังจากนั้น", "Supervisors have until the units' day or later"
        )
    return found


def standing(windows: Sequence[Window], today: date, supervises: bool) -> Window | Text | None:
    """The window that is open to this kind of sender; why there is none; or None for a process without campaigns."""
    if not windows:
        return None
    begun = [window for window in windows if window.opens_on <= today]
    open_ = [window for window in begun if today <= window.last_day(supervises)]
    if open_:
        return min(open_, key=lambda window: window.last_day(supervises))
    late = [window for window in begun if not supervises and today <= window.last_day(True)]
    if late:
        return _say(
            "รอบ “{name}” รับจากหน่วยบริการถึง {day} แล้ว ให้แจ้งหน่วยงานกำกับ (อบจ./สสจ.) ส่งแทนได้ถึง {then}",
            "“{name}” took requests from units until {day}; whoever supervises you may still send until {then}",
            late[0], late[0].last_day(False), late[0].last_day(True),
        )  # fmt: skip
    ahead = sorted((window for window in windows if window.opens_on > today), key=lambda window: window.opens_on)
    if ahead:
        return _say(
            "ยังไม่เปิดรับ รอบ “{name}” เปิดรับ {day} ถึง {then} กรุณากลับมายื่นในช่วงดังกล่าว",
            "Not open yet: “{name}” takes requests from {day} to {then}; come back then",
            ahead[0], ahead[0].opens_on, ahead[0].last_day(supervises),
        )  # fmt: skip
    last = max(begun, key=lambda window: window.last_day(supervises))
    return _say(
        "รอบ “{name}” ปิดรับเมื่อ {day} และยังไม่ประกาศรอบถัดไป ให้ยื่นคำขอรายบุคคล หรือติดต่อ สปสช. เขต",
        "“{name}” closed on {day} and no further window is announced; send single requests, or ask the NHSO region",
        last, last.last_day(supervises), last.closes_on,
    )  # fmt: skip


def _say(thai: str, english: str, window: Window, day: date, then: date) -> Text:
    return Text(
        thai.format(name=window.name, day=thai_dates.short(day), then=thai_dates.short(then)),
        english.format(name=window.name, day=thai_dates.short(day, "en"), then=thai_dates.short(then, "en")),
    )
