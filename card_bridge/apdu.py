"""The commands of the card: select an application, read a piece of its memory.

A channel sends one command and gives the data and the status word. What comes back differs by reader and driver: the
data at once with 9000, a 61xx that says how much waits, a 6Cxx that says which length to ask for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from card_bridge.errors import CardError

MOI: Final = bytes.fromhex("A000000054480001")
"""The application of the Ministry of Interior: what is printed on the card."""

OK, FILE_NOT_FOUND = 0x9000, 0x6A82
LONGEST = 255
"""Bytes of one read. More would need the extended form, which no card was seen to need."""
_MOST_ANSWERS = 16
"""Rounds of one command before the card is said to talk nonsense."""


class Channel(Protocol):
    """An open connection to a card."""

    atr: bytes

    def transmit(self, command: Sequence[int]) -> tuple[bytes, int]:
        """Send one command; gives data and status word. Raises CardError."""
        ...


def get_response_p2(atr: bytes) -> int:
    """Old cards (historical bytes begin 3B 67) want P2 = 01 in GET RESPONSE, all others 00."""
    return 0x01 if atr[:2] == b"\x3b\x67" else 0x00


def exchange(channel: Channel, command: Sequence[int]) -> bytes:
    """Send a command and collect its whole answer. Raises CardError: not_thai_id for an application that is not there,
    card_unresponsive for any other refusal."""
    sent = list(command)
    data, status = channel.transmit(sent)
    found = bytes(data)
    for _ in range(_MOST_ANSWERS):
        high, low = status >> 8, status & 0xFF
        if status == OK:
            return found
        if high == 0x61:
            sent = [0x00, 0xC0, 0x00, get_response_p2(channel.atr), low]
        elif high == 0x6C:
            sent = [*_without_length(sent), low]
        elif status == FILE_NOT_FOUND:
            raise CardError("not_thai_id", f"{status:04X}")
        else:
            raise CardError("card_unresponsive", f"{status:04X}")
        data, status = channel.transmit(sent)
        found += bytes(data)
    raise CardError("card_unresponsive", "too many answers")


def _without_length(command: Sequence[int]) -> Sequence[int]:
    """A command up to its expected length: header alone, or header and data."""
    return command[:4] if len(command) == 5 else command[: 5 + command[4]]


def select(channel: Channel, application: bytes) -> None:
    """Choose the application that the following reads are about."""
    exchange(channel, [0x00, 0xA4, 0x04, 0x00, len(application), *application])


def read(channel: Channel, offset: int, length: int) -> bytes:
    """``length`` bytes from ``offset``, in as many reads as it takes. Raises CardError, bad_data for a short answer."""
    found = b""
    while len(found) < length:
        at, size = offset + len(found), min(LONGEST, length - len(found))
        piece = exchange(channel, [0x80, 0xB0, at >> 8, at & 0xFF, 0x02, size >> 8, size & 0xFF])
        if len(piece) != size:
            raise CardError("bad_data", f"{len(piece)} of {size} bytes at {at:#06x}")
        found += piece
    return found
