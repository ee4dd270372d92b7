"""Who may ask the bridge: a page of an enrolled origin, on this computer, and nobody else."""

from __future__ import annotations

import threading
import time
from collections import deque
from email.message import Message
from typing import Final

HEADER: Final = "X-Card-Bridge"
"""Every request that reads a card carries it, so that a browser asks first (preflight) and no plain form can."""
MOST_BODY: Final = 4096
_PROXIED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")


class Refused(Exception):
    """The request is not for us; ``status`` and a word for the log."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


def check_host(headers: Message, port: int) -> None:
    """The name in the request is this very computer's: a foreign name that resolves to it is an attack."""
    if headers.get("Host", "") not in (f"127.0.0.1:{port}", f"localhost:{port}"):
        raise Refused(421, "host")
    if any(name in headers for name in _PROXIED):
        raise Refused(403, "proxied")


def check_origin(headers: Message, origins: tuple[str, ...]) -> str:
    """The page's origin, exactly one of ours."""
    origin = headers.get("Origin", "")
    if origin not in origins:
        raise Refused(403, "origin")
    return origin


def check_request(headers: Message) -> int:
    """The custom header, JSON, and a small body; gives its length."""
    if headers.get(HEADER) != "1":
        raise Refused(403, "header")
    if headers.get("Content-Type", "").partition(";")[0].strip() != "application/json":
        raise Refused(415, "content type")
    length = headers.get("Content-Length", "")
    if not length.isdigit():
        raise Refused(411, "length")
    if int(length) > MOST_BODY:
        raise Refused(413, "length")
    return int(length)


class Rate:
    """At most ``most`` in ``seconds``."""

    def __init__(self, most: int = 60, seconds: float = 60.0) -> None:
        self._most, self._seconds = most, seconds
        self._times: deque[float] = deque()
        self._lock = threading.Lock()

    def check(self) -> None:
        """Count one. Raises Refused when there were too many."""
        now = time.monotonic()
        with self._lock:
            while self._times and self._times[0] < now - self._seconds:
                self._times.popleft()
            if len(self._times) >= self._most:
                raise Refused(429, "rate")
            self._times.append(now)
