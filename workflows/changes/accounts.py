"""Accounts and the links that open them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from workflows.chain import Event
from workflows.changes import duties
from workflows.changes.registry import writes
from workflows.records import Account, OneTimeLink, new_id
from workflows.rules import masking
from workflows.work import Work


@writes("account.create")
def create_account(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    """An account that waits for its first password. Its holder is an officer of the unit from then on."""
    keyring, id_ = work.services.keyring, new_id()
    pid = str(given["pid"])
    row = {
        "id": id_,
        "username": given["username"],
        "realm": given["realm"],
        "pid_sealed": keyring.seal(f"account.pid/{id_}", pid.encode()),
        "pid_index": keyring.index("pid", pid),
        "pid_masked": masking.pid(pid),
        "created_at": work.now,
        **_pending(work, id_, given, case.id),
    }
    work.write(insert(Account), row)
    work.created_accounts[row["username"]] = id_
    work.record(id_, Event("account.created", data={"case": str(case.id), "realm": row["realm"]}))
    duties.welcome(work, id_, row["username"], row["realm"], row["unit_code"])
    return Event("account.created", data={"username": row["username"]})


@writes("account.renew")
def renew_account(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    """A cancelled account, asked for anew and agreed to: as a new one, but its name and its history are kept."""
    id_ = account_id(work, given["username"])
    anew = update(Account).where(Account.id == id_, Account.status == "cancelled")
    work.write(anew.values(**_pending(work, id_, given, case.id)), expect=1)
    work.record(id_, Event("account.renewed", data={"case": str(case.id)}))
    duties.welcome(work, id_, given["username"], given["realm"], given["unit_code"])
    return Event("account.renewed", data={"username": given["username"]})


def _pending(work: Work, id_: int, given: Mapping[str, Any], case_id: int) -> dict[str, Any]:
    """The columns of an account whose holder is known and has not set a password yet."""
    mobile = str(given.get("mobile") or "")
    return {
        "status": "pending",
        "status_reason": "",
        "title": given.get("title") or "",
        "first_name": given["first_name"],
        "last_name": given["last_name"],
        "position": given.get("position") or "",
        "unit_code": given["unit_code"],
        "email": str(given["email"]).lower(),
        "mobile_sealed": work.services.keyring.seal(f"account.mobile/{id_}", mobile.encode()),
        "password_hash": None,
        "must_change_password": False,
        "password_void_at": None,
        "reset_guard_until": None,
        "activated_at": None,
        "last_used_at": None,
        "case_id": case_id,
    }


@writes("link.create")
def create_link(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> None:
    username = given.get("username")
    row = {
        "token_hash": given["token_hash"],
        "purpose": given["purpose"],
        "account_id": account_id(work, username) if username else None,
        "case_id": case.id,
        "expires_at": datetime.fromisoformat(given["expires_at"]),
        "used_at": None,
    }
    work.write(insert(OneTimeLink), row)


def account_id(work: Work, username: str) -> int:
    """The id of an account by its username, also of one that this very step creates."""
    known = work.created_accounts.get(username)
    if known is not None:
        return known
    return int(work.db.execute(select(Account.id).where(Account.username == username)).scalar_one())
