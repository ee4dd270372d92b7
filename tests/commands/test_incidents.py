"""A case that cannot go on keeps everything, says why, and goes on once somebody has mended the cause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy import select

from tests.commands import samples
from tests.support.world import World
from workflows.commands.assign_work_item import AssignWorkItem
from workflows.commands.cancel_case import CancelCase
from workflows.commands.complete_work_item import CompleteWorkItem
from workflows.commands.resolve_incident import ResolveIncident
from workflows.commands.set_variables import SetVariables
from workflows.errors import AlreadyDone, Conflict, EngineIncident, NotAllowed, NotFound
from workflows.queries import incidents
from workflows.records import Incident


@pytest.fixture
def world(shared_world: World) -> Iterator[World]:
    yield shared_world
    shared_world.check()


def active(world: World, case_id: int) -> list[Mapping[str, Any]]:
    with world.runtime.reading() as db:
        return incidents.of_case(db, case_id)


def stopped(world: World) -> tuple[int, int]:
    """A case whose answers could not be taken further: (case, incident)."""
    world.deploy(choice__bpmn=samples.choice())
    case_id = world.start("choice", "requester").case_id
    item = world.item("issuer", "ask", case_id)["id"]
    with pytest.raises(EngineIncident) as met:
        world.execute(CompleteWorkItem(item, {"remark": "kept", "comment": "ลับ"}), "issuer")
    assert (met.value.element_id, met.value.details["case"]) == ("g", case_id)
    assert world.items("issuer", "ask") == []
    for command in (CompleteWorkItem(item, {}), AssignWorkItem(item)):
        with pytest.raises(AlreadyDone):  # it was answered; only the case stands still
            world.execute(command, "issuer")
    case = world.case(case_id)
    assert (case["state"], case["has_incident"]) == ("ACTIVE", True)
    (incident,) = active(world, case_id)
    assert incident["id"] == met.value.details["incident"]
    assert (incident["element_id"], incident["error_type"]) == ("g", "CONDITION_ERROR")
    assert incident["text_th"]
    assert incident["text_en"]
    return case_id, incident["id"]


def test_answers_are_kept_and_taken_up_again(world: World) -> None:
    case_id, incident_id = stopped(world)
    with pytest.raises(EngineIncident) as again:  # nothing was mended
        world.execute(ResolveIncident(incident_id), "admin")
    (incident,) = active(world, case_id)
    assert incident["id"] == again.value.details["incident"] != incident_id
    with world.runtime.reading() as db:
        kept = bytes(db.execute(select(Incident.action).where(Incident.id == incident["id"])).scalar_one())
    assert b"kept" not in kept
    with pytest.raises(Conflict):
        world.execute(ResolveIncident(incident_id), "admin")
    world.execute(SetVariables(case_id, {"amount": 500}), "designer")
    world.execute(ResolveIncident(incident["id"]), "designer")
    assert active(world, case_id) == []
    assert world.case(case_id)["has_incident"] is False
    assert world.variables(case_id)["remark"] == "kept"
    assert world.item("issuer", "large", case_id)
    done = next(event for event in world.history(case_id) if event["kind"] == "item.completed")
    assert done["data"]["by"] == "issuer"


@pytest.mark.parametrize("who", ["issuer", "head", "auditor"])
def test_only_process_owners_and_administrators_resolve(world: World, who: str) -> None:
    _, incident_id = stopped(world)
    with pytest.raises(NotAllowed):
        world.execute(ResolveIncident(incident_id), who)
    with pytest.raises(NotFound):
        world.execute(ResolveIncident(1), "admin")


def test_a_mended_table_is_enough(world: World) -> None:
    """Tables are looked up when they are used, so mending one mends running cases."""
    world.deploy(limit__dmn=samples.TABLE.format(expression="null"), by_table__bpmn=samples.by_table())
    case_id = world.start("by_table", "requester").case_id
    with pytest.raises(EngineIncident):
        world.do("issuer", "ask", case_id)
    world.deploy(limit__dmn=samples.TABLE.format(expression="true"))
    (incident,) = active(world, case_id)
    world.execute(ResolveIncident(incident["id"]), "designer")
    assert world.item("issuer", "large", case_id)


def test_at_the_start(world: World) -> None:
    world.deploy(choice_at_start__bpmn=samples.CHOICE_AT_START)
    with pytest.raises(EngineIncident) as met:
        world.start("choice_at_start", "requester", limits={"amount": "many"})
    case_id = met.value.details["case"]
    case = world.case(case_id)
    assert (case["state"], case["requester"], case["has_incident"]) == ("ACTIVE", "requester", True)
    with pytest.raises(EngineIncident):
        world.execute(ResolveIncident(met.value.details["incident"]), "admin")
    assert len(active(world, case_id)) == 1
    world.execute(CancelCase(case_id), "admin")
    assert (world.case(case_id)["state"], active(world, case_id)) == ("TERMINATED", [])


def test_a_timer_that_cannot_go_on_does_not_try_for_ever(world: World) -> None:
    world.deploy(timer__bpmn=samples.TIMER)
    bad = world.start("timer", "requester", verdict=None).case_id
    good = world.start("timer", "requester", verdict=True).case_id
    world.later(hours=1)
    assert world.tick() == 1  # the good one; the other met an incident
    assert world.item("issuer", "after", good)
    assert len(active(world, bad)) == 1
    assert world.tick() == 0
    assert len(active(world, bad)) == 1
    assert world.item("issuer", "ask", bad)  # the person may still answer
    world.do("issuer", "ask", bad)
    assert world.case(bad)["state"] == "COMPLETED"


def test_another_branch_goes_on_without_repeating_or_hiding_the_incident(world: World) -> None:
    world.deploy(split__bpmn=samples.SPLIT)
    case_id = world.start("split", "requester").case_id
    world.later(hours=1)
    assert world.tick() == 0
    assert len(active(world, case_id)) == 1
    world.do("issuer", "beside", case_id)
    assert world.case(case_id)["has_incident"] is True
    world.tick()
    assert len(active(world, case_id)) == 1
    with pytest.raises(EngineIncident):
        world.do("issuer", "spoil", case_id)
    assert len(active(world, case_id)) == 2
    assert world.case(case_id)["has_incident"] is True
    first = min(incident["id"] for incident in active(world, case_id))
    world.execute(SetVariables(case_id, {"amount": 1}), "admin")
    world.execute(ResolveIncident(first), "admin")
    assert (len(active(world, case_id)), world.case(case_id)["has_incident"]) == (1, True)
    world.execute(ResolveIncident(active(world, case_id)[0]["id"]), "admin")
    assert (active(world, case_id), world.case(case_id)["has_incident"]) == ([], False)


def test_cancelling_ends_the_incident(world: World) -> None:
    case_id, incident_id = stopped(world)
    with pytest.raises(NotAllowed):
        world.execute(CancelCase(case_id), "issuer")
    world.execute(CancelCase(case_id), "designer")
    assert active(world, case_id) == []
    with pytest.raises(Conflict):
        world.execute(ResolveIncident(incident_id), "admin")


def test_an_incident_of_an_ended_case_is_over(world: World) -> None:
    """The clock could not go on, a person did: nothing is left to mend."""
    world.deploy(timer__bpmn=samples.TIMER)
    case_id = world.start("timer", "requester", verdict=None).case_id
    world.later(hours=1)
    world.tick()
    world.do("issuer", "ask", case_id)
    case = world.case(case_id)
    assert (case["state"], case["has_incident"], active(world, case_id)) == ("COMPLETED", False, [])
