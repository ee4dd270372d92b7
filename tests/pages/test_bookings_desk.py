"""The unit's booked queue: a scanned QR leads to its patient, who is received once, on the day, by that unit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app import create_app
from tests.support.booking import PATIENT, TOMORROW, book, booking, qr
from tests.support.world import World
from workflows.actor import Actor
from workflows.commands.open_session import OpenSession
from workflows.records import Account
from workflows.rules import masking, qr_codes

DAY = date.fromisoformat(TOMORROW)


def browser_of(world: World, username: str) -> FlaskClient:
    app = create_app(wired=world.product)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    with world.runtime.reading() as db:
        account = db.execute(select(Account.id).where(Account.username == username)).scalar_one()
    token = world.runtime.execute(OpenSession(account), Actor(username, account_id=account))
    with client.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True
    return client


@pytest.fixture
def desk(world: World) -> Iterator[FlaskClient]:
    yield browser_of(world, "frontdesk")
    world.check()


def test_scanned_confirmed_received(world: World, desk: FlaskClient) -> None:
    case_id = book(world, "requester")
    text = qr(world, case_id)
    early = desk.post("/bookings/scan", data={"qr_text": text})
    assert "เฉพาะในวันนั้น" in early.text
    assert "/bookings/receive" not in early.text
    world.go_to(DAY)
    assert PATIENT["first_name"] in desk.get("/bookings").text
    page = desk.post("/bookings/scan", data={"qr_text": text}).text
    assert masking.pid(PATIENT["pid"]) in page
    assert PATIENT["pid"] not in page
    unconfirmed = desk.post("/bookings/receive", data={"qr_text": text})
    assert (unconfirmed.status_code, booking(world, case_id)["state"]) == (422, "booked")
    for _ in range(2):  # a double press
        desk.post("/bookings/receive", data={"qr_text": text, "identity_confirmed": "true"})
    assert booking(world, case_id)["state"] == "arrived"
    assert "มาถึงแล้ว" in desk.post("/bookings/scan", data={"qr_text": text}).text


def test_what_is_no_booking_here_says_what_it_is(world: World, desk: FlaskClient) -> None:
    wrong = {
        "SITTHI:U:99003:PG0060001": "QR ของหน่วยบริการ",
        "hello": "อ่าน QR นี้ไม่ได้",
        qr_codes.for_booking(qr_codes.new_token()): "ไม่พบการจองนี้",
    }
    for text, says in wrong.items():
        answer = desk.post("/bookings/scan", data={"qr_text": text})
        assert answer.status_code == 422
        assert says in answer.text
    assert desk.post("/bookings/receive", data={"qr_text": "x", "identity_confirmed": "true"}).status_code == 422


def test_the_queue_is_for_the_front_desk(world: World) -> None:
    for username in ("requester", "region", "signatory"):
        assert browser_of(world, username).get("/bookings").status_code == 403


def test_received_after_the_day_is_refused(world: World, desk: FlaskClient) -> None:
    case_id = book(world, "requester")
    text = qr(world, case_id)
    desk.post("/bookings/receive", data={"qr_text": text, "identity_confirmed": "true"})  # a day early
    assert booking(world, case_id)["state"] == "booked"
    assert "รับเข้าบริการไม่ได้" in desk.get("/bookings").text
