"""Delivering the outbox: claim, do it outside any transaction, settle.

An effect may run twice (a worker can die between doing and settling), so every effect gets an idempotency key. A
message that fails, hangs or kills its worker never holds up its neighbours: each has a thread of its own, a free thread
takes the next one at once, and what a dead worker left behind is taken alone, so that if it kills again nothing dies
with it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import timedelta
from typing import Any

from workflows.actor import WORKER
from workflows.commands.claim_messages import Claimed, ClaimMessages
from workflows.commands.extend_lease import ExtendLease
from workflows.commands.settle_message import SettleMessage
from workflows.errors import EngineIncident
from workflows.faults import reached
from workflows.records.outbox import LEASE, MAX_ATTEMPTS
from workflows.runtime import Runtime

log = logging.getLogger(__name__)

Effect = Callable[[Mapping[str, Any], str], Mapping[str, Any] | None]
"""Does one kind of message: gets the payload and the idempotency key, gives the outside's answer, raises on failure."""
LOOK_AGAIN = 0.5  # seconds between two looks for due messages while others are under way


class NotYet(Exception):
    """Raised by an effect whose other side asks for a pause of ``seconds`` before the next try."""

    def __init__(self, words: str, seconds: int) -> None:
        super().__init__(words)
        self.seconds = seconds


class Captured(Exception):
    """Raised by an effect that keeps the message for the demonstration outbox instead of sending it."""


class Deliverer:
    """Delivers due messages, at most ``threads`` at a time. ``lease`` (real time) is what a claimed message is kept
    for; it is renewed while the delivery goes on."""

    def __init__(
        self, runtime: Runtime, effects: Mapping[str, Effect], *, threads: int = 4, lease: timedelta = LEASE
    ) -> None:
        self._runtime = runtime
        self._effects = effects
        self._threads = threads
        self._lease = lease
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="delivery")
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Claim nothing more; what is under way is finished."""
        self._stopped.set()

    def deliver(self) -> int:
        """Deliver until nothing is due and nothing under way; gives how many messages were taken."""
        taken, renewed = 0, time.monotonic()
        running: dict[Future[None], Claimed] = {}
        while True:
            for message in self._claim(running):
                running[self._pool.submit(self._deliver, message)] = message
                taken += 1
            if not running:
                return taken
            pause = min(LOOK_AGAIN, self._lease.total_seconds() / 3)
            for done in wait(running, pause, FIRST_COMPLETED).done:
                del running[done]
            if time.monotonic() - renewed >= self._lease.total_seconds() / 3:
                self._renew(running)
                renewed = time.monotonic()

    def _claim(self, running: Mapping[Future[None], Claimed]) -> list[Claimed]:
        free = self._threads - len(running)
        if free == 0 or self._stopped.is_set():
            return []
        claimed = self._runtime.execute(ClaimMessages(free, lease=self._lease), WORKER)
        if not claimed and not running:
            claimed = self._runtime.execute(ClaimMessages(1, lease=self._lease, abandoned=True), WORKER)
        if claimed:
            reached("message-claimed")
        return claimed

    def _renew(self, running: Mapping[Future[None], Claimed]) -> None:
        for token in {message.token for message in running.values()}:
            self._runtime.execute(ExtendLease(token, self._lease), WORKER)

    def _deliver(self, message: Claimed) -> None:
        settle: dict[str, Any] = {}
        try:
            if message.attempts > MAX_ATTEMPTS:
                raise RuntimeError("given up: it stopped its worker again and again")
            effect = self._effects.get(message.kind)
            if effect is None:
                raise LookupError(f"nothing is set up to deliver {message.kind!r}")
            settle["reply"] = dict(effect(message.payload, message.key) or {})
            reached("message-sent")
        except Captured:
            settle["keep_payload"] = True
        except Exception as error:  # whatever the outside does, the message is settled and the neighbours go on
            log.warning("delivery of message %s (%s) failed: %s", message.id, message.kind, type(error).__name__)
            settle = {"error": f"{type(error).__name__}: {error}"}
            if isinstance(error, NotYet):
                settle["pause"] = error.seconds
        try:
            self._runtime.execute(SettleMessage(message.id, message.token, **settle), WORKER)
        except EngineIncident:
            log.warning("the case of message %s met an incident when it got its answer", message.id)
        except Exception:
            log.exception("message %s could not be settled; it is delivered again after its lease", message.id)
        reached("message-settled")
