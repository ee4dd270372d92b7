"""Take up again what an incident stopped."""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import SimpleNamespace

from sqlalchemy import select, update

from workflows.actions import Action
from workflows.advance import advance
from workflows.chain import Event
from workflows.errors import Conflict, NotAllowed, NotFound, Text
from workflows.projection import offered
from workflows.records import Case, Incident, OutboxRow, WorkItem
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class ResolveIncident:
    """Repeat the stopped action now that its cause is mended. If it fails again, a new incident takes its place.

    For administrators and process owners. Raises NotFound, Conflict when it is already resolved.
    """

    incident_id: int

    def run(self, work: Work) -> None:
        if not work.actor.roles & {"admin", "designer"}:
            raise NotAllowed(incident=self.incident_id)
        this = Incident.id == self.incident_id
        case_id = work.db.execute(select(Incident.case_id).where(this)).scalar()
        if case_id is None:
            raise NotFound(incident=self.incident_id)
        case = work.case(case_id)  # the case is locked first, as everywhere
        incident = work.db.execute(select(*Incident.__table__.c).where(this)).one()
        if incident.state != "ACTIVE":
            raise Conflict(Text("แก้ไขเหตุขัดข้องนี้แล้ว", "The incident is already resolved"), incident=self.incident_id)
        work.resolving, work.on_behalf_of = incident.id, incident.actor
        done = {"state": "RESOLVED", "resolved_at": work.now, "resolved_by": work.actor.id}
        work.write(
            update(Incident).where(Incident.id == incident.id, Incident.state == "ACTIVE").values(**done), expect=1
        )
        others = select(Incident.id).where(
            Incident.case_id == incident.case_id, Incident.state == "ACTIVE", Incident.id != incident.id
        )
        if not work.db.execute(others).first():
            work.write(update(Case).where(Case.id == incident.case_id).values(has_incident=False))
        work.keep()
        action = Action.from_json(json.loads(work.services.keyring.unseal(f"incident/{incident.id}", incident.action)))
        events = [Event("incident.resolved", incident.element_id, data={"incident": incident.id})]
        if action.kind == "send":
            retry = {"status": "pending", "attempts": 0, "run_at": work.now, "lease_until": None, "lease_token": None}
            work.write(update(OutboxRow).where(OutboxRow.key == action.name).values(**retry))
            work.append(case.id, *events)
            return
        item = None
        if incident.work_item_id is not None:
            item = work.db.execute(select(*WorkItem.__table__.c).where(WorkItem.id == incident.work_item_id)).first()
            if item is not None:
                events.append(
                    Event(
                        "item.completed",
                        item.element_id,
                        item.name,
                        item.id,
                        {"by": incident.actor, "item": offered(item)},
                    )
                )
        advance(work, case if case.snapshot else SimpleNamespace(**case._mapping), [action], events, item=item)
