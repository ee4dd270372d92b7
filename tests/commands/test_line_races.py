"""Two events of one LINE account at the same moment: never a sixth member, never two proofs of one visit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import func, select, text

from tests.support.booking import line_actor, register
from tests.support.races import NaiveRuntime, race
from tests.support.world import World
from workflows.commands.change_line_family import AddLineFamily
from workflows.commands.scan_unit import ScanUnit
from workflows.errors import Conflict
from workflows.records import LineFamily, LineScan
from workflows.rules import citizen_id, qr_codes
from workflows.runtime import Runtime

QR = qr_codes.for_unit("99003", "PG0060001")


def member(serial: int) -> AddLineFamily:
    return AddLineFamily(citizen_id.make("0", serial), "สมมติ ตัวอย่าง", "child", "0" * 64)


def the_fifth(world: World, runtimes: Sequence[Runtime]) -> bool:
    """Two add the fifth member; gives whether there are five, and one was told."""
    me = line_actor(world)
    register(world)
    for serial in range(8101, 8105):
        world.execute(member(serial), me)
    results = race(runtimes, (member(8105), me), (member(8106), me))
    refused = [each for each in results if isinstance(each, Conflict)]
    with world.runtime.reading() as db:
        counted = select(func.count()).select_from(LineFamily).where(LineFamily.place.is_not(None))
        return db.execute(counted).scalar_one() == 5 and len(refused) == 1


def one_proof(world: World, runtimes: Sequence[Runtime]) -> bool:
    """The same QR is scanned twice at once; gives whether it is one proof."""
    me = line_actor(world)
    register(world)
    race(runtimes, (ScanUnit(QR), me), (ScanUnit(QR), me))
    with world.runtime.reading() as db:
        return bool(db.execute(select(func.count()).select_from(LineScan)).scalar_one() == 1)


Contest = Callable[[World, Sequence[Runtime]], bool]


@pytest.mark.parametrize("contest", [the_fifth, one_proof])
def test_one_of_two(world: World, contest: Contest) -> None:
    other = World(world.product.settings.database_url, world.product.settings.data_directory)
    other.clock.at = world.clock.at
    assert contest(world, [world.runtime, other.runtime])
    world.check()
    other.close()


@pytest.mark.parametrize("contest", [the_fifth, one_proof])
def test_the_control_lets_both_through(world: World, contest: Contest) -> None:
    with world.database.begin() as db:
        for index in ("ix_line_family_place", "ix_history_subject_seq"):
            db.execute(text(f"DROP INDEX {index}"))
    naive = NaiveRuntime(world.database, world.clock, world.services)
    assert not contest(world, [naive, naive])
