"""Campaigns: who may start when, by when each level is to be done, and who may say so; on both databases."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from tests.support.access_requests import send as send_one
from tests.support.bulk_requests import listed, send, upload
from tests.support.world import World
from workflows.clock import BANGKOK
from workflows.commands.save_campaign import SaveCampaign
from workflows.commands.withdraw_campaign import WithdrawCampaign
from workflows.errors import Conflict, InvalidAnswers, NotAllowed, NotFound
from workflows.queries import audit

OPENS, UNITS, SUPERVISORS, CLOSES = date(2026, 11, 2), date(2026, 11, 10), date(2026, 11, 20), date(2026, 11, 30)
BULK = "bulk_access_request"


def announced(world: World, **other: object) -> int:
    values = {"units_by": UNITS, "supervisors_by": SUPERVISORS, **other}
    return world.execute(SaveCampaign("รอบถ่ายโอน", BULK, OPENS, CLOSES, **values), "designer")


def end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59, 999999), BANGKOK)


def test_a_process_without_campaigns_is_always_open(world: World) -> None:
    send(world, [listed(1)])


def test_units_and_supervisors_each_have_their_days(world: World) -> None:
    announced(world)
    world.go_to(date(2026, 11, 1))
    with pytest.raises(Conflict, match="Not open yet"):
        world.start(BULK, "requester", bundle=upload(world, "requester", [listed(1)]))
    world.go_to(UNITS, time(23, 59))
    send(world, [listed(1)])
    world.go_to(date(2026, 11, 11), time(0))
    with pytest.raises(Conflict, match="whoever supervises you may still send until"):
        world.start(BULK, "requester", bundle=upload(world, "requester", [listed(2)]))
    with pytest.raises(Conflict):
        world.start(BULK, "head", bundle=upload(world, "head", [listed(2)]))
    world.go_to(SUPERVISORS)
    send(world, [listed(2)], "pao")
    world.go_to(date(2026, 11, 21))
    with pytest.raises(Conflict, match="no further window is announced"):
        world.start(BULK, "pao", bundle=upload(world, "pao", [listed(3)]))


def test_work_is_due_with_the_campaign_and_moves_with_it(world: World) -> None:
    campaign = announced(world)
    case_id = send(world, [listed(1)])
    item = world.item("head", "unit_head")
    assert (item["due_at"], item["campaign"]) == (end_of(UNITS), "รอบถ่ายโอน")
    later = date(2026, 11, 15)
    world.execute(SaveCampaign("รอบถ่ายโอน", BULK, OPENS, CLOSES, later, SUPERVISORS, campaign_id=campaign), "admin")
    assert world.item("head", "unit_head")["due_at"] == end_of(later)
    world.do("head", "unit_head", decision="approve")
    assert world.item("pao", "supervisor")["due_at"] == end_of(SUPERVISORS)
    world.do("pao", "supervisor", decision="approve")
    assert world.item("region", "region_check")["due_at"] != end_of(SUPERVISORS)
    assert world.case(case_id)["campaign_id"] == campaign
    world.check()


def test_any_process_may_have_one(world: World) -> None:
    window = SaveCampaign("รอบรายบุคคล", "access_request", OPENS, CLOSES, UNITS, SUPERVISORS)
    world.execute(window, "admin")
    case_id = send_one(world)
    assert world.item("head", "unit_head", case_id)["due_at"] == end_of(UNITS)
    send(world, [listed(1)])  # the other process is open as before
    world.go_to(date(2026, 12, 1))
    with pytest.raises(Conflict):
        world.start("access_request", world.visitor())


def test_a_withdrawn_campaign_closes_nothing(world: World) -> None:
    campaign = announced(world, units_by=OPENS)
    world.go_to(date(2026, 12, 15))
    with pytest.raises(Conflict):
        world.start(BULK, "requester", bundle=upload(world, "requester", [listed(1)]))
    world.execute(WithdrawCampaign(campaign), "admin")
    send(world, [listed(1)])
    with pytest.raises(Conflict, match="already been withdrawn"):
        world.execute(WithdrawCampaign(campaign), "admin")
    with world.runtime.reading() as db:
        assert audit.verify(db, world.keyring).broken == ()


def test_only_process_owners_announce_and_days_must_fit(world: World) -> None:
    for who in ("pao", "region", "auditor"):
        with pytest.raises(NotAllowed):
            world.execute(SaveCampaign("x", BULK, OPENS, CLOSES), who)
    with pytest.raises(NotFound):
        world.execute(SaveCampaign("x", "no_such_process", OPENS, CLOSES), "admin")
    with pytest.raises(InvalidAnswers) as wrong:
        world.execute(SaveCampaign("x", BULK, CLOSES, OPENS), "admin")
    assert set(wrong.value.errors) == {"closes_on"}
    with pytest.raises(InvalidAnswers) as wrong:
        world.execute(SaveCampaign("x", BULK, OPENS, CLOSES, SUPERVISORS, UNITS), "admin")
    assert set(wrong.value.errors) == {"supervisors_by"}
