"""What the look-ups answer about the counter of a unit: who may serve, what is offered, proofs, quotas."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select

from workflows import innovation, quota_places
from workflows.code_block import CodeBlock
from workflows.ports import NeedsWriteLock
from workflows.queue_register import QueueRegister, line_proof
from workflows.records import (
    AnySelect,
    Authentication,
    CommonIllness,
    EndorsementReason,
    InnovationUnit,
    Profession,
    Reading,
    RightsAnswer,
    ServiceCode,
    table,
)
from workflows.sealing import Keyring

_STANDING = select(
    InnovationUnit.registered_at,
    InnovationUnit.reactivated_at,
    InnovationUnit.active_until,
    InnovationUnit.professions,
).where(InnovationUnit.unit_code == bindparam("unit"))
_PROFESSIONS: AnySelect = (
    select(Profession.code, Profession.name, Profession.licensed_by)
    .where(Profession.active)
    .order_by(Profession.position)
)
_SERVICES: AnySelect = (
    select(ServiceCode.code, ServiceCode.name, ServiceCode.level, ServiceCode.visit_kind)
    .where(
        or_(ServiceCode.valid_from.is_(None), ServiceCode.valid_from <= bindparam("day")),
        or_(ServiceCode.valid_to.is_(None), ServiceCode.valid_to >= bindparam("day")),
    )
    .order_by(ServiceCode.position)
)
_ILLNESSES: AnySelect = (
    select(CommonIllness.code, CommonIllness.name).where(CommonIllness.active).order_by(CommonIllness.position)
)
_ANSWER: AnySelect = select(*table(RightsAnswer).c).where(RightsAnswer.id == bindparam("answer"))
_READING: AnySelect = select(
    Reading.id, Reading.actor, Reading.unit_code, Reading.at, Reading.case_id, Reading.card
).where(Reading.id == bindparam("reading"))
_OPEN_CODE = select(Authentication.claim_code).where(
    Authentication.unit_code == bindparam("unit"),
    Authentication.service_on == bindparam("day"),
    Authentication.service_code == bindparam("service"),
    Authentication.pid_index == bindparam("pid"),
    Authentication.state == "open",
)


_CLAIM = tuple(
    column for column in Authentication.__table__.c if column.name not in ("pid_index", "pid_sealed", "details")
)


class CounterRegister:
    """The counter's part of the register; answers from one open connection. Claim codes are drawn from ``codes``."""

    def __init__(self, db: Connection, keyring: Keyring, codes: CodeBlock | None = None) -> None:
        self._db = db
        self._keyring = keyring
        self._codes = codes

    def _first(self, statement: AnySelect, **values: Any) -> Mapping[str, Any] | None:
        row = self._db.execute(statement, values).mappings().first()
        return dict(row) if row else None

    def _all(self, statement: AnySelect, **values: Any) -> list[Mapping[str, Any]]:
        return [dict(row) for row in self._db.execute(statement, values).mappings()]

    def standing(self, unit_code: str) -> Mapping[str, Any]:
        found = self._first(_STANDING, unit=unit_code)
        nothing: dict[str, Any] = {
            "professions": [],
            **dict.fromkeys(("registered_at", "reactivated_at", "active_until")),
        }
        return found or nothing

    def professions(self) -> list[Mapping[str, Any]]:
        return self._all(_PROFESSIONS)

    def services(self, on: date) -> list[Mapping[str, Any]]:
        return self._all(_SERVICES, day=on)

    def rights_answer(self, answer_id: str, pid: str, asked_by: str) -> Mapping[str, Any] | None:
        known = answer_id.isascii() and answer_id.isdigit() and len(answer_id) < 20
        row = self._first(_ANSWER, answer=int(answer_id)) if known else None
        if row is None or row["actor"] != asked_by or bytes(row["pid_index"]) != self._keyring.index("pid", pid):
            return None
        return {**row, "answer": json.loads(self._keyring.unseal(f"rights/{row['id']}", bytes(row["answer"])))}

    def reading(self, reading_id: str) -> Mapping[str, Any] | None:
        known = reading_id.isascii() and reading_id.isdigit() and len(reading_id) < 20
        row = self._first(_READING, reading=int(reading_id)) if known else None
        if row is None:
            return None
        return {**row, "card": json.loads(self._keyring.unseal(f"reading/{row['id']}", bytes(row["card"])))}

    def open_code(self, unit_code: str, service_code: str, pid: str, on: date) -> str | None:
        about = {"unit": unit_code, "day": on, "service": service_code, "pid": self._keyring.index("pid", pid)}
        found: str | None = self._db.execute(_OPEN_CODE, about).scalar()
        return found

    def claim_code(self) -> str:
        if self._codes is None:
            raise NeedsWriteLock
        return self._codes.draw()

    def thaid_proof(self, unit_code: str, pid: str, on: datetime) -> Mapping[str, Any] | None:
        return innovation.thaid_proof(self._db, self._keyring, unit_code, pid, on)

    def authority(self, username: str) -> Mapping[str, Any]:
        return innovation.authority(self._db, username)

    def innovation_unit(self, unit_code: str) -> Mapping[str, Any]:
        return innovation.registered(self._db, self._keyring, unit_code)

    def endorsement_reasons(self) -> list[Mapping[str, Any]]:
        statement = select(EndorsementReason.code, EndorsementReason.text, EndorsementReason.below_age)
        return self._all(statement.where(EndorsementReason.active).order_by(EndorsementReason.position))

    def illnesses(self) -> list[Mapping[str, Any]]:
        return self._all(_ILLNESSES)

    def line_proof(self, unit_code: str, pid: str, on: date) -> Mapping[str, Any] | None:
        return line_proof(self._db, self._keyring, unit_code, pid, on)

    def queue(self) -> QueueRegister:
        return QueueRegister(self._db, self._keyring)

    def claim(self, claim_code: str) -> Mapping[str, Any] | None:
        return self._first(select(*_CLAIM).where(Authentication.claim_code == claim_code))

    def quota(self, unit_code: str, profession: str, month: str) -> Mapping[str, Any] | None:
        return quota_places.quota(self._db, unit_code, profession, month)

    def quota_hold(self, key: str) -> Mapping[str, Any] | None:
        return quota_places.hold(self._db, key)
