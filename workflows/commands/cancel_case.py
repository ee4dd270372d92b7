"""End a running case from outside the diagram."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, insert, update

from workflows import chain
from workflows.chain import Event
from workflows.changes import bookings, claims, quotas, rounds
from workflows.errors import Conflict, NotAllowed, Text
from workflows.outgoing import write_messages
from workflows.projection import cancelled
from workflows.records import Case, HistoryRow, Subscription, WorkItem
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class CancelCase:
    """Terminate an active case: its work items and waits go, its history stays. Seats and places of quotas
    it holds are free again, whoever had booked is told, and a claim code under review or to be voided waits no more.

    For the requester while the case has no number yet, administrators and process owners. Raises NotAllowed, Conflict.
    """

    case_id: int

    def run(self, work: Work) -> None:
        case = work.case(self.case_id)
        draft_of_mine = case.requester == work.actor.id and case.number is None
        if not draft_of_mine and not work.actor.roles & {"admin", "designer"}:
            raise NotAllowed(case=self.case_id)
        if case.state != "ACTIVE":
            raise Conflict(Text("เรื่องนี้สิ้นสุดแล้ว", "The case has already ended"), case=self.case_id)
        freed, news = bookings.left(work, case.id)
        freed += quotas.left(work, case.id)
        write_messages(work, news, case.id)
        rows, (seq, mac) = chain.extend(
            work.services.keyring,
            case.id,
            (case.chain_seq, case.chain_mac),
            [Event("case.cancelled"), *cancelled(work, case.id, None), *freed],
            at=work.now,
            actor=work.actor.id,
        )
        values = {
            "revision": case.revision + 1,
            "state": "TERMINATED",
            "ended_at": work.now,
            "wake_at": None,
            "has_incident": False,
            "chain_seq": seq,
            "chain_mac": mac,
        }
        work.write(update(Case).where(Case.id == case.id, Case.revision == case.revision).values(**values), expect=1)
        work.write(delete(WorkItem).where(WorkItem.case_id == case.id))
        work.write(delete(Subscription).where(Subscription.case_id == case.id))
        rounds.left(work, case.id)
        claims.left(work, case)
        work.resolve_incidents(case)
        work.write(insert(HistoryRow), rows)
