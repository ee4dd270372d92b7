"""Whose patients' data an actor may see: of their unit, their region, or all. One rule for pages and API."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from workflows.actor import Actor

OF_UNIT = ("frontdesk", "signatory", "unit_head")
OF_REGION = ("reviewer", "region_officer", "region_chief")
READERS = (*OF_UNIT, *OF_REGION, "auditor", "admin", "designer")
"""Who has a scope at all: the rule of the pages about authentications. A designer sees anything in a demo only."""


@dataclass(frozen=True, slots=True)
class Scope:
    """``everything``, or the units and regions an actor answers for."""

    everything: bool
    units: frozenset[str]
    regions: frozenset[str]

    def of(self, unit: InstrumentedAttribute[str], region: InstrumentedAttribute[str]) -> ColumnElement[bool]:
        """The condition on a table with these two columns."""
        if self.everything:
            return true()
        units = [unit.in_(sorted(self.units))] if self.units else []
        regions = [region.in_(sorted(self.regions))] if self.regions else []
        return or_(*units, *regions) if units or regions else false()

    def covers(self, unit_code: str, region: str) -> bool:
        """Whether something of this unit, which is in this region, is within."""
        return self.everything or unit_code in self.units or region in self.regions


def scope_of(actor: Actor) -> Scope:
    """What an actor may see of patients' authentications and of the quotas behind them."""
    pairs = [group.partition(":")[::2] for group in actor.groups]
    return Scope(
        actor.sees_everything,
        frozenset(scope for role, scope in pairs if role in OF_UNIT),
        frozenset(scope for role, scope in pairs if role in OF_REGION),
    )
