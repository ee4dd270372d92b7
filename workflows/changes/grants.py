"""Roles of target systems that accounts hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select, update

from workflows.chain import Event
from workflows.changes.accounts import account_id
from workflows.changes.provisioning import Step, follow
from workflows.changes.registry import writes
from workflows.records import Grant, new_id
from workflows.work import Work


@writes("grant.add")
def add_grant(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    single = f"{given['unit_code']}/{given['role_code']}" if given.get("single_holder") else None
    row = {
        "id": new_id(),
        "account_id": account_id(work, given["username"]),
        "system_code": given["system_code"],
        "role_code": str(given["role_code"]),
        "unit_code": given["unit_code"],
        "granted_at": work.now,
        "revoked_at": None,
        "case_id": case.id,
        "single_holder": single,
    }
    work.write(insert(Grant), row)
    follow(work, [_step(row, given["username"], "grant")], case.id)
    return Event("grant.added", data={"system": row["system_code"], "role": row["role_code"]})


@writes("grant.revoke")
def revoke_grant(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    held = (
        Grant.account_id == account_id(work, given["username"]),
        Grant.role_code == str(given["role_code"]),
        Grant.unit_code == given["unit_code"],
        Grant.revoked_at.is_(None),
    )
    grants = work.db.execute(select(Grant.id, Grant.system_code, Grant.role_code).where(*held)).mappings()
    steps = [_step(grant, given["username"], "revoke") for grant in grants]
    work.write(update(Grant).where(*held).values(revoked_at=work.now, single_holder=None))
    follow(work, steps, case.id)
    return Event("grant.revoked", data={"role": str(given["role_code"])})


def _step(grant: Mapping[Any, Any], username: str, action: str) -> Step:
    return Step(grant["system_code"], username, action, grant["role_code"], grant["id"])
