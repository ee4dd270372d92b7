"""Enter reference data a new installation begins with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from workflows.chain import Event
from workflows.errors import NotAllowed
from workflows.records import (
    CommonIllness,
    Contact,
    EditableText,
    EndorsementReason,
    InnovationUnit,
    Organisation,
    Profession,
    Role,
    RoundSchedule,
    ServiceCode,
    TargetSystem,
)
from workflows.work import Work

REFERENCE = 2
"""The audit chain of reference data."""


@dataclass(frozen=True, slots=True)
class LoadReference:
    """Insert organisations, target systems, roles, texts, contacts, schedules of rounds and what units offer patients,
    as far as it is not there yet; what is present stays. ``innovation_units`` are registered and re-activated from now.

    For the system itself. Gives how many rows were new.
    """

    organisations: Sequence[Mapping[str, Any]] = ()
    systems: Sequence[Mapping[str, Any]] = ()
    roles: Sequence[Mapping[str, Any]] = ()
    texts: Sequence[Mapping[str, Any]] = ()
    contacts: Sequence[Mapping[str, Any]] = ()
    schedules: Sequence[Mapping[str, Any]] = ()
    services: Sequence[Mapping[str, Any]] = ()
    professions: Sequence[Mapping[str, Any]] = ()
    reasons: Sequence[Mapping[str, Any]] = ()
    illnesses: Sequence[Mapping[str, Any]] = ()
    innovation_units: Sequence[Mapping[str, Any]] = ()

    def run(self, work: Work) -> int:
        if not work.actor.is_system:
            raise NotAllowed()
        serving = {"registered_at": work.now, "reactivated_at": work.now}
        stamp = {"updated_at": work.now, "updated_by": work.actor.id}
        plan = (
            (Organisation, Organisation.code, self.organisations),
            (TargetSystem, TargetSystem.code, self.systems),
            (Role, Role.code, self.roles),
            (EditableText, EditableText.key, [{**text, **stamp} for text in self.texts]),
            (Contact, Contact.code, self.contacts),
            (RoundSchedule, RoundSchedule.code, [{**schedule, **stamp} for schedule in self.schedules]),
            (ServiceCode, ServiceCode.code, self.services),
            (Profession, Profession.code, self.professions),
            (EndorsementReason, EndorsementReason.code, self.reasons),
            (CommonIllness, CommonIllness.code, self.illnesses),
            (
                InnovationUnit,
                InnovationUnit.unit_code,
                [{**unit, **serving, **stamp} for unit in self.innovation_units],
            ),
        )
        total = 0
        for table, key, rows in plan:
            present = set(work.db.execute(select(key)).scalars())
            new = [dict(row) for row in rows if row[key.key] not in present]
            if new:
                work.write(insert(table), new)
            total += len(new)
        if total:
            work.record(REFERENCE, Event("reference.loaded", data={"rows": total}))
        return total
