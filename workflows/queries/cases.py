"""Cases: lists, one case's file, its timeline and documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select

from workflows import chain
from workflows.actor import Actor
from workflows.clock import bangkok_date
from workflows.errors import NotFound
from workflows.queries.linked import first_of
from workflows.queries.matching import case_matches
from workflows.queries.visibility import visible_cases
from workflows.records import Account, AnySelect, Case, Document, HistoryRow, Organisation, WorkItem
from workflows.rules import masking
from workflows.rules.sla import Sla
from workflows.rules.sla_ledger import Stretch, ledger
from workflows.rules.working_days import Calendar
from workflows.sealing import Keyring

_LIST = (
    Case.id,
    Case.number,
    Case.process_id,
    Case.definition_key,
    Case.subject,
    Case.unit_code,
    Case.stage,
    Case.outcome,
    Case.state,
    Case.started_at,
    Case.ended_at,
    Case.sla,
    Case.sla_state,
    Case.sla_due,
)


def _list() -> AnySelect:
    unit = Organisation.name.label("unit_name")
    return select(*_LIST, unit).outerjoin(Organisation, Organisation.code == Case.unit_code)


def find(db: Connection, actor: Actor, number_or_id: str) -> Mapping[str, Any]:
    """One case by its number or key, if the actor may see it. Raises NotFound otherwise."""
    by = [Case.number == number_or_id]
    if number_or_id.isascii() and number_or_id.isdigit() and len(number_or_id) < 20:
        by.append(Case.id == int(number_or_id))
    row = db.execute(
        select(*Case.__table__.c, Organisation.name.label("unit_name"), Organisation.province)
        .outerjoin(Organisation, Organisation.code == Case.unit_code)
        .where(or_(*by), visible_cases(actor))
    ).mappings()
    found = row.first()
    if found is None:
        raise NotFound(case=number_or_id)
    return dict(found)


def own(db: Connection, actor: Actor, *, limit: int = 50) -> Sequence[Mapping[str, Any]]:
    """The actor's own requests, newest first."""
    mine = _list().where(Case.requester == actor.id)
    rows = db.execute(mine.order_by(Case.id.desc()).limit(limit))
    return [dict(row) for row in rows.mappings()]


def count_open_of(db: Connection, actor: Actor) -> int:
    """How many of the actor's own requests are still running."""
    mine = select(func.count()).where(Case.requester == actor.id, Case.state == "ACTIVE")
    return int(db.execute(mine).scalar_one())


def search(db: Connection, actor: Actor, text: str, *, before: int | None = None, limit: int = 50) -> Sequence[Any]:
    """Sent cases the actor may see whose number, name or unit matches, newest first."""
    statement = _list().where(Case.number.is_not(None), visible_cases(actor))
    if text.strip():
        statement = statement.where(or_(*case_matches(text)))
    if before is not None:
        statement = statement.where(Case.id < before)
    return [dict(row) for row in db.execute(statement.order_by(Case.id.desc()).limit(limit)).mappings()]


def timeline(db: Connection, keyring: Keyring, case_id: int) -> list[dict[str, Any]]:
    """What happened in a case, oldest first, with names of people and their comments; numbers of persons in what they
    wrote are masked."""
    rows = db.execute(
        select(*HistoryRow.__table__.c, Account.title, Account.first_name, Account.last_name)
        .outerjoin(Account, Account.username == HistoryRow.actor)
        .where(HistoryRow.subject_id == case_id)
        .order_by(HistoryRow.seq)
    ).mappings()
    events = []
    for found in rows:
        row = dict(found)
        who = f"{row['title']}{row['first_name']} {row['last_name']}" if row["first_name"] else ""
        private = {
            name: masking.in_text(value) if isinstance(value, str) else value
            for name, value in chain.private_part(keyring, row).items()
        }
        events.append({**row, "who": who, "private": private})
    return events


def documents(db: Connection, case_id: int) -> list[Mapping[str, Any]]:
    """The attachments of a case, with those of the request that it is the second part of."""
    of_case = or_(Document.case_id == case_id, Document.case_id.in_(first_of(case_id)))
    rows = db.execute(select(*Document.__table__.c).where(of_case).order_by(Document.created_at))
    return [dict(row) for row in rows.mappings()]


def open_items(db: Connection, case_id: int) -> list[Mapping[str, Any]]:
    """The open work items of a case."""
    rows = db.execute(select(*WorkItem.__table__.c).where(WorkItem.case_id == case_id).order_by(WorkItem.id))
    return [dict(row) for row in rows.mappings()]


def audit_is_whole(db: Connection, keyring: Keyring, case: Mapping[str, Any]) -> bool:
    """Whether the case's audit chain is unbroken up to the head kept with the case."""
    statement = select(*HistoryRow.__table__.c).where(HistoryRow.subject_id == case["id"])
    rows = (dict(row) for row in db.execute(statement.order_by(HistoryRow.seq)).mappings())
    return chain.first_break(keyring, rows, (case["chain_seq"], case["chain_mac"])) is None


def sla_summary(case: Mapping[str, Any], calendar: Calendar, now: datetime) -> dict[str, Any] | None:
    """The service clock of a case: state, due, used, total, paused, remaining; None if the case has none."""
    if not case["sla"]:
        return None
    sla, today = Sla.from_json(case["sla"]), bangkok_date(now)
    due = sla.due(calendar)
    return {
        "state": sla.state(calendar, today),
        "due": due.isoformat() if due else None,
        "used": sla.used(calendar, today),
        "total": sla.total,
        "paused": sla.paused(calendar, today),
        "remaining": sla.remaining(calendar, today),
        "unit": sla.unit,
    }


def sla_ledger(case: Mapping[str, Any], calendar: Calendar, now: datetime) -> list[Stretch]:
    """The service clock day by day, folded into stretches; empty before it started."""
    if not case["sla"]:
        return []
    return ledger(Sla.from_json(case["sla"]), calendar, bangkok_date(now))
