"""Three ways a delivery goes wrong: ``python -m tests.faults.deliveries URL DIRECTORY``.

* hung: one message does not come back for a long time;
* stopped: a worker is stopped (SIGSTOP) in the middle of a delivery for much longer than its lease, and then goes on;
* poison: one message kills every worker that touches it.

Each has CASES cases of the looping diagram that wait for their answers. What happened is printed as JSON.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy import select

from app.wiring import Product
from tests.faults import arena, looping
from tests.faults.people import People
from workflows.actor import Actor
from workflows.delivery import Deliverer
from workflows.records import OutboxRow
from workflows.runtime import Command, Runtime

CASES = 8
LEASE = timedelta(seconds=1.0)
LEASE_OF_A_HUNG_ONE = timedelta(seconds=6.0)  # its worker renews it in time, however busy the machine is
LONGEST = 240.0
Receive = Callable[[Mapping[str, Any], str], Mapping[str, Any] | None]


class OneAtATime:
    """A runtime whose commands do not overlap in this process: whoever holds the lock knows that none is under way."""

    def __init__(self, runtime: Runtime, lock: threading.Lock) -> None:
        self._runtime, self._lock = runtime, lock

    def execute(self, command: Command[Any], actor: Actor) -> Any:
        with self._lock:
            return self._runtime.execute(command, actor)


class Ward:
    """A product with CASES messages to deliver, the third of which is the patient."""

    def __init__(self, made: Product, people: People) -> None:
        self.product, self.people = made, people
        self.writing = threading.Lock()
        people.start_some()
        with made.runtime.reading() as db:
            before = set(db.execute(select(OutboxRow.key)).scalars())
        while people.answer_everything():
            pass
        with made.runtime.reading() as db:
            keys = db.execute(select(OutboxRow.key).order_by(OutboxRow.run_at, OutboxRow.id)).scalars()
            self.keys = [key for key in keys if key not in before]
        assert len(self.keys) == CASES
        self.patient = self.keys[2]

    def deliverer(self, disturb: Callable[[], None], lease: timedelta = LEASE) -> Deliverer:
        """A deliverer that does ``disturb`` before it gives the patient's message to the receiver."""
        receive = self.product.effects["effect"]

        def effect(payload: Mapping[str, Any], key: str) -> Mapping[str, Any] | None:
            self.people.journal.write("touched", key=key)
            if key == self.patient:
                disturb()
            return receive(payload, key)

        runtime = cast(Runtime, OneAtATime(self.product.runtime, self.writing))
        return Deliverer(runtime, {"effect": effect}, lease=lease)

    def row(self) -> Any:
        with self.product.runtime.reading() as db:
            return db.execute(select(*OutboxRow.__table__.c).where(OutboxRow.key == self.patient)).one()

    def count(self, kind: str, key: str) -> int:
        """How often this was touched or received."""
        return sum(fact["key"] == key for _, fact in self.people.journal.read(kind))

    def neighbours_done(self) -> bool:
        return all(self.count("received", key) for key in self.keys if key != self.patient)

    def neighbours_settled(self) -> bool:
        with self.product.runtime.reading() as db:
            pending = set(db.execute(select(OutboxRow.key).where(OutboxRow.status == "pending")).scalars())
        return pending == {self.patient}

    def fork(self, disturb: Callable[[], None]) -> int:
        """A worker process that delivers until nothing is left."""
        self.product.database.dispose()
        pid = os.fork()
        if pid == 0:
            deliverer = self.deliverer(disturb)
            while self.row().status == "pending":
                deliverer.deliver()
                time.sleep(0.01)
            os._exit(0)
        return pid


def until(condition: Callable[[], bool]) -> bool:
    """Wait for a condition; gives whether it came true in time."""
    deadline = time.monotonic() + LONGEST
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition()


def hung(ward: Ward) -> dict[str, Any]:
    """The neighbours are served while it hangs, longer than its lease; nobody else takes it meanwhile."""
    release = threading.Event()

    def hang() -> None:
        release.wait(LONGEST)

    lease = LEASE_OF_A_HUNG_ONE
    one, other = ward.deliverer(hang, lease), ward.deliverer(lambda: None, lease)
    thread = threading.Thread(target=one.deliver)
    thread.start()
    served = until(ward.neighbours_done)
    until(lambda: ward.count("touched", ward.patient) == 1)
    for _ in range(10):
        time.sleep(lease.total_seconds() / 5)
        other.deliver()
    touched = ward.count("touched", ward.patient)
    release.set()
    thread.join()
    return {"served": served, "touched": touched, "attempts": ward.row().attempts, "status": ward.row().status}


def stopped(ward: Ward) -> dict[str, Any]:
    """Another worker takes over; the stopped one wakes up, delivers too, and settles nothing."""

    def stop() -> None:
        until(ward.neighbours_settled)
        with ward.writing:  # it must not be stopped with SQLite's only write lock in hand, be it for renewing its lease
            os.kill(os.getpid(), signal.SIGSTOP)
            time.sleep(0.5)  # the signal may reach this process a moment after the call came back

    first = ward.fork(stop)
    os.waitpid(first, os.WUNTRACED)
    _, status = os.waitpid(ward.fork(lambda: None), 0)
    taken_over = ward.row().status
    os.kill(first, signal.SIGCONT)
    _, late = os.waitpid(first, 0)
    received = ward.count("received", ward.patient)
    return {"taken_over": taken_over, "received": received, "exits": [status, late]}


def poison(ward: Ward) -> dict[str, Any]:
    """A supervisor starts the worker again and again."""
    deaths = 0
    while ward.row().status == "pending" and deaths < 20:
        _, status = os.waitpid(ward.fork(lambda: os.kill(os.getpid(), signal.SIGKILL)), 0)
        deaths += os.WIFSIGNALED(status)
    facts = [(kind, fact["key"]) for kind, fact in ward.people.journal.read("touched", "received")]
    last = max(number for number, fact in enumerate(facts) if fact[0] == "received" and fact[1] in ward.keys)
    earlier = facts[:last].count(("touched", ward.patient))
    return {"deaths": deaths, "deaths_until_neighbours_served": earlier, "status": ward.row().status}


def main(url: str, directory: Path) -> None:
    looping.register()
    made = arena.product(url, directory)
    people = arena.prepare(made, directory, {looping.PROCESS: CASES})
    facts: dict[str, Any] = {}
    for scenario in (poison, stopped, hung):
        facts[scenario.__name__] = scenario(Ward(made, people))
        arena.play(made, people)
    facts["incidents"] = [fact["error_type"] for _, fact in people.journal.read("incident")]
    print(json.dumps(facts))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
