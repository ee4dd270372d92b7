"""How grants reach the target systems: settings, what a target should have, how far each change is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select

from workflows.errors import NotFound
from workflows.records import (
    AcceptedDifference,
    Account,
    AnySelect,
    Grant,
    OutboxRow,
    Provisioning,
    ProvisioningTarget,
    Role,
    TargetSystem,
    token_place,
)
from workflows.rules.drift import Difference
from workflows.sealing import Keyring

MANUAL = "manual"
_MAY_USE = ("active", "pending")
_STATES = {None: "waiting", "pending": "waiting", "failed": "failed"}


@dataclass(frozen=True, slots=True)
class Target:
    """A target system with its adapter."""

    system_code: str
    name: str
    kind: str
    url: str
    has_token: bool
    checked_at: datetime | None
    result: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an account should look like in a target system. Without roles, or not active, it may do nothing there."""

    username: str
    external_id: str
    given_name: str
    family_name: str
    email: str
    active: bool
    roles: frozenset[str]


def targets(db: Connection) -> list[Target]:
    """Every target system, by code."""
    return [_target(row) for row in db.execute(_targets().order_by(TargetSystem.code))]


def target(db: Connection, system_code: str) -> Target:
    """One target system. Raises NotFound."""
    row = db.execute(_targets().where(TargetSystem.code == system_code)).first()
    if row is None:
        raise NotFound(system=system_code)
    return _target(row)


def token(db: Connection, keyring: Keyring, system_code: str) -> str:
    """The bearer token for a target, in clear; empty if there is none."""
    sealed = db.execute(
        select(ProvisioningTarget.token_sealed).where(ProvisioningTarget.system_code == system_code)
    ).scalar()
    return keyring.unseal(token_place(system_code), bytes(sealed)).decode() if sealed else ""


def role_codes(db: Connection, system_code: str) -> frozenset[str]:
    """The roles of a system that are ours to give and take; others there are left alone."""
    return frozenset(db.execute(select(Role.code).where(Role.system_code == system_code)).scalars())


def wanted(db: Connection, system_code: str, username: str) -> Wanted:
    """What the register says now about an account in a system; nothing at all for a username that it does not know."""
    account = db.execute(select(*Account.__table__.c).where(Account.username == username)).first()
    roles: set[str] = set()
    if account is not None:
        held = select(Grant.role_code).where(
            Grant.account_id == account.id, Grant.system_code == system_code, Grant.revoked_at.is_(None)
        )
        roles = set(db.execute(held).scalars())
    accepted = db.execute(
        select(AcceptedDifference.role_code, AcceptedDifference.side).where(
            AcceptedDifference.system_code == system_code, AcceptedDifference.username == username
        )
    )
    for role, side in accepted:
        roles = roles | {role} if side == "extra" else roles - {role}
    if account is None:
        return Wanted(username, "", "", "", "", bool(roles), frozenset(roles))
    may = account.status in _MAY_USE and bool(roles)
    names = account.first_name, account.last_name
    return Wanted(username, str(account.id), *names, account.email, may, frozenset(roles))


def granted(db: Connection, system_code: str) -> dict[str, set[str]]:
    """The roles that accounts may use in a system, as the register has it: username → role codes."""
    rows = db.execute(
        select(Account.username, Grant.role_code)
        .join(Account, Account.id == Grant.account_id)
        .where(Grant.system_code == system_code, Grant.revoked_at.is_(None), Account.status.in_(_MAY_USE))
    )
    found: dict[str, set[str]] = {}
    for username, role in rows:
        found.setdefault(username, set()).add(role)
    return found


def accepted(db: Connection, system_code: str) -> frozenset[Difference]:
    """The differences that the owner of a system accepts."""
    columns = AcceptedDifference.username, AcceptedDifference.role_code, AcceptedDifference.side
    rows = db.execute(select(*columns).where(AcceptedDifference.system_code == system_code))
    return frozenset(Difference(username, role, side) for username, role, side in rows)


def counts(db: Connection) -> dict[str, dict[str, int]]:
    """How many changes wait and how many failed, by system."""
    joined = select(Provisioning.system_code, OutboxRow.status, func.count()).outerjoin(
        OutboxRow, OutboxRow.key == Provisioning.key
    )
    open_ = (OutboxRow.status.is_(None)) | (OutboxRow.status.in_(("pending", "failed")))
    found: dict[str, dict[str, int]] = {}
    for system, status, count in db.execute(joined.where(open_).group_by(Provisioning.system_code, OutboxRow.status)):
        states = found.setdefault(system, {"waiting": 0, "failed": 0})
        states[_STATES[status]] += count
    return found


def changes(db: Connection, system_code: str, limit: int = 50) -> list[dict[str, Any]]:
    """The newest changes of a system with how far each is (waiting, done, failed) and why it failed."""
    statement = _changes().where(Provisioning.system_code == system_code)
    return [_change(row) for row in db.execute(statement.order_by(Provisioning.id.desc()).limit(limit))]


def of_case(db: Connection, case_id: int) -> list[dict[str, Any]]:
    """The grants of a case: system, role, and how far the target system is (by_hand, waiting, done, failed)."""
    last = (
        select(Provisioning.grant_id, func.max(Provisioning.id).label("id"))
        .join(Grant, Grant.id == Provisioning.grant_id)
        .where(Grant.case_id == case_id)
        .group_by(Provisioning.grant_id)
        .subquery()
    )
    statement = (
        select(
            Grant.system_code,
            TargetSystem.name.label("system"),
            Role.code.label("role_code"),
            Role.name.label("role"),
            Grant.revoked_at,
            Provisioning.id,
            Provisioning.key,
            OutboxRow.status,
            OutboxRow.last_error,
        )
        .join(TargetSystem, TargetSystem.code == Grant.system_code)
        .join(Role, Role.code == Grant.role_code)
        .outerjoin(last, last.c.grant_id == Grant.id)
        .outerjoin(Provisioning, and_(Provisioning.id == last.c.id))
        .outerjoin(OutboxRow, OutboxRow.key == Provisioning.key)
        .where(Grant.case_id == case_id)
        .order_by(TargetSystem.name, Role.code)
    )
    return [
        {**row, "state": "by_hand" if row["id"] is None else _STATES.get(row["status"], "done")}
        for row in db.execute(statement).mappings()
    ]


def _targets() -> AnySelect:
    return select(TargetSystem.code, TargetSystem.name, *ProvisioningTarget.__table__.c).outerjoin(
        ProvisioningTarget, ProvisioningTarget.system_code == TargetSystem.code
    )


def _target(row: Any) -> Target:
    has_token = row.token_sealed is not None
    return Target(row.code, row.name, row.kind or MANUAL, row.url or "", has_token, row.checked_at, row.result)


def _changes() -> AnySelect:
    return select(*Provisioning.__table__.c, OutboxRow.status, OutboxRow.last_error).outerjoin(
        OutboxRow, OutboxRow.key == Provisioning.key
    )


def _change(row: Any) -> dict[str, Any]:
    return {**row._mapping, "state": _STATES.get(row.status, "done")}
