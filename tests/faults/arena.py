"""Kill web and worker processes again and again: ``python -m tests.faults.arena URL DIRECTORY KILLS SEED [naive]``.

Two webs and two workers run on one database. Each is forked warm, works, and is killed with SIGKILL, at the named fault
point where the fewest have died so far or at a random moment; another takes its place. In the end four more processes
finish the work undisturbed. What happened is in ``DIRECTORY/journal``; the last line on stdout is a summary in JSON.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

from app import preparation
from app.wiring import Product, build
from app.worker import wake_due_cases
from config import Settings
from tests.faults import looping
from tests.faults.journal import Journal
from tests.faults.naive import NaiveRuntime
from tests.faults.people import RUNNING, People
from workflows import faults
from workflows.actor import DEPLOYER
from workflows.commands.deploy_diagrams import DeployDiagrams
from workflows.delivery import Deliverer

LEASE = timedelta(seconds=0.5)
POINTS = {
    "web": ("before-commit", "after-commit"),
    "worker": faults.POINTS,
}
ROLES = ("web", "worker", "web", "worker")
IDLE = 0.01
LONGEST_LIFE = 3.0  # a child that does not reach its point is killed as well
FINISH = 300.0
QUIET_NAIVE = 5.0  # it never ends: what it lost is lost


def product(url: str, directory: Path, *, naive: bool = False) -> Product:
    """The product as it is, with the outside world replaced by a receiver that writes down what it gets."""
    environment = {"DEMO": "1", "DATABASE_URL": url, "DATA_DIR": str(directory), "SECRET_KEY": "0" * 64}
    built = build(Settings.from_env(environment))
    journal = Journal(directory / "journal")

    def receive(payload: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        journal.write("received", key=key, text=payload.get("text", ""))
        return {"heard": key}

    built = replace(built, effects={"mail": receive, "sms": receive, "effect": receive})
    if naive:
        built = replace(built, runtime=NaiveRuntime(built.database, built.runtime.clock, built.runtime.services))
    return built


def prepare(made: Product, directory: Path, running: Mapping[str, int]) -> People:
    """Tables, people, diagrams, and one undisturbed case of each process to compare with; gives the people.

    Afterwards no connection is open, and what a process learns while it works (parsed diagrams, compiled statements) is
    in memory for the children, so that they are at work a few milliseconds after their birth.
    """
    preparation.prepare(made)
    made.runtime.execute(DeployDiagrams({"loop.bpmn": looping.DIAGRAM}), DEPLOYER)
    people = People(made, Journal(directory / "journal"), dict.fromkeys(running, 1))
    people.start_some()
    play(made, people)
    made.database.dispose()
    people.running = running
    return people


def play(made: Product, people: People) -> None:
    """Web and worker in one process, until every case has ended."""
    deliverer = Deliverer(made.runtime, made.effects)
    while people.active():
        busy = people.answer_everything() + wake_due_cases(made) + deliverer.deliver() + people.resolve_incidents()
        if not busy:
            time.sleep(IDLE)


@dataclass
class Child:
    """A process that lives until it reaches ``point`` or the moment ``until``."""

    pid: int
    role: str
    point: str | None
    until: float


class Arena:
    """One database, its processes and their deaths."""

    def __init__(self, made: Product, people: People, kills: int, seed: int) -> None:
        self.product, self.people, self.kills = made, people, kills
        self.journal = people.journal
        self.finish_file = made.settings.data_directory / "finish"
        self.random = random.Random(seed)
        self.deaths: Counter[str] = Counter()
        self.failures: list[str] = []
        self.children: list[Child] = []

    def fight(self) -> None:
        """Kill until enough have died."""
        self.children = [self._start(role, self._plan(role)) for role in ROLES]
        while self.deaths.total() < self.kills and not self.failures:
            time.sleep(0.005)
            for number, child in enumerate(self.children):
                if time.monotonic() > child.until:
                    os.kill(child.pid, signal.SIGKILL)
                if self._ended(child):
                    self.children[number] = self._start(child.role, self._plan(child.role))
        for child in self.children:
            os.kill(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)
            self.deaths["random"] += 1

    def finish(self, quiet: float) -> bool:
        """Let everything that was begun end, undisturbed, until no case has ended for ``quiet`` seconds. Gives whether
        everything did."""
        self.finish_file.touch()
        self.children = [self._start(role, None, life=FINISH) for role in ROLES]
        deadline = time.monotonic() + FINISH
        active, since = self.people.active(), time.monotonic()
        while self.children and time.monotonic() < min(deadline, since + quiet) and not self.failures:
            time.sleep(0.05)
            self.children = [child for child in self.children if not self._ended(child)]
            if active != (active := self.people.active()):
                since = time.monotonic()
        for child in self.children:
            os.kill(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)
        return not self.children

    def _plan(self, role: str) -> str | None:
        """Where the next child dies; None for a random moment."""
        if self.random.random() < 0.3:
            return None
        return min(POINTS[role], key=lambda point: (self.deaths[point], self.random.random()))

    def _ended(self, child: Child) -> bool:
        pid, status = os.waitpid(child.pid, os.WNOHANG)
        if pid == 0:
            return False
        if os.WIFSIGNALED(status):
            self.deaths["random" if child.point is None or time.monotonic() > child.until else child.point] += 1
        elif os.WEXITSTATUS(status):
            self.failures.append(f"{child.role} failed; its traceback is above")
        return True

    def _start(self, role: str, point: str | None, life: float | None = None) -> Child:
        if life is None:
            life = LONGEST_LIFE if point else self.random.uniform(0.01, 0.3)
        nth = self.random.randint(1, 3)
        pid = os.fork()
        if pid == 0:
            self._live(role, point, nth)
        return Child(pid, role, point, time.monotonic() + life)

    def _live(self, role: str, point: str | None, nth: int) -> NoReturn:
        """The child: never returns."""
        status = 1
        try:
            random.seed()
            if point:
                faults.install(self._trap(point, nth))
            self.product.database.dispose(close=False)
            self._web() if role == "web" else self._worker()
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)

    def _trap(self, point: str, nth: int) -> Callable[[str], None]:
        count = itertools.count(1)

        def hook(reached: str) -> None:
            if reached == point and next(count) == nth:
                os.kill(os.getpid(), signal.SIGKILL)

        return hook

    def _finishing(self) -> bool:
        return self.finish_file.exists()

    def _web(self) -> None:
        """People work until told to stop and nothing is left to do."""
        people = self.people
        people.submit_again()
        while True:
            busy = people.answer_everything()
            if not self._finishing():
                busy += people.start_some()
            elif not people.active():
                return
            if not busy:
                time.sleep(IDLE)

    def _worker(self) -> None:
        """What the worker process does, without its pauses."""
        made, people = self.product, self.people
        deliverer = Deliverer(made.runtime, made.effects, lease=LEASE)
        while True:
            busy = wake_due_cases(made) + deliverer.deliver()
            if self._finishing():
                busy += people.resolve_incidents()
                if not people.active():
                    return
            if not busy:
                time.sleep(IDLE)


def main(url: str, directory: Path, kills: int, seed: int, *, naive: bool) -> None:
    started = time.monotonic()
    looping.register()
    made = product(url, directory, naive=naive)
    people = prepare(made, directory, RUNNING)
    prepared = time.monotonic()
    arena = Arena(made, people, kills, seed)
    arena.fight()
    fought = time.monotonic()
    finished = arena.finish(QUIET_NAIVE if naive else FINISH)
    summary = {
        "kills": arena.deaths.total(),
        "points": dict(arena.deaths),
        "facts": dict(Counter(kind for kind, _ in arena.journal.read("done", "started", "received", "incident"))),
        "failures": arena.failures,
        "finished": finished,
        "seconds": [round(b - a, 1) for a, b in ((started, prepared), (prepared, fought), (fought, time.monotonic()))],
    }
    print(json.dumps(summary), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), naive="naive" in sys.argv[5:])
