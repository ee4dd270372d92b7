"""Kill who issues a bulk request: ``python -m tests.faults.bulk_issuing URL DIRECTORY KILLS SEED [naive]``.

One request lists PERSONS people, everybody has approved, and its issuance has begun: AT_ONCE in a transaction (the
product takes more), each part brings the next by a message. Two workers deliver at once; each is forked and killed at a
fault point. In the end two more finish undisturbed. What is then not exactly once for each person is printed as JSON.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
import traceback
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy import select

from app.adapters.cases import tells_cases
from app.worker import pick_up_messages
from tests.faults.naive import NaiveRuntime
from tests.support.bulk_requests import approve, lines, listed, send
from tests.support.world import World, prepare
from workflows import faults
from workflows.commands.resolve_incident import ResolveIncident
from workflows.delivery import Deliverer
from workflows.errors import Conflict
from workflows.operators import bulk_issue
from workflows.queries import outbox
from workflows.records import Account, Grant, Incident

PERSONS, AT_ONCE = 60, 4
ROLES = 2
WORKERS = 2
COMMITS = ("before-commit", "after-commit")
POINTS = (*COMMITS, "message-claimed", "message-sent", "message-settled")
LEASE = timedelta(seconds=0.5)
LONGEST = 300.0
QUIET, QUIET_NAIVE = 60.0, 2.0
"""Seconds without anything to do after which nothing comes any more: what failed is tried again after at most 42."""


def begin(world: World) -> int:
    """The request whose first part is issued; what it sent is delivered by the workers."""
    case_id = send(world, [listed(serial) for serial in range(1, PERSONS + 1)])
    approve(world, case_id)
    world.do("issuer", "issue", confirm=True)
    world.database.dispose()
    return case_id


def resolve_incidents(world: World) -> int:
    """The administrator repeats what was given up: messages that lost five workers."""
    with world.runtime.reading() as db:
        found = db.execute(select(Incident.id).where(Incident.state == "ACTIVE")).scalars().all()
    for incident in found:
        with suppress(Conflict):
            world.execute(ResolveIncident(incident), "admin")
    return len(found)


def live(world: World, case_id: int, point: str, nth: int, quiet: float) -> NoReturn:
    """A worker that delivers until the case has ended, and dies at the ``nth`` time it reaches a point (0: lives)."""
    status = 1
    try:
        left = [nth]

        def trap(reached: str) -> None:
            if reached == point:
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        faults.install(trap)
        world.database.dispose(close=False)
        deliverer = Deliverer(world.runtime, world.product.effects, lease=LEASE)
        until = time.monotonic() + LONGEST
        idle = 0.0
        while time.monotonic() < until:
            busy = pick_up_messages(world.product) + deliverer.deliver() + resolve_incidents(world)
            ended = world.case(case_id)["state"] != "ACTIVE"
            idle = 0.0 if busy else idle + 0.05
            if idle > (0.2 if ended else quiet):  # the naive way has lost its next part
                break
            time.sleep(0 if busy else 0.05)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def fight(world: World, case_id: int, kills: int, points: tuple[str, ...], quiet: float) -> tuple[Counter[str], int]:
    """Where how many died, and how many failed."""
    died: Counter[str] = Counter()
    failed = 0
    while died.total() < kills and world.case(case_id)["state"] == "ACTIVE":
        world.database.dispose()
        started = []
        for _ in range(WORKERS):
            point, nth = random.choice(points), random.randint(1, 2)
            pid = os.fork()
            if pid == 0:
                live(world, case_id, point, nth, quiet)
            started.append((pid, point))
        alive = 0
        for pid, point in started:
            _, status = os.waitpid(pid, 0)
            if os.WIFSIGNALED(status):
                died[point] += 1
            else:
                alive += 1
                failed += os.WEXITSTATUS(status) != 0
        if alive == WORKERS:
            break  # nobody reaches a point any more
    return died, failed


def finish(world: World, case_id: int, quiet: float) -> None:
    world.database.dispose()
    pids = []
    for _ in range(WORKERS):
        pid = os.fork()
        if pid == 0:
            live(world, case_id, "", 0, quiet)
        pids.append(pid)
    for pid in pids:
        os.waitpid(pid, 0)


def broken(world: World, case_id: int) -> dict[str, list[Any]]:
    """What is not exactly once: kind of trouble → the serials of the persons."""
    found: dict[str, list[Any]] = {}
    with world.runtime.reading() as db:
        accounts: Counter[str] = Counter(db.execute(select(Account.email)).scalars())
        granted = select(Account.email).join(Grant, Grant.account_id == Account.id).where(Grant.case_id == case_id)
        grants: Counter[str] = Counter(db.execute(granted).scalars())
        mails: Counter[str] = Counter(
            str(message["payload"].get("to")) for message in outbox.messages(db, world.keyring, limit=10 * PERSONS)
        )
    state = {line["person"]["email"]: line["state"] for line in lines(world, case_id)}
    for serial in range(1, PERSONS + 1):
        email = listed(serial)["email"]
        checks = {
            "line": state[email] == "issued",
            "account": accounts[email] == 1,
            "grants": grants[email] == ROLES,
            "mail": mails[email] == 1,
        }
        for name, good in checks.items():
            if not good:
                found.setdefault(name, []).append(serial)
    if (outcome := world.case(case_id)["outcome"]) != "approved":
        found["case"] = [outcome]
    issued = [event["data"] for event in world.history(case_id) if event["kind"] == "bulk.decided"]
    parts = [data["counts"].get("issued", 0) for data in issued if data["level"] == "issue"]
    if sum(parts) != PERSONS:
        found["audit"] = parts
    return found


def main(url: str, directory: Path, kills: int, seed: int, *, naive: bool) -> None:
    random.seed(seed)
    bulk_issue._AT_ONCE = AT_ONCE
    prepare(url, directory)
    world = World(url, directory)
    case_id = begin(world)
    if naive:
        runtime = NaiveRuntime(world.database, world.clock, world.services)
        effects = {**world.product.effects, "case.tell": tells_cases(runtime)}
        world.runtime, world.product = runtime, replace(world.product, runtime=runtime, effects=effects)
    quiet = QUIET_NAIVE if naive else QUIET
    died, failed = fight(world, case_id, kills, COMMITS if naive else POINTS, quiet)
    finish(world, case_id, quiet)
    print(json.dumps({"died": dict(died), "failed": failed, "broken": broken(world, case_id)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), naive="naive" in sys.argv[5:])
