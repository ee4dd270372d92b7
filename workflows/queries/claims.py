"""Finding authentications: by filter, by code, by person; what became of each; the common illnesses of a person.

Lists are ordered by the moment of opening, the newest first, and read by key along an index: the n-th page costs what
the first does. A service day is the Bangkok day of opening (domain: on the service day itself).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, literal, select, tuple_

from workflows.actor import Actor
from workflows.clock import BANGKOK
from workflows.errors import NotFound
from workflows.queries.scopes import scope_of
from workflows.records import (
    Account,
    Authentication,
    AuthenticationChange,
    CommonIllness,
    Organisation,
    Profession,
    ServiceCode,
    UtcDateTime,
)
from workflows.rules import masking
from workflows.sealing import Keyring

_PLAIN = tuple(
    column for column in Authentication.__table__.c if column.name not in ("pid_index", "pid_sealed", "details")
)
_NAMES = (
    Organisation.name.label("unit_name"),
    Profession.name.label("profession_name"),
    ServiceCode.name.label("service_name"),
)
_NOBODY_COUNTS_FURTHER = 200_001


@dataclass(frozen=True, slots=True)
class Filters:
    """What is wanted: service days, both included, and exact values; "" and None leave a column open. ``person`` is the
    blind index of a citizen ID."""

    first: date | None = None
    last: date | None = None
    code: str = ""
    unit: str = ""
    state: str = ""
    method: str = ""
    service: str = ""
    review: str = ""
    kind: str = ""
    person: bytes | None = None

    def told(self) -> dict[str, str]:
        """What was asked for, for the audit chain; of a person only that one was named."""
        names = ("first", "last", "code", "unit", "state", "method", "service", "review", "kind")
        told = {name: str(getattr(self, name)) for name in names if getattr(self, name)}
        return told | ({"person": "one"} if self.person else {})


class Key(NamedTuple):
    """Where a page ended."""

    opened_at: datetime
    claim_code: str


def page(
    db: Connection,
    actor: Actor,
    filters: Filters,
    *,
    after: Key | None = None,
    limit: int = 50,
    sealed: bool = False,
) -> list[dict[str, Any]]:
    """Authentications the actor may see, the newest first, with the names of unit, profession and service; ``sealed``
    adds the column details as it is kept."""
    extra = (Authentication.details,) if sealed else ()
    statement = (
        select(*_PLAIN, *_NAMES, *extra)
        .outerjoin(Organisation, Organisation.code == Authentication.unit_code)
        .outerjoin(Profession, Profession.code == Authentication.profession)
        .outerjoin(ServiceCode, ServiceCode.code == Authentication.service_code)
        .where(*_conditions(actor, filters))
        .order_by(Authentication.opened_at.desc(), Authentication.claim_code.desc())
        .limit(limit)
    )
    if after is not None:
        key = tuple_(literal(after.opened_at, UtcDateTime()), literal(after.claim_code))
        statement = statement.where(tuple_(Authentication.opened_at, Authentication.claim_code) < key)
    return [dict(row) for row in db.execute(statement).mappings()]


def count(db: Connection, actor: Actor, filters: Filters) -> int:
    """How many there are; nobody counts further than 200,001."""
    some = select(literal(1)).select_from(Authentication).where(*_conditions(actor, filters))
    counted = select(func.count()).select_from(some.limit(_NOBODY_COUNTS_FURTHER).subquery())
    return int(db.execute(counted).scalar_one())


def batches(
    reading: Callable[[], AbstractContextManager[Connection]], actor: Actor, filters: Filters, *, size: int = 500
) -> Iterator[list[dict[str, Any]]]:
    """All of them with ``details``, a batch at a time, each on a connection of its own: memory holds one batch."""
    after: Key | None = None
    while True:
        with reading() as db:
            rows = page(db, actor, filters, after=after, limit=size, sealed=True)
        if rows:
            yield rows
            after = Key(rows[-1]["opened_at"], rows[-1]["claim_code"])
        if len(rows) < size:
            return


def find(db: Connection, actor: Actor, claim_code: str) -> dict[str, Any]:
    """One authentication with the names of unit, profession and service. Raises NotFound, also for one that the actor
    may not see."""
    rows = page(db, actor, Filters(code=claim_code), limit=1)
    if not rows:
        raise NotFound(claim_code=claim_code)
    return rows[0]


def details(db: Connection, keyring: Keyring, claim_code: str) -> dict[str, Any]:
    """What is sealed of one: title, first_name, last_name, mobile, phones, rights, identity."""
    sealed = db.execute(select(Authentication.details).where(Authentication.claim_code == claim_code)).scalar_one()
    return opened(keyring, claim_code, sealed)


def opened(keyring: Keyring, claim_code: str, sealed: bytes) -> dict[str, Any]:
    """The sealed column of a row in clear."""
    found: dict[str, Any] = json.loads(keyring.unseal(f"authentication.details/{claim_code}", bytes(sealed)))
    return found


def changes(db: Connection, claim_code: str) -> list[dict[str, Any]]:
    """What became of it, oldest first: at, actor, who (their name), kind, reason, before, after."""
    statement = (
        select(*AuthenticationChange.__table__.c, Account.title, Account.first_name, Account.last_name)
        .outerjoin(Account, Account.username == AuthenticationChange.actor)
        .where(AuthenticationChange.claim_code == claim_code)
        .order_by(AuthenticationChange.at, AuthenticationChange.id)
    )
    return [{**row, "who": _who(row)} for row in map(dict, db.execute(statement).mappings())]


def of_person(db: Connection, actor: Actor, person: bytes, today: date, *, limit: int = 20) -> list[dict[str, Any]]:
    """The last claim codes of a person. Those of other units are shown to staff of a unit only while the patient is
    authenticated there today, and without code, case or reason: ``masked`` is true of such a row."""
    scope = scope_of(actor)
    own = page(db, actor, Filters(person=person), limit=limit)
    here_today = any(row["service_on"] == today and row["state"] != "void" for row in own)
    if scope.everything or scope.regions or not here_today:
        return [{**row, "masked": False} for row in own]
    statement = (
        select(*_PLAIN, *_NAMES)
        .outerjoin(Organisation, Organisation.code == Authentication.unit_code)
        .outerjoin(Profession, Profession.code == Authentication.profession)
        .outerjoin(ServiceCode, ServiceCode.code == Authentication.service_code)
        .where(Authentication.pid_index == person)
        .order_by(Authentication.service_on.desc(), Authentication.opened_at.desc())
        .limit(limit)
    )
    rows = [dict(row) for row in db.execute(statement).mappings()]
    return [_masked(row) if row["unit_code"] not in scope.units else {**row, "masked": False} for row in rows]


def illnesses(db: Connection, actor: Actor, person: bytes, since: date) -> list[dict[str, Any]]:
    """Common illnesses a person was treated for since a day, of what the actor may see: code, name, visits, last."""
    statement = (
        select(
            Authentication.illness.label("code"),
            func.coalesce(CommonIllness.name, Authentication.illness).label("name"),
            func.count().label("visits"),
            func.max(Authentication.service_on).label("last"),
        )
        .outerjoin(CommonIllness, CommonIllness.code == Authentication.illness)
        .where(
            Authentication.pid_index == person,
            Authentication.service_on >= since,
            Authentication.illness != "",
            Authentication.state != "void",
            scope_of(actor).of(Authentication.unit_code, Authentication.region),
        )
        .group_by(Authentication.illness, CommonIllness.name)
        .order_by(func.max(Authentication.service_on).desc())
    )
    return [dict(row) for row in db.execute(statement).mappings()]


def known_illnesses(db: Connection) -> list[tuple[str, str]]:
    """(code, name) of the common illnesses in use."""
    statement = select(CommonIllness.code, CommonIllness.name).where(CommonIllness.active)
    return [(row.code, row.name) for row in db.execute(statement.order_by(CommonIllness.position))]


def _masked(row: Mapping[str, Any]) -> dict[str, Any]:
    hidden = dict.fromkeys(("reason", "visit_number", "opened_by", "void_reason", "illness"), "")
    code = masking.claim_code(str(row["claim_code"]))
    return {**row, **hidden, "claim_code": code, "case_id": None, "masked": True}


def _who(row: Mapping[str, Any]) -> str:
    return f"{row['title']}{row['first_name']} {row['last_name']}" if row["first_name"] else ""


def _conditions(actor: Actor, filters: Filters) -> list[ColumnElement[bool]]:
    found = [scope_of(actor).of(Authentication.unit_code, Authentication.region)]
    if filters.first is not None:
        found.append(Authentication.opened_at >= _midnight(filters.first))
    if filters.last is not None:
        found.append(Authentication.opened_at < _midnight(filters.last + timedelta(days=1)))
    exact = {
        Authentication.claim_code: filters.code,
        Authentication.unit_code: filters.unit,
        Authentication.state: filters.state,
        Authentication.method: filters.method,
        Authentication.service_code: filters.service,
        Authentication.review: filters.review,
        Authentication.visit_kind: filters.kind,
    }
    found += [column == value for column, value in exact.items() if value]
    if filters.person is not None:
        found.append(Authentication.pid_index == filters.person)
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BANGKOK)
