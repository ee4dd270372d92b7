"""Bring a case's deadline in line with a changed calendar."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, update

from workflows import chain, deadlines
from workflows.chain import Event
from workflows.projection import move_due
from workflows.records import Case, HistoryRow
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class RecomputeDeadline:
    """Recompute due date, state and inbox order of one case; a changed due date is told in the case's history."""

    case_id: int

    def run(self, work: Work) -> bool:
        """Gives whether the due date moved."""
        case = work.case(self.case_id)
        calendar = work.services.holidays.calendar()
        values = {**deadlines.columns(case.sla, calendar, work.now), "recompute": False}
        check_at = deadlines.next_check_at(case.sla, calendar, work.now)
        if not case.has_incident or case.wake_at is not None:  # an incident of the clock stops it
            values["wake_at"] = min((at for at in (case.wake_at, check_at) if at), default=None)
        moved: bool = values["sla_due"] != case.sla_due
        if moved:
            old, new = (day.isoformat() if day else None for day in (case.sla_due, values["sla_due"]))
            rows, (values["chain_seq"], values["chain_mac"]) = chain.extend(
                work.services.keyring,
                case.id,
                (case.chain_seq, case.chain_mac),
                [Event("sla.recomputed", data={"from": old, "to": new})],
                at=work.now,
                actor=work.actor.id,
            )
            work.write(insert(HistoryRow), rows)
            move_due(work, case.id, case.sla_due, values["sla_due"])
        work.write(update(Case).where(Case.id == case.id, Case.chain_seq == case.chain_seq).values(**values), expect=1)
        return moved
