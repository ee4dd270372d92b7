"""The roles that people act in here, given and taken with what becomes of their accounts."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from workflows.chain import Event
from workflows.master_data import MEMBERSHIPS
from workflows.records import Membership
from workflows.work import Work

_OFFICER = "requester"
_SIGNS_IN = "DC"


def welcome(work: Work, id_: int, username: str, realm: str, unit_code: str) -> None:
    """Queue what every officer of a unit may: start its requests. An account that does not sign in here gets nothing.
    Nobody who has it already gets it twice."""
    if realm != _SIGNS_IN or not unit_code:
        return
    mine = Membership.account_id == id_, Membership.role == _OFFICER, Membership.scope == unit_code
    if work.db.execute(select(Membership.role).where(*mine)).first() is None:
        work.write(insert(Membership), {"account_id": id_, "role": _OFFICER, "scope": unit_code})
        _tell(work, "membership.added", username, _OFFICER, unit_code)


def dismiss(work: Work, id_: int, username: str, unit_code: str | None = None) -> None:
    """Queue the end of everything the account acts for, or of what it does for one unit only."""
    held = [Membership.account_id == id_, *([Membership.scope == unit_code] if unit_code is not None else [])]
    rows = work.db.execute(select(Membership.role, Membership.scope).where(*held).order_by(Membership.role)).all()
    if not rows:
        return
    work.write(delete(Membership).where(*held))
    for row in rows:
        _tell(work, "membership.removed", username, row.role, row.scope)


def _tell(work: Work, kind: str, username: str, role: str, scope: str) -> None:
    work.record(MEMBERSHIPS.chain, Event(kind, name=username, data={"role": role, "scope": scope}))
