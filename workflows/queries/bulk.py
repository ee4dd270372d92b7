"""Bulk requests: for which units somebody may send one, who works there, and the persons of a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, or_, select

from workflows import bulk_lines
from workflows.actor import Actor
from workflows.records import Account, BulkLine, Organisation
from workflows.register import Register
from workflows.sealing import Keyring


def units(db: Connection, actor: Actor) -> list[Mapping[str, Any]]:
    """The units the actor may send a bulk request for: code, name."""
    own, supervised = set(), set()
    for group in actor.groups:
        role, _, scope = group.partition(":")
        if role in ("requester", "unit_head"):
            own.add(scope)
        elif role == "supervisor":
            supervised.add(scope)
    mine = or_(Organisation.code.in_(own), Organisation.supervisor.in_(supervised))
    rows = db.execute(
        select(Organisation.code, Organisation.name).where(mine, Organisation.active).order_by(Organisation.code)
    )
    return [dict(row) for row in rows.mappings()]


def staff(db: Connection, keyring: Keyring, actor: Actor, unit_code: str) -> list[dict[str, Any]]:
    """The people of a unit that have an account, as rows of the list. Citizen ID and mobile are the actor's own only:
    everybody else's are typed from their cards."""
    rows = db.execute(
        select(*Account.__table__.c)
        .where(Account.unit_code == unit_code, Account.realm == "DC", Account.status != "cancelled")
        .order_by(Account.first_name, Account.last_name)
    ).mappings()
    found = []
    for row in rows:
        person = {key: row[key] for key in ("title", "first_name", "last_name", "position", "email")}
        if row["id"] == actor.account_id:
            person["pid"] = keyring.unseal(f"account.pid/{row['id']}", bytes(row["pid_sealed"])).decode()
            if row["mobile_sealed"]:
                person["mobile"] = keyring.unseal(f"account.mobile/{row['id']}", bytes(row["mobile_sealed"])).decode()
        found.append({**person, "kind": "สิทธิเพิ่ม"})
    return found


def roles(db: Connection, keyring: Keyring, unit_kind: str) -> list[tuple[str, str]]:
    """(code, name) of every role that a kind of unit may ask for in a bulk request."""
    systems = Register(db, keyring, locked=False).catalogue(unit_kind)
    found = {
        str(role["code"]): f"{role['name']} · {system['name']}"
        for system in systems
        for role in system["roles"]
        if role["channel"] == "regular"
    }
    return sorted(found.items())


def states(db: Connection, case_id: int) -> dict[str, int]:
    """How many persons of a bulk request are in which state; empty for any other case."""
    counted = select(BulkLine.state, func.count()).where(BulkLine.case_id == case_id).group_by(BulkLine.state)
    return {row[0]: row[1] for row in db.execute(counted)}


def lines(db: Connection, keyring: Keyring, case_id: int) -> list[Mapping[str, Any]]:
    """The persons of a bulk request; empty for any other case."""
    return bulk_lines.lines(db, keyring, case_id)
