"""Messages to the outside: leased to one worker, tried again with growing pauses, in the end somebody's to mend."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.support.patients import who_comes
from tests.support.world import World
from workflows.actor import WORKER
from workflows.clock import real_now
from workflows.commands.claim_messages import Claimed, ClaimMessages
from workflows.commands.extend_lease import ExtendLease
from workflows.commands.resolve_incident import ResolveIncident
from workflows.commands.settle_message import SettleMessage
from workflows.ports import Message
from workflows.projection import write_messages
from workflows.queries import incidents
from workflows.records import OutboxRow
from workflows.records.outbox import LEASE, MAX_ATTEMPTS
from workflows.work import Work

MOBILE = "0812345678"


@pytest.fixture
def case_id(world: World) -> Iterator[int]:
    """A case that has just sent one SMS."""
    yield world.start("mobile_check", "requester", mobile=MOBILE).case_id
    world.check()


def claim(world: World, **options: Any) -> list[Claimed]:
    return world.execute(ClaimMessages(**options), WORKER)


def row(world: World) -> Any:
    with world.runtime.reading() as db:
        return db.execute(select(*OutboxRow.__table__.c)).one()


def back_in_time(world: World, **values: Any) -> None:
    """As if real time had passed: what was to be waited for is over."""
    with world.database.begin() as db:
        db.execute(update(OutboxRow).values(**{name: real_now() - value for name, value in values.items()}))


def test_a_message_is_leased_to_one_worker(world: World, case_id: int) -> None:
    (mine,) = claim(world)
    assert mine.payload["to"] == MOBILE
    assert (mine.case_id, mine.attempts, claim(world)) == (case_id, 1, [])
    assert row(world).lease_until - real_now() <= LEASE
    assert MOBILE.encode() not in bytes(row(world).payload)


def test_a_worker_that_lost_its_lease_settles_nothing(world: World, case_id: int) -> None:
    (slow,) = claim(world)
    back_in_time(world, lease_until=timedelta(seconds=1))
    (other,) = [*claim(world, abandoned=True)]
    assert (other.id, other.attempts) == (slow.id, 2)
    world.execute(ExtendLease(slow.token), WORKER)
    assert world.execute(SettleMessage(slow.id, slow.token), WORKER) is False
    assert row(world).status == "pending"
    assert world.execute(SettleMessage(other.id, other.token), WORKER) is True
    assert (row(world).status, bytes(row(world).payload)) == ("done", b"")  # nothing personal is kept
    assert world.execute(SettleMessage(other.id, other.token), WORKER) is False


def test_a_demonstration_keeps_what_it_captures(world: World, case_id: int) -> None:
    assert world.deliver() == 1
    assert row(world).status == "captured"
    assert world.sent(MOBILE)
    assert world.deliver() == 0


def fail(world: World, error: str = "ConnectionError: nobody answers") -> Any:
    """Let the message fail once more; gives its row."""
    back_in_time(world, run_at=timedelta(seconds=1))
    (message,) = claim(world)
    world.execute(SettleMessage(message.id, message.token, error), WORKER)
    return row(world)


def test_failures_wait_longer_each_time_and_then_become_an_incident(world: World, case_id: int) -> None:
    for attempt in range(1, MAX_ATTEMPTS):
        before = real_now()
        failed = fail(world)
        assert (failed.status, failed.attempts, failed.last_error[:15]) == ("pending", attempt, "ConnectionError")
        least, most = timedelta(seconds=2**attempt), timedelta(seconds=2**attempt * 1.3)
        assert before + least <= failed.run_at <= real_now() + most
        back_in_time(world, run_at=timedelta(hours=-1))
        assert claim(world) == []
        assert world.case(case_id)["has_incident"] is False
    assert fail(world).status == "failed"
    assert world.case(case_id)["has_incident"] is True
    with world.runtime.reading() as db:
        (incident,) = incidents.of_case(db, case_id)
    assert incident["error_type"] == "JOB_NO_RETRIES"
    world.do("requester", "otp_enter", otp_code=world.code_for(MOBILE))  # the case itself goes on
    assert (world.case(case_id)["state"], world.case(case_id)["has_incident"]) == ("COMPLETED", True)
    world.execute(ResolveIncident(incident["id"]), "admin")
    assert (row(world).status, row(world).attempts) == ("pending", 0)
    assert world.case(case_id)["has_incident"] is False
    assert world.deliver() == 1
    assert row(world).status == "captured"


@pytest.mark.parametrize("is_late", [False, True])
def test_an_answer_that_fails_is_an_incident_only_while_its_case_waits(world: World, is_late: bool) -> None:
    """Once the diagram has gone another way (here: asked the desk what to do), nobody need mend the case."""
    case_id = world.start("patient_authentication", "frontdesk", **who_comes()).case_id
    if is_late:
        world.later(seconds=21)
        world.tick()
    for _ in range(MAX_ATTEMPTS):
        failed = fail(world, "OSError: the registry is silent")
    assert failed.status == "failed"
    assert world.case(case_id)["has_incident"] is not is_late
    if is_late:
        world.do("frontdesk", "rights_silent", case_id, again="stop")
        assert world.case(case_id)["outcome"] == "rights_unknown"


def test_one_key_is_one_message(world: World, case_id: int) -> None:
    """A step that is repeated, after an incident say, does not send again what it has sent."""

    class SendAgain:
        def run(self, work: Work) -> list[str]:
            return write_messages(work, [Message("sms", {"to": "other"}, row(world).key)], None)

    world.execute(SendAgain(), WORKER)
    assert row(world).case_id == case_id
