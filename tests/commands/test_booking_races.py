"""Two people who take the last place at the same moment: one has it, the other chooses again."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select, text

from tests.support.booking import PATIENT, to_slots
from tests.support.races import NaiveRuntime, race
from tests.support.world import World
from workflows.commands.complete_work_item import CompleteWorkItem
from workflows.records import Booking
from workflows.rules import citizen_id
from workflows.runtime import Runtime

TIMES = 8
WHO = ("requester", "requester2")


def nodes(world: World) -> list[Runtime]:
    other = World(world.product.settings.database_url, world.product.settings.data_directory)
    other.clock.at = world.clock.at
    return [world.runtime, other.runtime]


def ready(world: World, round_: int) -> list[tuple[int, int]]:
    """Two cases that are about to choose a time, and their items."""
    cases = []
    for number, who in enumerate(WHO):
        patient = {**PATIENT, "pid": citizen_id.make("0", 9000 + round_ * 10 + number)}
        case_id = to_slots(world, who, patient)
        cases.append((case_id, int(world.item(who, "choose_slot", case_id)["id"])))
    return cases


def one_place(world: World, runtimes: Sequence[Runtime], round_: int) -> bool:
    """Hold one race for the only place at a time; gives whether exactly one has it."""
    slot = f"{9 + round_ // 2:02d}:{30 * (round_ % 2):02d}"
    cases = ready(world, round_)
    entries = [
        (CompleteWorkItem(item, {"slot": slot}), world.actor(who)) for (_, item), who in zip(cases, WHO, strict=True)
    ]
    results = race(runtimes, *entries)
    assert not [each for each in results if isinstance(each, Exception)], results
    asked = [bool(world.items(who, "confirm")) for who in WHO]
    for who in WHO:  # leave the place, and the case
        for item in world.items(who, "confirm"):
            world.execute(CompleteWorkItem(item["id"], {"confirmed": "no"}), who)
    return ever_held(world, slot) == 1 and sum(asked) == 1


def ever_held(world: World, slot: str) -> int:
    """How many bookings were ever held for a place in this race."""
    with world.runtime.reading() as db:
        return int(db.execute(select(func.count()).select_from(Booking).where(Booking.slot == slot)).scalar_one())


def test_the_last_place_is_given_once(world: World) -> None:
    runtimes = nodes(world)
    assert all(one_place(world, runtimes, round_) for round_ in range(TIMES))
    world.check()


def test_the_control_gives_it_twice(world: World) -> None:
    """Without the unique place, reading the free seats is not enough: the race above is a test."""
    with world.database.begin() as db:
        db.execute(text("DROP INDEX ix_bookings_place"))
        db.execute(text("DROP INDEX ix_history_subject_seq"))
    naive = [NaiveRuntime(world.database, world.clock, world.services)] * 2
    assert not all(one_place(world, naive, round_) for round_ in range(3))
