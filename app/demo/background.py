"""The demonstration's past, made by the worker beside its work: case by case, in a third of its time at most."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from app.demo import crowd
from app.demo.history import Past
from app.wiring import Product

log = logging.getLogger(__name__)
_FIRST_PAUSE = 20.0
"""Seconds after the start in which whoever has just opened the demonstration is left alone."""
_REST = 2
"""How much longer than a case took the worker rests before the next."""


class Turns:
    """The worker's ticks may run beside each other, but not while a case of the past is made."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running = 0
        self._alone = False

    @contextmanager
    def together(self) -> Iterator[None]:
        """For a tick."""
        with self._changed:
            self._changed.wait_for(lambda: not self._alone)
            self._running += 1
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """For a case of the past."""
        with self._changed:
            self._changed.wait_for(lambda: not self._alone and self._running == 0)
            self._alone = True
        try:
            yield
        finally:
            with self._changed:
                self._alone = False
                self._changed.notify_all()


def make_past(product: Product, turns: Turns, stopped: threading.Event, *, first_pause: float = _FIRST_PAUSE) -> None:
    """Make what is not there yet of the larger demonstration, until done or stopped; goes on after a restart.

    Nothing is made where real mail or SMS is set: a past is not sent to anybody.
    """
    settings = product.settings
    if not settings.demo or not settings.demo_history or settings.mail or settings.sms_url:
        return
    if stopped.wait(first_pause):
        return
    with turns.alone():
        crowd.make(product)
    past, pause = Past(product, settings.demo_history), 0.0
    try:
        while not stopped.wait(pause):
            begun = time.monotonic()
            with turns.alone():
                if not past.one():
                    return
            pause = _REST * (time.monotonic() - begun)
            if past.next % 100 == 0:
                log.info("demonstration: %s of %s past requests", past.next, past.count)
    except Exception:
        log.exception("demonstration: no more past requests after %s; the rest of the product goes on", past.next)
    finally:
        past.close()
