"""Local ports that stay ours until something listens on them.

They lie below those that systems give to outgoing connections and to whoever asks for any port: one of those could be
taken by another test between its choice and its use, and a connection to one where nobody listens can meet itself.
"""

from __future__ import annotations

import fcntl
import os
import random
import socket
import tempfile
from pathlib import Path
from typing import IO

_PORTS = range(20_000, 32_000)
_ANYWHERE = "0.0.0.0"
_LISTENING = "0A"
_held: list[IO[str]] = []
"""Open for as long as this process lives: what it reserved, nobody else on this machine gets."""


def free_port(neighbours: int = 0) -> int:
    """A port that nobody uses, and that no other caller on this machine gets; so are its next ``neighbours``."""
    first = random.randrange(len(_PORTS))
    for offset in range(0, len(_PORTS), neighbours + 1):
        port = _PORTS[(first + offset) % (len(_PORTS) - neighbours)]
        if _reserve(range(port, port + neighbours + 1)):
            return port
    raise RuntimeError("no local port is free")


def listened_on(port: int) -> bool:
    """Whether somebody listens on a port (Linux only). Nobody is disturbed by the question, as a connection would."""
    for table in ("tcp", "tcp6"):
        path = Path("/proc/net") / table
        lines = path.read_text().splitlines()[1:] if path.exists() else []
        if any(int(f[1].rpartition(":")[2], 16) == port and f[3] == _LISTENING for f in map(str.split, lines)):
            return True
    return False


def _reserve(ports: range) -> bool:
    directory = Path(tempfile.gettempdir()) / f"sitthi-ports-{os.getuid()}"
    directory.mkdir(exist_ok=True)
    mine: list[IO[str]] = []
    for port in ports:
        lock = (directory / str(port)).open("w")
        mine.append(lock)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.socket() as probe:
                probe.bind((_ANYWHERE, port))
        except OSError:
            for each in mine:
                each.close()
            return False
    _held.extend(mine)
    return True
