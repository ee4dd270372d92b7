"""The whole product, running as `make run` runs it: web and worker in their own processes."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.support.ports import free_port

ROOT = Path(__file__).parents[2]
READY_SECONDS = 180
STOP_SECONDS = 60
PASSWORD = "sitthi-demo"


class Product:
    """A running product on a free port. Its settings are those of a demonstration unless given otherwise."""

    def __init__(self, database_url: str, directory: Path, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = directory / f"product-{self.port}.log"
        own = {
            "PORT": str(self.port),
            "DATABASE_URL": database_url,
            "SECRET_KEY": "0" * 64,
            "WEB_WORKERS": "1",
            "DEMO_HISTORY": "0",
        }
        own["DATA_DIR"] = str(directory / "var")
        self.environ = {**os.environ, **own, **settings}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and return when ready; on failure the error shows the product's own words."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "tools/run.py"], cwd=ROOT, env=self.environ, stdout=log, stderr=log
            )
        deadline = time.monotonic() + READY_SECONDS
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError("the product did not become ready:\n" + self.log.read_text()[-4000:])
            time.sleep(0.1)

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + "/readyz", timeout=20):
                return True
        except (urllib.error.URLError, OSError, http.client.HTTPException):
            return False

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop the product and return its exit code."""
        if self.process is None:
            return 0
        self.process.send_signal(how)
        return self.process.wait(timeout=STOP_SECONDS)

    def said(self, until: str, seconds: float = STOP_SECONDS) -> str:
        """What the product printed so far, waiting until some words are among it."""
        deadline = time.monotonic() + seconds
        while until not in (said := self.log.read_text()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return said
