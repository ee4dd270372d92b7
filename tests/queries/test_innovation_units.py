"""Who sees what a unit registered."""

from __future__ import annotations

import pytest

from tests.support.oss import send
from tests.support.world import World
from workflows.clock import bangkok_date
from workflows.errors import NotFound
from workflows.queries import innovation_units


@pytest.mark.parametrize(
    "who", ["signatory", "frontdesk", "region", "regionchief", "reviewer", "designer", "auditor", "admin"]
)
def test_its_own_people_its_region_and_who_sees_everything(world: World, who: str) -> None:
    with world.runtime.reading() as db:
        found = innovation_units.of(db, world.actor(who), "99003", bangkok_date(world.clock.now()))
    assert found["may_authenticate"] is True


@pytest.mark.parametrize("who", ["requester", "head2", "region9", "pao", "issuer"])
def test_nobody_else(world: World, who: str) -> None:
    with world.runtime.reading() as db, pytest.raises(NotFound):
        innovation_units.of(db, world.actor(who), "99003", bangkok_date(world.clock.now()))


def test_personnel_without_a_citizen_id_in_clear(world: World) -> None:
    case_id = world.start("oss_registration", "signatory").case_id
    send(world, "signatory", case_id)
    world.do("region", "region_decide", case_id, decision="approve")
    with world.runtime.reading() as db:
        found = innovation_units.of(db, world.actor("signatory"), "99003", bangkok_date(world.clock.now()))
    (nurse,) = found["personnel"]
    assert {"pid", "pid_sealed", "pid_index"} & set(nurse) == set()
    assert nurse["hours_words"]["en"].startswith("Monday 08:30-12:00")
