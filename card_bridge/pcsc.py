"""The computer's card readers through PC/SC.

``smartcard`` is imported only here, and late: without it, or without the system's service, the bridge still runs and
says what is missing. Readers are looked for on every reading. The library's own monitor is not used: it dies for good
when the service restarts, which Windows does whenever the last reader is unplugged.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any, Final

from card_bridge.errors import CardError

_ONE_AT_A_TIME = threading.Lock()
_TRIES, _PAUSE = 3, 0.4
"""A card that was put in this moment may not answer yet."""

_NO_CARD, _SHARING = 0x8010000C, 0x8010000B
_REMOVED: Final = {0x80100069, 0x80100068}
_ASLEEP: Final = {0x80100066, 0x80100067, 0x80100016, 0x0}


def reader_names() -> list[str]:
    """The readers that are plugged in, in the system's order. Raises CardError("no_service")."""
    try:
        from smartcard.System import readers

        return [str(reader) for reader in readers()]
    except Exception as error:  # the library raises what is no SmartcardException
        raise CardError("no_service", type(error).__name__) from error


class PcscChannel:
    """A connection to one card, with a transaction held so that no other program selects in between."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.atr = bytes(connection.getATR())

    def transmit(self, command: Sequence[int]) -> tuple[bytes, int]:
        try:
            data, high, low = self._connection.transmit(list(command))
        except Exception as error:
            raise _translated(error, during=True) from error
        return bytes(data), (high << 8) | low


@contextlib.contextmanager
def open_card(wanted: str = "") -> Iterator[tuple[PcscChannel, str]]:
    """Connect to the card in the named reader, or in the first reader that has one; gives channel and reader.

    Raises CardError: card_busy while another reading goes on, no_service, no_reader, no_card, card_unresponsive.
    """
    if not _ONE_AT_A_TIME.acquire(blocking=False):
        raise CardError("card_busy", "one reading at a time")
    try:
        connection, reader = _connect(wanted)
        try:
            yield PcscChannel(connection), reader
        finally:
            for close in (connection.unlock, connection.disconnect, connection.release):
                with contextlib.suppress(Exception):  # the card may be gone, which is no news
                    close()
    finally:
        _ONE_AT_A_TIME.release()


def _connect(wanted: str) -> tuple[Any, str]:
    for attempt in range(_TRIES):
        names = reader_names()
        if not names or (wanted and wanted not in names):
            raise CardError("no_reader")
        problem = CardError("no_card")
        for name in [wanted] if wanted else names:
            try:
                return _open(name), name
            except CardError as error:
                problem = error if error.code != "no_card" else problem
        if problem.code == "no_card" or attempt == _TRIES - 1:
            raise problem
        time.sleep(_PAUSE)
    raise AssertionError("unreachable")


def _open(name: str) -> Any:
    from smartcard.ExclusiveTransmitCardConnection import ExclusiveTransmitCardConnection
    from smartcard.System import readers

    try:
        reader = next(found for found in readers() if str(found) == name)
        connection = ExclusiveTransmitCardConnection(reader.createConnection())
        connection.connect()
        connection.lock()
    except Exception as error:
        raise _translated(error, during=False) from error
    return connection


def _translated(error: Exception, *, during: bool) -> CardError:
    """A library error as one of ours. The code alone does not tell: a card pulled during a command gives none."""
    name = type(error).__name__
    code = int(getattr(error, "hresult", 0) or 0) & 0xFFFFFFFF
    detail = f"{name} {code:08X}"
    if name == "NoCardException" or code == _NO_CARD:
        return CardError("card_removed" if during else "no_card", detail)
    if code == _SHARING:
        return CardError("card_busy", detail)
    if name in ("EstablishContextException", "ListReadersException"):
        return CardError("no_service", detail)
    if code in _REMOVED or (during and code in _ASLEEP):
        return CardError("card_removed", detail)
    if isinstance(error, StopIteration):
        return CardError("no_reader", detail)
    return CardError("card_unresponsive", detail)
