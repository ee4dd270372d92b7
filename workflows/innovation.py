"""What the register knows of innovation units: what they registered, who serves there, who may act for them, and whom
ThaID confirmed at their counters (``Lookups``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from workflows.records import Account, InnovationUnit, Membership, ThaidProof, UnitPerson
from workflows.sealing import Keyring

AUTHORITIES = ("signatory", "delegate")
"""The roles that act for a unit in OSS: its authorised signatory, and a delegate whom the region approved."""
_PROOF = (
    ThaidProof.id,
    ThaidProof.name,
    ThaidProof.pid_masked,
    ThaidProof.issuer,
    ThaidProof.ial,
    ThaidProof.asked_by,
    ThaidProof.confirmed_at,
    ThaidProof.expires_at,
)


def thaid_proof(db: Connection, keyring: Keyring, unit_code: str, pid: str, on: datetime) -> dict[str, Any] | None:
    """``Lookups.thaid_proof``."""
    mine = ThaidProof.unit_code == unit_code, ThaidProof.pid_index == keyring.index("pid", pid)
    good = ThaidProof.used_at.is_(None), ThaidProof.expires_at > on
    newest = select(*_PROOF).where(*mine, *good).order_by(ThaidProof.confirmed_at.desc(), ThaidProof.id.desc())
    row = db.execute(newest.limit(1)).mappings().first()
    return dict(row) if row else None


def authority(db: Connection, username: str) -> dict[str, Any]:
    """``Lookups.authority``."""
    columns = Account.id, Account.unit_code, Account.self_registered_at, Account.thaid_verified_at
    row = db.execute(select(*columns).where(Account.username == username)).mappings().first()
    if row is None:
        return {"self_registered_at": None, "thaid_verified_at": None, "unit_code": "", "units": []}
    mine = Membership.account_id == row["id"], Membership.role.in_(AUTHORITIES)
    held = db.execute(select(Membership.scope, Membership.role).where(*mine).order_by(Membership.scope)).all()
    units = [{"unit_code": scope, "role": role} for scope, role in held]
    return {**row, "units": units}


def registered(db: Connection, keyring: Keyring, unit_code: str) -> dict[str, Any]:
    """``Lookups.innovation_unit``."""
    row = db.execute(select(*InnovationUnit.__table__.c).where(InnovationUnit.unit_code == unit_code)).mappings()
    unit = row.first()
    serving = UnitPerson.unit_code == unit_code, UnitPerson.removed_at.is_(None)
    people = db.execute(select(*UnitPerson.__table__.c).where(*serving).order_by(UnitPerson.id)).mappings()
    return {"unit": dict(unit) if unit else None, "personnel": [_person(keyring, dict(each)) for each in people]}


def _person(keyring: Keyring, row: Mapping[str, Any]) -> dict[str, Any]:
    clear = keyring.unseal(f"unit_person.pid/{row['id']}", bytes(row["pid_sealed"])).decode()
    return {**row, "pid": clear}
