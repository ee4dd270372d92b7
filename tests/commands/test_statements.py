"""What a step costs the database: at most six statements and one commit for a plain item."""

from __future__ import annotations

import pytest

from tests.support.access_requests import send
from tests.support.counting import counted
from tests.support.world import World
from workflows.commands.assign_work_item import AssignWorkItem
from workflows.commands.complete_work_item import CompleteWorkItem


@pytest.mark.parametrize("claimed", [False, True])
@pytest.mark.parametrize("cached", [False, True])
def test_a_plain_item(world: World, claimed: bool, cached: bool) -> None:
    send(world)
    item = world.item("head", "unit_head")["id"]
    if claimed:
        world.execute(AssignWorkItem(item), "head")
    head = world.actor("head")
    if not cached:
        world.services.cache.clear()
    world.services.holidays.calendar()
    with counted(world) as seen:
        world.execute(CompleteWorkItem(item, {"decision": "approve"}), head)
    assert len(seen["statements"]) <= 6, "\n".join(seen["statements"])
    assert len(seen["commits"]) == 1
    assert world.item("pao", "supervisor")
