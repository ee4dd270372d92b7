"""Reading the citizen card through the system's card service, with the virtual card of the tests."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

from bench.measure import Figure, sampled, scaled, wall_ms
from bench.product import NotHere
from card_bridge import apdu
from card_bridge.apdu import Channel
from card_bridge.card import PHOTO, photo
from card_bridge.errors import CardError
from card_bridge.pcsc import open_card
from card_bridge.reading import read_card
from tests.card_bridge.card_service import CardService, missing
from tests.card_bridge.virtual_card import Inserted, VirtualCard

_PATIENCE = 10.0  # seconds until the service has noticed the card


class _Noted:
    """A channel that writes down what goes through it."""

    def __init__(self, channel: Channel) -> None:
        self.atr = channel.atr
        self._channel = channel
        self.sent: list[list[int]] = []

    def transmit(self, command: Sequence[int]) -> tuple[bytes, int]:
        self.sent.append(list(command))
        return self._channel.transmit(command)


def card_text_ms() -> Iterator[Figure]:
    """All text fields from connecting to the decoded card, and what the photo takes on top (``card_photo_ms``), in
    milliseconds of wall time through the real card service. The baseline of each is the same commands, sent bare."""
    lacking = missing()
    if lacking:
        raise NotHere(lacking)
    with tempfile.TemporaryDirectory() as directory:
        service = CardService(Path(directory) / "pcscd")
        os.environ.update(service.environment)  # the library looks there when it is used for the first time
        service.start()
        card = Inserted(VirtualCard(), service.ports[0])
        try:
            _noticed()
            text, bare_text, picture, bare_picture = (median(each) for each in _measured())
        finally:
            card.pull()
            service.stop()
    yield Figure("card_text_ms", text, "ms", bare_text)
    yield Figure("card_photo_ms", picture, "ms", bare_picture)


def _measured() -> list[Sequence[float]]:
    with open_card() as (channel, _):
        noted = _Noted(channel)
        assert read_card(noted).card.citizen_id
        text_commands = list(noted.sent)
        noted.sent.clear()
        assert photo(apdu.read(noted, *PHOTO))
        photo_commands = list(noted.sent)

    def text() -> float:
        start = wall_ms()
        with open_card() as (channel, _):
            read_card(channel)
            return wall_ms() - start

    def bare_text() -> float:
        start = wall_ms()
        with open_card() as (channel, _):
            for command in text_commands:
                channel.transmit(command)
            return wall_ms() - start

    def selected(work: Callable[[Channel], object]) -> float:
        with open_card() as (channel, _):
            apdu.select(channel, apdu.MOI)
            start = wall_ms()
            work(channel)
            return wall_ms() - start

    def picture() -> float:
        return selected(lambda channel: photo(apdu.read(channel, *PHOTO)))

    def bare_picture() -> float:
        return selected(lambda channel: [channel.transmit(command) for command in photo_commands])

    return sampled(scaled(40, 10), text, bare_text, picture, bare_picture)


def _noticed() -> None:
    """The service polls its readers; wait until it has seen the card."""
    ends = time.monotonic() + _PATIENCE
    while True:
        try:
            with open_card():
                return
        except CardError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.05)
