"""One unit of work: what a command sees, and everything it wants written, until the runtime writes it at once.

Commands read through ``db`` and compute first; what they ``write`` is kept in order and sent to the database at the
end, inside the one transaction. On SQLite the reading happens outside of it, which is why the case row is written with
a compare-and-swap on its revision; on PostgreSQL the row was locked when it was read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update
from sqlalchemy.sql.base import Executable

from workflows import chain
from workflows.actions import Action
from workflows.actor import Actor
from workflows.chain import Event
from workflows.code_block import CodeBlock
from workflows.definition_store import DefinitionStore
from workflows.engine import Interpreter
from workflows.errors import NotFound
from workflows.holiday_store import HolidayStore
from workflows.live_cache import LiveCache
from workflows.records import AnySelect, Case, ChainHead, HistoryRow, Incident, Lockable, table
from workflows.register import Register
from workflows.sealing import Keyring


class Overtaken(Exception):
    """Another writer was faster; the runtime starts the command again."""


@dataclass(frozen=True, slots=True)
class Services:
    """What all units of work of a process share."""

    interpreter: Interpreter
    definitions: DefinitionStore
    holidays: HolidayStore
    keyring: Keyring
    cache: LiveCache
    codes: CodeBlock
    base_url: str = ""


@dataclass(frozen=True, slots=True)
class Pushing:
    """What the engine was asked when it met an incident."""

    case: Any
    action: Action
    item: Any | None


CASE_COLUMNS = tuple(table(Case).c)
STEP_COLUMNS = (
    Case.id,
    Case.number,
    Case.definition_key,
    Case.revision,
    Case.snapshot,
    Case.requester,
    Case.pid_index,
    Case.sla,
    Case.sla_due,
    Case.campaign_id,
    Case.subscriptions_mac,
    Case.has_incident,
    Case.chain_seq,
    Case.chain_mac,
)
"""What moving a case needs of its row. The rest is not worth reading on every step."""
_CASE = Lockable(select(*CASE_COLUMNS).where(Case.id == bindparam("case")))
_HISTORY = table(HistoryRow).insert()
_HEADS = table(ChainHead)
_HEAD = Lockable(select(_HEADS.c.seq, _HEADS.c.mac).where(_HEADS.c.subject_id == bindparam("subject")))
_BEGIN_CHAIN = _HEADS.insert()
_LENGTHEN = update(_HEADS).where(_HEADS.c.subject_id == bindparam("of_subject"), _HEADS.c.seq == bindparam("of_seq"))


class Work:
    """Given to ``command.run``.

    ``locked`` tells whether the write lock is already held (see ``Register.next_number``). ``resolving`` is the
    incident that is taken up again, ``on_behalf_of`` whose action that was.
    """

    def __init__(self, db: Connection, actor: Actor, now: datetime, services: Services, *, locked: bool) -> None:
        self.db = db
        self.actor = actor
        self.now = now
        self.services = services
        self.locked = locked
        self.on_behalf_of = actor.id
        self.resolving: int | None = None
        self.register = Register(db, services.keyring, locked=locked, codes=services.codes)
        self.pushing: Pushing | None = None
        self.created_accounts: dict[str, int] = {}
        self.adapters: Mapping[str, str] | None = None
        self._heads: dict[int, tuple[int, bytes]] = {}
        self._kept = 0
        self._writes: list[tuple[Executable, Any, int | None]] = []
        self._after: list[Callable[[], None]] = []

    # -- reading -----------------------------------------------------------------------------------------------------

    def lock(self, statement: AnySelect, *, skip_locked: bool = False) -> AnySelect:
        """The statement with row locks where the database has them; ``skip_locked`` leaves out what another has."""
        postgres = self.db.dialect.name == "postgresql"
        return statement.with_for_update(skip_locked=skip_locked) if postgres else statement

    def case(self, case_id: int) -> Row[Any]:
        """The case row, locked for this transaction. Raises NotFound."""
        row = _CASE.first(self.db, case=case_id)
        if row is None:
            raise NotFound(case=case_id)
        return row

    # -- writing -----------------------------------------------------------------------------------------------------

    def write(self, statement: Executable, rows: Any = None, *, expect: int | None = None) -> None:
        """Queue a statement; with ``expect``, anything but that many touched rows means somebody else was faster."""
        self._writes.append((statement, rows, expect))

    def keep(self) -> None:
        """What is queued so far is written even if the engine then meets an incident."""
        self._kept = len(self._writes)

    def discard(self) -> None:
        """Forget what was queued after ``keep``, and everything that was to happen after the commit."""
        del self._writes[self._kept :]
        self._heads.clear()
        self._after.clear()

    def after_commit(self, action: Callable[[], None]) -> None:
        """Something to do in memory once everything is stored."""
        self._after.append(action)

    def flush(self, db: Connection) -> None:
        """Send everything queued. Called by the runtime only."""
        for statement, rows, expect in self._writes:
            result = db.execute(statement, rows) if rows is not None else db.execute(statement)
            if expect is not None and result.rowcount != expect:
                raise Overtaken
        self._writes.clear()

    def settled(self) -> None:
        """The transaction is committed. Called by the runtime only."""
        for action in self._after:
            action()

    # -- history -----------------------------------------------------------------------------------------------------

    def record(self, subject_id: int, *events: Event, is_new: bool = False) -> None:
        """Append events to the audit chain of something that is not a case: an account, a definition, the service.
        ``is_new`` for what this unit of work makes, whose chain begins here."""
        found = self._heads.get(subject_id)  # told of before in this very unit of work
        if found is None and not is_new:
            row = _HEAD.first(self.db, subject=subject_id)
            found = (row.seq, bytes(row.mac)) if row else None
        head = found or (0, b"")
        rows, (seq, mac) = chain.extend(
            self.services.keyring, subject_id, head, events, at=self.now, actor=self.actor.id
        )
        if found is None:
            self.write(_BEGIN_CHAIN, {"subject_id": subject_id, "seq": seq, "mac": mac})
        else:
            swap = update(ChainHead).where(ChainHead.subject_id == subject_id, ChainHead.seq == head[0])
            self.write(swap.values(seq=seq, mac=mac), expect=1)
        self._heads[subject_id] = (seq, mac)
        self.write(_HISTORY, rows)

    def record_each(self, events: Mapping[int, Event]) -> None:
        """As ``record``, one event for each of many subjects, in as few statements as for one."""
        statement = select(ChainHead.subject_id, ChainHead.seq, ChainHead.mac).where(ChainHead.subject_id.in_(events))
        heads = {row.subject_id: (row.seq, row.mac) for row in self.db.execute(self.lock(statement))}
        rows, first, next_ = [], [], []
        for subject_id, event in events.items():
            head = heads.get(subject_id, (0, b""))
            link, (seq, mac) = chain.extend(
                self.services.keyring, subject_id, head, [event], at=self.now, actor=self.actor.id
            )
            self._heads[subject_id] = (seq, mac)
            rows += link
            if subject_id in heads:
                next_.append({"of_subject": subject_id, "of_seq": head[0], "seq": seq, "mac": mac})
            else:
                first.append({"subject_id": subject_id, "seq": seq, "mac": mac})
        if first:
            self.write(_BEGIN_CHAIN, first)
        if next_:
            self.write(_LENGTHEN, next_, expect=len(next_))
        if rows:
            self.write(_HISTORY, rows)

    def append(self, case_id: int, *events: Event) -> None:
        """Append events to a case's audit chain without moving the case."""
        statement = select(Case.chain_seq, Case.chain_mac).where(Case.id == case_id)
        seq, mac = self.db.execute(self.lock(statement)).one()
        rows, head = chain.extend(self.services.keyring, case_id, (seq, mac), events, at=self.now, actor=self.actor.id)
        swap = update(Case).where(Case.id == case_id, Case.chain_seq == seq)
        self.write(swap.values(chain_seq=head[0], chain_mac=head[1]), expect=1)
        self.write(_HISTORY, rows)

    def other_incidents(self, case_id: int) -> Sequence[Row[Any]]:
        """The open incidents of a case (id, actor, work_item_id, error_type) but the one that is taken up again."""
        open_ = (Incident.case_id == case_id, Incident.state == "ACTIVE", Incident.id.is_distinct_from(self.resolving))
        columns: AnySelect = select(Incident.id, Incident.actor, Incident.work_item_id, Incident.error_type)
        return self.db.execute(columns.where(*open_)).all()

    def resolve_incidents(self, case: Any) -> None:
        """The open incidents of a case are over."""
        values = {"state": "RESOLVED", "resolved_at": self.now, "resolved_by": self.actor.id}
        self.write(update(Incident).where(Incident.case_id == case.id, Incident.state == "ACTIVE").values(**values))
