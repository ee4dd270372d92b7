"""What a token may be used for. A token never allows more than whom it acts for may do; scopes only narrow that."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from workflows.errors import Text

FULL = "full"
CASES_READ = "cases:read"
AUTHENTICATIONS_READ = "authentications:read"
AUTHENTICATIONS_WRITE = "authentications:write"
USAGE_WRITE = "usage:write"

SCOPES: dict[str, Text] = {
    FULL: Text("ทุกอย่างที่บัญชีของผู้สร้างทำได้", "Everything the account itself may do"),
    AUTHENTICATIONS_WRITE: Text("เปิด ปิด และแก้ไขการยืนยันตัวตน", "Open, close and correct authentications"),
    AUTHENTICATIONS_READ: Text("ดูสถานะการยืนยันตัวตน", "Look up authentications"),
    CASES_READ: Text("ดูเรื่องและสถานะ", "Look up cases and where they stand"),
    USAGE_WRITE: Text("รายงานการใช้งานบัญชีในระบบปลายทาง", "Report the use of accounts in target systems"),
}
"""Every scope, in the order people see them."""

OF_UNITS = (AUTHENTICATIONS_WRITE, AUTHENTICATIONS_READ, CASES_READ)
"""What a token of a unit's own system may be for: it acts for the unit, and stands for no person."""

ANY = ""
"""Of a route: whatever the token is for."""


def allows(scopes: Collection[str], needed: str) -> bool:
    """Whether a token with these scopes may be used where this one is needed."""
    return needed == ANY or needed in scopes or FULL in scopes


def narrowed(held: Collection[str], asked: Iterable[str]) -> list[str] | None:
    """The scopes asked for, in our order, if the holder has them all; None if not. Nothing asked for means all."""
    wanted = set(asked) or set(held)
    if not all(scope in SCOPES and allows(held, scope) for scope in wanted):
        return None
    return [scope for scope in SCOPES if scope in wanted]
