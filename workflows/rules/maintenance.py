"""What a time of maintenance must be, and who is told of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from workflows.errors import Text
from workflows.rules import thai_dates

ANNOUNCED_FOR = timedelta(days=3)
"""How long before its begin every page tells of it."""

_LONGEST = timedelta(days=30)


def problem(starts_at: datetime, ends_at: datetime, now: datetime) -> Text | None:
    """What is wrong with the times of a window; None if nothing is."""
    if ends_at <= starts_at:
        return Text("เวลาสิ้นสุดต้องอยู่หลังเวลาเริ่ม", "It must end after it begins")
    if ends_at <= now:
        return Text("เวลาสิ้นสุดผ่านไปแล้ว", "It would have ended already")
    if ends_at - starts_at > _LONGEST:
        return Text("ปิดปรับปรุงได้ครั้งละไม่เกิน 30 วัน", "A maintenance lasts 30 days at most")
    return None


def refusal(ends_at: datetime, text: Text) -> Text:
    """Why nobody but administrators may sign in now, and until when."""
    return Text(
        f"ระบบปิดปรับปรุงถึง {thai_dates.moment(ends_at)} {text.th} กรุณาเข้าสู่ระบบหลังเวลานี้",
        f"The service rests until {thai_dates.moment(ends_at, 'en')}. {text.en} Please sign in after that",
    )
