"""Who a signed-in person is and acts for."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, exists, select

from workflows.actor import PROGRAM, UNIT_SYSTEM, Actor
from workflows.records import Account, AnySelect, ApiToken, Membership, Organisation, Session

_SHOWN = tuple(column for column in ApiToken.__table__.c if column.name != "token_hash")

IDLE = timedelta(minutes=60)
ABSOLUTE = timedelta(hours=12)


_PERSON = (
    Account.id,
    Account.username,
    Account.status,
    Account.title,
    Account.first_name,
    Account.last_name,
    Account.unit_code,
    Account.pid_index,
    Account.email,
    Membership.role,
    Membership.scope,
)
_STANDING = (
    Account.status_reason,
    Account.password_hash,
    Account.must_change_password,
    Account.password_void_at,
    Account.created_at,
    Account.activated_at,
    Account.last_used_at,
)
_JOINED = select(*_PERSON).outerjoin(Membership, Membership.account_id == Account.id)
_ACTOR = _JOINED.where(Account.id == bindparam("account"))
_CALLER = _JOINED.add_columns(*_STANDING).where(Account.username == bindparam("username"))
_SIGN_IN = select(
    Account.id,
    Account.status,
    *_STANDING,
    exists().where(Membership.account_id == Account.id, Membership.role == "admin").label("is_admin"),
).where(Account.username == bindparam("username"))


def actor_of(db: Connection, account_id: int, *, demo: bool = False) -> Actor | None:
    """The actor behind an account; None if the account may not act. In the demonstration a designer sees everything."""
    return _actor(db.execute(_ACTOR, {"account": account_id}).all(), demo)


def caller(db: Connection, username: str, *, demo: bool = False) -> tuple[Mapping[str, Any], Actor | None] | None:
    """``sign_in_account`` and ``actor_of`` in one statement, for who signs in with every call; None for a name that
    nobody has."""
    rows = db.execute(_CALLER, {"username": username}).all()
    if not rows:
        return None
    return {**rows[0]._mapping, "is_admin": any(row.role == "admin" for row in rows)}, _actor(rows, demo)


def _actor(rows: Sequence[Any], demo: bool) -> Actor | None:
    if not rows or rows[0].status != "active":
        return None
    account = rows[0]
    groups = frozenset(f"{row.role}:{row.scope}" if row.scope else row.role for row in rows if row.role is not None)
    return Actor(
        account.username,
        f"{account.title}{account.first_name} {account.last_name}",
        groups,
        account.unit_code,
        bytes(account.pid_index),
        account.id,
        account.email,
        sees_everything=bool(groups & {"auditor", "admin"}) or (demo and "designer" in groups),
    )


def sign_in_account(db: Connection, username: str) -> Mapping[str, Any] | None:
    """What signing in needs of an account: id, password hash, and what ``rules.account_care.refusal`` looks at."""
    found = db.execute(_SIGN_IN, {"username": username}).mappings().first()
    return dict(found) if found else None


def last_use(db: Connection, account_id: int) -> Any:
    """When the account was last used, and whether a new password must be set first."""
    columns = Account.last_used_at, Account.must_change_password
    return db.execute(select(*columns).where(Account.id == account_id)).one()


def living_session(db: Connection, token: str, now: datetime) -> Any | None:
    """A session that is not ended, was seen within the hour and is at most twelve hours old (real time): account_id,
    seen_at, must_change_password."""
    hashed = hashlib.sha256(token.encode()).hexdigest()
    row = db.execute(
        select(*Session.__table__.c, Account.must_change_password)
        .join(Account, Account.id == Session.account_id)
        .where(Session.token_hash == hashed)
    ).first()
    if row is None or row.ended_at is not None or now - row.seen_at > IDLE or now - row.created_at > ABSOLUTE:
        return None
    return row


@dataclass(frozen=True, slots=True)
class Credentials:
    """A token that may be used now: of the person ``account_id``, or of a unit's own system."""

    id: int
    account_id: int
    unit_code: str
    name: str
    scopes: tuple[str, ...]
    last_used_at: datetime | None

    @property
    def program(self) -> Actor:
        """The unit's system as the one who acts: it does the work of the unit's front desk, as far as its scopes go."""
        groups = frozenset({f"frontdesk:{self.unit_code}", f"{UNIT_SYSTEM}:{self.unit_code}"})
        return Actor(f"{PROGRAM}{self.id}", self.name, groups, self.unit_code)


def bearer(db: Connection, secret: str, now: datetime) -> Credentials | None:
    """What a bearer token stands for; None when unknown, revoked or expired, or the secret of a client."""
    row = _living_token(db, ApiToken.token_hash == _hash(secret), now)
    return _credentials(row) if row is not None and row.client_id is None else None


def client_token(db: Connection, client_id: str, secret: str, now: datetime) -> int | None:
    """The token id behind client credentials; None when they are wrong, revoked or expired."""
    row = _living_token(db, ApiToken.client_id == client_id, now)
    return int(row.id) if row is not None and hmac.compare_digest(row.token_hash, _hash(secret)) else None


def client(db: Connection, token_id: int, now: datetime) -> Credentials | None:
    """What a client stands for, as long as its credentials are good."""
    row = _living_token(db, ApiToken.id == token_id, now)
    return _credentials(row) if row is not None and row.client_id is not None else None


def _living_token(db: Connection, which: ColumnElement[bool], now: datetime) -> Any | None:
    """A token that is neither revoked nor too old; one of a unit works as long as the unit does."""
    unit = select(Organisation.active).where(Organisation.code == ApiToken.unit_code).scalar_subquery()
    row = db.execute(select(*ApiToken.__table__.c, unit.label("unit_active")).where(which)).first()
    if row is None or row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
        return None
    return row if not row.unit_code or row.unit_active else None


def _credentials(row: Any) -> Credentials:
    return Credentials(row.id, row.account_id, row.unit_code, row.name, tuple(row.scopes), row.last_used_at)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def tokens_of(db: Connection, account_id: int) -> list[Mapping[str, Any]]:
    """The account's own tokens that are not revoked, newest first, without their secrets."""
    mine = select(*_SHOWN).where(*ApiToken.living_of(ApiToken.account_id == account_id))
    return [dict(row) for row in db.execute(mine.order_by(ApiToken.id.desc())).mappings()]


def tokens_of_units(db: Connection, units: Collection[str] | None) -> list[Mapping[str, Any]]:
    """The tokens of these units' own systems (None: of every unit) that are not revoked, by unit, newest first; with
    ``unit_name`` and the name of who made each."""
    statement: AnySelect = (
        select(*_SHOWN, Organisation.name.label("unit_name"), Account.first_name, Account.last_name)
        .join(Account, Account.id == ApiToken.account_id)
        .outerjoin(Organisation, Organisation.code == ApiToken.unit_code)
        .where(ApiToken.unit_code != "", ApiToken.revoked_at.is_(None))
        .order_by(ApiToken.unit_code, ApiToken.id.desc())
        .limit(500)
    )
    if units is not None:
        statement = statement.where(ApiToken.unit_code.in_(units))
    return [dict(row) for row in db.execute(statement).mappings()]
