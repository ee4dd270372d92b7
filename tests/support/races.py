"""Making things happen at the same time, at the worst moment: when everybody has read and nobody has written yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any, Generic, TypeVar

from sqlalchemy import text

from tests.support.world import World
from workflows.actor import Actor
from workflows.records import AnySelect
from workflows.runtime import Command, Runtime, T_co, _run
from workflows.work import Work

R = TypeVar("R")
PATIENCE = 0.05
"""Seconds to wait for the others. With row locks they cannot come: one of them waits for the lock."""
PATIENCE_OF_THE_CONTROL = 30.0
"""The control locks nothing, so the others always come, however busy the machine is."""


class Met(Generic[R]):
    """A command that, after its first run and before its writes, waits for its rivals."""

    def __init__(self, command: Command[R], rivals: Barrier, patience: float) -> None:
        self.command = command
        self.rivals = rivals
        self.patience = patience
        self.alone = False

    def run(self, work: Work) -> R:
        done = self.command.run(work)
        if not self.alone:
            self.alone = True
            with suppress(BrokenBarrierError):
                self.rivals.wait(self.patience)
        return done


def at_once(*actions: Callable[[], R]) -> list[R | Exception]:
    """Do these in a thread each, all beginning together; gives results or errors in their order."""
    ready = Barrier(len(actions))
    results: list[Any] = [None] * len(actions)

    def act(number: int, action: Callable[[], R]) -> None:
        ready.wait()
        try:
            results[number] = action()
        except Exception as error:
            results[number] = error

    threads = [Thread(target=act, args=(number, action)) for number, action in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def race(runtimes: Sequence[Runtime], *entries: tuple[Command[Any], Actor]) -> list[Any]:
    """Execute these commands at once, each in the runtime of its place; gives results or errors in their order."""
    rivals = Barrier(len(entries))

    def entered(runtime: Runtime, command: Command[Any], actor: Actor) -> Callable[[], Any]:
        patience = PATIENCE_OF_THE_CONTROL if isinstance(runtime, NaiveRuntime) else PATIENCE
        return lambda: runtime.execute(Met(command, rivals, patience), actor)

    chosen = [runtimes[number % len(runtimes)] for number in range(len(entries))]
    return at_once(*(entered(runtime, *entry) for runtime, entry in zip(chosen, entries, strict=True)))


class NaiveWork(Work):
    """Neither locks what it reads nor minds who wrote in between."""

    def lock(self, statement: AnySelect, *, skip_locked: bool = False) -> AnySelect:
        return statement

    def write(self, statement: Any, rows: Any = None, *, expect: int | None = None) -> None:
        super().write(statement, rows)


class NaiveRuntime(Runtime):
    """The control: reads in no transaction, writes in one. A race that it survives is no test."""

    def _attempt(self, command: Command[T_co], actor: Actor, *, locked: bool) -> T_co:
        with self._reader.connect() as reader:
            if not self._sqlite:
                reader = reader.execution_options(isolation_level="AUTOCOMMIT")  # keeps no lock that a command takes
            work = NaiveWork(reader, actor, self.clock.now(), self.services, locked=True)
            done = _run(command, work)
        with self._database.begin() as db:
            work.flush(db)
        if isinstance(done, Exception):
            raise done
        return done


def naive(world: World) -> Runtime:
    """The control on this world's database, without the unique index that would save it, too."""
    with world.database.begin() as db:
        db.execute(text("DROP INDEX ix_history_subject_seq"))
    return NaiveRuntime(world.database, world.clock, world.services)
