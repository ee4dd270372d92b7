"""Bring what an account has in a target system to what the register says, once more."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from workflows.actions import Action
from workflows.chain import Event
from workflows.changes.provisioning import Step, follow
from workflows.errors import NotAllowed, NotFound
from workflows.records import Case, Incident, OutboxRow, Provisioning
from workflows.work import Work

REFERENCE = 2
"""The audit chain of reference data."""


@dataclass(frozen=True, slots=True)
class BringAgain:
    """Repeat a change. If its delivery was given up, the message goes out again and the incident that tells of it is
    resolved; else the change is made once more. For administrators and the owner of the system. Raises NotAllowed,
    NotFound."""

    provisioning_id: int

    def run(self, work: Work) -> str:
        """Gives the code of the system."""
        row = work.db.execute(select(*Provisioning.__table__.c).where(Provisioning.id == self.provisioning_id)).first()
        if row is None:
            raise NotFound(provisioning=self.provisioning_id)
        if not work.actor.groups & {"admin", f"system_owner:{row.system_code}"}:
            raise NotAllowed()
        failed = select(OutboxRow.key, OutboxRow.case_id).where(OutboxRow.key == row.key, OutboxRow.status == "failed")
        message = work.db.execute(failed).first()
        if message is None:
            follow(work, [Step(row.system_code, row.username, row.action, row.role_code, row.grant_id)], None)
        else:
            self._send(work, message)
        data = {"system": row.system_code, "role": row.role_code, "action": row.action}
        work.record(REFERENCE, Event("provision.again", data=data))
        return str(row.system_code)

    def _send(self, work: Work, message: Any) -> None:
        retry = {"status": "pending", "attempts": 0, "run_at": work.now, "lease_until": None, "lease_token": None}
        given_up = OutboxRow.key == message.key, OutboxRow.status == "failed"
        if message.case_id is not None:
            case = work.case(message.case_id)  # the case is locked first, as everywhere
            self._resolve(work, case.id, message.key)
        work.write(update(OutboxRow).where(*given_up).values(**retry), expect=1)

    def _resolve(self, work: Work, case_id: int, key: str) -> None:
        """The incident of this message is over; whether the case has others is told by what is left."""
        open_ = select(Incident.id, Incident.action).where(Incident.case_id == case_id, Incident.state == "ACTIVE")
        incidents = work.db.execute(open_).all()
        done = [each.id for each in incidents if _sends(work, each) == key]
        if not done:
            return
        values = {"state": "RESOLVED", "resolved_at": work.now, "resolved_by": work.actor.id}
        work.write(update(Incident).where(Incident.id.in_(done)).values(**values), expect=len(done))
        if len(done) == len(incidents):
            work.write(update(Case).where(Case.id == case_id).values(has_incident=False))
        work.append(case_id, *(Event("incident.resolved", data={"incident": id_}) for id_ in done))


def _sends(work: Work, incident: Any) -> str:
    """The key of the message that an incident is about; empty if it is about a step of the case."""
    clear = work.services.keyring.unseal(f"incident/{incident.id}", bytes(incident.action))
    action = Action.from_json(json.loads(clear))
    return action.name if action.kind == "send" else ""
