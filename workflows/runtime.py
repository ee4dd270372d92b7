"""The one transaction of the product: a command goes in, everything or nothing is stored.

``execute`` runs a command against a unit of work, writes what it queued and commits. Whoever was overtaken by another
writer is run again from the start, from the second try on with the write lock in hand. When the engine cannot go on,
the step is thrown away and an incident is stored instead, with the action to take up again: nothing a person entered
is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError, OperationalError

from workflows.actor import Actor
from workflows.clock import Clock
from workflows.code_lease import LeaseCodes
from workflows.errors import EngineIncident, StaleCase
from workflows.faults import reached
from workflows.incidents import store_incident
from workflows.ports import NeedsCounters, NeedsWriteLock
from workflows.records.database import for_reading, take_write_lock
from workflows.work import Overtaken, Services, Work

T_co = TypeVar("T_co", covariant=True)
_ATTEMPTS = 6
_TRY_AGAIN = ("40001", "40P01", "55P03")  # PostgreSQL: serialization failure, deadlock, a lock held for too long


class Command(Protocol[T_co]):
    """One verb that changes something: a frozen dataclass with its arguments and a ``run``."""

    def run(self, work: Work) -> T_co: ...


class Runtime:
    """Executes commands and lends connections for reading."""

    def __init__(self, database: Engine, clock: Clock, services: Services) -> None:
        self._database = database
        self._sqlite = database.dialect.name == "sqlite"
        self._reader = for_reading(database)
        self.clock = clock
        self.services = services

    def execute(self, command: Command[T_co], actor: Actor) -> T_co:
        """Run a command in one transaction.

        Raises what the command raises; EngineIncident after the incident was stored in place of the step; StaleCase
        when it was overtaken too often.
        """
        failure: Exception | None = None
        for attempt in range(_ATTEMPTS):
            try:
                return self._attempt(command, actor, locked=attempt > 0)
            except NeedsCounters as used_up:
                failure = used_up
                self._attempt(LeaseCodes(self.services.codes), actor, locked=True)
            except (Overtaken, NeedsWriteLock, IntegrityError) as overtaken:
                failure = overtaken
            except OperationalError as error:
                if getattr(error.orig, "sqlstate", None) not in _TRY_AGAIN:
                    raise
                failure = error
        raise StaleCase() from failure

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that only reads."""
        with self._reader.connect() as db:
            yield db

    def _attempt(self, command: Command[T_co], actor: Actor, *, locked: bool) -> T_co:
        compute_first = self._sqlite and not locked
        database = self._reader if compute_first else self._database
        with database.begin() as db:
            work = Work(db, actor, self.clock.now(), self.services, locked=not compute_first)
            done = _run(command, work)
            if compute_first:
                take_write_lock(db)
            work.flush(db)
            reached("before-commit")
        reached("after-commit")
        if isinstance(done, EngineIncident):
            raise done
        work.settled()
        return done


def _run(command: Command[T_co], work: Work) -> T_co | EngineIncident:
    """The command's result, or the incident that now stands in the queue in place of the step."""
    try:
        return command.run(work)
    except EngineIncident as incident:
        if work.pushing is None:
            raise
        store_incident(work, work.pushing, incident)
        return incident
