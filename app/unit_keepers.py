"""Which units somebody answers for: what a unit's own systems are given is kept by the people of that unit."""

from __future__ import annotations

from collections.abc import Collection

from workflows.actor import Actor

EVERY_UNIT = frozenset({"admin", "auditor"})
"""Who sees what every unit has."""
TOKEN_KEEPERS = ("signatory", "unit_head", "admin")
"""Who makes and revokes tokens of a unit's own systems."""
WEBHOOK_KEEPERS = ("signatory", "admin")
"""Who says where a unit's own systems are told of events."""


def kept_units(actor: Actor, roles: Collection[str]) -> list[str] | None:
    """The units for which the actor has one of these roles, in order; None for those who see every unit."""
    if actor.roles & EVERY_UNIT:
        return None
    pairs = (group.partition(":") for group in actor.groups)
    return sorted({scope for role, _, scope in pairs if role in roles and scope})


def keeps(actor: Actor, roles: Collection[str], unit_code: str) -> bool:
    """Whether the actor may see what this unit has."""
    units = kept_units(actor, roles)
    return units is None or unit_code in units
