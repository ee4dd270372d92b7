"""Sending to units' systems: in the worker, in threads of their own, so that a receiver which hangs takes none from
mail and SMS, and only its own time from other receivers.

It is the outbox's way (claim under a lease, do it outside any transaction, settle) with endpoints in the place of
messages: one message at a time each. A message may arrive twice; its event id tells.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.client import HTTPException

from app.adapters.pinned_http import Refused
from workflows.actor import WORKER
from workflows.clock import real_now
from workflows.commands.settle_webhook import SettleWebhook
from workflows.commands.take_webhook_turns import TakeWebhookTurns, Turn
from workflows.rules.webhooks import signature
from workflows.runtime import Runtime

log = logging.getLogger(__name__)

Post = Callable[[str, bytes, Mapping[str, str]], int]
"""Posts a body to a URL with headers; gives the answer's status."""
_IN_A_ROW = 50
"""Messages to one endpoint before others get the thread."""


class WebhookSender:
    """Sends what is due, to at most ``threads`` endpoints at a time; one that fails for ``stop_after`` is stopped."""

    def __init__(self, runtime: Runtime, post: Post, *, stop_after: timedelta, threads: int = 8) -> None:
        self._runtime = runtime
        self._post = post
        self._stop_after = stop_after
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="webhook")
        self._busy = 0
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    def send(self) -> int:
        """Take what is due now as far as threads are free, and come back at once; gives how many endpoints."""
        with self._lock:
            free = self._threads - self._busy
        if free == 0 or self._stopped.is_set():
            return 0
        turns = self._runtime.execute(TakeWebhookTurns(free), WORKER)
        for turn in turns:
            with self._lock:
                self._busy += 1
            self._pool.submit(self._serve, turn)
        return len(turns)

    def wait(self) -> None:
        """Until nothing is under way; for tests."""
        while True:
            with self._lock:
                if not self._busy:
                    return
            time.sleep(0.01)

    def stop(self) -> None:
        """Take nothing more; what is under way is finished."""
        self._stopped.set()
        self._pool.shutdown(wait=True)

    def _serve(self, turn: Turn) -> None:
        """One endpoint's messages, until nothing is due or one fails."""
        try:
            for _ in range(_IN_A_ROW):
                if not self._deliver(turn) or self._stopped.is_set():
                    return
                turns = self._runtime.execute(TakeWebhookTurns(1, only=turn.endpoint_id), WORKER)
                if not turns:
                    return
                turn = turns[0]
        except Exception:
            log.exception("endpoint %s could not be served; its turn comes again after its lease", turn.endpoint_id)
        finally:
            with self._lock:
                self._busy -= 1

    def _deliver(self, turn: Turn) -> bool:
        """Send one message and settle it; whether the receiver took it."""
        body, at = turn.body.encode(), int(real_now().timestamp())
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Sitthi-Webhook/1",
            "Sitthi-Event": turn.kind,
            "Sitthi-Id": turn.event_id,
            "Sitthi-Signature": signature(turn.secrets, at, body),
        }
        began, status, error = time.monotonic(), None, ""
        try:
            status = self._post(turn.url, body, headers)
            if 300 <= status < 400:
                error = "redirects are not followed"
        except (OSError, Refused, HTTPException, ValueError) as failure:
            error = f"{type(failure).__name__}: {failure}"
            log.info("webhook endpoint %s: %s", turn.endpoint_id, type(failure).__name__)
        milliseconds = int((time.monotonic() - began) * 1000)
        settle = SettleWebhook(
            turn.endpoint_id, turn.delivery_id, turn.token, status, error, milliseconds, self._stop_after
        )
        self._runtime.execute(settle, WORKER)
        return status is not None and 200 <= status < 300
