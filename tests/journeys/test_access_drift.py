"""What is there differs from what is granted: the owner of the system decides line by line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.adapters.scim import ScimTarget
from app.nightly import sweep
from tests.provisioning.support import granted, serve
from tests.support.scim import TOKEN, ScimServer, running
from tests.support.world import World
from workflows.clock import bangkok_date
from workflows.commands.ask_comparisons import AskComparisons
from workflows.errors import InvalidAnswers, NotAllowed
from workflows.queries import provisioning
from workflows.queries.provisioning import Wanted
from workflows.records import Case

STRANGER = Wanted("6901990010009", "", "", "", "", True, frozenset({"904"}))


@pytest.fixture
def scim() -> Iterator[ScimServer]:
    with running() as server:
        yield server


@pytest.fixture
def target(scim: ScimServer) -> ScimTarget:
    return ScimTarget(scim.url, TOKEN)


@pytest.fixture
def username(world: World, scim: ScimServer, target: ScimTarget) -> Iterator[str]:
    """Somebody who was granted 904, of which the target knows nothing; and a stranger who has it there."""
    _, username = granted(world)
    serve(world, scim)
    target.bring(STRANGER.username, lambda: STRANGER, {"904"})
    yield username
    world.check()


def compare(world: World) -> None:
    """A night passes."""
    world.later(days=1)
    assert sweep(world.product)
    for _ in range(2):  # the comparison, and the case that it opens
        world.deliver()


def open_case(world: World) -> int:
    return int(world.item("owner2", "decide")["case_id"])


def test_missing_is_provisioned_again_and_extra_is_taken_away(world: World, target: ScimTarget, username: str) -> None:
    compare(world)
    case_id = open_case(world)
    case = world.case(case_id)
    assert case["number"]
    assert case["subject"].endswith("ไม่ตรงกัน 2 รายการ")
    lines = world.seen("owner2", world.item("owner2", "decide")["id"])["lines"]
    assert {(line["username"], line["role_code"], line["side"]) for line in lines} == {
        (STRANGER.username, "904", "extra"),
        (username, "904", "missing"),
    }
    assert world.items("owner", "decide") == []
    choice = {"missing": "again", "extra": "revoke"}
    world.do("owner2", "decide", case_id, lines=[{"action": choice[line["side"]]} for line in lines])
    world.deliver()
    assert world.case(case_id)["state"] == "COMPLETED"
    assert target.everybody() == {username: {"904"}}
    compare(world)
    assert world.items("owner2", "decide") == []
    assert world.told(case_id).count("provision.again") == 2


def test_all_lines_are_brought_in_line_at_once(world: World, target: ScimTarget, username: str) -> None:
    compare(world)
    case_id = open_case(world)
    world.do("owner2", "decide", case_id, decide_by="bring")
    world.deliver()
    assert (world.case(case_id)["state"], target.everybody()) == ("COMPLETED", {username: {"904"}})


def test_a_system_that_does_not_answer_is_seen(world: World, scim: ScimServer, username: str) -> None:
    def result() -> dict[str, object]:
        with world.runtime.reading() as db:
            return dict(provisioning.target(db, "ECLAIM").result or {})

    compare(world)
    assert result()["missing"] == 1
    scim.broken = 50
    compare(world)
    assert (result()["missing"], bool(result()["unanswered"])) == (1, True)
    scim.broken = 0
    world.execute(AskComparisons(bangkok_date(world.clock.now()), "ECLAIM", "again"), "owner2")
    world.deliver()
    assert "unanswered" not in result()


def test_every_line_needs_its_answer_and_acceptance_its_reason(world: World, username: str) -> None:
    compare(world)
    with pytest.raises(InvalidAnswers) as refused:
        world.do("owner2", "decide", lines=[{}, {"action": "accept"}])
    assert set(refused.value.errors) == {"lines.0.action", "lines.1.reason"}
    with pytest.raises(InvalidAnswers):
        world.do("owner2", "decide", lines=[{"action": "again"}, {"action": "again"}])  # the first is an extra one


def test_what_is_accepted_is_not_brought_up_again(world: World, target: ScimTarget, username: str) -> None:
    compare(world)
    case_id = open_case(world)
    accepted = {"action": "accept", "reason": "บัญชีของระบบเอง"}
    world.do("owner2", "decide", lines=[accepted, {"action": "again"}])
    world.deliver()
    compare(world)
    assert world.items("owner2", "decide") == []
    assert target.everybody() == {username: {"904"}, STRANGER.username: {"904"}}
    (event,) = [event for event in world.history(case_id) if event["kind"] == "difference.accepted"]
    assert event["private"] == {"comment": "บัญชีของระบบเอง"}


def test_one_case_a_day_and_a_newer_one_in_place_of_the_older(world: World, username: str) -> None:
    compare(world)
    first = open_case(world)
    day = bangkok_date(world.clock.now())
    world.execute(AskComparisons(day, "ECLAIM", "by the button"), "owner2")
    for _ in range(2):
        world.deliver()
    assert open_case(world) == first
    compare(world)
    second = open_case(world)
    assert second != first
    assert (world.case(first)["state"], world.case(first)["outcome"]) == ("COMPLETED", "superseded")
    with pytest.raises(NotAllowed):
        world.execute(AskComparisons(day, "ECLAIM"), "owner")


def test_an_owner_who_waits_is_reminded_and_then_the_administrator_may(world: World, username: str) -> None:
    compare(world)
    case_id = open_case(world)
    world.clock.at += timedelta(days=5)
    world.tick()
    world.deliver()
    assert "รอท่านตัดสิน" in world.sent("owner2@example.org")[0]["subject"]
    assert world.items("admin", "decide") == []
    world.clock.at += timedelta(days=5)
    world.tick()
    assert world.item("admin", "decide")["case_id"] == case_id


def test_a_night_without_differences_opens_nothing(world: World, scim: ScimServer) -> None:
    serve(world, scim)
    compare(world)
    with world.runtime.reading() as db:
        assert db.execute(Case.__table__.select()).first() is None
