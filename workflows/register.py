"""The register behind the ``Lookups`` port: what form rules and operators may ask of the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, false, func, or_, select, true
from sqlalchemy.dialects import postgresql, sqlite

from workflows import bulk_lines
from workflows.actor import Actor
from workflows.code_block import CodeBlock
from workflows.counter_register import CounterRegister
from workflows.ports import NeedsWriteLock
from workflows.records import (
    Account,
    AnySelect,
    Case,
    Document,
    EditableText,
    Grant,
    Membership,
    Organisation,
    Role,
    RoundMember,
    RoundSchedule,
    Series,
    Subscription,
    TargetSystem,
)
from workflows.rules import masking
from workflows.rules.thai_text import normalise
from workflows.sealing import Keyring


class Register(CounterRegister):
    """Answers from one open connection. ``locked`` says whether it holds the write lock (needed to draw numbers)."""

    def __init__(self, db: Connection, keyring: Keyring, *, locked: bool, codes: CodeBlock | None = None) -> None:
        super().__init__(db, keyring, codes)
        self._locked = locked
        self._texts: dict[str, str] = {}

    def unit(self, code: str) -> Mapping[str, Any] | None:
        return self._first(_UNIT, code=code)

    def units(self, query: str, limit: int = 20) -> list[Mapping[str, Any]]:
        text = normalise(query)
        found: ColumnElement[bool] = or_(
            Organisation.code.startswith(text, autoescape=True), Organisation.name.contains(text, autoescape=True)
        )
        rows = self._db.execute(
            _units().where(found, Organisation.active).order_by(Organisation.code).limit(limit)
        ).mappings()
        return [dict(row) for row in rows]

    def catalogue(self, unit_kind: str) -> list[Mapping[str, Any]]:
        rows = self._db.execute(
            select(
                TargetSystem.code.label("system"),
                TargetSystem.name.label("system_name"),
                TargetSystem.owner,
                TargetSystem.realm,
                Role.code,
                Role.name,
                Role.form,
                Role.channel,
                Role.unit_kinds,
                Role.single_holder,
            )
            .join(Role, Role.system_code == TargetSystem.code)
            .where(Role.active, TargetSystem.active)
            .order_by(TargetSystem.code, Role.code)
        ).mappings()
        systems: dict[str, dict[str, Any]] = {}
        for row in rows:
            if row["unit_kinds"] and unit_kind not in row["unit_kinds"]:
                continue
            entry = systems.setdefault(
                row["system"],
                {
                    "system": row["system"],
                    "name": row["system_name"],
                    "owner": row["owner"],
                    "realm": row["realm"],
                    "roles": [],
                },
            )
            entry["roles"].append(
                {
                    "code": row["code"],
                    "name": row["name"],
                    "form": row["form"],
                    "channel": row["channel"],
                    "single_holder": row["single_holder"],
                }
            )
        return list(systems.values())

    def account_of(self, pid: str, realm: str) -> Mapping[str, Any] | None:
        return self._first(
            select(Account.id, Account.username, Account.status, Account.unit_code, Account.email).where(
                Account.pid_index == self._keyring.index("pid", pid), Account.realm == realm
            )
        )

    def accounts_of(self, *, pid: str = "", username: str = "", email: str = "") -> list[Mapping[str, Any]]:
        wanted = {
            Account.pid_index: self._keyring.index("pid", pid) if pid else None,
            Account.username: username or None,
            Account.email: email.lower() or None,
        }
        given = [column == value for column, value in wanted.items() if value is not None]
        statement = select(*Account.__table__.c).where(and_(false() if not given else true(), *given))
        return [self._opened(dict(row)) for row in self._db.execute(statement.order_by(Account.realm)).mappings()]

    def _opened(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        """An account with what is sealed of it in clear."""
        sealed = {name: row[f"{name}_sealed"] for name in ("pid", "mobile")}
        clear = {
            name: self._keyring.unseal(f"account.{name}/{row['id']}", bytes(value)).decode() if value else ""
            for name, value in sealed.items()
        }
        return {**row, **clear}

    def grants_of(self, username: str) -> list[Mapping[str, Any]]:
        rows = self._db.execute(
            select(Grant.system_code, Grant.role_code, Grant.unit_code)
            .join(Account, Account.id == Grant.account_id)
            .where(Account.username == username, Grant.revoked_at.is_(None))
            .order_by(Grant.system_code, Grant.role_code)
        ).mappings()
        return [dict(row) for row in rows]

    def email_taken(self, email: str, pid: str) -> bool:
        owner = self._db.execute(select(Account.pid_index).where(Account.email == email.lower())).scalars().first()
        return owner is not None and bytes(owner) != self._keyring.index("pid", pid)

    def grant_holder(self, unit_code: str, role_code: str) -> Mapping[str, Any] | None:
        row = self._first(
            select(Account.username, Account.first_name, Account.last_name)
            .join(Grant, Grant.account_id == Account.id)
            .where(Grant.single_holder == f"{unit_code}/{role_code}")
        )
        if row is None:
            return None
        return {"username": row["username"], "masked_name": masking.full_name(row["first_name"], row["last_name"])}

    def is_head(self, pid: str, unit_code: str) -> bool:
        row = self._db.execute(
            select(Membership.account_id)
            .join(Account, Account.id == Membership.account_id)
            .where(
                Account.pid_index == self._keyring.index("pid", pid),
                Membership.role == "unit_head",
                Membership.scope == unit_code,
            )
        ).first()
        return row is not None

    def members(self, group: str) -> list[str]:
        return list(self._db.execute(_members(Account.username, group)).scalars())

    def undecided(self, usernames: Sequence[str], pid: str) -> list[Mapping[str, Any]]:
        theirs = or_(Case.requester.in_(usernames), Case.pid_index == self._keyring.index("pid", pid))
        waits = exists().where(Subscription.case_id == Case.id, Subscription.name == "withdraw")
        rows = self._db.execute(
            select(Case.id.label("case_id"), Case.process_id, Case.number)
            .where(Case.state == "ACTIVE", theirs, waits)
            .order_by(Case.id)
        ).mappings()
        return [dict(row) for row in rows]

    def group_emails(self, group: str) -> list[str]:
        return list(self._db.execute(_members(Account.email, group)).scalars())

    def grants_of_unit(self, unit_code: str) -> list[Mapping[str, Any]]:
        head = exists().where(
            Membership.account_id == Account.id, Membership.role == "unit_head", Membership.scope == unit_code
        )
        rows = self._db.execute(
            select(
                Account.username,
                (Account.title + Account.first_name + " " + Account.last_name).label("name"),
                Account.position,
                Account.email,
                Account.last_used_at,
                head.label("is_head"),
                Grant.role_code,
                Grant.granted_at,
                Role.name.label("role"),
                TargetSystem.name.label("system"),
            )
            .join(Account, Account.id == Grant.account_id)
            .join(Role, Role.code == Grant.role_code)
            .join(TargetSystem, TargetSystem.code == Grant.system_code)
            .where(Grant.unit_code == unit_code, Grant.revoked_at.is_(None))
            .order_by(Account.first_name, Account.username, Grant.role_code, Grant.id)
        ).mappings()
        return [dict(row) for row in rows]

    def document(self, document_id: str) -> Mapping[str, Any] | None:
        return self._first(select(*Document.__table__.c).where(Document.id == document_id))

    def bundle(self, document_id: str) -> Mapping[str, Any] | None:
        return bulk_lines.bundle(self._db, self._keyring, document_id)

    def people(self, known_as: Sequence[tuple[str, str]], case_id: int) -> Mapping[str, Any]:
        return bulk_lines.people(self._db, self._keyring, known_as, case_id)

    def lines(self, case_id: int) -> list[Mapping[str, Any]]:
        return bulk_lines.lines(self._db, self._keyring, case_id)

    def seal(self, purpose: str, text: str) -> str:
        return self._keyring.digest(purpose, text)

    def text(self, key: str) -> str:
        if key in self._texts:  # one step may send hundreds of mails
            return self._texts[key]
        body = self._db.execute(select(EditableText.body).where(EditableText.key == key)).scalars().first()
        if body is None:
            raise KeyError(key)
        self._texts[key] = body
        return body

    def round_schedules(self) -> list[Mapping[str, Any]]:
        rows = self._db.execute(select(*RoundSchedule.__table__.c).order_by(RoundSchedule.code)).mappings()
        return [dict(row) for row in rows]

    def round_lines(self, round_id: str) -> Mapping[str, int]:
        counted = select(RoundMember.state, func.count()).where(RoundMember.round_id == round_id)
        return {row[0]: row[1] for row in self._db.execute(counted.group_by(RoundMember.state))}

    def round_line(self, case_id: int) -> str | None:
        here = RoundMember.case_id == case_id, RoundMember.state != "carried"
        found: str | None = self._db.execute(select(RoundMember.state).where(*here)).scalars().first()
        return found

    def own_round_lines(self, round_id: str, actor: Actor) -> int:
        own = Case.requester == actor.id
        if actor.pid_index is not None:
            own = or_(own, Case.pid_index == actor.pid_index)
        lines = select(func.count()).select_from(RoundMember).join(Case, Case.id == RoundMember.case_id)
        approved = RoundMember.round_id == round_id, RoundMember.state == "approved"
        return int(self._db.execute(lines.where(*approved, own)).scalar_one())

    def next_number(self, series: str, width: int = 6) -> str:
        if not self._locked:
            raise NeedsWriteLock
        dialect = postgresql if self._db.dialect.name == "postgresql" else sqlite
        first = dialect.insert(Series).values(name=series, last=1)  # two may begin a series at the same moment
        drawn = self._db.execute(
            first.on_conflict_do_update(index_elements=["name"], set_={"last": Series.last + 1}).returning(Series.last)
        ).scalar_one()
        return str(drawn).zfill(width)


def _units() -> AnySelect:
    supervisor = Organisation.__table__.alias("supervising")
    return select(
        Organisation.code,
        Organisation.name,
        Organisation.kind,
        Organisation.province,
        Organisation.region,
        Organisation.supervisor,
        supervisor.c.name.label("supervisor_name"),
        Organisation.phone,
        Organisation.email,
        Organisation.active,
    ).outerjoin(supervisor, supervisor.c.code == Organisation.supervisor)


_UNIT = _units().where(Organisation.code == bindparam("code"))


def _members(column: Any, group: str) -> AnySelect:
    """A column of the active accounts in a group, in a fixed order."""
    role, _, scope = group.partition(":")
    return (
        select(column)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.role == role, Membership.scope == scope, Account.status == "active")
        .order_by(column)
    )
