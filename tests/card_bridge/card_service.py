"""The system's real card service with two virtual slots, apart from any other on this machine."""

from __future__ import annotations

import glob
import os
import shutil
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

from tests.support.ports import free_port, listened_on

PATIENCE = 60.0
DRIVERS = ("/usr/lib/pcsc/drivers/serial/libifdvpcd.so", "/usr/lib/*/pcsc/drivers/serial/libifdvpcd.so")


def missing() -> str:
    """What this machine lacks, by name; empty if nothing."""
    if find_spec("smartcard") is None:
        return "pyscard (card_bridge/requirements.txt)"
    if shutil.which("pcscd") is None:
        return "the package pcscd"
    if not any(glob.glob(pattern) for pattern in DRIVERS):
        return "the package vsmartcard-vpcd"
    if shutil.which("unshare") is None or os.geteuid() != 0:
        return "unshare as root"
    return ""


class CardService:
    """pcscd in a mount of its own. ``environment`` lets a program find it; ``ports`` are the two slots."""

    def __init__(self, directory: Path) -> None:
        self.run, self.conf = directory / "run", directory / "conf"
        self.run.mkdir(parents=True)
        self.conf.mkdir()
        driver = next(found for pattern in DRIVERS for found in glob.glob(pattern))
        port = free_port(neighbours=1)
        self.ports = (port, port + 1)
        (self.conf / "vpcd").write_text(
            f'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:{port}\nLIBPATH {driver}\nCHANNELID {port}\n'
        )
        self.environment = {"PCSCLITE_CSOCK_NAME": str(self.run / "pcscd.comm")}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        Path("/run/pcscd").mkdir(exist_ok=True)
        command = f"mount --bind {self.run} /run/pcscd && exec pcscd --foreground --config {self.conf}"
        self._process = subprocess.Popen(
            ["unshare", "-m", "--propagation", "private", "sh", "-c", command],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        ends = time.monotonic() + PATIENCE
        try:
            while not (self.run / "pcscd.comm").exists() or not all(map(listened_on, self.ports)):
                assert self._process.poll() is None, "the card service did not start"
                assert time.monotonic() < ends, "the card service does not listen"
                time.sleep(0.02)
        except AssertionError:
            self.stop(kill=True)
            raise

    def stop(self, kill: bool = False) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        self._process.wait(PATIENCE)
        for left in ("pcscd.comm", "pcscd.pid"):
            (self.run / left).unlink(missing_ok=True)
