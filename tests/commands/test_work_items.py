"""Who may complete, claim, release and hand over a work item, and what everybody else is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.commands import samples
from tests.support.world import World
from workflows.commands.assign_work_item import AssignWorkItem
from workflows.commands.complete_work_item import CompleteWorkItem
from workflows.commands.save_draft import SaveDraft
from workflows.errors import AlreadyDone, Conflict, InvalidAnswers, NotAllowed, NotFound, OwnRequest
from workflows.queries.cases import open_items
from workflows.queries.work_items import draft_of, open_item


@pytest.fixture
def world(shared_world: World) -> Iterator[World]:
    shared_world.deploy(one_task__bpmn=samples.ONE_TASK, two_tasks__bpmn=samples.TWO_TASKS)
    yield shared_world
    shared_world.check()


def item(world: World, who: str = "requester", **offered: Any) -> int:
    """A fresh work item offered as said: ``assignee``, ``users``, ``groups``."""
    given = {"assignee": None, "users": [], "groups": [], **offered}
    case_id = world.start("one_task", who, **given).case_id
    with world.runtime.reading() as db:
        return int(open_items(db, case_id)[0]["id"])


ISSUERS = {"groups": ["issuer"]}
HEADS = {"groups": ["unit_head:99001", "unit_head:99002"]}


@pytest.mark.parametrize(
    ("offered", "who", "may"),
    [
        ({"assignee": "issuer"}, "issuer", True),
        ({"assignee": "issuer"}, "owner", False),
        ({"assignee": "issuer", "groups": ["system_owner:ERM"]}, "owner", False),  # an assignee has it alone
        ({"users": ["issuer", "owner"]}, "owner", True),
        ({"users": ["issuer", "owner"]}, "owner2", False),
        (ISSUERS, "issuer", True),
        (ISSUERS, "admin", False),  # an administrator mends cases but decides nothing
        (HEADS, "head", True),
        (HEADS, "head2", True),
        (HEADS, "head4", False),
        ({"groups": ["unit_head"]}, "head", False),  # a role without its scope is another group
        ({}, "designer", True),  # what is offered to nobody waits for the process owners
        ({}, "issuer", False),
    ],
)
def test_who_may_complete(world: World, offered: dict[str, Any], who: str, may: bool) -> None:
    item_id = item(world, **offered)
    assert (item_id in {row["id"] for row in world.items(who)}) == may
    with world.runtime.reading() as db:
        if may:
            assert open_item(world.services, db, world.actor(who), item_id).may_act
    if not may:
        for command in (CompleteWorkItem(item_id), SaveDraft(item_id, {})):
            with pytest.raises(NotAllowed):
                world.execute(command, who)
        with pytest.raises((NotAllowed, Conflict)):
            world.execute(AssignWorkItem(item_id), who)
        return
    case_id = world.execute(CompleteWorkItem(item_id, {"ok": True}), who)
    assert world.case(case_id)["state"] == "COMPLETED"
    assert world.variables(case_id)["ok"] is True


def test_who_comes_second_is_told_who_was_first(world: World) -> None:
    item_id = item(world, **HEADS)
    case_id = world.execute(CompleteWorkItem(item_id, {"decision": "approve", "comment": "ดี"}), "head")
    for command in (CompleteWorkItem(item_id), SaveDraft(item_id, {}), AssignWorkItem(item_id)):
        with pytest.raises(AlreadyDone) as late:
            world.execute(command, "head2")
        details = late.value.details
        assert (details["who"], details["decision"], details["case"]) == ("วันเพ็ญ สาธิต", "approve", case_id)
        assert details["at"] == world.clock.now()
        assert "วันเพ็ญ สาธิต" in late.value.text.th
        assert "วันเพ็ญ สาธิต" in late.value.text.en
    with world.runtime.reading() as db, pytest.raises(AlreadyDone):
        open_item(world.services, db, world.actor("head2"), item_id)


def test_an_unknown_item_is_not_found(world: World) -> None:
    for command in (CompleteWorkItem(1), SaveDraft(1, {}), AssignWorkItem(1)):
        with pytest.raises(NotFound):
            world.execute(command, "head")


@pytest.mark.parametrize("decided", [True, False])
def test_nobody_decides_what_they_asked_for(world: World, decided: bool) -> None:
    item_id = item(world, "head", **HEADS)
    if decided:
        with pytest.raises(OwnRequest):
            world.execute(CompleteWorkItem(item_id, {"decision": "approve"}), "head")
        world.execute(CompleteWorkItem(item_id, {"decision": "approve"}), "head2")
    else:
        world.execute(CompleteWorkItem(item_id, {"note": "not a decision"}), "head")


def test_claim_release_and_hand_over(world: World) -> None:
    item_id = item(world, **HEADS)
    world.execute(AssignWorkItem(item_id), "head")
    assert item_id not in {row["id"] for row in world.items("head2")}
    with pytest.raises(NotAllowed):
        world.execute(CompleteWorkItem(item_id), "head2")
    with pytest.raises(Conflict) as taken:
        world.execute(AssignWorkItem(item_id), "head2")
    assert taken.value.details["who"] == "head"
    world.execute(AssignWorkItem(item_id), "head")  # again is nothing new
    world.execute(AssignWorkItem(item_id, release=True), "head")
    assert item_id in {row["id"] for row in world.items("head2")}
    world.execute(AssignWorkItem(item_id), "head")
    world.execute(AssignWorkItem(item_id, override=True), "head2")
    with pytest.raises(NotAllowed):
        world.execute(CompleteWorkItem(item_id), "head")
    world.execute(AssignWorkItem(item_id, assignee="head"), "head2")
    case_id = world.execute(CompleteWorkItem(item_id), "head")
    assert [kind for kind in world.told(case_id) if kind != "case.started"] == [
        "assigned:ask", "released:ask", "assigned:ask", "assigned:ask", "assigned:ask", "completed:ask",
    ]  # fmt: skip


def test_what_is_yours_alone_cannot_be_put_back(world: World) -> None:
    item_id = item(world, assignee="issuer")
    with pytest.raises(NotAllowed):
        world.execute(AssignWorkItem(item_id, release=True), "issuer")


@pytest.mark.parametrize("stranger", ["head4", "nobody-of-that-name"])
def test_work_is_given_only_to_somebody_it_is_offered_to(world: World, stranger: str) -> None:
    item_id = item(world, **HEADS)
    with pytest.raises(NotAllowed):
        world.execute(AssignWorkItem(item_id, assignee=stranger), "head")


def test_a_draft_is_its_writers_own_and_goes_with_the_item(world: World) -> None:
    item_id = item(world, **HEADS)
    world.execute(SaveDraft(item_id, {"comment": "หนึ่ง"}), "head")
    world.execute(SaveDraft(item_id, {"comment": "สอง"}), "head")
    with world.runtime.reading() as db:
        assert draft_of(world.services, db, world.actor("head"), item_id) == {"comment": "สอง"}
        assert draft_of(world.services, db, world.actor("head2"), item_id) is None
    world.execute(CompleteWorkItem(item_id), "head2")
    with world.runtime.reading() as db:
        assert draft_of(world.services, db, world.actor("head"), item_id) is None


def test_what_an_officer_writes_is_sealed(world: World) -> None:
    item_id = item(world, **HEADS)
    case_id = world.execute(CompleteWorkItem(item_id, {"decision": "reject", "comment": "ความลับ"}), "head")
    done = world.history(case_id)[-1]
    assert "ความลับ" not in str(done["data"])
    assert done["private"] == {"comment": "ความลับ"}


def test_attachments_belong_to_their_uploader_and_then_to_the_case(world: World) -> None:
    mine, others = world.upload("head"), world.upload("head2")
    first, second = item(world, **HEADS), item(world, **HEADS)
    for wrong in (others, {**mine, "documentId": "0" * 32}):
        with pytest.raises(InvalidAnswers) as refused:
            world.execute(CompleteWorkItem(first, {"letter": [wrong]}), "head")
        assert set(refused.value.errors) == {"letter"}
    world.execute(CompleteWorkItem(first, {"letter": [mine]}), "head")
    with pytest.raises(InvalidAnswers):  # it is of the other case now
        world.execute(CompleteWorkItem(second, {"letter": [mine]}), "head")


def test_steps_of_one_case_need_no_snapshot_to_be_decoded_but_may(world: World) -> None:
    """The cache of live cases changes nothing that can be seen."""
    for clear in (False, True):
        case_id = world.start("two_tasks", "requester").case_id
        world.do("issuer", "first", case_id, note="a")
        if clear:
            world.services.cache.clear()
        world.do("issuer", "second", case_id, note="b")
        assert world.case(case_id)["state"] == "COMPLETED"
