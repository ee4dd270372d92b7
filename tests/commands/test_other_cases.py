"""A case starts another and hears from it, each in a transaction of its own, once however often it is delivered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from app.adapters.cases import starts_cases, tells_cases
from tests.commands import samples
from tests.support.world import World
from workflows.records import Case


@pytest.fixture(autouse=True)
def _deployed(world: World) -> Iterator[None]:
    world.deploy(asks__bpmn=samples.ASKS_ANOTHER, answers__bpmn=samples.ANSWERS_ANOTHER)
    yield
    world.check()


def cases_of(world: World, process_id: str) -> list[int]:
    with world.runtime.reading() as db:
        return list(db.execute(select(Case.id).where(Case.process_id == process_id)).scalars())


def test_asked_and_answered(world: World) -> None:
    asking = world.start("asks", "requester").case_id
    assert cases_of(world, "answers") == []  # nothing happens before the step is stored and delivered
    assert world.deliver() == 1
    (answering,) = cases_of(world, "answers")
    assert world.case(answering)["requester"] == "requester"
    assert world.variables(answering)["asked_by"] == str(asking)
    world.do("issuer", "think", answering)
    assert world.case(asking)["state"] == "ACTIVE"
    assert world.deliver() == 1
    assert world.case(asking)["state"] == "COMPLETED"


def test_a_message_that_comes_again_starts_no_second_case(world: World) -> None:
    payload = {"process": "answers", "variables": {"asked_by": "1"}, "requester": "head", "message": ""}
    start = starts_cases(world.runtime)
    first, again = start(payload, "same"), start(payload, "same")
    assert first == again == {"started_case": str(cases_of(world, "answers")[0])}
    assert start(payload, "other") != first


def test_a_word_that_comes_again_is_heard_once(world: World) -> None:
    asking = world.start("asks", "requester").case_id
    payload = {"name": "answer", "correlation": str(asking), "variables": {"said": 1}, "seconds": 60}
    tell = tells_cases(world.runtime)
    tell(payload, "same")
    tell(payload, "same")
    assert world.case(asking)["state"] == "COMPLETED"
