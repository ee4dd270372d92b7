"""A case that is started with answers to its first tasks: all of it in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from tests.commands import samples
from tests.support.world import World
from workflows.answering import FreshItem, KnownAnswers
from workflows.commands.complete_work_item import CompleteWorkItem
from workflows.commands.start_case import StartCase
from workflows.errors import EngineIncident, InvalidAnswers, Text
from workflows.queries.cases import open_items
from workflows.records import Case, InboxRow, Incident, WorkItem


@pytest.fixture
def world(shared_world: World) -> Iterator[World]:
    shared_world.deploy(two_tasks__bpmn=samples.TWO_TASKS, choice__bpmn=samples.choice())
    yield shared_world
    shared_world.check()


def known(**answers: Mapping[str, Any]) -> KnownAnswers:
    """Answers by element, each given once."""

    def answer(_db: Connection, item: FreshItem, answered: frozenset[str]) -> Mapping[str, Any] | None:
        element = item.task.element_id
        return None if element in answered else answers.get(element)

    return answer


def stored(world: World) -> tuple[int, ...]:
    with world.runtime.reading() as db:
        tables = (Case, WorkItem, InboxRow, Incident)
        return tuple(db.execute(select(func.count()).select_from(table)).scalar_one() for table in tables)


def test_everything_known_is_one_revision_and_the_history_tells_each_step(world: World) -> None:
    answers = known(first={"a": 1, "comment": "ลับ"}, second={"b": 2})
    before = stored(world)
    case_id = world.execute(StartCase("two_tasks", known=answers), "issuer").case_id
    case = world.case(case_id)
    assert (case["state"], case["revision"]) == ("COMPLETED", 1)
    assert stored(world) == (before[0] + 1, *before[1:]), "nothing ever lay in an inbox"
    events = world.history(case_id)
    told = [(event["kind"], event["element_id"]) for event in events]
    assert told == [("case.started", ""), ("item.completed", "first"), ("item.completed", "second")]
    assert events[1]["data"]["fields"] == ["a", "comment"]
    assert events[1]["data"]["item"]["groups"] == ["issuer"]
    assert "ลับ" not in str(events[1]["data"])
    assert [step[0] for step in events[2]["data"]["steps"] if step[3] == "completed"] == ["second", "e"]


def test_what_is_not_known_waits_in_the_inbox(world: World) -> None:
    case_id = world.execute(StartCase("two_tasks", known=known(first={"a": 1})), "issuer").case_id
    with world.runtime.reading() as db:
        assert [item["element_id"] for item in open_items(db, case_id)] == ["second"]
    assert world.variables(case_id)["a"] == 1
    world.execute(CompleteWorkItem(world.item("issuer", "second", case_id)["id"], {"b": 2}), "issuer")
    assert world.case(case_id)["state"] == "COMPLETED"


@pytest.mark.parametrize(("who", "answers"), [("requester", {"a": 1}), ("issuer", {"decision": "approve"})])
def test_what_is_not_offered_to_the_starter_and_decisions_are_never_answered(
    world: World, who: str, answers: dict[str, Any]
) -> None:
    case_id = world.execute(StartCase("two_tasks", known=known(first=answers)), who).case_id
    with world.runtime.reading() as db:
        assert [item["element_id"] for item in open_items(db, case_id)] == ["first"]


def test_a_wrong_answer_leaves_nothing(world: World) -> None:
    def refused(_db: Connection, item: FreshItem, _answered: frozenset[str]) -> Mapping[str, Any] | None:
        if item.task.element_id == "first":
            return {"a": 1}
        raise InvalidAnswers({"b": Text("ผิด", "wrong")})

    before = stored(world)
    with pytest.raises(InvalidAnswers):
        world.execute(StartCase("two_tasks", known=refused), "issuer")
    assert stored(world) == before


def test_where_the_engine_cannot_go_on_after_an_answer_nothing_is_stored(world: World) -> None:
    """The caller starts without answers then, and the case stands with its incident for somebody to mend."""
    before = stored(world)
    with pytest.raises(EngineIncident) as met:
        world.execute(StartCase("choice", known=known(ask={"remark": "kept"})), "issuer")
    assert "case" not in met.value.details
    assert stored(world) == before
