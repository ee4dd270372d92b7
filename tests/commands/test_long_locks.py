"""A lock that another node holds for longer than the database lets one wait: the command is run again."""

from __future__ import annotations

import threading
import time

import pytest
from sqlalchemy import select

from tests.commands import samples
from tests.support.world import World
from workflows.commands.complete_work_item import CompleteWorkItem
from workflows.records import Case

HELD_SECONDS = 6.0
"""PostgreSQL gives up after five (``records.database``)."""


@pytest.mark.slow
def test_a_row_that_is_held_for_long_is_waited_for(world: World) -> None:
    world.deploy(two_tasks__bpmn=samples.TWO_TASKS)
    case_id = world.start("two_tasks", "issuer").case_id
    item = world.item("issuer", "first", case_id)["id"]
    held = threading.Event()

    def hold() -> None:
        with world.database.begin() as db:
            db.execute(select(Case.id).where(Case.id == case_id).with_for_update())
            held.set()
            time.sleep(HELD_SECONDS)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(60)
    world.execute(CompleteWorkItem(item), "issuer")
    holder.join()
    assert world.told(case_id).count("completed:first") == 1
