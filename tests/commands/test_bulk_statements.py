"""A step of a bulk request costs the same number of statements whether it is about 5 persons or 150."""

from __future__ import annotations

from collections.abc import Callable

from tests.commands.test_statements import counted
from tests.support.bulk_requests import listed, upload
from tests.support.world import World
from workflows.commands.start_case import StartCase


def cost(world: World, action: Callable[[], object]) -> int:
    world.services.holidays.calendar()
    with counted(world) as seen:
        action()
    assert len(seen["commits"]) == 1
    return len(seen["statements"])


def test_loading_and_deciding_do_not_grow_with_the_list(world: World) -> None:
    costs = []
    for first, last in ((1, 6), (201, 351)):
        rows = [listed(serial) for serial in range(first, last)]
        start = StartCase("bulk_access_request", variables={"bundle": upload(world, "requester", rows)})
        world.actor("requester")
        loading = cost(world, lambda start=start: world.execute(start, "requester"))
        case_id = next(item["case_id"] for item in world.items("head", "unit_head"))
        item = world.item("head", "unit_head", case_id)["id"]
        otherwise = [{"lines": "1-2", "decision": "return", "comment": "แก้"}]
        form = world.form("head", item, {"decision": "approve", "exceptions": otherwise})
        assert not form.errors
        deciding = cost(
            world,
            lambda item=item, otherwise=otherwise: world.answer("head", item, decision="approve", exceptions=otherwise),
        )
        costs.append((loading, deciding))
    (few, decided_few), (many, decided_many) = costs
    assert many <= few + 2  # the same, but for a look-up that the first case of a process makes
    assert decided_many == decided_few
    assert decided_many < 60
