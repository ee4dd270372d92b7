"""What is plugged in right now, for the status page and the console.

One thread of our own asks the system. Whatever fails, it begins again: the service may stop when the last reader is
unplugged, and come back with the next one.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from card_bridge.errors import MESSAGES

log = logging.getLogger(__name__)
_WAIT_MS, _REST = 1500, 2.0
_NEW_READER = "\\\\?PnP?\\Notification"


@dataclass(frozen=True, slots=True)
class State:
    """``code`` is ready (a card is in), or why not: no_card, no_reader, no_service."""

    code: str
    readers: tuple[tuple[str, bool], ...] = ()

    @property
    def words(self) -> tuple[str, str]:
        """What to do, in Thai and English."""
        if self.code == "ready":
            return "มีบัตรในเครื่องอ่าน พร้อมอ่าน", "A card is in the reader, ready to be read"
        return MESSAGES[self.code]


class Watch:
    """Follows the readers until stopped; ``state`` is always the newest."""

    def __init__(self, changed: Callable[[State], None] = lambda _: None) -> None:
        self.state = State("no_service")
        self._changed = changed
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(_WAIT_MS / 1000 + 1)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._follow()
            except Exception as error:  # the system's service went away, or is not installed
                log.debug("watching readers: %s", type(error).__name__)
            self._become(State("no_service"))
            self._stopped.wait(_REST)

    def _follow(self) -> None:
        """Follow as long as the service answers."""
        from smartcard import scard

        result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        if result != scard.SCARD_S_SUCCESS:
            return
        try:
            known: dict[str, Any] = {}
            while not self._stopped.is_set():
                result, names = scard.SCardListReaders(context, [])
                if result == scard.SCARD_E_NO_READERS_AVAILABLE:
                    names = []
                elif result != scard.SCARD_S_SUCCESS:
                    return
                asked = [(name, known.get(name, scard.SCARD_STATE_UNAWARE)) for name in (*names, _NEW_READER)]
                result, states = scard.SCardGetStatusChange(context, _WAIT_MS, asked)
                if result not in (scard.SCARD_S_SUCCESS, scard.SCARD_E_TIMEOUT, scard.SCARD_E_UNKNOWN_READER):
                    return
                known = {name: now for name, now, _atr in states}
                readers = tuple((name, bool(known.get(name, 0) & scard.SCARD_STATE_PRESENT)) for name in names)
                code = "ready" if any(card for _, card in readers) else "no_card" if readers else "no_reader"
                self._become(State(code, readers))
        finally:
            scard.SCardReleaseContext(context)

    def _become(self, state: State) -> None:
        if state != self.state:
            self.state = state
            self._changed(state)
