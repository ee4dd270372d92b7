"""Kill the nightly sweep again and again: ``python -m tests.faults.sweeping URL DIRECTORY KILLS SEED [naive]``.

ACCOUNTS accounts are due, a third of them to be suspended. Three workers sweep at once, two accounts in a transaction;
each is forked, sweeps, and is killed at a fault point. In the end three more sweep undisturbed. What the sweep left
behind is printed as JSON: accounts whose status, marks, mails or audit events are not exactly what they must be.
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
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy import select, update

from app import preparation
from app.nightly import sweep_accounts
from app.wiring import Product, build
from config import Settings
from tests.faults.naive import NaiveRuntime
from tests.support.world import MORNING
from workflows import faults
from workflows.clock import FixedClock
from workflows.errors import StaleCase
from workflows.records import Account, DormancyMark, HistoryRow, OutboxRow

WORKERS = 3
POINTS = ("before-commit", "after-commit")
SUSPENDED, WARNED = timedelta(days=190), timedelta(days=160)


def product(url: str, directory: Path, *, naive: bool) -> Product:
    environment = {"DEMO": "1", "DATABASE_URL": url, "DATA_DIR": str(directory), "SECRET_KEY": "0" * 64}
    made = build(Settings.from_env(environment), clock=FixedClock(MORNING))
    if naive:
        from dataclasses import replace

        made = replace(made, runtime=NaiveRuntime(made.database, made.runtime.clock, made.runtime.services))
    return made


def prepare(made: Product) -> None:
    """The demo people, all due: every third to be suspended, the others to be warned."""
    preparation.prepare(made)
    with made.database.begin() as db:
        ids = list(db.execute(select(Account.id).order_by(Account.id)).scalars())
        for number, id_ in enumerate(ids):
            used = MORNING - (WARNED if number % 3 else SUSPENDED) - timedelta(minutes=number)
            db.execute(update(Account).where(Account.id == id_).values(last_used_at=used))
    made.database.dispose()


def live(made: Product, point: str, nth: int) -> NoReturn:
    """A worker that sweeps and dies at the ``nth`` time it reaches a point (0: lives)."""
    status = 1
    try:
        left = [nth]

        def trap(reached: str) -> None:
            if reached == point:
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        faults.install(trap)
        made.database.dispose(close=False)
        while True:
            try:
                sweep_accounts(made, size=2)
                break
            except StaleCase:
                continue  # the next tick
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def fight(made: Product, kills: int) -> tuple[int, int]:
    """Gives how many died and how many failed."""
    died = failed = 0
    while died < kills:
        pids = []
        for _ in range(WORKERS):
            point, nth = random.choice(POINTS), random.randint(1, 3)
            pid = os.fork()
            if pid == 0:
                live(made, point, nth)
            pids.append(pid)
        alive = 0
        for pid in pids:
            _, status = os.waitpid(pid, 0)
            died += os.WIFSIGNALED(status)
            alive += os.WIFEXITED(status)
            failed += os.WIFEXITED(status) and os.WEXITSTATUS(status) != 0
        if alive == WORKERS:
            break  # nothing is left to do, so nobody reaches a point
    return died, failed


def finish(made: Product) -> None:
    started = time.monotonic()
    pids = []
    for _ in range(WORKERS):
        pid = os.fork()
        if pid == 0:
            live(made, "", 0)
        pids.append(pid)
    for pid in pids:
        os.waitpid(pid, 0)
    assert time.monotonic() - started < 600


def broken(made: Product) -> dict[str, list[str]]:
    """What is not exactly once: kind of trouble → usernames."""
    found: dict[str, list[str]] = {}
    with made.runtime.reading() as db:
        accounts = db.execute(select(Account.id, Account.username, Account.status, Account.last_used_at)).all()
        accounts = [row for row in accounts if row.username != "admin"]  # never swept
        mails: Counter[str] = Counter(
            key.split("/")[1] for key in db.execute(select(OutboxRow.key)).scalars() if key.startswith("dormancy/")
        )
        marks: Counter[int] = Counter(db.execute(select(DormancyMark.account_id)).scalars())
        kinds = ("account.suspended", "account.dormancy_warned")
        told: Counter[int] = Counter(
            db.execute(select(HistoryRow.subject_id).where(HistoryRow.kind.in_(kinds))).scalars()
        )
    for row in accounts:
        out = MORNING - row.last_used_at >= timedelta(days=181)
        checks: dict[str, Any] = {
            "status": row.status == ("suspended" if out else "active"),
            "mark": marks[row.id] == 1,
            "mail": mails[str(row.id)] == 1,
            "audit": told[row.id] == 1,
        }
        for name, good in checks.items():
            if not good:
                found.setdefault(name, []).append(row.username)
    return found


def main(url: str, directory: Path, kills: int, seed: int, *, naive: bool) -> None:
    random.seed(seed)
    made = product(url, directory, naive=naive)
    prepare(made)
    died, failed = fight(made, kills)
    finish(made)
    print(json.dumps({"died": died, "failed": failed, "broken": broken(made)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), naive="naive" in sys.argv[5:])
