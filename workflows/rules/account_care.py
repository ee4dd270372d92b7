"""Who answers for an account besides its holder, and why a sign-in is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from workflows.clock import bangkok_date
from workflows.rules.dormancy import suspension_day

Refusal = Literal["pending", "cancelled", "irregular", "dormant", "reset"]


def answers_for(groups: frozenset[str], unit_code: str, region: str) -> Literal["head", "nhso"] | None:
    """As what somebody of these groups answers for the accounts of a unit: as its head, or as NHSO (the administrator,
    and the officers of the unit's region)."""
    if "admin" in groups or (region and groups & {f"region_officer:{region}", f"region_chief:{region}"}):
        return "nhso"
    return "head" if f"unit_head:{unit_code}" in groups else None


def refusal(account: Mapping[str, Any], now: datetime) -> Refusal | None:
    """Why an account may not sign in although the password is right; None if it may.

    An administrator is never too long away: somebody must be able to let the others in again.
    """
    if account["status"] == "pending":
        return "pending"
    if account["status"] == "cancelled":
        return "cancelled"
    if account["status"] == "suspended":
        return "dormant" if account["status_reason"] == "dormant" else "irregular"
    used_at = account["last_used_at"] or account["activated_at"] or account["created_at"]
    if bangkok_date(now) >= suspension_day(bangkok_date(used_at)) and not account["is_admin"]:
        return "dormant"
    return "reset" if account["password_void_at"] is not None else None
