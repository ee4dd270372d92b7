"""Events on their way to hospitals' systems: signed, tried again, each receiver for itself, stopped when it is dead."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.adapters.pinned_http import PinnedPost
from app.webhook_sender import WebhookSender
from tests.support import access_requests
from tests.support.receiver import Receiver, receiving, verified
from tests.support.world import World
from workflows.announcing import announce
from workflows.clock import real_now
from workflows.commands.change_webhook import ChangeWebhook
from workflows.commands.forget_deliveries import ForgetDeliveries
from workflows.commands.register_webhook import RegisterWebhook
from workflows.commands.rotate_webhook_secret import RotateWebhookSecret
from workflows.commands.send_webhook import SendWebhook
from workflows.commands.take_webhook_turns import TakeWebhookTurns
from workflows.errors import Conflict, NotAllowed, NotFound
from workflows.queries import webhooks
from workflows.records import WebhookDelivery, WebhookEndpoint
from workflows.rules.webhooks import CASE_COMPLETED, CLOSED, EVENTS, OPENED, rest, signature, wait
from workflows.work import Work

DATA = {"claim_code": "AA0000000017", "service_code": "PG0060001", "state": "open", "pid": "099XXXXXXXX11"}


class Announce:
    """Something happened at a unit."""

    def __init__(self, kind: str = OPENED, unit: str = "99003") -> None:
        self.kind, self.unit = kind, unit

    def run(self, work: Work) -> int:
        return announce(work, self.kind, self.unit, DATA)


class Sending:
    """The sender of a worker, and what it is to be seen of it."""

    def __init__(self, world: World, *, threads: int = 8) -> None:
        self.world = world
        self.hurried = ""
        """The address of a receiver that is given two seconds, others a minute."""
        self.sender = WebhookSender(world.runtime, self._post, stop_after=timedelta(days=3), threads=threads)

    def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        hurried = self.hurried and url.startswith(self.hurried)
        return PinnedPost(private=True, seconds=2 if hurried else 60)(url, body, headers)

    def register(self, receiver: Receiver, *events: str, unit: str = "99003") -> int:
        account = self.world.actor("signatory").account_id or 0
        command = RegisterWebhook(account, unit, f"{receiver.url}/hook", events or (OPENED,), demo=True)
        id_, receiver.secret = self.world.execute(command, "signatory")
        return id_

    def send(self) -> None:
        while self.sender.send():
            self.sender.wait()

    def happen(self, kind: str = OPENED, unit: str = "99003") -> int:
        return self.world.execute(Announce(kind, unit), "frontdesk")

    def deliveries(self, endpoint: int) -> list[dict[str, Any]]:
        with self.world.runtime.reading() as db:
            return webhooks.deliveries(db, endpoint)

    def state(self, endpoint: int) -> Any:
        with self.world.runtime.reading() as db:
            return db.execute(select(*WebhookEndpoint.__table__.c).where(WebhookEndpoint.id == endpoint)).one()

    def waited(self, endpoint: int, **time_: int) -> None:
        """So much time has passed for an endpoint and for what waits for it."""
        by = timedelta(**time_)
        state = self.state(endpoint)
        with self.world.database.begin() as db:
            values = {
                name: moment - by
                for name in ("resting_until", "failing_since", "old_until", "lease_until")
                if (moment := getattr(state, name)) is not None
            }
            if values:
                db.execute(update(WebhookEndpoint).where(WebhookEndpoint.id == endpoint).values(**values))
            for row in db.execute(
                select(*WebhookDelivery.__table__.c).where(WebhookDelivery.endpoint_id == endpoint)
            ).all():
                earlier = {"run_at": row.run_at - by, "made_at": row.made_at - by}
                db.execute(update(WebhookDelivery).where(WebhookDelivery.id == row.id).values(**earlier))


@pytest.fixture
def sending(world: World) -> Iterator[Sending]:
    sending = Sending(world)
    yield sending
    sending.sender.stop()
    world.check()


def test_an_event_arrives_signed_and_says_nothing_personal(sending: Sending) -> None:
    with receiving() as receiver:
        endpoint = sending.register(receiver)
        assert sending.happen() == 1
        sending.send()
        [came] = receiver.came
        assert came["verified"]
        assert (came["path"], came["event"], came["id"]) == ("/hook", OPENED, came["body"]["id"])
        assert came["body"]["type"] == OPENED
        assert came["body"]["unit"] == "99003"
        assert came["body"]["data"] == DATA
        assert came["body"]["created"].startswith("2026-11-02T")
        [row] = sending.deliveries(endpoint)
        assert (row["state"], row["status"], row["attempts"]) == ("delivered", 200, 1)


def test_the_signature_is_of_the_very_bytes_and_of_the_moment(sending: Sending) -> None:
    with receiving() as receiver:
        sending.register(receiver)
        sending.happen()
        sending.send()
        [came] = receiver.came
        now = time.time()
        assert verified(receiver.secret, came["signature"], came["raw"], now)
        assert not verified(receiver.secret, came["signature"], came["raw"] + b" ", now)
        assert not verified("whsec_other", came["signature"], came["raw"], now)
        assert not verified(receiver.secret, came["signature"], came["raw"], now + 301), "an old one sent again"
        at = came["signature"].split(",")[0].removeprefix("t=")
        later = came["signature"].replace(f"t={at}", f"t={int(at) + 600}")
        assert not verified(receiver.secret, later, came["raw"], now + 600), "the moment is signed, too"


def test_only_who_asked_is_told_and_only_of_their_own_unit(sending: Sending) -> None:
    with receiving() as mine, receiving() as other, receiving() as every, receiving() as paused:
        sending.register(mine, OPENED)
        sending.register(other, OPENED, unit="99002")
        sending.register(every, OPENED, CLOSED, unit="")
        asleep = sending.register(paused, OPENED)
        sending.world.execute(ChangeWebhook(1, asleep, state="paused"), "signatory")
        assert sending.happen(OPENED) == 2
        assert sending.happen(CLOSED) == 1
        assert sending.happen(OPENED, "99002") == 2
        sending.send()
        told = [[came["body"]["unit"] for came in one.came] for one in (mine, other, every, paused)]
        assert told == [["99003"], ["99002"], ["99003", "99003", "99002"], []]


def test_a_step_that_is_undone_tells_nobody(sending: Sending) -> None:
    class Fail(Announce):
        def run(self, work: Work) -> int:
            super().run(work)
            raise NotAllowed()

    with receiving() as receiver:
        endpoint = sending.register(receiver)
        with pytest.raises(NotAllowed):
            sending.world.execute(Fail(), "frontdesk")
        assert sending.deliveries(endpoint) == []


def test_a_finished_case_of_the_unit_is_told(sending: Sending) -> None:
    with receiving() as receiver:
        sending.register(receiver, CASE_COMPLETED, unit="99001")
        case_id = access_requests.send(sending.world)
        sending.world.do("head", "unit_head", case_id, decision="reject", comment="ไม่ตรงกับหน้าที่")
        sending.send()
        [event] = receiver.events(CASE_COMPLETED)
        case = sending.world.case(case_id)
        assert case["state"] == "COMPLETED"
        assert event["unit"] == "99001"
        assert event["data"] == {
            "case": str(case_id),
            "number": case["number"],
            "process": "access_request",
            "outcome": case["outcome"],
        }


@pytest.mark.parametrize(("status", "rests"), [(500, True), (503, True), (429, True), (400, False), (307, False)])
def test_what_is_refused_is_tried_again_with_growing_waits(sending: Sending, status: int, rests: bool) -> None:
    with receiving(status=status, location="http://127.0.0.1:1/") as receiver:
        endpoint = sending.register(receiver)
        sending.happen()
        waits = []
        for attempt in range(1, 5):
            sending.send()
            [row] = sending.deliveries(endpoint)
            assert (row["state"], row["status"], row["attempts"]) == ("pending", status, attempt)
            waits.append((row["run_at"] - row["tried_at"]).total_seconds())
            assert (sending.state(endpoint).resting_until is not None) is rests
            assert sending.sender.send() == 0, "not before its time"
            sending.waited(endpoint, seconds=int(waits[-1]) + 1)
        assert waits == [10, 60, 300, 900]
        assert len({came["id"] for came in receiver.came}) == 1, "the same event, by its id"
        receiver.status = 204
        sending.send()
        assert sending.deliveries(endpoint)[0]["state"] == "delivered"
        assert sending.state(endpoint).failures == 0


def test_nobody_waits_for_what_is_three_days_old(sending: Sending) -> None:
    with receiving(status=400) as receiver:
        endpoint = sending.register(receiver)
        sending.happen()
        sending.waited(endpoint, days=2, hours=23, minutes=59)
        sending.send()
        assert sending.deliveries(endpoint)[0]["state"] == "pending"
        sending.waited(endpoint, seconds=61)
        sending.send()
        assert sending.deliveries(endpoint)[0]["state"] == "failed"
        receiver.status = 200
        sending.waited(endpoint, days=1)
        sending.send()
        assert len(receiver.came) == 2, "given up"


def test_a_dead_receiver_holds_up_nobody(sending: Sending) -> None:
    """Eight threads, one receiver that hangs with a long queue: it has one thread, and its neighbours are served."""
    with receiving(wait=120) as dead, receiving() as well:
        sending.hurried = dead.url
        dead_one, well_one = sending.register(dead), sending.register(well)
        for _ in range(40):
            sending.happen()
        began = time.monotonic()
        while len(well.came) < 40:
            sending.sender.send()
            time.sleep(0.02)
            assert time.monotonic() - began < 100, f"only {len(well.came)} came"
        sending.sender.wait()
        seconds = time.monotonic() - began
        assert 1 <= len(dead.came) <= 1 + seconds / 2, "one at a time"
        tried = [row for row in sending.deliveries(dead_one) if row["attempts"]]
        assert {(row["status"], row["error"] != "") for row in tried} == {(None, True)}
        assert sum(row["attempts"] for row in tried) <= 1 + seconds / 10, "it rests, with all that waits for it"
        assert {row["state"] for row in sending.deliveries(well_one)} == {"delivered"}


def test_two_workers_never_send_to_one_endpoint_at_once(sending: Sending) -> None:
    other = Sending(sending.world)
    answer = threading.Event()
    with receiving(until=answer) as receiver:
        sending.register(receiver)
        for _ in range(4):
            sending.happen()
        assert (sending.sender.send(), other.sender.send()) == (1, 0)
        answer.set()
        sending.sender.wait()
        other.sender.wait()
        assert len({came["id"] for came in receiver.came}) == len(receiver.came) == 4
    other.sender.stop()


def test_what_a_killed_worker_held_is_sent_after_its_lease(sending: Sending) -> None:
    with receiving() as receiver:
        endpoint = sending.register(receiver)
        sending.happen()
        assert len(sending.world.execute(TakeWebhookTurns(5), "frontdesk")) == 1  # and then its worker died
        assert sending.sender.send() == 0
        sending.waited(endpoint, seconds=41)
        sending.send()
        assert len(receiver.came) == 1


def test_a_receiver_that_is_dead_for_days_is_stopped_and_its_keepers_are_told(sending: Sending) -> None:
    with receiving(status=500) as receiver:
        endpoint = sending.register(receiver)
        sending.happen()
        sending.send()
        sending.waited(endpoint, days=2, hours=23)
        sending.happen()
        sending.send()
        assert sending.state(endpoint).state == "active"
        sending.waited(endpoint, hours=2)
        sending.send()
        assert sending.state(endpoint).state == "stopped"
        assert sending.happen() == 0, "who is stopped is told nothing more"
        sending.waited(endpoint, days=1)
        assert sending.sender.send() == 0
        sending.world.deliver()
        [mail] = sending.world.sent("signatory@example.org")
        assert f"{receiver.url}/hook" in mail["text"]
        assert f"/webhooks/{endpoint}" in mail["text"]
        assert "{" not in mail["text"] + mail["subject"]
        receiver.status = 200
        sending.world.execute(ChangeWebhook(1, endpoint, state="active"), "signatory")
        sending.send()
        assert {row["state"] for row in sending.deliveries(endpoint)} <= {"delivered", "failed"}
        assert sending.state(endpoint).failing_since is None


def test_during_a_rotation_both_secrets_are_good_and_then_only_the_new_one(sending: Sending) -> None:
    with receiving() as receiver:
        endpoint = sending.register(receiver)
        old = receiver.secret
        fresh = sending.world.execute(RotateWebhookSecret(1, endpoint), "signatory")

        def good() -> tuple[bool, bool]:
            sending.happen()
            sending.send()
            came = receiver.came[-1]
            return tuple(verified(key, came["signature"], came["raw"], time.time()) for key in (old, fresh))

        assert good() == (True, True)
        sending.waited(endpoint, hours=24)
        assert good() == (False, True)
        leaked, fresh = fresh, sending.world.execute(RotateWebhookSecret(1, endpoint, at_once=True), "signatory")
        old = leaked
        assert good() == (False, True)


def test_secrets_are_sealed_and_shown_once(sending: Sending) -> None:
    with receiving() as receiver:
        endpoint = sending.register(receiver)
        stored = f"{sending.state(endpoint)}"
        with sending.world.runtime.reading() as db:
            listed = f"{webhooks.endpoints(db, None)}"
        assert receiver.secret not in stored + listed


def test_a_test_and_an_earlier_message_are_sent_at_once(sending: Sending) -> None:
    with receiving(status=500) as receiver:
        endpoint = sending.register(receiver)
        sending.happen()
        sending.send()
        [failed] = sending.deliveries(endpoint)
        receiver.status = 200
        assert sending.sender.send() == 0, "it rests"
        sending.world.execute(SendWebhook(endpoint), "signatory")
        sending.send()
        assert receiver.came[-1]["event"] == "test"
        sending.world.execute(SendWebhook(endpoint, again=failed["id"]), "signatory")
        sending.send()
        assert (receiver.came[-1]["id"], receiver.came[-1]["raw"]) == (failed["event_id"], failed["body"].encode())
        with pytest.raises(NotFound):
            sending.world.execute(SendWebhook(endpoint, again=1), "signatory")
        sending.world.execute(ChangeWebhook(1, endpoint, state="paused"), "signatory")
        with pytest.raises(Conflict):
            sending.world.execute(SendWebhook(endpoint), "signatory")


def test_what_is_removed_is_gone(sending: Sending) -> None:
    with receiving() as receiver:
        endpoint = sending.register(receiver)
        sending.happen()
        sending.world.execute(ChangeWebhook(1, endpoint, state="removed"), "signatory")
        sending.send()
        assert receiver.came == []
        for command in (
            ChangeWebhook(1, endpoint, state="active"),
            RotateWebhookSecret(1, endpoint),
            SendWebhook(endpoint),
        ):
            with pytest.raises(NotFound):
                sending.world.execute(command, "signatory")


@pytest.mark.parametrize(
    ("url", "events"), [("ftp://x.example/", (OPENED,)), ("https://x.example/", ()), ("https://x.example/", ("no",))]
)
def test_nothing_wrong_is_registered(world: World, url: str, events: tuple[str, ...]) -> None:
    with pytest.raises(NotAllowed):
        world.execute(RegisterWebhook(1, "99003", url, events), "signatory")
    with pytest.raises(NotFound):
        world.execute(RegisterWebhook(1, "98999", "https://x.example/", (OPENED,)), "signatory")


def test_old_deliveries_are_forgotten(sending: Sending) -> None:
    with receiving() as receiver:
        endpoint = sending.register(receiver)
        sending.happen()
        sending.send()
        sending.waited(endpoint, days=29)
        sending.world.execute(ForgetDeliveries(), "admin")
        assert len(sending.deliveries(endpoint)) == 1
        sending.waited(endpoint, days=2)
        sending.world.execute(ForgetDeliveries(), "admin")
        assert sending.deliveries(endpoint) == []


def test_waits_grow_and_end() -> None:
    waits = [wait(n).total_seconds() for n in range(1, 12)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (10, 6 * 3600)
    assert rest(100) == timedelta(minutes=15)
    assert set(EVENTS) == {OPENED, CLOSED, "authentication.voided", "authentication.reviewed", CASE_COMPLETED}
    assert signature(["a"], 1, b"x") != signature(["a"], 2, b"x")
    assert real_now().tzinfo is not None
