"""Deploying: what is new gets a number, what is the same stays what it is, and what is wrong is told all at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app import preparation
from tests.commands import samples
from tests.engine.diagrams import END, START, diagram, flows, user
from tests.support.world import World
from workflows.commands.deploy_diagrams import DeployDiagrams, DiagramsRejected
from workflows.errors import NotAllowed, NotFound
from workflows.queries import definitions


@pytest.fixture
def world(world: World) -> Iterator[World]:
    yield world
    world.check()


def versions(world: World, **files: bytes) -> dict[str, tuple[int, bool]]:
    return {one.id: (one.version, one.is_new) for one in world.deploy(**files).definitions}


def test_the_same_content_is_the_same_definition(world: World) -> None:
    assert versions(world, two__bpmn=samples.TWO_TASKS) == {"two_tasks": (1, True)}
    key = world.services.definitions.latest_process("two_tasks").key
    assert versions(world, another_name__bpmn=samples.TWO_TASKS) == {"two_tasks": (1, False)}
    assert world.services.definitions.latest_process("two_tasks").key == key
    assert versions(world, two__bpmn=samples.TWO_TASKS.replace(b"first", b"begin")) == {"two_tasks": (2, True)}
    with world.runtime.reading() as db:
        assert [row["version"] for row in definitions.versions(db, "process", "two_tasks")] == [2, 1]


def test_running_cases_stay_where_they_are(world: World) -> None:
    world.deploy(two__bpmn=samples.TWO_TASKS)
    old = world.start("two_tasks", "requester")
    world.deploy(two__bpmn=samples.TWO_TASKS.replace(b"second", b"other"))
    new = world.start("two_tasks", "requester")
    assert (old.version, new.version) == (1, 2)
    for case, then in ((old, "second"), (new, "other")):
        world.do("issuer", "first", case.case_id)
        world.do("issuer", then, case.case_id)


def test_a_changed_child_makes_a_new_version_of_its_parent(world: World) -> None:
    files = {"parent__bpmn": samples.PARENT, "child__bpmn": samples.child()}
    assert versions(world, **files) == {"parent": (1, True), "child": (1, True)}
    assert versions(world, **files) == {"parent": (1, False), "child": (1, False)}
    old = world.start("parent", "requester").case_id
    files["child__bpmn"] = samples.child("answer")
    assert versions(world, **files) == {"parent": (2, True), "child": (2, True)}
    new = world.start("parent", "requester").case_id
    world.do("issuer", "ask", old)
    world.do("issuer", "answer", new)
    assert world.case(old)["state"] == world.case(new)["state"] == "COMPLETED"


def test_a_process_calls_what_is_deployed_already_even_under_the_same_file_name(world: World) -> None:
    world.deploy(process__bpmn=samples.child())
    world.deploy(process__bpmn=samples.PARENT)
    case_id = world.start("parent", "requester").case_id
    world.do("issuer", "ask", case_id)
    assert world.case(case_id)["state"] == "COMPLETED"


def test_all_problems_of_all_files_at_once(world: World) -> None:
    bad_flow = diagram(START, user("a"), END, flows("s>a", "a>nowhere"), process_id="bad_flow")
    missing = samples.PARENT.replace(b'"child"', b'"nobody"')
    files = {
        "flow__bpmn": bad_flow,
        "parent__bpmn": missing,
        "bomb__bpmn": b'<!DOCTYPE x [<!ENTITY a "b">]><x/>',
        "form__form": b"{",
        "good__bpmn": samples.TWO_TASKS,
    }
    with pytest.raises(DiagramsRejected) as refused:
        world.deploy(**files)
    problems = refused.value.problems
    assert {"flow.bpmn", "parent.bpmn", "bomb.bpmn", "form.form"} <= set(problems)
    for found in problems.values():
        assert all(problem.text.th and problem.text.en for problem in found)
    assert "flow.bpmn" in refused.value.text.th
    with pytest.raises(NotFound):  # nothing of it is deployed, not even the good file
        world.services.definitions.latest_process("two_tasks")


def test_one_id_in_two_files_is_refused(world: World) -> None:
    with pytest.raises(DiagramsRejected):
        world.deploy(a__bpmn=samples.child(), b__bpmn=samples.child("other"))


@pytest.mark.parametrize("who", ["head", "issuer", "auditor", "requester"])
def test_only_process_owners_deploy(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        world.execute(DeployDiagrams({"two.bpmn": samples.TWO_TASKS}), who)


def test_preparing_again_changes_nothing(world: World) -> None:
    assert not any(one.is_new for one in preparation.deploy(world.product).definitions)
    preparation.prepare(world.product)
    world.check()
