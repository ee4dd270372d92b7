"""A unit's own system takes a patient through the real process, as the desk does on the pages: the same forms check
what it sends, the same commands move the case."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from app import answers
from app.access import product
from app.rights_first import with_rights
from workflows.actor import Actor
from workflows.answering import FreshItem, KnownAnswers
from workflows.commands.cancel_case import CancelCase
from workflows.commands.complete_work_item import CompleteWorkItem
from workflows.commands.start_case import StartCase
from workflows.errors import Conflict, EngineIncident, InvalidAnswers, NotAllowed, NotFound, Text
from workflows.queries import visits
from workflows.queries.authentications import own_units
from workflows.queries.visits import PROCESS, Visit
from workflows.queries.work_items import OpenItem, open_item

_NOT_DESK = Text(
    "โทเคนหรือบัญชีนี้ไม่ได้ทำงานที่จุดบริการของหน่วยใด", "This token or account does not serve at the desk of any unit"
)
_OTHER_UNIT = Text("ไม่ใช่หน่วยบริการของโทเคนหรือบัญชีนี้", "This is not a unit of this token or account")
_NOT_NOW = Text("ขั้นตอนนี้ยังไม่ถึงหรือผ่านไปแล้ว ดู state ของเรื่อง", "This step is not due yet, or over; see the state")
_STEPS = 6


class WrongPatient(Exception):
    """What the start form could not know: nobody has this number, or the card is another one. ``variables`` are those
    of the case that was not begun."""

    def __init__(self, variables: Mapping[str, Any]) -> None:
        super().__init__("the diagram asks again who comes for what")
        self.variables = variables


def start(
    actor: Actor,
    given: Mapping[str, Any],
    proof: Mapping[str, Any] | None,
    confirmed: Mapping[str, Any] | None,
    *,
    visit_number: str | None,
    origin: str | None,
) -> Visit:
    """Start a visit whose patient and purpose pass the start form, and go as far as proof and confirmation lead.

    What can be done at once is one transaction: a call that is refused leaves no case. The same ``origin`` gives the
    same case, and goes on where that stands. Raises NotAllowed, InvalidAnswers, WrongPatient.
    """
    runtime = product().runtime
    process = runtime.services.definitions.latest_process(PROCESS)
    if not process.may_start(actor) or not own_units(actor):
        raise NotAllowed(_NOT_DESK)
    if given.get("unit_code") and given["unit_code"] not in own_units(actor):
        raise InvalidAnswers({"unit_code": _OTHER_UNIT})
    with runtime.reading() as db:
        form = answers.bind_start_json(db, process.start_form or "", given)
        if not form.validate():
            raise InvalidAnswers(form.errors)
    variables = {**with_rights(process, form.answers, actor), "source": "api"}
    command = StartCase(
        definition_key=process.key,
        variables=variables,
        business_id=visit_number,
        origin=origin,
        known=_known(actor, proof, confirmed),
    )
    try:
        started = runtime.execute(command, actor)
        case_id, goes_on = started.case_id, not started.is_new
    except EngineIncident as incident:
        case_id, goes_on = _mendable(command, actor, incident), True
    if not goes_on:
        return find(actor, str(case_id))
    try:
        return go_on(actor, case_id, proof, confirmed)
    except InvalidAnswers:
        give_up(actor, case_id)
        raise


def _known(actor: Actor, proof: Mapping[str, Any] | None, confirmed: Mapping[str, Any] | None) -> KnownAnswers:
    """The proof and the confirmation as answers to the tasks that ask for them, checked by their forms."""
    told = {"identify": proof, "confirm": None if confirmed is None else {**confirmed, "confirm": True}}

    def answer(db: Connection, item: FreshItem, answered: frozenset[str]) -> dict[str, Any] | None:
        element = item.task.element_id
        if element == "who":
            raise WrongPatient(item.variables)
        given = told.get(element)
        if given is None or element in answered:
            return None
        form = answers.bind_json(db, actor, OpenItem({}, item.case, item.variables, item.task.form_id, True), given)
        if not form.validate():
            raise InvalidAnswers(form.errors)
        return form.answers

    return answer


def _mendable(command: StartCase, actor: Actor, incident: EngineIncident) -> int:
    """The case of a visit that the engine cannot take on: it stands with an incident, so that somebody can mend it."""
    if "case" not in incident.details:  # it came after an answer: step by step it is kept with the incident
        return product().runtime.execute(replace(command, known=None), actor).case_id
    return int(incident.details["case"])


def find(actor: Actor, code_or_key: str) -> Visit:
    """A visit at the actor's own units. Raises NotFound."""
    runtime = product().runtime
    with runtime.reading() as db:
        return visits.find(db, runtime.services, actor, code_or_key)


def go_on(actor: Actor, case_id: int, proof: Mapping[str, Any] | None, confirmed: Mapping[str, Any] | None) -> Visit:
    """Do what can be done now: give the proof once, confirm. Gives the visit as it then stands.

    Raises InvalidAnswers for a proof that the form refuses.
    """
    asked_again = False
    for _ in range(_STEPS):
        visit = find(actor, str(case_id))
        if "identify" in visit.tasks and proof is not None:
            answer(actor, visit.tasks["identify"], proof)
            proof = None
        elif "confirm" in visit.tasks and confirmed is not None:
            answer(actor, visit.tasks["confirm"], {**confirmed, "confirm": True})
        elif "rights_silent" in visit.tasks and not asked_again:
            answer(actor, visit.tasks["rights_silent"], {"again": "again"})
            asked_again = True
        else:
            return visit
    return find(actor, str(case_id))


def step(actor: Actor, code_or_key: str, element: str) -> tuple[Visit, int]:
    """A visit and its open task of this element. Raises NotFound, Conflict when that is not what it waits for."""
    visit = find(actor, code_or_key)
    if element not in visit.tasks:
        raise Conflict(_NOT_NOW)
    return visit, visit.tasks[element]


def answer(actor: Actor, work_item_id: int, given: Mapping[str, Any]) -> None:
    """Answer a task of a visit through its form. Raises InvalidAnswers and what completing raises."""
    runtime = product().runtime
    with runtime.reading() as db:
        item = open_item(runtime.services, db, actor, work_item_id)
        form = answers.bind_json(db, actor, item, given)
        if not form.validate():
            raise InvalidAnswers(form.errors)
    with suppress(EngineIncident):  # the answers are kept with the incident, which somebody will mend
        runtime.execute(CompleteWorkItem(work_item_id, form.answers), actor)


def give_up(actor: Actor, case_id: int) -> None:
    """End a visit that never got a code, so that it bothers nobody."""
    with suppress(Conflict, NotAllowed, NotFound):
        product().runtime.execute(CancelCase(case_id), actor)
