"""What the register and the cases know of one person, for the public look-up: masked, and found by index only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from workflows.records import Account, Case, Grant, Organisation, Role, TargetSystem
from workflows.rules import masking
from workflows.sealing import Keyring

_MOST_REQUESTS = 20


def looked_up(db: Connection, keyring: Keyring, pid: str) -> dict[str, list[dict[str, Any]]]:
    """Accounts with their roles, and sent requests, of the person with this citizen ID; both empty if there are none.

    The same statements run for somebody unknown, so that the time tells nothing.
    """
    pid_index = keyring.index("pid", pid)
    roles = (
        select(
            Account.username,
            Account.realm,
            Account.status,
            Account.status_reason,
            Account.first_name,
            Account.last_name,
            Account.email,
            Organisation.name.label("unit_name"),
            Grant.role_code,
            Role.name.label("role_name"),
            TargetSystem.name.label("system_name"),
        )
        .outerjoin(Organisation, Organisation.code == Account.unit_code)
        .outerjoin(Grant, (Grant.account_id == Account.id) & Grant.revoked_at.is_(None))
        .outerjoin(Role, Role.code == Grant.role_code)
        .outerjoin(TargetSystem, TargetSystem.code == Grant.system_code)
        .where(Account.pid_index == pid_index)
        .order_by(Account.realm, TargetSystem.name, Grant.role_code)
    )
    accounts: dict[str, dict[str, Any]] = {}
    for row in db.execute(roles).mappings():
        account = accounts.setdefault(row["username"], _masked(dict(row)))
        if row["role_code"]:
            account["roles"].append(f"{row['role_code']} {row['role_name'] or ''} · {row['system_name'] or ''}")
    requests = (
        select(
            Case.number, Case.definition_key, Case.started_at, Case.state, Case.stage, Case.outcome, Organisation.name
        )
        .outerjoin(Organisation, Organisation.code == Case.unit_code)
        .where(Case.pid_index == pid_index, Case.number.is_not(None))
        .order_by(Case.id.desc())
        .limit(_MOST_REQUESTS)
    )
    return {
        "accounts": list(accounts.values()),
        "requests": [dict(row) for row in db.execute(requests).mappings()],
    }


def _masked(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "username": masking.username(row["username"]),
        "realm": row["realm"],
        "status": row["status"],
        "status_reason": row["status_reason"],
        "name": masking.full_name(row["first_name"], row["last_name"]),
        "email": masking.email(row["email"]),
        "unit": row["unit_name"] or "",
        "roles": [],
    }
