"""Start a case of a process."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from workflows import campaigns
from workflows.actions import Action
from workflows.advance import advance
from workflows.answering import KnownAnswers, from_known
from workflows.attachments import attach
from workflows.chain import Event
from workflows.clock import bangkok_date
from workflows.eligibility import NotEligible, failed_conditions
from workflows.errors import Conflict, Text
from workflows.records import Case, DefinitionRow, new_id, table
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class Started:
    """The new case."""

    case_id: int
    definition_key: int
    process_id: str
    version: int
    is_new: bool = True
    """False for the case of an earlier start with the same origin."""


_VERSION = select(DefinitionRow.version).where(DefinitionRow.key == Case.definition_key).scalar_subquery()
_INSERT = table(Case).insert()
_STARTED = (Case.id, Case.definition_key, Case.process_id, _VERSION)


@dataclass(frozen=True, slots=True)
class StartCase:
    """Start the newest version of ``process_id``, or exactly ``definition_key``.

    The process variables ``requester`` (the actor's id) and ``case_id`` (text) are set for every case. ``message``
    starts at the message start event of that name. A ``business_id`` is free text of the caller. Where the product
    itself starts a case, ``requester`` is whose case it is, and a second start with the same ``origin`` gives the case
    of the first.

    ``known`` answers user tasks that open at once, in the same transaction: all of it is stored, or nothing. Where the
    engine cannot go on after one of these answers, EngineIncident is raised and nothing is stored at all.

    Raises NotFound, Conflict outside the process's campaigns, NotEligible where its
    ``start.decision`` names conditions that the actor does not meet.
    """

    process_id: str = ""
    definition_key: int | None = None
    variables: dict[str, Any] = field(default_factory=dict)
    business_id: str | None = None
    message: str = ""
    requester: str = ""
    origin: str | None = None
    known: KnownAnswers | None = None

    def run(self, work: Work) -> Started:
        if self.origin is not None:
            found = work.db.execute(select(*_STARTED).where(Case.origin == self.origin)).first()
            if found is not None:
                return replace(Started(*found), is_new=False)
        requester = self.requester or work.actor.id
        definitions = work.services.definitions
        process = (
            definitions.process(self.definition_key)
            if self.definition_key is not None
            else definitions.latest_process(self.process_id)
        )
        case_id = new_id()
        window = None
        if not work.actor.is_system:
            window = campaigns.admission(work.db, process.id, bangkok_date(work.now), work.actor)
        if isinstance(window, Text):
            raise Conflict(window)
        if failed := failed_conditions(process, work.actor, work.register, definitions, work.now):
            raise NotEligible(failed)
        row: dict[str, Any] = {
            "id": case_id,
            "number": None,
            "process_id": process.id,
            "definition_key": process.key,
            "revision": 0,
            "state": "ACTIVE",
            "snapshot": b"",
            "wake_at": None,
            "started_at": work.now,
            "sent_at": None,
            "ended_at": None,
            "requester": requester,
            "origin": self.origin,
            "campaign_id": window.id if window else None,
            "business_id": self.business_id,
            "subject": "",
            "unit_code": "",
            "region": "",
            "stage": "",
            "outcome": "",
            "systems": "",
            "channel": "",
            "pid_index": None,
            "pid_masked": "",
            "phone_index": None,
            "sla": None,
            "sla_state": "",
            "sla_due": None,
            "subscriptions_mac": "",
            "has_incident": False,
            "recompute": False,
            "chain_seq": 0,
            "chain_mac": b"",
        }
        work.write(_INSERT, row)
        attach(work, case_id, self.variables)
        work.keep()
        variables = {**self.variables, "requester": requester, "case_id": str(case_id)}
        event = Event("case.started", data={"process": process.id, "version": process.version})
        action = Action("start", name=self.message, variables=variables)
        answering = from_known(work, row, self.known) if self.known is not None else None
        advance(work, SimpleNamespace(**row), [action], [event], answering=answering, fresh=row)
        return Started(case_id, process.key, process.id, process.version)
