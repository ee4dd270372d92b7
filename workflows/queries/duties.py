"""Who is appointed to what: the list of administrators, and the appointments of one account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Connection, func, literal, or_, select, tuple_

from workflows.errors import NotFound
from workflows.records import Account, AnySelect, Membership, Organisation, TargetSystem
from workflows.rules.thai_text import normalise

Key = tuple[str, str, int]

_PERSON = (
    Account.id,
    Account.username,
    Account.title,
    Account.first_name,
    Account.last_name,
    Account.position,
    Account.unit_code,
    Account.email,
    Account.status,
)


def page(
    db: Connection, roles: Sequence[str], text: str = "", region: str = "", *, after: Key | None = None, limit: int = 50
) -> list[Mapping[str, Any]]:
    """Active people with one of these roles, by role and scope; ``text`` is looked for in code and name of what they
    are appointed to. ``where`` is its name, ``phone`` and ``office_email`` those of their own organisation."""
    key = (Membership.role, Membership.scope, Membership.account_id)
    own, scoped = Organisation.__table__.alias("own"), Organisation.__table__.alias("scoped")
    statement: AnySelect = (
        select(
            *_PERSON,
            Membership.role,
            Membership.scope,
            func.coalesce(scoped.c.name, TargetSystem.name, "").label("where"),
            own.c.name.label("own_name"),
            own.c.phone,
            own.c.public_phone,
            own.c.email.label("office_email"),
        )
        .join(Account, Account.id == Membership.account_id)
        .outerjoin(own, own.c.code == Account.unit_code)
        .outerjoin(scoped, scoped.c.code == Membership.scope)
        .outerjoin(TargetSystem, TargetSystem.code == Membership.scope)
        .where(Membership.role.in_(roles), Account.status == "active")
        .order_by(*key)
        .limit(limit)
    )
    if wanted := normalise(text):
        named = [column.icontains(wanted, autoescape=True) for column in (scoped.c.name, TargetSystem.name, own.c.name)]
        statement = statement.where(or_(Membership.scope == wanted, *named))
    if region:
        statement = statement.where(or_(Membership.scope == region, scoped.c.region == region))
    if after is not None:
        last = tuple_(literal(after[0]), literal(after[1]), literal(after[2], BigInteger()))
        statement = statement.where(tuple_(*key) > last)
    return [dict(row) for row in db.execute(statement).mappings()]


def people(db: Connection, text: str, *, limit: int = 50) -> list[Mapping[str, Any]]:
    """Accounts by user name, name or unit, with how many appointments each has."""
    count = select(func.count()).where(Membership.account_id == Account.id).scalar_subquery()
    statement: AnySelect = select(*_PERSON, count.label("duties")).order_by(Account.username).limit(limit)
    for word in normalise(text).split():
        names = (Account.username, Account.first_name, Account.last_name)
        found = [column.icontains(word, autoescape=True) for column in names]
        statement = statement.where(or_(Account.unit_code == word, *found))
    return [dict(row) for row in db.execute(statement).mappings()]


def person(db: Connection, username: str) -> Mapping[str, Any]:
    """One account. Raises NotFound."""
    row = db.execute(select(*_PERSON).where(Account.username == username)).mappings().first()
    if row is None:
        raise NotFound(account=username)
    return dict(row)


def of(db: Connection, account_id: int) -> list[Mapping[str, Any]]:
    """What an account is appointed to, with the name of what it is of."""
    statement: AnySelect = (
        select(
            Membership.role, Membership.scope, func.coalesce(Organisation.name, TargetSystem.name, "").label("where")
        )
        .outerjoin(Organisation, Organisation.code == Membership.scope)
        .outerjoin(TargetSystem, TargetSystem.code == Membership.scope)
        .where(Membership.account_id == account_id)
        .order_by(Membership.role, Membership.scope)
    )
    return [dict(row) for row in db.execute(statement).mappings()]
