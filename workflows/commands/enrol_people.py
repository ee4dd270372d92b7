"""Enter people with accounts, memberships and grants at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import insert, select

from workflows.chain import Event
from workflows.errors import NotAllowed
from workflows.records import Account, Grant, Membership, Role, new_id
from workflows.rules import masking
from workflows.work import Work


class Enrolled(NamedTuple):
    """One person: memberships are (role, scope), grants the codes of roles held. ``in_oss``: they registered themselves
    in OSS and ThaID confirmed who they are."""

    username: str
    pid: str
    title: str
    first_name: str
    last_name: str
    position: str
    unit_code: str
    email: str
    mobile: str
    password_hash: str
    memberships: Sequence[tuple[str, str]]
    grants: Sequence[str]
    in_oss: bool = False


@dataclass(frozen=True, slots=True)
class EnrolPeople:
    """Make active DC accounts for people who have none yet. For the system itself; gives how many were new."""

    people: Sequence[Enrolled]

    def run(self, work: Work) -> int:
        if not work.actor.is_system:
            raise NotAllowed()
        present = set(work.db.execute(select(Account.username)).scalars())
        roles = {row.code: row for row in work.db.execute(select(*Role.__table__.c))}
        new = [person for person in self.people if person.username not in present]
        for person in new:
            self._enrol(work, person, roles)
        return len(new)

    def _enrol(self, work: Work, person: Enrolled, roles: dict[str, Any]) -> None:
        keyring, id_ = work.services.keyring, new_id()
        work.write(
            insert(Account),
            {
                "id": id_,
                "username": person.username,
                "realm": "DC",
                "status": "active",
                "status_reason": "",
                "title": person.title,
                "first_name": person.first_name,
                "last_name": person.last_name,
                "position": person.position,
                "unit_code": person.unit_code,
                "email": person.email.lower(),
                "pid_sealed": keyring.seal(f"account.pid/{id_}", person.pid.encode()),
                "pid_index": keyring.index("pid", person.pid),
                "pid_masked": masking.pid(person.pid),
                "mobile_sealed": keyring.seal(f"account.mobile/{id_}", person.mobile.encode()),
                "password_hash": person.password_hash,
                "must_change_password": False,
                "password_void_at": None,
                "reset_guard_until": None,
                "created_at": work.now,
                "activated_at": work.now,
                "last_used_at": None,
                "case_id": None,
                "self_registered_at": work.now if person.in_oss else None,
                "thaid_verified_at": work.now if person.in_oss else None,
                "thaid_ial": "2.3" if person.in_oss else None,
            },
        )
        memberships = [{"account_id": id_, "role": role, "scope": scope} for role, scope in person.memberships]
        if memberships:
            work.write(insert(Membership), memberships)
        grants = [self._grant(work, id_, person, roles[code]) for code in person.grants if code in roles]
        if grants:
            work.write(insert(Grant), grants)
        work.record(id_, Event("account.enrolled"))

    def _grant(self, work: Work, account_id: int, person: Enrolled, role: Any) -> dict[str, Any]:
        return {
            "id": new_id(),
            "account_id": account_id,
            "system_code": role.system_code,
            "role_code": role.code,
            "unit_code": person.unit_code,
            "granted_at": work.now,
            "revoked_at": None,
            "case_id": None,
            "single_holder": f"{person.unit_code}/{role.code}" if role.single_holder else None,
        }
