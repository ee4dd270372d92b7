"""Reading the form of a new token: what it is called, what it is for, how long it lives."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any, NamedTuple

from werkzeug.datastructures import MultiDict

from workflows.errors import Text

LIFETIMES = (30, 90, 180, 365)
"""Days that a token may live."""
MOST = 20
"""Living tokens of one person, and of one unit."""


class Wanted(NamedTuple):
    """What somebody typed; ``errors`` are by field."""

    name: str
    scopes: tuple[str, ...]
    days: int
    as_client: bool
    errors: dict[str, Text]

    @property
    def lifetime(self) -> timedelta:
        return timedelta(days=self.days)


def read(form: MultiDict[str, Any], possible: Collection[str], default: tuple[str, ...], days: int) -> Wanted:
    """The wishes for a token that may have the scopes ``possible``; without a choice it has the default ones."""
    name = form.get("name", "").strip()
    chosen = tuple(scope for scope in possible if scope in form.getlist("scopes")) or default
    typed = form.get("days", str(days))
    errors: dict[str, Text] = {}
    if not name:
        errors["name"] = Text("ตั้งชื่อโทเค็นเพื่อให้จำได้ว่าใช้ที่ใด", "Name the token after where it is used")
    if not chosen:
        errors["scopes"] = Text("เลือกอย่างน้อยหนึ่งอย่างที่โทเค็นทำได้", "Choose at least one thing the token may do")
    lifetime = int(typed) if typed in map(str, LIFETIMES) else days
    return Wanted(name, chosen, lifetime, form.get("kind") == "client", errors)


TOO_MANY = Text("มีโทเค็นครบจำนวนแล้ว ยกเลิกอันที่ไม่ใช้ก่อน", "Too many tokens; revoke an unused one first")
