"""From the booked queue, or from a QR scanned in LINE, to the claim code: each proof counts once, on its day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time

import pytest
from sqlalchemy import select

from tests.support.booking import PATIENT, TOMORROW, add_person, book, booking, line_actor, qr, register, to_slots
from tests.support.patients import DESK, arrive
from tests.support.world import World
from workflows.commands.scan_unit import ScanUnit
from workflows.queries import bookings
from workflows.records import Authentication, LineScan
from workflows.rules import citizen_id, masking, qr_codes

DAY = date.fromisoformat(TOMORROW)
PID = PATIENT["pid"]


@pytest.fixture(autouse=True)
def _always_true(world: World) -> Iterator[None]:
    yield
    world.check()


def confirmed(world: World, case_id: int) -> Authentication:
    """The desk confirms; gives the authentication that came of it."""
    world.do(DESK, "confirm", case_id, confirm=True)
    code = world.variables(case_id)["claim_code"]
    with world.database.connect() as db:
        found: Authentication = db.execute(
            select(*Authentication.__table__.c).where(Authentication.claim_code == code)
        ).one()  # type: ignore[assignment]
    return found


def problem(world: World, case_id: int) -> str:
    """What the desk is told instead of going on."""
    variables = world.variables(case_id)
    return str(variables.get("problem"))


def test_who_is_booked_and_received_needs_no_ladder_and_comes_once(world: World) -> None:
    booked = book(world, "requester")
    text = qr(world, booked)
    world.go_to(DAY, time(9))
    early = arrive(world, pid=PID, booking_token=text)
    assert "ยังไม่ได้บันทึก" in problem(world, early)  # scanned, but not received yet
    world.do(DESK, "arrival", booked, result="arrived", qr_text=text, identity_confirmed=True)
    case_id = arrive(world, pid=PID, booking_token=text)
    found = confirmed(world, case_id)
    assert (found.method, found.pid_masked, found.profession) == ("booking", masking.pid(PID), "nursing")
    kept = booking(world, booked)
    assert (kept["state"], kept["used_case"]) == ("used", case_id)
    again = arrive(world, pid=PID, booking_token=text, service_code="SA0010001")
    assert "QR การจองนี้ใช้ไม่ได้" in problem(world, again)
    assert world.items(DESK, "confirm") == []


def test_the_seat_of_somebody_served_is_not_offered_again(world: World) -> None:
    """Served early, at nine, with a booking for ten: nobody else is promised that seat, and a second one is its own."""
    add_person(world, "nursing", {"every": [["08:30", "16:30"]]})
    booked = book(world, "requester", "10:00")
    world.go_to(DAY, time(9))
    world.do(DESK, "arrival", booked, result="arrived", qr_text=qr(world, booked), identity_confirmed=True)
    confirmed(world, arrive(world, pid=PID, booking_token=qr(world, booked)))
    second = {**PATIENT, "pid": citizen_id.make("0", 7002)}
    case_id = to_slots(world, "requester", second)
    assert "10:00" not in [each["value"] for each in world.variables(case_id)["slots"]]
    add_person(world, "nursing", {"every": [["08:30", "16:30"]]})
    case_id = to_slots(world, "requester", {**PATIENT, "pid": citizen_id.make("0", 7003)})
    world.do("requester", "choose_slot", case_id, slot="10:00")
    assert booking(world, case_id)["place"] == f"99003/nursing/{TOMORROW}/10:00/1"


def test_a_scan_in_line_is_the_proof_of_one_case(world: World) -> None:
    me = line_actor(world)
    register(world)
    world.execute(ScanUnit(qr_codes.for_unit("99003", "PG0060001")), me)
    case_id = arrive(world, pid=PID)
    world.do(DESK, "identify", case_id, method="line")
    found = confirmed(world, case_id)
    assert found.method == "line"
    with world.runtime.reading() as db:
        assert db.execute(select(LineScan.case_id)).scalars().all() == [case_id]
        (own,) = bookings.own_codes(db, me)
    assert own["claim_code"] == found.claim_code
    second = arrive(world, pid=PID, service_code="SA0010001")
    world.do(DESK, "identify", second, method="line")
    assert [each["result"] for each in world.variables(second)["attempts"]] == ["failed"]
