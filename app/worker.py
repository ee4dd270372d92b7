"""The second process: time and delivery. APScheduler only ticks; what is due is found in our own tables, so that any
number of workers may tick at once."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC
from functools import partial
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler

from app import preparation
from app.demo.background import Turns, make_past
from app.nightly import sweep
from app.wiring import Product, build
from config import Settings
from workflows.actor import CLOCK, WORKER, Actor
from workflows.commands.batch_changes import BatchChanges
from workflows.commands.beat_heart import BeatHeart
from workflows.commands.open_rounds import OpenRounds
from workflows.commands.pick_up_message import PickUpMessage
from workflows.commands.recompute_deadline import RecomputeDeadline
from workflows.commands.tell_round_members import TellRoundMembers
from workflows.commands.wake_case import WakeCase
from workflows.delivery import Deliverer
from workflows.errors import EngineIncident, StaleCase
from workflows.faults import reached
from workflows.queries import due

log = logging.getLogger(__name__)


def wake_due_cases(product: Product) -> int:
    """Wake every case whose clock has something to do; gives how many had."""
    with product.runtime.reading() as db:
        found = due.due_cases(db, product.runtime.clock.now())
    return _each(product, CLOCK, WakeCase, found)


def pick_up_messages(product: Product) -> int:
    """Bring messages that came early to the cases that wait for them now; gives how many were received."""
    with product.runtime.reading() as db:
        found = due.cases_with_messages(db, product.runtime.clock.now())
    return _each(product, WORKER, PickUpMessage, found)


def recompute_deadlines(product: Product) -> int:
    """Bring deadlines in line with a changed calendar; gives how many moved."""
    with product.runtime.reading() as db:
        found = due.cases_to_recompute(db)
    return _each(product, CLOCK, RecomputeDeadline, found)


def keep_rounds(product: Product) -> int:
    """Open and move rounds of grants, and tell their cases, some at a time; gives how many were told."""
    try:
        product.runtime.execute(OpenRounds(), WORKER)
    except Exception:
        log.exception("rounds could not be opened or moved; what became of the others is told all the same")
    told = 0
    while True:
        with product.runtime.reading() as db:
            if not due.round_news(db):
                return told
        told += product.runtime.execute(TellRoundMembers(), WORKER)


def batch_changes(product: Product) -> int:
    """Put what waits for systems served by files into a file each; gives how many changes did."""
    with product.runtime.reading() as db:
        systems = due.systems_with_files(db)
    return sum(product.runtime.execute(BatchChanges(system), WORKER) for system in systems)


_ForCase = type[WakeCase] | type[PickUpMessage] | type[RecomputeDeadline]


def _each(product: Product, actor: Actor, command: _ForCase, case_ids: list[int]) -> int:
    """Execute a command for each case. One that cannot go on, for whatever reason, does not hold up the others."""
    done = 0
    for case_id in case_ids:
        reached("timer-found")
        try:
            done += product.runtime.execute(command(case_id), actor)
        except EngineIncident:
            log.warning("case %s met an incident when it was woken", case_id)
        except StaleCase:
            log.info("case %s is busy; its turn comes with the next tick", case_id)
        except Exception:
            log.exception("case %s: %s failed", case_id, command.__name__)
    return done


def deliver(deliverer: Deliverer) -> int:
    """Deliver until nothing is due."""
    return deliverer.deliver()


def _in_turn(turns: Turns, tick: Callable[[], object]) -> None:
    with turns.together():
        tick()


def run(product: Product, stopped: threading.Event) -> None:
    """Tick until told to stop, then let what is being done finish."""
    deliverer, sender = product.deliverer(), product.webhook_sender()
    scheduler = BackgroundScheduler(timezone=UTC)
    turns = Turns()
    ticks: list[tuple[Callable[[], object], float]] = [
        (lambda: wake_due_cases(product), 1),
        (lambda: pick_up_messages(product), 1),
        (lambda: deliver(deliverer), 1),
        (sender.send, 1),
        (lambda: recompute_deadlines(product), 2),
        (lambda: sweep(product), 5),
        (lambda: keep_rounds(product), 2),
        (lambda: batch_changes(product), 60),
    ]
    product.runtime.execute(BeatHeart("worker"), WORKER)
    every: dict[str, Any] = {"trigger": "interval", "max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    scheduler.add_job(lambda: product.runtime.execute(BeatHeart("worker"), WORKER), seconds=2, **every)
    for tick, seconds in ticks:
        scheduler.add_job(partial(_in_turn, turns, tick), seconds=seconds, **every)
    scheduler.start()
    past = threading.Thread(target=make_past, args=(product, turns, stopped), name="past", daemon=True)
    past.start()
    stopped.wait()
    past.join()
    deliverer.stop()
    sender.stop()
    scheduler.shutdown(wait=True)


def main() -> None:
    """The worker process. With ``--prepare`` it first brings the database up to date (``app/preparation.py``)."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    product = build(Settings.from_env())
    if "--prepare" in sys.argv[1:]:
        preparation.prepare(product)
        sys.stdout.write("".join(f"sitthi:   {line}\n" for line in preparation.introductions(product)))
        sys.stdout.flush()
    run(product, stopped)


if __name__ == "__main__":
    main()
