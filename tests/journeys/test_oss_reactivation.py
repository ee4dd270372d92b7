"""A registered unit is re-activated; only then may it authenticate patients."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import update

from tests.support.oss import send, somebody
from tests.support.world import World
from workflows.eligibility import NotEligible
from workflows.records import InnovationUnit
from workflows.register import Register


@pytest.fixture(autouse=True)
def _always_true(world: World) -> Iterator[None]:
    yield
    world.check()


def standing(world: World) -> dict[str, object]:
    with world.runtime.reading() as db:
        return dict(Register(db, world.keyring, locked=False).standing("99003"))


def forget(world: World, **values: None) -> None:
    with world.database.begin() as db:
        db.execute(update(InnovationUnit).values(**values))


def test_reactivated_when_the_region_agrees(world: World) -> None:
    registered = standing(world)["registered_at"]
    forget(world, reactivated_at=None)
    world.later(days=3)
    case_id = world.start("oss_reactivation", "signatory").case_id
    send(world, "signatory", case_id, somebody(910, profession="physiotherapy"))
    assert standing(world)["reactivated_at"] is None
    world.do("region", "region_decide", case_id, decision="approve")
    found = standing(world)
    assert (found["registered_at"], found["reactivated_at"]) == (registered, world.clock.at)
    assert found["professions"] == ["physiotherapy"]
    assert world.case(case_id)["outcome"] == "reactivated"
    assert "Re-activate" in world.sent("unit99003@example.org")[0]["text"]


def test_a_unit_that_never_registered_registers_first(world: World) -> None:
    forget(world, registered_at=None)
    with pytest.raises(NotEligible) as refused:
        world.start("oss_reactivation", "signatory")
    assert [each["condition"] for each in refused.value.failed] == ["registered"]
    assert world.start("oss_registration", "signatory").case_id


def test_an_unfinished_one_expires_after_ninety_days(world: World) -> None:
    case_id = world.start("oss_reactivation", "signatory").case_id
    world.later(days=91)
    world.tick()
    assert (world.case(case_id)["outcome"], world.case(case_id)["state"]) == ("expired", "COMPLETED")
