"""Storing an incident in place of the step that could not be done."""

from __future__ import annotations

import json

from sqlalchemy import delete, insert, update

from workflows import chain
from workflows.actor import CLOCK
from workflows.chain import Event
from workflows.errors import EngineIncident
from workflows.records import Case, HistoryRow, InboxRow, Incident, WorkItem, new_id
from workflows.work import Pushing, Work


def store_incident(work: Work, pushing: Pushing, incident: EngineIncident) -> None:
    """Queue the incident with the action to take up again; the answered work item leaves the inbox meanwhile.

    The error's ``details`` then name the stored ``incident`` and its ``case``: what was asked for has been accepted.
    """
    work.discard()
    case, item = pushing.case, pushing.item
    id_ = new_id()
    incident.details.update(incident=id_, case=case.id)
    action = json.dumps(pushing.action.to_json(), ensure_ascii=False).encode()
    event = Event(
        "incident.raised",
        incident.element_id,
        work_item_id=item.id if item else None,
        data={"incident": id_, "error_type": incident.error_type},
    )
    rows, (seq, mac) = chain.extend(
        work.services.keyring,
        case.id,
        (case.chain_seq, case.chain_mac),
        [event],
        at=work.now,
        actor=work.actor.id,
    )
    values = {"revision": case.revision + 1, "has_incident": True, "chain_seq": seq, "chain_mac": mac}
    if work.on_behalf_of == CLOCK.id:
        values["wake_at"] = None  # or it would be tried again with every tick
    work.write(update(Case).where(Case.id == case.id, Case.revision == case.revision).values(**values), expect=1)
    work.write(
        insert(Incident),
        {
            "id": id_,
            "case_id": case.id,
            "work_item_id": item.id if item else None,
            "element_id": incident.element_id,
            "error_type": incident.error_type,
            "text_th": incident.text.th,
            "text_en": incident.text.en,
            "state": "ACTIVE",
            "action": work.services.keyring.seal(f"incident/{id_}", action),
            "actor": work.on_behalf_of,
            "created_at": work.now,
        },
    )
    if item is not None:
        work.write(update(WorkItem).where(WorkItem.id == item.id).values(held=True))
        work.write(delete(InboxRow).where(InboxRow.work_item_id == item.id))
    work.write(insert(HistoryRow), rows)
