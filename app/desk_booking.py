"""Whoever booked ahead, at the front desk: the QR code says who comes, and receiving them proves it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from app.access import current_actor, product
from workflows.clock import bangkok_date
from workflows.commands.complete_work_item import CompleteWorkItem
from workflows.errors import AlreadyDone
from workflows.queries import bookings
from workflows.queries.authentications import own_units
from workflows.rules import qr_codes


def expected(db: Connection, token: str) -> Mapping[str, Any] | None:
    """The booking of this token, if it is for today at a unit of this desk and not used up; ``state`` is booked until
    the patient was received, then arrived."""
    wired = product()
    found = bookings.by_token(db, wired.keyring, token) if token else None
    if found is None or found["unit_code"] not in own_units(current_actor()):
        return None
    today = found["service_on"] == bangkok_date(wired.runtime.clock.now())
    return found if today and found["state"] in ("booked", "arrived") else None


def receive(token: str) -> bool:
    """Somebody looked at the patient's papers: the booking has arrived. Whether it did; a second press does no harm."""
    wired = product()
    with wired.runtime.reading() as db:
        found = expected(db, token)
        item = bookings.arrival_item(db, found["case_id"]) if found is not None else None
    if found is not None and found["state"] == "booked" and item is not None:
        answers = {"result": "arrived", "qr_text": qr_codes.for_booking(token), "identity_confirmed": True}
        with contextlib.suppress(AlreadyDone):
            wired.runtime.execute(CompleteWorkItem(item, answers), current_actor())
    with wired.runtime.reading() as db:
        after = expected(db, token)
    return after is not None and after["state"] == "arrived"
