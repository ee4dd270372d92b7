"""Posting to an address that a stranger chose: to the open internet only, to the address that was looked at, once.

The name is resolved here, every address it stands for is checked, and the connection goes to one of these and no
other: a name that means something else a moment later (DNS rebinding) is of no use. Redirects are not followed. The
whole exchange ends at a deadline, however slowly the other side answers.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from workflows.rules.webhooks import is_public

Resolver = Callable[[str, int], Sequence[str]]
"""The IP addresses that a name stands for; raises OSError when there are none."""
_READ = 64 * 1024


class Refused(Exception):
    """The address is not one that may be called."""


def addresses(host: str, port: int) -> Sequence[str]:
    """What the machine's own resolver says."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class PinnedPost:
    """Posts bodies. ``private`` allows addresses inside the house, for trying out; ``seconds`` is for one post."""

    def __init__(
        self,
        *,
        private: bool = False,
        seconds: float = 10,
        resolve: Resolver = addresses,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._private = private
        self._seconds = seconds
        self._resolve = resolve
        self._tls = tls or ssl.create_default_context()

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Post once; gives the status of the answer, whatever it is. Raises OSError, Refused, http.client's errors."""
        parts = urlsplit(url)
        host, secure = parts.hostname or "", parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        connection = HTTPConnection(host, port, timeout=self._seconds)
        open_ = self._connect(host, port)
        if secure:
            open_ = self._tls.wrap_socket(open_, server_hostname=host, do_handshake_on_connect=False)
        connection.sock = open_
        # a receiver that sends one byte at a time would keep us for ever: the socket is shut at the deadline
        deadline = threading.Timer(self._seconds, _shut, [open_])
        deadline.daemon = True
        deadline.start()
        try:
            if isinstance(open_, ssl.SSLSocket):
                open_.do_handshake()
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", path, body, {**headers, "Connection": "close"})
            answer = connection.getresponse()
            with suppress(OSError, HTTPException):  # what it says is of no interest, only that it took the message
                answer.read(_READ)
            return answer.status
        finally:
            deadline.cancel()
            connection.close()

    def _connect(self, host: str, port: int) -> socket.socket:
        found = self._resolve(host, port)
        if not self._private and not (found and all(is_public(address) for address in found)):
            raise Refused(f"{host} is not on the open internet")
        failure: OSError = OSError(f"{host} has no address")
        for address in found[:3]:
            try:
                plain = socket.create_connection((address, port), timeout=self._seconds / len(found[:3]))
            except OSError as error:
                failure = error
                continue
            plain.settimeout(self._seconds)
            return plain
        raise failure


def _shut(open_: socket.socket) -> None:
    with suppress(OSError):
        open_.shutdown(socket.SHUT_RDWR)
