"""Proofs of presence and bookings, used up by the case that relies on them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, or_, select, update

from workflows.chain import Event
from workflows.changes.registry import writes
from workflows.operators import booking_news
from workflows.ports import Context, Message
from workflows.queue_register import token_hash
from workflows.records import Booking, Case, LineScan, new_id
from workflows.rules import qr_codes
from workflows.work import Work

_BY_THE_SYSTEM = "ผู้ดูแลระบบยกเลิกการจอง"


@writes("line_scan.use")
def use_scan(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    """A scan (``scan``: its id) proves one case only: whoever comes second starts again without it."""
    unused = update(LineScan).where(LineScan.id == int(given["scan"]), LineScan.case_id.is_(None))
    work.write(unused.values(case_id=case.id), expect=1)
    return Event("line_scan.used", data={"scan": str(given["scan"])})


@writes("booking.use")
def use_booking(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    """An arrived booking (``booking``: its id) leads to one authentication."""
    arrived = update(Booking).where(Booking.id == int(given["booking"]), Booking.state == "arrived")
    work.write(arrived.values(state="used", used_case=case.id, ended_at=work.now), expect=1)
    return Event("booking.used", data={"booking": str(given["booking"])})


@writes("booking.hold")
def hold(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    """Take a seat: its ``place`` is unique, so whoever is second to the last seat starts again and finds it taken."""
    id_, token, person, keyring = new_id(), qr_codes.new_token(), given["person"], work.services.keyring
    over = or_(Booking.held_until <= work.now, Booking.case_id.not_in(select(Case.id).where(Case.state == "ACTIVE")))
    free = update(Booking).where(Booking.place == given["place"], Booking.state == "held", over)
    work.write(free.values(place=None, state="expired", ended_at=work.now))
    left = update(Booking).where(Booking.place == given["place"], Booking.state == "booked")
    left = left.where(Booking.case_id.not_in(select(Case.id).where(Case.state == "ACTIVE")))
    work.write(left.values(place=None, state="cancelled", ended_at=work.now))
    mine = update(Booking).where(Booking.case_id == case.id, Booking.state == "held")
    work.write(mine.values(place=None, state="expired", ended_at=work.now))
    line = person["line_person_id"]
    work.write(
        insert(Booking),
        {
            "id": id_,
            "case_id": case.id,
            "token_hash": token_hash(token),
            "token_sealed": keyring.seal(f"booking.token/{id_}", token.encode()),
            "unit_code": given["unit_code"],
            "profession": given["profession"],
            "service_on": date.fromisoformat(given["service_on"]),
            "slot": given["slot"],
            "place": given["place"],
            "state": "held",
            "held_until": datetime.fromisoformat(given["held_until"]),
            "pid_sealed": keyring.seal(f"booking.pid/{id_}", person["pid"].encode()),
            "pid_index": keyring.index("pid", person["pid"]),
            "pid_masked": person["pid_masked"],
            "name": person["name"],
            "phone_sealed": keyring.seal(f"booking.phone/{id_}", person["mobile"].encode()),
            "line_person_id": int(line) if line else None,
            "relation": person["relation"],
            "made_at": work.now,
            "booked_at": None,
            "arrived_at": None,
            "arrived_by": None,
            "used_case": None,
            "ended_at": None,
            "end_reason": "",
        },
    )
    return Event("booking.held", data={"booking": str(id_), "place": given["place"]})


@writes("booking.book")
def book(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    """The held place is this person's."""
    return _move(work, given, ("held",), "booked", {"state": "booked", "booked_at": work.now})


@writes("booking.arrive")
def arrive(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    """The patient is there and the unit has confirmed who it is."""
    came = {"state": "arrived", "arrived_at": work.now, "arrived_by": work.actor.id}
    return _move(work, given, ("booked",), "arrived", came)


@writes("booking.end")
def end(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    """The place is free again."""
    ended = {"state": given["state"], "place": None, "ended_at": work.now, "end_reason": given["reason"][:500]}
    return _move(work, given, ("held", "booked"), given["state"], ended)


def left(work: Work, case_id: int) -> tuple[list[Event], list[Message]]:
    """Queue that the seat of a case that ends from outside its diagram is free again. Gives what to tell the history
    and, where the seat was booked, the patient."""
    found = work.register.queue().of_case(case_id)
    if found is None or found["state"] == "arrived":
        return [], []
    ended = {"state": "cancelled", "place": None, "ended_at": work.now}
    events = [_move(work, {"booking": str(found["id"])}, ("held", "booked"), "cancelled", ended)]
    if found["state"] == "held":
        return events, []
    professions = {each["code"]: each["name"] for each in work.register.professions()}
    about = {
        "text": "booking_cancelled_by_unit",
        "unit_name": (work.register.unit(found["unit_code"]) or {}).get("name", found["unit_code"]),
        "profession_name": professions.get(found["profession"], found["profession"]),
        "reason": _BY_THE_SYSTEM,
    }
    context = Context(work.now, work.actor, work.register, case_id, base_url=work.services.base_url)
    return events, list(booking_news.tell(about, context).messages)


def _move(work: Work, given: Mapping[str, Any], before: tuple[str, ...], how: str, values: dict[str, Any]) -> Event:
    moved = update(Booking).where(Booking.id == int(given["booking"]), Booking.state.in_(before))
    work.write(moved.values(**values), expect=1)
    return Event(f"booking.{how}", data={"booking": given["booking"]})
