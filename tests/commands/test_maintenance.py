"""Times of maintenance: who plans them, when they are told of, when they keep people out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.world import MORNING, World
from workflows.commands.plan_maintenance import PlanMaintenance
from workflows.commands.take_back_maintenance import TakeBackMaintenance
from workflows.errors import NotAllowed, NotFound, Text
from workflows.queries.maintenance import announced, maintenance_now, planned
from workflows.rules.maintenance import problem

HOUR = timedelta(hours=1)


def plan(world: World, begins: timedelta, lasts: timedelta = HOUR, **other: object) -> int:
    starts = MORNING + begins
    return world.execute(PlanMaintenance(starts, starts + lasts, "ปรับปรุง", "Upkeep", **other), "admin")  # type: ignore[arg-type]


def seen(world: World) -> tuple[int | None, list[int], list[int]]:
    """The window that keeps people out now, those told of, those planned."""
    now = world.clock.now()
    with world.runtime.reading() as db:
        resting = maintenance_now(db, now)
        return resting and resting.id, [w.id for w in announced(db, now)], [w.id for w in planned(db, now)]


def test_from_its_announcement_to_its_end(world: World) -> None:
    far = plan(world, timedelta(days=4))
    assert seen(world) == (None, [], [far])
    world.later(days=1)
    assert seen(world) == (None, [far], [far])
    world.later(days=3)
    assert seen(world) == (far, [far], [far])
    world.later(hours=1)
    assert seen(world) == (None, [], [])
    world.check()


def test_a_single_system_keeps_nobody_out(world: World) -> None:
    one = plan(world, timedelta(), system_code="ECLAIM")
    assert seen(world) == (None, [one], [one])
    with world.runtime.reading() as db:
        assert "E-Claim" in str(announced(db, world.clock.now())[0].system_name)


def test_the_one_that_ends_last_says_until_when(world: World) -> None:
    plan(world, timedelta())
    longer = plan(world, timedelta(), 3 * HOUR)
    with world.runtime.reading() as db:
        resting = maintenance_now(db, world.clock.now())
    assert resting is not None
    assert resting.id == longer
    assert "2 พ.ย. 2569 12:00 น." in resting.refusal.th
    assert "Upkeep" in resting.refusal.en


def test_it_is_changed_ended_early_and_taken_back(world: World) -> None:
    now, later = plan(world, timedelta()), plan(world, 5 * HOUR)
    changed = PlanMaintenance(MORNING, MORNING + 2 * HOUR, "ยาวขึ้น", "Longer", id=now)
    assert world.execute(changed, "admin") == now
    world.later(minutes=90)
    assert seen(world)[0] == now
    world.execute(TakeBackMaintenance(now), "admin")
    world.execute(TakeBackMaintenance(later), "admin")
    assert seen(world) == (None, [], [])
    with pytest.raises(NotFound):
        world.execute(TakeBackMaintenance(later), "admin")
    with pytest.raises(NotAllowed):
        world.execute(changed, "designer")
    world.check()


@pytest.mark.parametrize(
    ("begins", "lasts", "good"),
    [
        (HOUR, HOUR, True),
        (-HOUR, 2 * HOUR, True),
        (HOUR, -HOUR, False),
        (-2 * HOUR, HOUR, False),
        (HOUR, timedelta(31), False),
    ],
)
def test_times_that_make_sense(begins: timedelta, lasts: timedelta, good: bool) -> None:
    starts = MORNING + begins
    found = problem(starts, starts + lasts, MORNING)
    assert found is None if good else isinstance(found, Text)
