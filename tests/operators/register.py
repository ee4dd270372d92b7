"""The register as a few dictionaries: the ``Lookups`` port without a database, filled with the demo data."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from app.demo.catalogue import ROLES, SYSTEMS
from app.demo.organisations import DEMO, NHSO
from app.demo.people import PEOPLE
from app.demo.schedules import SCHEDULES
from app.demo.services import PROFESSIONS, REASONS, SERVICES
from app.demo.texts import texts
from workflows.actor import Actor
from workflows.ports import Context, Lookups, QueueLookups
from workflows.rules import claim_code, masking

NOON = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)
SINGLE = {role.code for role in ROLES if role.single_holder}


@dataclass(frozen=True)
class Account:
    """What the register knows of an account."""

    username: str
    pid: str
    first_name: str
    last_name: str
    email: str
    unit_code: str
    realm: str = "DC"
    status: str = "active"
    status_reason: str = ""
    title: str = "นาย"
    position: str = ""
    mobile: str = "0800000001"
    created_at: datetime = NOON
    activated_at: datetime | None = None
    last_used_at: datetime | None = None
    password_void_at: datetime | None = None
    reset_guard_until: datetime | None = None
    groups: tuple[str, ...] = ()
    grants: tuple[str, ...] = ()


@dataclass
class Queue(QueueLookups):
    """Queues and people of LINE, in memory."""

    known: list[Mapping[str, Any]] = field(default_factory=list)
    personnel: list[list[list[str]]] | None = None
    seats: dict[str, frozenset[int]] = field(default_factory=dict)
    booking: Mapping[str, Any] | None = None
    elsewhere: bool = False

    def provinces(self, on: date) -> list[str]:
        return ["ขอนแก่น"]

    def units(self, on: date, province: str = "", profession: str = "") -> list[Mapping[str, Any]]:
        return [{"code": "99003", "name": "คลินิกนวัตกรรมตัวอย่าง", "province": "ขอนแก่น"}]

    def ranges(self, unit_code: str, profession: str, on: date, *, holiday: bool) -> list[list[list[str]]] | None:
        return self.personnel

    def taken(self, unit_code: str, profession: str, on: date, now: datetime) -> Mapping[str, frozenset[int]]:
        return self.seats

    def has_booking(self, pid: str, profession: str, on: date, case_id: int, now: datetime) -> bool:
        return self.elsewhere

    def of_case(self, case_id: int) -> Mapping[str, Any] | None:
        return self.booking

    def by_token(self, token: str) -> Mapping[str, Any] | None:
        return self.booking

    def people(self, actor: Actor) -> list[Mapping[str, Any]]:
        return self.known


@dataclass
class Register(Lookups):
    """Everything a look-up may ask, in memory."""

    accounts: list[Account] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=texts)
    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    drawn: Counter[str] = field(default_factory=Counter)
    rights: dict[str, dict[str, Any]] = field(default_factory=dict)
    thaid: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    booked: Queue = field(default_factory=lambda: Queue())
    quotas: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)
    claims: dict[str, dict[str, Any]] = field(default_factory=dict)
    holds: dict[str, dict[str, Any]] = field(default_factory=dict)
    serving: set[str] = field(default_factory=lambda: {"99003"})
    readings: dict[str, dict[str, Any]] = field(default_factory=dict)
    codes: dict[tuple[str, str, str], str] = field(default_factory=dict)
    scans: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def demo(cls) -> Register:
        """The demo people and units."""
        return cls(
            [
                Account(
                    person.username,
                    person.pid,
                    person.first_name,
                    person.last_name,
                    person.email,
                    person.unit_code,
                    groups=tuple(f"{role}:{scope}" if scope else role for role, scope in person.memberships),
                    grants=person.grants,
                )
                for person in PEOPLE
            ]
        )

    def unit(self, code: str) -> Mapping[str, Any] | None:
        found = {unit.code: unit for unit in (*NHSO, *DEMO)}
        if code not in found:
            return None
        supervisor = found.get(found[code].supervisor or "")
        return {**found[code]._asdict(), "supervisor_name": supervisor.name if supervisor else None}

    def units(self, query: str, limit: int = 20) -> list[Mapping[str, Any]]:
        hits = [unit for unit in DEMO if unit.code.startswith(query) or query in unit.name]
        return [found for unit in hits[:limit] if (found := self.unit(unit.code))]

    def catalogue(self, unit_kind: str) -> list[Mapping[str, Any]]:
        open_roles = [role for role in ROLES if unit_kind in role.unit_kinds]
        return [
            {
                "system": system.code,
                "name": system.name,
                "owner": system.owner,
                "realm": system.realm,
                "roles": [role._asdict() for role in open_roles if role.system_code == system.code],
            }
            for system in SYSTEMS
            if any(role.system_code == system.code for role in open_roles)
        ]

    def account_of(self, pid: str, realm: str) -> Mapping[str, Any] | None:
        found = next((each for each in self.accounts if (each.pid, each.realm) == (pid, realm)), None)
        return {"username": found.username, "status": found.status, "unit_code": found.unit_code} if found else None

    def accounts_of(self, *, pid: str = "", username: str = "", email: str = "") -> list[Mapping[str, Any]]:
        wanted = {"pid": pid, "username": username, "email": email}
        return [
            vars(each)
            for each in sorted(self.accounts, key=lambda each: each.realm)
            if any(wanted.values()) and all(getattr(each, name) == value for name, value in wanted.items() if value)
        ]

    def grants_of(self, username: str) -> list[Mapping[str, Any]]:
        return [
            {"system_code": "", "role_code": role, "unit_code": each.unit_code}
            for each in self.accounts
            if each.username == username
            for role in each.grants
        ]

    def email_taken(self, email: str, pid: str) -> bool:
        return any(each.email == email.lower() and each.pid != pid for each in self.accounts)

    def grant_holder(self, unit_code: str, role_code: str) -> Mapping[str, Any] | None:
        holders = (each for each in self.accounts if each.unit_code == unit_code and role_code in each.grants)
        found = next(holders, None) if role_code in SINGLE else None
        if found is None:
            return None
        return {"username": found.username, "masked_name": masking.full_name(found.first_name, found.last_name)}

    def is_head(self, pid: str, unit_code: str) -> bool:
        return any(each.pid == pid and f"unit_head:{unit_code}" in each.groups for each in self.accounts)

    def members(self, group: str) -> list[str]:
        return sorted(each.username for each in self.accounts if group in each.groups and each.status == "active")

    def undecided(self, usernames: Sequence[str], pid: str) -> list[Mapping[str, Any]]:
        return []  # no cases here; the journeys of account_cancel have some

    def group_emails(self, group: str) -> list[str]:
        return sorted(each.email for each in self.accounts if group in each.groups and each.status == "active")

    def grants_of_unit(self, unit_code: str) -> list[Mapping[str, Any]]:
        roles = {role.code: role for role in ROLES}
        systems = {system.code: system.name for system in SYSTEMS}
        return [
            {
                "username": each.username,
                "name": f"{each.first_name} {each.last_name}",
                "position": "",
                "email": each.email,
                "is_head": f"unit_head:{unit_code}" in each.groups,
                "role_code": code,
                "role": roles[code].name,
                "system": systems[roles[code].system_code],
                "granted_at": NOON,
                "last_used_at": None,
            }
            for each in self.accounts
            if each.unit_code == unit_code
            for code in each.grants
        ]

    def document(self, document_id: str) -> Mapping[str, Any] | None:
        return self.documents.get(document_id)

    def seal(self, purpose: str, text: str) -> str:
        return hmac.new(b"a key of the tests", f"{purpose}/{text}".encode(), hashlib.sha256).hexdigest()

    def text(self, key: str) -> str:
        return self.texts[key]

    def round_schedules(self) -> list[Mapping[str, Any]]:
        return list(SCHEDULES)

    def round_lines(self, round_id: str) -> Mapping[str, int]:
        return {}

    def round_line(self, case_id: int) -> str | None:
        return None

    def own_round_lines(self, round_id: str, actor: Actor) -> int:
        return 0

    def next_number(self, series: str, width: int = 6) -> str:
        self.drawn[series] += 1
        return f"{self.drawn[series]:0{width}d}"

    def standing(self, unit_code: str) -> Mapping[str, Any]:
        known = {"registered_at": NOON, "reactivated_at": NOON, "active_until": None, "professions": ["nursing"]}
        return known if unit_code in self.serving else {**dict.fromkeys(known), "professions": []}

    def professions(self) -> list[Mapping[str, Any]]:
        return [{key: each[key] for key in ("code", "name", "licensed_by")} for each in PROFESSIONS]

    def services(self, on: date) -> list[Mapping[str, Any]]:
        return [{key: each[key] for key in ("code", "name", "level", "visit_kind")} for each in SERVICES]

    def rights_answer(self, answer_id: str, pid: str, asked_by: str) -> Mapping[str, Any] | None:
        found = self.rights.get(answer_id)
        return found if found and (found["pid"], found["actor"]) == (pid, asked_by) else None

    def thaid_proof(self, unit_code: str, pid: str, on: datetime) -> Mapping[str, Any] | None:
        return self.thaid.get((unit_code, pid))

    def authority(self, username: str) -> Mapping[str, Any]:
        found = next((each for each in self.accounts if each.username == username), None)
        groups = [group.partition(":") for group in found.groups] if found else []
        units = [{"unit_code": scope, "role": role} for role, _, scope in groups if role in ("signatory", "delegate")]
        since = NOON if username == "signatory" else None
        unit_code = found.unit_code if found else ""
        return {"self_registered_at": since, "thaid_verified_at": since, "unit_code": unit_code, "units": units}

    def innovation_unit(self, unit_code: str) -> Mapping[str, Any]:
        return {"unit": None, "personnel": []}

    def queue(self) -> Queue:
        return self.booked

    def reading(self, reading_id: str) -> Mapping[str, Any] | None:
        return self.readings.get(reading_id)

    def open_code(self, unit_code: str, service_code: str, pid: str, on: date) -> str | None:
        return self.codes.get((unit_code, service_code, pid))

    def claim_code(self) -> str:
        self.drawn["claim_code"] += 1
        return claim_code.make(self.drawn["claim_code"], b"a key of the tests")

    def line_proof(self, unit_code: str, pid: str, on: date) -> Mapping[str, Any] | None:
        return self.scans.get((unit_code, pid))

    def endorsement_reasons(self) -> list[Mapping[str, Any]]:
        return [{key: each[key] for key in ("code", "text", "below_age")} for each in REASONS]

    def illnesses(self) -> list[Mapping[str, Any]]:
        return [{"code": "CI05", "name": "ไข้"}]

    def claim(self, claim_code: str) -> Mapping[str, Any] | None:
        return self.claims.get(claim_code)

    def quota(self, unit_code: str, profession: str, month: str) -> Mapping[str, Any] | None:
        return self.quotas.get((unit_code, profession, month))

    def quota_hold(self, key: str) -> Mapping[str, Any] | None:
        return self.holds.get(key)


def context(register: Register | None = None, *, now: datetime = NOON, actor: str = "visitor:token") -> Context:
    """The moment an operator runs in."""
    return Context(now, Actor(actor), register or Register.demo(), 4711, base_url="https://sitthi.example.org")


def at(moment: Context, now: datetime) -> Context:
    """The same moment at another time."""
    return replace(moment, now=now)
