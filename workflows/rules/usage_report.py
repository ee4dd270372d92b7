"""What a target system may report about the use of accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from workflows.clock import BANGKOK
from workflows.errors import Text

COLUMNS = ("username", "system", "at")
_SLACK = timedelta(minutes=10)
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Use:
    """An account was used at a moment, in a target system if one is named."""

    username: str
    system: str
    at: datetime


def parse(entry: Any, now: datetime) -> Use | Text:
    """One reported use, or what is wrong with it. A time without a zone is Bangkok's; a day alone is its beginning."""
    if not isinstance(entry, Mapping):
        return Text("แต่ละรายการต้องเป็น object ที่มี username และ at", "Each entry must be an object with username and at")
    texts = {name: entry.get(name) or "" for name in COLUMNS}
    if not all(isinstance(value, str) and len(value) <= _LONGEST and "\0" not in value for value in texts.values()):
        return Text("username, system และ at ต้องเป็นข้อความ", "username, system and at must be texts")
    username, system, written = (texts[name].strip() for name in COLUMNS)
    if not username:
        return Text("ไม่มี username", "username is missing")
    try:
        at = datetime.fromisoformat(written)
        at = (at if at.tzinfo else at.replace(tzinfo=BANGKOK)).astimezone(UTC)
    except (ValueError, OverflowError):
        return Text(
            "at ต้องเป็นวันเวลาแบบ ISO 8601 เช่น 2026-11-02T09:30:00+07:00",
            "at must be a moment in ISO 8601, such as 2026-11-02T09:30:00+07:00",
        )
    if at > now + _SLACK:
        return Text("at อยู่ในอนาคต", "at lies in the future")
    if at < _EARLIEST:
        return Text("at เก่าเกินไป ใช้ปี ค.ศ. ตั้งแต่ 2000", "at is too long ago; give a year from 2000 on")
    return Use(username, system, at)
