"""Messages from outside find the case that waits, or wait for it; each is received once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import select

from tests.commands import samples
from tests.support.world import World
from workflows.actor import WORKER
from workflows.commands.pick_up_message import PickUpMessage
from workflows.commands.publish_message import PublishMessage
from workflows.errors import Conflict, NotFound
from workflows.records import InboundMessage

_orders = count(1)
HOUR = timedelta(hours=1)


@pytest.fixture
def world(shared_world: World) -> Iterator[World]:
    shared_world.deploy(wait__bpmn=samples.WAIT, wait_twice__bpmn=samples.WAIT_TWICE)
    yield shared_world
    shared_world.check()


def order(world: World, process: str = "order") -> tuple[str, int]:
    """A case with an order number of its own."""
    number = f"order-{next(_orders)}"
    return number, world.start(process, "requester", order_no=number).case_id


def kept(world: World, name: str = "paid") -> int:
    with world.runtime.reading() as db:
        return len(db.execute(select(InboundMessage.id).where(*InboundMessage.is_kept(world.clock.now()))).all())


def test_a_message_reaches_the_case_that_waits(world: World) -> None:
    number, case_id = order(world)
    other, other_case = order(world)
    for case in (case_id, other_case):
        world.do("issuer", "ask", case)
    _, reached = world.execute(PublishMessage("paid", number, {"amount": 5}), "admin")
    assert reached == case_id
    assert world.variables(case_id)["amount"] == 5
    assert world.item("issuer", "after", case_id)
    assert world.items("issuer", "after") == [world.item("issuer", "after", case_id)]
    world.execute(PublishMessage("paid", other), "admin")
    for case in (case_id, other_case):
        world.do("issuer", "after", case)


@pytest.mark.parametrize("message", [("paid", "nobody's"), ("unknown", "order-1")])
def test_nobody_waits(world: World, message: tuple[str, str]) -> None:
    assert world.execute(PublishMessage(*message), "admin")[1] is None
    assert kept(world) == 0
    with pytest.raises(NotFound):
        world.execute(PublishMessage(*message, must_correlate=True), "admin")


def test_an_early_message_is_kept_for_its_time(world: World) -> None:
    number, case_id = order(world)
    assert world.execute(PublishMessage("paid", number, {"amount": 7}, HOUR), "admin")[1] is None
    assert (kept(world), world.tick()) == (1, 0)
    world.do("issuer", "ask", case_id)
    assert world.items("issuer", "after") == []
    assert world.tick() == 1
    world.item("issuer", "after", case_id)
    assert (world.variables(case_id)["amount"], kept(world), world.tick()) == (7, 0, 0)
    assert world.execute(PickUpMessage(case_id), WORKER) is False  # another worker was first
    world.do("issuer", "after", case_id)


def test_an_early_message_too_late(world: World) -> None:
    number, case_id = order(world)
    world.execute(PublishMessage("paid", number, {}, HOUR), "admin")
    world.later(hours=1)
    world.do("issuer", "ask", case_id)
    assert (world.tick(), world.items("issuer", "after")) == (0, [])
    world.execute(PublishMessage("paid", number), "admin")
    world.do("issuer", "after", case_id)


def test_early_messages_are_received_in_their_order_and_one_by_one(world: World) -> None:
    number = f"order-{next(_orders)}"
    for amount in (1, 2, 3):
        world.execute(PublishMessage("paid", number, {"amount": amount}, HOUR), "admin")
    case_id = world.start("wait_twice", "requester", order_no=number).case_id
    assert world.tick() == 1
    assert (world.case(case_id)["state"], world.variables(case_id)["amount"]) == ("ACTIVE", 1)
    assert world.tick() == 1
    assert (world.case(case_id)["state"], world.variables(case_id)["amount"]) == ("COMPLETED", 2)
    assert (world.tick(), kept(world)) == (0, 1)  # the third waits on, until its time is over
    world.later(hours=1)


@pytest.mark.parametrize("waiting", [False, True])
def test_an_id_can_be_used_once_in_its_time(world: World, waiting: bool) -> None:
    """Whoever sends again because the answer was lost does not pay twice, received or not."""
    number, case_id = order(world, "wait_twice") if waiting else (f"order-{next(_orders)}", 0)
    message = PublishMessage("paid", number, {}, HOUR, message_id=f"id of {number}")
    assert world.execute(message, "admin")[1] == (case_id or None)
    with pytest.raises(Conflict):
        world.execute(message, "admin")
    if not waiting:
        case_id = world.start("wait_twice", "requester", order_no=number).case_id
        assert world.tick() == 1
        with pytest.raises(Conflict):
            world.execute(message, "admin")
    assert (world.case(case_id)["state"], world.tick()) == ("ACTIVE", 0)
    world.later(hours=1)
    assert world.execute(message, "admin")[1] == case_id
    assert world.case(case_id)["state"] == "COMPLETED"


def test_what_a_message_carries_is_sealed(world: World) -> None:
    world.execute(PublishMessage("paid", "sealed", {"pid": "0990000000011"}, HOUR), "admin")
    with world.runtime.reading() as db:
        (payload,) = db.execute(select(InboundMessage.payload).where(InboundMessage.key == "sealed")).scalars()
    assert b"0990000000011" not in bytes(payload)
