"""Bookings, for those who made them and for the unit where they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from workflows.actor import Actor
from workflows.queue_register import QueueRegister
from workflows.records import (
    AnySelect,
    Authentication,
    Booking,
    Case,
    LineFamily,
    LinePerson,
    Organisation,
    Profession,
    WorkItem,
)
from workflows.sealing import Keyring

_MOST = 50
_SHOWN = (
    Booking.id,
    Booking.case_id,
    Booking.unit_code,
    Booking.service_on,
    Booking.slot,
    Booking.state,
    Booking.name,
    Booking.pid_masked,
    Booking.relation,
    Booking.token_sealed,
    Booking.end_reason,
    Case.number,
    Organisation.name.label("unit_name"),
    Profession.name.label("profession_name"),
)


def by_token(db: Connection, keyring: Keyring, token: str) -> Mapping[str, Any] | None:
    """The booking with this token: its row with pid and phone in clear, unit_name, profession_name; None if unknown.

    What an authentication relies on: ``state`` must be ``arrived`` and ``service_on`` today; it is used up by the
    change ``booking.use``.
    """
    found = QueueRegister(db, keyring).by_token(token)
    if found is None:
        return None
    names = db.execute(_rows(Booking.id == found["id"])).mappings().one()
    return {**found, **{key: names[key] for key in ("unit_name", "profession_name", "number")}}


def upcoming(db: Connection, keyring: Keyring, actor: Actor) -> Sequence[Mapping[str, Any]]:
    """What somebody of LINE has booked and not yet used, soonest first, each with its token."""
    mine = select(LinePerson.id).where(LinePerson.user_index == actor.line_index)
    if actor.line_index is None:
        return []
    rows = _rows(Booking.line_person_id.in_(mine), Booking.state.in_(("booked", "arrived")))
    return [_with_token(keyring, dict(row)) for row in db.execute(rows).mappings()]


def of_unit(db: Connection, unit_code: str, on: date) -> Sequence[Mapping[str, Any]]:
    """A unit's queue of a day in its order, with the open work item (``item_id``) of those who are expected."""
    statement = _rows(
        Booking.unit_code == unit_code,
        Booking.service_on == on,
        Booking.state.in_(("booked", "arrived", "used", "no_show")),
    )
    item = (WorkItem.case_id == Booking.case_id) & (WorkItem.element_id == "arrival")
    joined = statement.add_columns(WorkItem.id.label("item_id")).outerjoin(WorkItem, item).limit(500)
    return [dict(row) for row in db.execute(joined).mappings()]


def arrival_item(db: Connection, case_id: int) -> int | None:
    """The open work item with which a unit receives who is booked; None when it is over."""
    found = select(WorkItem.id).where(WorkItem.case_id == case_id, WorkItem.element_id == "arrival")
    return db.execute(found).scalar()


def token_of_case(db: Connection, keyring: Keyring, case_id: int) -> str | None:
    """The token of a case's booking while it counts."""
    found = QueueRegister(db, keyring).of_case(case_id)
    return str(found["token"]) if found is not None and found["state"] != "held" else None


def own_codes(db: Connection, actor: Actor) -> Sequence[Mapping[str, Any]]:
    """The claim codes of a LINE account's owner and family, newest first: claim_code, service_on, opened_at, unit_name,
    method, state, pid_masked."""
    if actor.line_index is None:
        return []
    me = select(LinePerson.pid_index).where(LinePerson.user_index == actor.line_index)
    owner = select(LinePerson.id).where(LinePerson.user_index == actor.line_index)
    family = select(LineFamily.pid_index).where(LineFamily.person_id.in_(owner), LineFamily.place.is_not(None))
    statement = (
        select(
            Authentication.claim_code,
            Authentication.service_on,
            Authentication.opened_at,
            Authentication.method,
            Authentication.state,
            Authentication.pid_masked,
            Authentication.unit_code,
            Organisation.name.label("unit_name"),
        )
        .outerjoin(Organisation, Organisation.code == Authentication.unit_code)
        .where(Authentication.pid_index.in_(me) | Authentication.pid_index.in_(family))
        .order_by(Authentication.opened_at.desc())
        .limit(_MOST)
    )
    return [dict(row) for row in db.execute(statement).mappings()]


def _rows(*which: ColumnElement[bool]) -> AnySelect:
    return (
        select(*_SHOWN)
        .join(Case, Case.id == Booking.case_id)
        .outerjoin(Organisation, Organisation.code == Booking.unit_code)
        .outerjoin(Profession, Profession.code == Booking.profession)
        .where(*which)
        .order_by(Booking.service_on, Booking.slot, Booking.id)
    )


def _with_token(keyring: Keyring, row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**row, "token": keyring.unseal(f"booking.token/{row['id']}", bytes(row["token_sealed"])).decode()}
