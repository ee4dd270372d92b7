"""A real PostgreSQL server in a temporary directory, reached only through its Unix socket.

Run as a program it is the server's keeper: ``python -m tests.support.postgres DIRECTORY OWNER_PID`` starts a server,
waits until the owner is gone, then stops the server and removes the directory. One keeper serves all workers of a test
run, whoever asked first, and no crash of the owner leaves a server behind.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

START_SECONDS = 60
PORT = 5432  # only names the socket; nothing listens on the network
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
SETTINGS = {"listen_addresses": "", "max_connections": "200", "shared_buffers": "64MB", "jit": "off", "timezone": "UTC"}


def binaries() -> Path | None:
    """The directory of the newest PostgreSQL server on this machine."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def unprivileged() -> dict[str, Any]:
    """How to start a process that PostgreSQL accepts: it refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise RuntimeError("PostgreSQL refuses to run as root, and this machine has neither a user postgres nor nobody")


class PostgresServer:
    """One server in one directory; ``durable`` keeps the write-ahead log honest, for tests that kill it."""

    def __init__(self, directory: Path, *, durable: bool = False) -> None:
        self.directory = directory
        self.data = directory / "data"
        self.settings = SETTINGS | ({} if durable else FAST)
        self.process: subprocess.Popen[bytes] | None = None
        found = binaries()
        if found is None:
            raise RuntimeError("PostgreSQL is not installed (Debian package: postgresql)")
        self.bin = found

    def url(self, database: str = "postgres") -> str:
        """The SQLAlchemy URL of a database of this server."""
        return f"postgresql+psycopg://sitthi@/{database}?host={self.directory}&port={PORT}"

    def start(self) -> None:
        """Start the server, on a new cluster the first time; return when it answers."""
        identity = unprivileged()
        if not self.data.exists():
            self.directory.mkdir(parents=True, exist_ok=True)
            if identity:
                os.chown(self.directory, identity["user"], identity["group"])
            command = [f"{self.bin}/initdb", "-D", str(self.data), "-U", "sitthi", "-A", "trust", "-E", "UTF8"]
            command += ["--locale=C.UTF-8", *(["--no-sync"] if "fsync" in self.settings else [])]
            subprocess.run(command, check=True, capture_output=True, cwd="/", **identity)
        options = [f"-c{name}={value}" for name, value in self.settings.items()]
        with (self.directory / "server.log").open("ab") as log:
            command = [f"{self.bin}/postgres", "-D", str(self.data), "-k", str(self.directory), "-p", str(PORT)]
            self.process = subprocess.Popen(
                [*command, *options], stdout=log, stderr=log, cwd="/", start_new_session=True, **identity
            )
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        ask = [f"{self.bin}/pg_isready", "-q", "-h", str(self.directory), "-p", str(PORT)]
        while subprocess.run(ask, check=False).returncode != 0:
            if self.process is None or self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("PostgreSQL did not start:\n" + (self.directory / "server.log").read_text())
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server: SIGINT cuts connections and shuts down, SIGQUIT is a crash, SIGTERM waits for clients."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(timeout=START_SECONDS)
            self.process = None


def keep(directory: Path, owner: int) -> None:
    """Serve until the owner process is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the owner; we notice when it leaves
    server = PostgresServer(directory)
    try:
        server.start()
        (directory / "ready").touch()
        while alive(owner):
            time.sleep(0.2)
    except Exception as error:
        (directory / "failed").write_text(str(error))
        raise
    finally:
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)


def alive(pid: int) -> bool:
    with suppress(OSError):
        os.kill(pid, 0)
        stat = Path(f"/proc/{pid}/stat")
        return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def hire_keeper(directory: Path, owner: int) -> PostgresServer:
    """Start a keeper for the owner and return the server it keeps."""
    shutil.rmtree(directory, ignore_errors=True)
    keeper = subprocess.Popen(
        [sys.executable, "-m", "tests.support.postgres", str(directory), str(owner)],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + START_SECONDS + 10
    while not (directory / "ready").exists():
        if keeper.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"no PostgreSQL server came up in {directory}")
        time.sleep(0.05)
    return PostgresServer(directory)


if __name__ == "__main__":
    keep(Path(sys.argv[1]), int(sys.argv[2]))
