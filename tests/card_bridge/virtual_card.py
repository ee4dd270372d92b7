"""A card made of software: the memory of a fictional person's card, and the ways in which real cards answer.

It speaks to the reading code directly (``Wire``), or through the system's card service as a client of its virtual
reader (``Inserted``).
"""

from __future__ import annotations

import io
import socket
import struct
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache

from PIL import Image, ImageDraw

from card_bridge.errors import CardError

MOI = bytes.fromhex("A000000054480001")
SIZE = 0x1627
ATR = bytes.fromhex("3B799600005448204E4944203133")
OLD_ATR = bytes.fromhex("3B67000000000000009000")
PERSON = {
    0x0000: "0003",
    0x0004: "0110170123456",
    0x0011: "นาย#ทดสอบ##ระบบบัตร",
    0x0075: "Mr.#Thodsob##Rabobbat",
    0x00D9: "25330412",
    0x00E1: "1",
    0x00E2: "1234-01-12345678",
    0x00F6: "ท้องถิ่นเขตตัวอย่าง/กรุงเทพมหานคร",
    0x0167: "25660115",
    0x016F: "25750411",
    0x1579: "99/1#หมู่ที่ 2#ตรอกทดสอบ#ซอยทดสอบ 3#ถนนทดสอบ#แขวงตัวอย่าง#เขตตัวอย่าง#กรุงเทพมหานคร",
    0x1619: "10011123456789",
}


def with_check_digit(twelve: str) -> str:
    """A fictional citizen number: twelve digits, the first of them 0, and what makes them add up."""
    total = sum(int(digit) * (13 - at) for at, digit in enumerate(twelve))
    return twelve + str((11 - total % 11) % 10)


PERSON[0x0004] = with_check_digit("011017012345")


@cache
def picture() -> bytes:
    """A JPEG of nobody, as large as a card's."""
    image = Image.new("RGB", (297, 355), (210, 225, 240))
    draw = ImageDraw.Draw(image)
    draw.ellipse((90, 60, 207, 210), fill=(240, 205, 175))
    for line in range(0, 297, 9):
        draw.line((line, 0, 297 - line, 355), fill=(200 - line % 60, 200, 220))
    for quality in range(85, 5, -3):
        written = io.BytesIO()
        image.save(written, "JPEG", quality=quality)
        if written.tell() <= 5118:
            return written.getvalue()
    raise AssertionError("no picture is small enough")


def memory(changes: dict[int, str | bytes] | None = None, photo: bytes | None = None) -> bytes:
    """The card's memory: the person, with some fields changed (text or raw bytes) and a photo."""
    cells = bytearray(b" " * SIZE)
    photo = picture() if photo is None else photo
    for offset, value in {**PERSON, **(changes or {}), 0x017B: photo}.items():
        raw = value.encode("tis-620") if isinstance(value, str) else value
        cells[offset : offset + len(raw)] = raw
    return bytes(cells)


@dataclass
class VirtualCard:
    """How this card behaves. ``pulled_after`` commands it is gone; ``becomes`` is another card swapped in then."""

    cells: bytes = field(default_factory=memory)
    atr: bytes = ATR
    applications: tuple[bytes, ...] = (MOI,)
    answers_at_once: bool = False
    wants_exact_length: bool = False
    pulled_after: int | None = None
    becomes: bytes | None = None
    commands: int = 0
    _selected: bool = False
    _waiting: bytes = b""

    def reset(self) -> None:
        self._selected, self._waiting = False, b""

    def command(self, sent: bytes) -> bytes:
        """The answer with its status word. Raises ConnectionError when the card is not there any more."""
        self.commands += 1
        if self.pulled_after is not None and self.commands > self.pulled_after:
            if self.becomes is None:
                raise ConnectionError("pulled")
            self.cells, self.pulled_after = self.becomes, None
        kind = (sent[0], sent[1])
        if kind == (0x00, 0xA4):
            if sent[5 : 5 + sent[4]] not in self.applications:
                return b"\x6a\x82"
            self._selected = True
            return self._give(b"\x6f\x08" + sent[5 : 5 + sent[4]])
        if kind == (0x00, 0xC0):
            return self._get_response(sent)
        if kind == (0x80, 0xB0) and self._selected:
            start, size = int.from_bytes(sent[2:4], "big"), int.from_bytes(sent[5:7], "big")
            return self._give(self.cells[start : start + size]) if start + size <= SIZE else b"\x6b\x00"
        return b"\x69\x85"

    def _give(self, data: bytes) -> bytes:
        if self.answers_at_once:
            return data + b"\x90\x00"
        self._waiting = data
        return bytes([0x61, len(data) & 0xFF])

    def _get_response(self, sent: bytes) -> bytes:
        if sent[3] != (0x01 if self.atr[:2] == b"\x3b\x67" else 0x00):
            return b"\x6a\x86"
        if self.wants_exact_length:
            self.wants_exact_length = False
            return bytes([0x6C, len(self._waiting) & 0xFF])
        given, self._waiting = self._waiting[: sent[4] or 256], b""
        return given + b"\x90\x00"


class Wire:
    """A channel straight to the card, without a reader."""

    def __init__(self, card: VirtualCard) -> None:
        self.card = card
        self.atr = card.atr

    def transmit(self, command: Sequence[int]) -> tuple[bytes, int]:
        try:
            answer = self.card.command(bytes(command))
        except ConnectionError as gone:
            raise CardError("card_removed") from gone
        return answer[:-2], int.from_bytes(answer[-2:], "big")


class Inserted:
    """The card in a slot of the virtual reader, until it is pulled. Connecting is inserting."""

    def __init__(self, card: VirtualCard, port: int) -> None:
        self.card = card
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(None)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def pull(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(2)

    def _serve(self) -> None:
        with suppress(ConnectionError, OSError):
            while True:
                message = self._receive(int.from_bytes(self._receive(2), "big"))
                if len(message) > 1:
                    answer = self.card.command(message)
                elif message == b"\x04":
                    answer = self.card.atr
                else:
                    self.card.reset()
                    continue
                self._socket.sendall(struct.pack(">H", len(answer)) + answer)
        with suppress(OSError):
            self._socket.close()

    def _receive(self, size: int) -> bytes:
        found = b""
        while len(found) < size:
            # the reader sends in two pieces; a delayed acknowledgement would cost 40 ms each
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            piece = self._socket.recv(size - len(found))
            if not piece:
                raise ConnectionError
            found += piece
        return found
