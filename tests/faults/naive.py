"""The control: what this product would be without one transaction per step and without idempotency keys.

The state of the case is committed first; the history and the messages follow in a second transaction. A kill test that
does not find this broken finds nothing.
"""

from __future__ import annotations

from workflows.actor import Actor
from workflows.faults import reached
from workflows.runtime import Command, Runtime, T_co, _run
from workflows.work import Work

LATER = ("history", "outbox")


class NaiveRuntime(Runtime):
    """Two transactions per command."""

    def _attempt(self, command: Command[T_co], actor: Actor, *, locked: bool) -> T_co:
        with self._database.begin() as db:
            work = Work(db, actor, self.clock.now(), self.services, locked=True)
            done = _run(command, work)
            writes = list(work._writes)
            work._writes = [write for write in writes if write[0].table.name not in LATER]  # type: ignore[attr-defined]
            work.flush(db)
        reached("after-commit")
        with self._database.begin() as db:
            work._writes = [write for write in writes if write[0].table.name in LATER]  # type: ignore[attr-defined]
            work.flush(db)
            reached("before-commit")
        if isinstance(done, Exception):
            raise done
        work.settled()
        return done
