"""The counters of quotas: what is held, used, given back; the last place goes once, whoever comes at once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, select

from tests.engine.diagrams import END, START, diagram, flows, job, mapping, user
from tests.support.races import naive, race
from tests.support.world import World
from workflows.actor import CLOCK, Actor
from workflows.commands.cancel_case import CancelCase
from workflows.commands.expire_holds import ExpireHolds
from workflows.commands.set_quota import SetQuota
from workflows.commands.start_case import StartCase
from workflows.errors import Conflict, EngineIncident, InvalidAnswers, NotAllowed
from workflows.queries import quotas
from workflows.records import Quota, QuotaHold

ISSUER = '<zeebe:assignmentDefinition candidateGroups="issuer"/>'
GIVEN = {"unit_code": "=unit_code", "profession": "=profession", "day": "=day"}
VISIT = diagram(
    START,
    job("hold", "quota.hold", mapping(GIVEN)),
    user("ask", ISSUER),
    job("use", "quota.use", mapping({"claim_code": "=claim_code"})),
    user("after", ISSUER),
    job("release", "quota.release"),
    END,
    flows("s>hold", "hold>ask", "ask>use", "use>after", "after>release", "release>e"),
    process_id="visit",
)
FRONTDESK = {"unit_code": "99003", "profession": "nursing", "day": "2026-11-05", "claim_code": "PP0000000000"}


@pytest.fixture
def clinic(world: World) -> World:
    world.deploy(visit__bpmn=VISIT)
    return world


def quota(world: World, month: str = "2026-11", profession: str = "nursing") -> tuple[int, ...]:
    wanted = Quota.unit_code == "99003", Quota.profession == profession, Quota.month == month
    with world.runtime.reading() as db:
        row = db.execute(select(Quota.total, Quota.held, Quota.used).where(*wanted)).one()
    return tuple(row)


def give(world: World, total: int, month: str = "2026-11", revision: int = 0, who: str = "region") -> int:
    return world.execute(SetQuota("99003", "nursing", month, total, revision), who)


def begin(world: World, **other: Any) -> int:
    return world.start("visit", "frontdesk", **{**FRONTDESK, **other}).case_id


def test_held_used_given_back(clinic: World) -> None:
    give(clinic, 2)
    case_id = begin(clinic)
    assert quota(clinic) == (2, 1, 0)
    clinic.do("issuer", "ask", case_id)
    assert quota(clinic) == (2, 0, 1)
    clinic.do("issuer", "after", case_id)
    assert quota(clinic) == (2, 0, 0)
    clinic.check()


def test_a_month_begins_with_the_total_of_the_last_one_that_was_set(clinic: World) -> None:
    give(clinic, 5)
    begin(clinic)
    begin(clinic, day="2027-01-04")
    assert (quota(clinic), quota(clinic, "2027-01")) == ((5, 1, 0), (5, 1, 0))
    with clinic.runtime.reading() as db:
        (row,) = quotas.page(db, clinic.actor("frontdesk"), "2026-12")
    assert (row["total"], row["held"], row["left"], row["since"]) == (5, 0, 5, "2026-11")


def test_where_none_is_left_nobody_begins(clinic: World) -> None:
    give(clinic, 1)
    begin(clinic)
    with pytest.raises(EngineIncident):  # this sample has no way out; the processes of the product do
        begin(clinic)
    assert quota(clinic) == (1, 1, 0)


def test_what_is_still_held_after_its_day_is_given_back_by_night(clinic: World) -> None:
    give(clinic, 700)
    begin(clinic)
    clinic.execute(CancelCase(begin(clinic)), "admin")
    begin(clinic, day="2026-11-06")
    row = {**{k: FRONTDESK[k] for k in ("unit_code", "profession")}, "month": "2026-11", "state": "held"}
    row |= {"day": date(2026, 11, 4), "case_id": 1, "claim_code": None, "updated_at": clinic.clock.now()}
    with clinic.database.begin() as db:
        db.execute(insert(QuotaHold), [{**row, "key": f"old/{n}"} for n in range(600)])
        db.execute(Quota.__table__.update().values(held=Quota.held + 600))
    expired = [clinic.execute(ExpireHolds(date(2026, 11, 6)), CLOCK) for _ in range(3)]
    assert expired == [500, 101, 0]
    assert quota(clinic) == (700, 1, 0)
    with pytest.raises(NotAllowed):
        clinic.execute(ExpireHolds(date(2026, 11, 6)), "admin")


def contest(world: World, runtimes: Any, times: int) -> bool:
    """Two ask for the last place at the same moment; gives whether it went once each time."""
    start = (StartCase("visit", variables=dict(FRONTDESK)), world.actor("frontdesk"))
    fair = []
    for number in range(times):
        give(world, number + 1, revision=number)
        results = race(runtimes, start, start)
        refused = [result for result in results if isinstance(result, EngineIncident)]
        fair.append(len(refused) == 1 and quota(world) == (number + 1, number + 1, 0))
    return all(fair)


def test_of_two_who_ask_for_the_last_place_one_gets_it(clinic: World) -> None:
    other = World(clinic.product.settings.database_url, clinic.product.settings.data_directory)
    other.clock.at = clinic.clock.at
    assert contest(clinic, [clinic.runtime, other.runtime], 20)
    clinic.check()


def test_the_control_gives_the_last_place_twice(clinic: World) -> None:
    assert not contest(clinic, [naive(clinic)], 1)
    with clinic.runtime.reading() as db:
        assert len(db.execute(select(QuotaHold.key).where(QuotaHold.state == "held")).all()) == 2


@pytest.mark.parametrize("who", ["frontdesk", "signatory", "reviewer", "auditor", "issuer"])
def test_only_the_region_and_the_administration_set_quotas(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        give(world, 5, who=who)


def test_a_region_sets_those_of_its_units_for_months_that_are_not_over(world: World) -> None:
    elsewhere = Actor("r9", groups=frozenset({"region_officer:9"}), account_id=9)
    for command, who, field in (
        (SetQuota("99003", "nursing", "2026-11", 5, 0), elsewhere, "unit_code"),
        (SetQuota("99999", "nursing", "2026-11", 5, 0), "admin", "unit_code"),
        (SetQuota("99003", "magic", "2026-11", 5, 0), "region", "profession"),
        (SetQuota("99003", "nursing", "2026-10", 5, 0), "region", "month"),
        (SetQuota("99003", "nursing", "2026-11", -1, 0), "region", "total"),
    ):
        with pytest.raises(InvalidAnswers) as wrong:
            world.execute(command, who)
        assert list(wrong.value.errors) == [field]


def test_a_later_save_does_not_overwrite_an_unseen_one(world: World) -> None:
    assert give(world, 5) == 1
    assert give(world, 6, revision=1) == 2
    with pytest.raises(Conflict):
        give(world, 7, revision=1)
    assert quota(world) == (6, 0, 0)
    world.check()
