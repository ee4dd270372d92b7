"""What journeys of booked queues share: people of LINE, personnel, a booking up to any step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import insert, select

from tests.support.world import World
from workflows.actor import LINE_VISITOR, Actor
from workflows.queue_register import QueueRegister
from workflows.records import Booking, LinePerson, UnitPerson, new_id
from workflows.rules import citizen_id, masking, qr_codes

UNIT = "99003"
TOMORROW = "2026-11-03"
"""The day after the morning on which worlds begin: a Tuesday."""
PATIENT = {"pid": citizen_id.make("0", 7001), "first_name": "ประไพ", "last_name": "ตัวอย่าง", "mobile": "0800000071"}
USER = "U" + "4af4980629" * 3 + "ab"
"""A LINE userId."""


def line_actor(world: World, user: str = USER) -> Actor:
    """Who a LINE account acts as, once it is proven."""
    return Actor(LINE_VISITOR + world.keyring.index("line.user", user).hex())


def add_person(world: World, profession: str, hours: Mapping[str, Any], **other: Any) -> None:
    """Somebody who serves patients at the demonstration's unit."""
    id_, pid = new_id(), citizen_id.make("0", 8001)
    row = {
        "id": id_,
        "unit_code": UNIT,
        "profession": profession,
        "pid_sealed": world.keyring.seal(f"person/{id_}", pid.encode()),
        "pid_index": world.keyring.index("pid", pid),
        "pid_masked": masking.pid(pid),
        "first_name": "สาธิต",
        "last_name": "ตัวอย่าง",
        "licence_number": "0001",
        "licence_found": True,
        "specialty": "",
        "registration_types": [],
        "starts_on": date(2026, 1, 1),
        "ends_on": None,
        "every_day": "every" in hours,
        "hours": hours,
        "confirmed_at": world.clock.now(),
        "confirmed_by": "signatory",
        "removed_at": None,
        "case_id": None,
        "updated_at": world.clock.now(),
    }
    with world.database.begin() as db:
        db.execute(insert(UnitPerson), row | other)


def to_slots(world: World, who: str | Actor, patient: Mapping[str, str] = PATIENT, **where: str) -> int:
    """Consent, name the patient, choose unit and day; gives the case, which now asks for the time."""
    case_id = world.start("queue_booking", who).case_id
    world.do(who, "consent", case_id, accepted="yes")
    world.do(who, "patient", case_id, **patient)
    actor = world.actor(who)
    if actor.is_visitor and actor.line_index is None:
        world.do(who, "otp_enter", case_id, otp_code=world.code_for(patient["mobile"]))
    place = {"profession": "nursing", "unit_code": UNIT, "service_on": TOMORROW, **where}
    world.do(who, "where", case_id, **place)
    return case_id


def book(world: World, who: str | Actor, slot: str = "09:00", **where: str) -> int:
    """Book a place; gives the case."""
    case_id = to_slots(world, who, PATIENT, **where)
    world.do(who, "choose_slot", case_id, slot=slot)
    world.do(who, "confirm", case_id, confirmed="yes")
    return case_id


def booking(world: World, case_id: int) -> Mapping[str, Any]:
    """The newest booking of a case, with what is sealed of it in clear."""
    with world.runtime.reading() as db:
        newest = select(Booking.token_sealed, Booking.id).where(Booking.case_id == case_id)
        row = db.execute(newest.order_by(Booking.made_at.desc(), Booking.id.desc()).limit(1)).one()
        token = world.keyring.unseal(f"booking.token/{row.id}", bytes(row.token_sealed)).decode()
        found = QueueRegister(db, world.keyring).by_token(token)
    assert found is not None
    return found


def qr(world: World, case_id: int) -> str:
    """What the QR of a case's booking holds."""
    return qr_codes.for_booking(booking(world, case_id)["token"])


def register(world: World, name: str = "ประไพ ตัวอย่าง", user: str = USER, pid: str = PATIENT["pid"]) -> int:
    """Put somebody of LINE into the register, as the command does once rights and age are checked."""
    id_, keyring = new_id(), world.keyring
    row = {
        "id": id_,
        "user_sealed": keyring.seal(f"line.user/{id_}", user.encode()),
        "user_index": keyring.index("line.user", user),
        "pid_sealed": keyring.seal(f"line.pid/{id_}", pid.encode()),
        "pid_index": keyring.index("pid", pid),
        "pid_masked": masking.pid(pid),
        "name": name,
        "phone_sealed": keyring.seal(f"line.phone/{id_}", b"0800000071"),
        "consent_sha256": "0" * 64,
        "consent_at": world.clock.now(),
        "registered_at": world.clock.now(),
        "left_at": None,
    }
    with world.database.begin() as db:
        db.execute(insert(LinePerson), row)
    return id_
