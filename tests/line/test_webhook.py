"""The webhook: signed over the very bytes, each event once, answered at once, worked on afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import create_app
from app.adapters.line import signature
from app.wiring import build
from tests.support.booking import PATIENT, USER, book, register
from tests.support.line_platform import Platform, line_platform
from tests.support.world import World
from workflows.clock import real_now
from workflows.delivery import Deliverer
from workflows.queries import line_proofs
from workflows.records import LineScan, OutboxRow
from workflows.rules import citizen_id, qr_codes

UNIT_QR = qr_codes.for_unit("99003", "PG0060001")


@pytest.fixture
def platform() -> Iterator[Platform]:
    with line_platform() as platform:
        yield platform


@pytest.fixture
def browser(world: World, platform: Platform) -> Iterator[FlaskClient]:
    """The product with a real LINE account instead of the simulator, CSRF protection on."""
    world.product = build(replace(world.product.settings, line=platform.channel()), clock=world.clock)
    world.runtime, world.services = world.product.runtime, world.product.runtime.services
    yield create_app(wired=world.product).test_client()
    world.check()
    world.product.database.dispose()


def event(number: int, **what: Any) -> dict[str, Any]:
    return {
        "mode": "active",
        "timestamp": 1793588400000 + number,
        "webhookEventId": f"01HX{number:022d}",
        "deliveryContext": {"isRedelivery": False},
        "source": {"type": "user", "userId": USER},
        "replyToken": "x",
        "somethingNew": {"of": "tomorrow"},
        **what,
    }


def text(number: int, words: str) -> dict[str, Any]:
    return event(number, type="message", message={"id": "1", "type": "text", "text": words, "quoteToken": "q"})


def post(browser: FlaskClient, *events: dict[str, Any], signed: str | None = None) -> int:
    body = json.dumps({"destination": "U" + "0" * 32, "events": list(events)}, ensure_ascii=False).encode()
    headers = {"X-Line-Signature": signature("channel-secret", body) if signed is None else signed}
    answer = browser.post("/line/webhook", data=body, headers=headers, content_type="application/json")
    return answer.status_code


def kept(world: World, kind: str) -> int:
    with world.runtime.reading() as db:
        counted = select(func.count()).select_from(OutboxRow).where(OutboxRow.kind == kind)
        return int(db.execute(counted).scalar_one())


def deliver(world: World) -> None:
    Deliverer(world.runtime, world.product.effects).deliver()


def texts(platform: Platform) -> list[str]:
    return [each["messages"][0]["text"] for each in platform.pushed]


def test_nothing_without_the_signature_of_these_bytes(world: World, browser: FlaskClient) -> None:
    wrong = ("", "x", signature("another secret", b"{}"), signature("channel-secret", b"{}"))
    assert [post(browser, text(1, "คิว"), signed=each) for each in wrong] == [403] * 4
    assert browser.post("/line/webhook", data=b"{}").status_code == 403
    assert kept(world, "line.event") == 0


def test_an_empty_call_is_how_the_platform_tries_the_address(browser: FlaskClient) -> None:
    assert post(browser) == 200


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"events": 1}', b"\xff", b"not json", b"[" * 100_000])
def test_signed_nonsense_is_refused(browser: FlaskClient, body: bytes) -> None:
    headers = {"X-Line-Signature": signature("channel-secret", body)}
    assert browser.post("/line/webhook", data=body, headers=headers).status_code == 400


def test_an_event_that_comes_again_is_worked_on_once(world: World, browser: FlaskClient, platform: Platform) -> None:
    again = {**text(1, "สวัสดี"), "deliveryContext": {"isRedelivery": True}}
    assert [post(browser, text(1, "สวัสดี")), post(browser, again), post(browser, again, text(2, "สวัสดี"))] == [200] * 3
    assert kept(world, "line.event") == 2
    assert platform.pushed == []  # nothing is done while the platform waits
    deliver(world)
    assert len(platform.pushed) == 2
    assert post(browser, again) == 200
    deliver(world)
    assert len(platform.pushed) == 2


def test_events_that_are_not_of_a_person_or_not_known_pass(
    world: World, browser: FlaskClient, platform: Platform
) -> None:
    odd = [event(1, type="unfollow"), event(2, type="message", message={"type": "sticker"}), event(3, type="beacon")]
    group = {**text(4, "คิว"), "source": {"type": "group", "groupId": "C1"}}
    nameless = {"type": "message"}
    assert post(browser, *odd, group, nameless) == 200
    deliver(world)
    assert platform.pushed == []


def test_a_slow_or_broken_platform_gets_the_answer_later_and_once(
    world: World, browser: FlaskClient, platform: Platform
) -> None:
    platform.answers = [429, 503]
    post(browser, event(1, type="follow"))
    deliver(world)
    with world.runtime.reading() as db:
        row = db.execute(
            select(OutboxRow.status, OutboxRow.attempts, OutboxRow.last_error, OutboxRow.run_at).where(
                OutboxRow.kind == "line"
            )
        ).one()
    assert (row.status, row.attempts) == ("pending", 1)
    assert "429" in row.last_error
    assert row.run_at > real_now() + timedelta(seconds=60)
    for hours in (1, 2):  # the outbox waits 2, then 4 seconds: let them pass
        world.clock.at = real_now() + timedelta(hours=hours)
        deliver(world)
    assert len(platform.pushed) == 1
    assert "ยินดีต้อนรับ" in texts(platform)[0]


def test_a_scanned_unit_is_proof_for_whoever_registered(world: World, browser: FlaskClient, platform: Platform) -> None:
    post(browser, text(1, UNIT_QR))
    deliver(world)
    assert "ยังไม่ได้ลงทะเบียน" in texts(platform)[-1]
    register(world)
    post(browser, text(2, UNIT_QR), text(3, UNIT_QR))
    deliver(world)
    assert "ประไพ ตัว???" in texts(platform)[-1]
    with world.runtime.reading() as db:
        found = line_proofs.proof(db, world.keyring, "99003", PATIENT["pid"], world.clock.now().date())
        assert (
            db.execute(select(func.count()).select_from(LineScan)).scalar_one() == 1
        )  # a second scan renews the first
        other = line_proofs.proof(db, world.keyring, "99003", citizen_id.make("0", 1), world.clock.now().date())
        elsewhere = line_proofs.proof(db, world.keyring, "99001", PATIENT["pid"], world.clock.now().date())
    assert found is not None
    assert (found["relation"], found["service_code"]) == ("self", "PG0060001")
    assert other is elsewhere is None


def test_a_postback_cannot_name_somebody_of_another_family(
    world: World, browser: FlaskClient, platform: Platform
) -> None:
    register(world)
    post(browser, event(1, type="postback", postback={"data": f"scan={UNIT_QR}&for=4711"}))
    deliver(world)
    with world.runtime.reading() as db:
        assert db.execute(select(func.count()).select_from(LineScan)).scalar_one() == 0


def test_the_queue_is_told_to_whose_it_is(world: World, browser: FlaskClient, platform: Platform) -> None:
    register(world)
    book(world, "requester")  # for the same person, but not by this LINE account
    post(browser, text(1, "คิว"))
    deliver(world)
    assert "ไม่มีคิว" in texts(platform)[-1]
