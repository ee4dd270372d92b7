"""Appointments that a process decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, select

from workflows.chain import Event
from workflows.changes.accounts import account_id
from workflows.changes.registry import writes
from workflows.master_data import MEMBERSHIPS
from workflows.records import Account, Membership
from workflows.work import Work


@writes("membership.set")
def set_membership(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event | None:
    """Give (``wanted``) or take back a role of one scope; what is so already stays."""
    id_, role, scope, wanted = account_id(work, given["username"]), given["role"], given["scope"], given["wanted"]
    work.db.execute(work.lock(select(Account.id).where(Account.id == id_)))  # appointments of one account in turn
    mine = Membership.account_id == id_, Membership.role == role, Membership.scope == scope
    if (work.db.execute(select(Membership.role).where(*mine)).first() is not None) == wanted:
        return None
    if wanted:
        work.write(insert(Membership), {"account_id": id_, "role": role, "scope": scope})
    else:
        work.write(delete(Membership).where(*mine), expect=1)
    kind, data = "membership.added" if wanted else "membership.removed", {"role": role, "scope": scope}
    work.record(MEMBERSHIPS.chain, Event(kind, name=given["username"], data={**data, "case": str(case.id)}))
    return Event(kind, data=data)
