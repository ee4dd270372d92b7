"""The report of requests: what people sent, by filter, counted and listed, only what the reader may see."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Connection, Row, func, literal, select, tuple_

from workflows.actor import Actor
from workflows.clock import BANGKOK
from workflows.queries.visibility import visible_cases
from workflows.records import AnySelect, Case, Organisation, UtcDateTime

RUNNING = "running"
"""The one state that is no outcome."""

_COLUMNS = (
    Case.id,
    Case.number,
    Case.process_id,
    Case.subject,
    Case.pid_masked,
    Case.unit_code,
    Case.region,
    Case.systems,
    Case.channel,
    Case.sent_at,
    Case.ended_at,
    Case.state,
    Case.outcome,
    Case.stage,
    Case.sla_state,
    Case.sla_due,
    Organisation.name.label("unit_name"),
    Organisation.province,
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What is wanted: Bangkok dates of sending, both included, and exact values; "" and None leave a column open."""

    first: date | None = None
    last: date | None = None
    process: str = ""
    region: str = ""
    unit: str = ""
    state: str = ""
    sla: str = ""
    system: str = ""
    channel: str = ""

    def told(self) -> dict[str, str]:
        """What was asked for, for the audit chain. Nothing personal can be filtered by."""
        return {name: str(value) for name, value in asdict(self).items() if value}


class Key(NamedTuple):
    """Where a page ended."""

    sent_at: datetime
    id: int


class Counts(NamedTuple):
    """How many cases there are, by state (``running`` or an outcome) and by state of the service clock."""

    total: int
    states: Mapping[str, int]
    sla: Mapping[str, int]


def page(
    db: Connection, actor: Actor, filters: Filters, *, after: Key | None = None, limit: int = 50
) -> list[Row[Any]]:
    """Cases, the last sent first."""
    statement = (
        select(*_COLUMNS)
        .outerjoin(Organisation, Organisation.code == Case.unit_code)
        .where(*_conditions(actor, filters))
        .order_by(Case.sent_at.desc(), Case.id.desc())
        .limit(limit)
    )
    if after is not None:
        key = tuple_(literal(after.sent_at, UtcDateTime()), literal(after.id, BigInteger()))
        statement = statement.where(tuple_(Case.sent_at, Case.id) < key)
    return list(db.execute(statement))


def counts(db: Connection, actor: Actor, filters: Filters) -> Counts:
    """The numbers above the list."""
    columns: AnySelect = select(Case.state, Case.outcome, Case.sla_state, func.count())
    statement = columns.where(*_conditions(actor, filters)).group_by(Case.state, Case.outcome, Case.sla_state)
    states: dict[str, int] = {}
    sla: dict[str, int] = {}
    for state, outcome, clock, number in db.execute(statement):
        word = RUNNING if state == "ACTIVE" else outcome or state
        states[word] = states.get(word, 0) + number
        sla[clock] = sla.get(clock, 0) + number
    return Counts(sum(states.values()), states, sla)


def batches(
    reading: Callable[[], AbstractContextManager[Connection]], actor: Actor, filters: Filters, *, size: int = 500
) -> Iterator[list[Row[Any]]]:
    """All cases, a batch at a time, each read on a connection of its own: however many there are, memory holds one
    batch, and no transaction stays open while somebody downloads."""
    after: Key | None = None
    while True:
        with reading() as db:
            rows = page(db, actor, filters, after=after, limit=size)
        if rows:
            yield rows
            after = Key(rows[-1].sent_at, rows[-1].id)
        if len(rows) < size:
            return


def _conditions(actor: Actor, filters: Filters) -> list[ColumnElement[bool]]:
    by_people = ~Case.requester.startswith("system:")
    found = [Case.sent_at.is_not(None), by_people, visible_cases(actor)]
    if filters.first is not None:
        found.append(Case.sent_at >= _midnight(filters.first))
    if filters.last is not None:
        found.append(Case.sent_at < _midnight(filters.last + timedelta(days=1)))
    exact = {
        Case.process_id: filters.process,
        Case.region: filters.region,
        Case.unit_code: filters.unit,
        Case.sla_state: filters.sla,
        Case.channel: filters.channel,
    }
    found += [column == value for column, value in exact.items() if value]
    if filters.state:
        ended = Case.state != "ACTIVE"
        found.append(ended & (Case.outcome == filters.state) if filters.state != RUNNING else ~ended)
    if filters.system:
        found.append(Case.systems.contains(f" {filters.system} ", autoescape=True))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BANGKOK)
