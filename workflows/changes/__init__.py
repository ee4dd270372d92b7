"""What operators want changed in the registers, written in the same transaction as the step that asked for it.

Importing this package registers every writer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workflows.chain import Event
from workflows.changes import (
    account_care,
    accounts,
    authentications,
    bookings,
    bulk,
    case,
    claims,
    grants,
    innovation,
    memberships,
    provisioning,
    quotas,
    rounds,
    thaid,
)
from workflows.changes.registry import WRITERS
from workflows.ports import Change
from workflows.work import Work

__all__ = [
    "KINDS",
    "account_care",
    "accounts",
    "apply",
    "authentications",
    "bookings",
    "bulk",
    "case",
    "claims",
    "grants",
    "innovation",
    "memberships",
    "provisioning",
    "quotas",
    "rounds",
    "thaid",
]

KINDS = frozenset(WRITERS)
"""Every kind of change an operator may leave."""


def apply(work: Work, case_row: Any, changes: Sequence[Change], values: dict[str, Any]) -> list[Event]:
    """Queue the writes of all changes, in order; gives the events to tell. ``values`` are the case columns to come."""
    told = (WRITERS[change.kind](work, case_row, change.values, values) for change in changes)
    return [event for event in told if event is not None]
