"""What the bridge does, whoever asks: the browser on this computer, or the server through the outbound line."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from card_bridge import pcsc
from card_bridge.apdu import Channel
from card_bridge.challenge import ChallengeRefused, verify
from card_bridge.envelope import seal
from card_bridge.errors import CardError
from card_bridge.keys import SigningKey
from card_bridge.reading import Read, read_card
from card_bridge.settings import Settings

log = logging.getLogger(__name__)

OpenCard = Callable[[str], AbstractContextManager[tuple[Channel, str]]]
_TRIES, _PAUSE = 3, 0.4
_WORTH_ANOTHER_TRY = ("card_unresponsive", "bad_data")
_VIRTUAL = "Virtual PCD"


class Bridge:
    """An enrolled bridge with its key. ``open_card`` is given by tests only."""

    def __init__(
        self, settings: Settings, key: SigningKey, server_key: bytes, *, open_card: OpenCard = pcsc.open_card
    ) -> None:
        self.settings = settings
        self.key = key
        self._server_key = server_key
        self._open_card = open_card
        self._counter = Counter(settings.directory / "counter")

    def read_signed(self, token: str, *, with_photo: bool = False, reader: str = "") -> dict[str, Any]:
        """Read one card for the server's permission. Raises ChallengeRefused, CardError."""
        if not self.settings.enrolled:
            raise ChallengeRefused("this bridge is not enrolled")
        device_id, server = self.settings.device_id, self.settings.server
        challenge = verify(token, self._server_key, device_id=device_id, audience=server, now=_now())
        read, name, atr = self.read(with_photo=with_photo, reader=reader)
        return seal(
            read,
            self.key,
            audience=server,
            nonce=challenge.nonce,
            reader=name,
            atr=atr,
            seq=self._counter.next(),
            now=_now(),
        )

    def read(self, *, with_photo: bool = False, reader: str = "") -> tuple[Read, str, bytes]:
        """Read one card; gives it with the reader's name and the card's ATR. Raises CardError."""
        for attempt in range(_TRIES):
            try:
                with self._open_card(reader) as (channel, name):
                    if name.startswith(_VIRTUAL) and not self.settings.test_readers:
                        raise CardError("no_reader", "a virtual reader")
                    return read_card(channel, with_photo=with_photo), name, channel.atr
            except CardError as error:
                log.info("reading failed: %s", error)
                if error.code not in _WORTH_ANOTHER_TRY or attempt == _TRIES - 1:
                    raise
            time.sleep(_PAUSE)
        raise AssertionError("unreachable")


class Counter:
    """Numbers the readings of this bridge, across restarts: the server takes each number once, and only upwards."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()

    def next(self) -> int:
        """One more than ever before: the stored number, or the clock's if that is ahead (the file may be lost)."""
        with self._lock:
            stored = int(self._file.read_text()) if self._file.exists() else 0
            number = max(stored + 1, time.time_ns() // 1_000_000)
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text(str(number))
            return number


def _now() -> datetime:
    return datetime.now(UTC)
