"""Accounts for those who answer for them: lists, and the file of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, false, or_, select, true

from workflows import chain
from workflows.actor import Actor
from workflows.errors import NotFound
from workflows.queries.visibility import visible_cases
from workflows.records import Account, Case, Grant, HistoryRow, Organisation, Role, TargetSystem
from workflows.rules import masking
from workflows.sealing import Keyring

_LIST = (
    Account.id,
    Account.username,
    Account.realm,
    Account.status,
    Account.status_reason,
    Account.title,
    Account.first_name,
    Account.last_name,
    Account.position,
    Account.unit_code,
    Account.last_used_at,
    Organisation.name.label("unit_name"),
    Organisation.region,
)
_FILE = (
    Account.pid_masked,
    Account.pid_index,
    Account.email,
    Account.password_void_at,
    Account.created_at,
    Account.activated_at,
)
_IN_REGION = {"region_officer", "region_chief"}


def visible_accounts(actor: Actor) -> ColumnElement[bool]:
    """A condition on ``accounts``: those of the units a head answers for, of a region officer's region, or all for
    administrators and auditors."""
    if actor.roles & {"admin", "auditor"}:
        return true()
    scopes = [group.partition(":") for group in actor.groups]
    units = {scope for role, _, scope in scopes if role == "unit_head"}
    regions = {scope for role, _, scope in scopes if role in _IN_REGION}
    in_region = select(Organisation.code).where(Organisation.region.in_(regions))
    return or_(false(), Account.unit_code.in_(units), Account.unit_code.in_(in_region) if regions else false())


def listed(db: Connection, actor: Actor, text: str, *, after: str = "", limit: int = 50) -> Sequence[Mapping[str, Any]]:
    """Accounts the actor may see, by user name from ``after`` on; only those whose user name, name or unit code begins
    with the text, if one is given."""
    statement = select(*_LIST).outerjoin(Organisation, Organisation.code == Account.unit_code)
    statement = statement.where(visible_accounts(actor), Account.username > after)
    if text:
        begins = (Account.username, Account.first_name, Account.last_name, Account.unit_code)
        statement = statement.where(or_(*(column.startswith(text, autoescape=True) for column in begins)))
    return [dict(row) for row in db.execute(statement.order_by(Account.username).limit(limit)).mappings()]


def file(db: Connection, keyring: Keyring, actor: Actor, username: str) -> dict[str, Any]:
    """One account: its row (masked), roles ever held, history, requests the actor may see. Raises NotFound."""
    statement = select(*_LIST, *_FILE).outerjoin(Organisation, Organisation.code == Account.unit_code)
    row = db.execute(statement.where(Account.username == username, visible_accounts(actor))).mappings().first()
    if row is None:
        raise NotFound(account=username)
    return {
        "account": {**row, "email": masking.email(row["email"])},
        "grants": _grants(db, row["id"]),
        "events": _events(db, keyring, row["id"]),
        "requests": _requests(db, actor, row["pid_index"]),
    }


def _grants(db: Connection, account_id: int) -> list[dict[str, Any]]:
    """What is held first, then what was."""
    statement = (
        select(
            Grant.role_code,
            Role.name.label("role_name"),
            TargetSystem.name.label("system_name"),
            Grant.unit_code,
            Grant.granted_at,
            Grant.revoked_at,
        )
        .outerjoin(Role, Role.code == Grant.role_code)
        .outerjoin(TargetSystem, TargetSystem.code == Grant.system_code)
        .where(Grant.account_id == account_id)
        .order_by(Grant.revoked_at.is_not(None), TargetSystem.name, Grant.role_code)
    )
    return [dict(row) for row in db.execute(statement).mappings()]


def _events(db: Connection, keyring: Keyring, account_id: int) -> list[dict[str, Any]]:
    """The history of the account itself, oldest first; of what is sealed in it only the reasons."""
    statement = (
        select(*HistoryRow.__table__.c, Account.title, Account.first_name, Account.last_name)
        .outerjoin(Account, Account.username == HistoryRow.actor)
        .where(HistoryRow.subject_id == account_id)
        .order_by(HistoryRow.seq.desc())
        .limit(200)
    )
    events = []
    for row in db.execute(statement).mappings():
        who = f"{row['title']}{row['first_name']} {row['last_name']}" if row["first_name"] else ""
        reason = chain.private_part(keyring, dict(row)).get("reason", "")
        events.append({**row, "who": who, "private": {"comment": masking.in_text(reason)}})
    return events[::-1]


def _requests(db: Connection, actor: Actor, pid_index: bytes) -> list[dict[str, Any]]:
    columns = Case.number, Case.definition_key, Case.started_at, Case.state, Case.stage, Case.outcome
    statement = select(*columns).where(Case.pid_index == pid_index, Case.number.is_not(None), visible_cases(actor))
    return [dict(row) for row in db.execute(statement.order_by(Case.id.desc()).limit(20)).mappings()]
