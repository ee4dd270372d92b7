"""What forms, tables and operators may ask about booked queues and people of LINE."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from workflows.actor import Actor
from workflows.records import (
    AnySelect,
    Booking,
    Case,
    InnovationUnit,
    LineFamily,
    LinePerson,
    LineScan,
    Organisation,
    UnitPerson,
)
from workflows.rules.thai_text import collation_key
from workflows.sealing import Keyring

MOST_UNITS = 300
LIVE = ("held", "booked", "arrived")
"""States in which a booking takes a seat."""


def standing_on(day: date) -> ColumnElement[bool]:
    """A unit is registered, re-activated and not past its end."""
    return and_(
        InnovationUnit.registered_at.is_not(None),
        InnovationUnit.reactivated_at.is_not(None),
        or_(InnovationUnit.active_until.is_(None), InnovationUnit.active_until >= day),
    )


def takes_a_seat(now: datetime) -> ColumnElement[bool]:
    """Held and not over, booked or arrived, of a case that still runs."""
    running = select(Case.id).where(Case.id == Booking.case_id, Case.state == "ACTIVE").exists()
    return or_(
        Booking.state == "arrived",
        and_(Booking.state == "booked", running),
        and_(Booking.state == "held", Booking.held_until > now, running),
    )


def token_hash(token: str) -> str:
    """How the token of a booking is found."""
    return hashlib.sha256(token.encode()).hexdigest()


class QueueRegister:
    """Answers from one open connection."""

    def __init__(self, db: Connection, keyring: Keyring) -> None:
        self._db = db
        self._keyring = keyring

    def provinces(self, on: date) -> list[str]:
        found = _standing(on, Organisation.province).distinct()
        return sorted(self._db.execute(found).scalars(), key=collation_key)

    def units(self, on: date, province: str = "", profession: str = "") -> list[Mapping[str, Any]]:
        columns = (Organisation.code, Organisation.name, Organisation.province, InnovationUnit.professions)
        statement = _standing(on, *columns).order_by(Organisation.province, Organisation.name)
        if province:
            statement = statement.where(Organisation.province == province)
        found: list[Mapping[str, Any]] = []
        for row in self._db.execute(statement).mappings():
            if not profession or profession in row["professions"]:
                found.append({key: row[key] for key in ("code", "name", "province")})
            if len(found) == MOST_UNITS:
                break
        return found

    def ranges(self, unit_code: str, profession: str, on: date, *, holiday: bool) -> list[list[list[str]]] | None:
        columns = (UnitPerson.every_day, UnitPerson.hours, UnitPerson.starts_on, UnitPerson.ends_on)
        serves = (UnitPerson.unit_code == unit_code, UnitPerson.profession == profession)
        people = self._db.execute(select(*columns).where(*serves, UnitPerson.removed_at.is_(None))).all()
        if not people:
            return None
        found = []
        for person in people:
            day = "holiday" if holiday else str(on.weekday())
            hours = person.hours.get("every" if person.every_day else day, [])
            if person.starts_on <= on and (person.ends_on is None or on <= person.ends_on) and hours:
                found.append(hours)
        return found

    def taken(self, unit_code: str, profession: str, on: date, now: datetime) -> Mapping[str, frozenset[int]]:
        of_day = (Booking.unit_code == unit_code, Booking.profession == profession, Booking.service_on == on)
        seated = or_(Booking.state == "used", takes_a_seat(now))  # whoever was served had the seat, and keeps its place
        statement = select(Booking.slot, Booking.place).where(*of_day, Booking.place.is_not(None), seated)
        seats: dict[str, set[int]] = {}
        for slot, place in self._db.execute(statement):
            seats.setdefault(slot, set()).add(int(str(place).rpartition("/")[2]))
        return {slot: frozenset(numbers) for slot, numbers in seats.items()}

    def has_booking(self, pid: str, profession: str, on: date, case_id: int, now: datetime) -> bool:
        same = (
            Booking.pid_index == self._keyring.index("pid", pid),
            Booking.service_on == on,
            Booking.profession == profession,
            Booking.case_id != case_id,
            takes_a_seat(now),
        )
        return self._db.execute(select(Booking.id).where(*same).limit(1)).first() is not None

    def of_case(self, case_id: int) -> Mapping[str, Any] | None:
        return self._booking(Booking.case_id == case_id, Booking.state.in_(LIVE))

    def by_token(self, token: str) -> Mapping[str, Any] | None:
        return self._booking(Booking.token_hash == token_hash(token))

    def _booking(self, *which: ColumnElement[bool]) -> Mapping[str, Any] | None:
        newest = select(*Booking.__table__.c).where(*which).order_by(Booking.made_at.desc(), Booking.id.desc())
        row = self._db.execute(newest.limit(1)).mappings().first()
        if row is None:
            return None
        sealed = {name: bytes(row[f"{name}_sealed"]) for name in ("pid", "phone", "token")}
        clear = {n: self._keyring.unseal(f"booking.{n}/{row['id']}", value).decode() for n, value in sealed.items()}
        return {**row, **clear, "line_to": self._line_to(row["line_person_id"])}

    def _line_to(self, person_id: int | None) -> str:
        statement = select(LinePerson.user_sealed).where(LinePerson.id == person_id, LinePerson.left_at.is_(None))
        sealed = self._db.execute(statement).scalar() if person_id is not None else None
        return self._keyring.unseal(f"line.user/{person_id}", bytes(sealed)).decode() if sealed else ""

    def people(self, actor: Actor) -> list[Mapping[str, Any]]:
        if actor.line_index is None:
            return []
        mine = select(*LinePerson.__table__.c).where(LinePerson.user_index == actor.line_index)
        row = self._db.execute(mine).mappings().first()
        if row is None:
            return []
        shared = {"phone": self._open("phone", row["id"], row["phone_sealed"]), "line_person_id": row["id"]}
        shown = {"pid_masked": row["pid_masked"], "name": row["name"]}
        pid = self._open("pid", row["id"], row["pid_sealed"])
        found: list[Mapping[str, Any]] = [{"value": "self", "relation": "self", "pid": pid, **shown, **shared}]
        family = select(*LineFamily.__table__.c).where(LineFamily.person_id == row["id"], LineFamily.place.is_not(None))
        for member in self._db.execute(family.order_by(LineFamily.place)).mappings():
            shown = {key: member[key] for key in ("relation", "pid_masked", "name")}
            pid = self._open("family", member["id"], member["pid_sealed"])
            found.append({"value": str(member["id"]), "pid": pid, **shown, **shared})
        return found

    def _open(self, what: str, id_: int, sealed: bytes) -> str:
        return self._keyring.unseal(f"line.{what}/{id_}", bytes(sealed)).decode()


def line_proof(db: Connection, keyring: Keyring, unit_code: str, pid: str, on: date) -> Mapping[str, Any] | None:
    """See ``queries.line_proofs.proof``."""
    columns = (LineScan.id, LineScan.relation, LineScan.service_code, LineScan.scanned_at)
    statement = (
        select(*columns, LinePerson.pid_masked.label("scanned_by"))
        .join(LinePerson, LinePerson.id == LineScan.person_id)
        .where(
            LineScan.unit_code == unit_code,
            LineScan.service_on == on,
            LineScan.pid_index == keyring.index("pid", pid),
            LineScan.case_id.is_(None),
            LinePerson.left_at.is_(None),
        )
        .order_by(LineScan.scanned_at.desc(), LineScan.id.desc())
        .limit(1)
    )
    row = db.execute(statement).mappings().first()
    return dict(row) if row else None


def _standing(on: date, *columns: Any) -> AnySelect:
    joined = select(*columns).join(InnovationUnit, InnovationUnit.unit_code == Organisation.code)
    return joined.where(Organisation.active, standing_on(on))
