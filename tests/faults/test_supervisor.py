"""`make run` starts two processes, says what happens to them, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.postgres import alive
from tests.support.product import Product

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
Start = Callable[..., Product]


@pytest.fixture
def start(sqlite_url: str, tmp_path: Path) -> Iterator[Start]:
    """Start the product; whatever is left of it afterwards is killed."""
    running: list[Product] = []

    def start_one(**settings: str) -> Product:
        product = Product(sqlite_url, tmp_path, **settings)
        running.append(product)
        product.start()
        return product

    yield start_one
    for product in running:
        if product.process is not None and product.process.poll() is None:
            product.process.kill()
            product.process.wait()


def children(product: Product) -> dict[str, int]:
    """The processes that the supervisor started: web and worker, by name."""
    assert product.process is not None
    named = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = entry.read_text().rpartition(")")[2].split()[1]
            if int(parent) == product.process.pid:
                arguments = (entry.parent / "cmdline").read_text()
                named["web" if "gunicorn" in arguments else "worker"] = int(entry.parent.name)
    assert set(named) == {"web", "worker"}
    return named


def gone(pids: dict[str, int], seconds: float = 60) -> bool:
    """Whether processes end within some seconds."""
    deadline = time.monotonic() + seconds
    while any(alive(pid) for pid in pids.values()):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


@pytest.mark.slow
def test_it_says_where_it_is_and_who_may_sign_in_and_stops_when_told(start: Start) -> None:
    product = start()
    pids = children(product)
    said = product.said("ready at")
    assert f"ready at {product.url}/" in said
    assert "requester2" in said
    assert "admin" in said
    assert product.stop() == 0
    assert gone(pids)


@pytest.mark.slow
@pytest.mark.parametrize(("victim", "other"), [("web", "worker"), ("worker", "web")])
def test_when_one_process_dies_it_says_which_and_why_and_stops_the_other(victim: str, other: str, start: Start) -> None:
    product = start()
    pids = children(product)
    os.kill(pids[victim], signal.SIGKILL)
    assert product.process is not None
    assert product.process.wait(timeout=60) == 1
    assert f"the {victim} process died (killed by SIGKILL)" in product.said("stopped")
    assert gone({other: pids[other]})


@pytest.mark.slow
def test_a_supervisor_killed_hard_takes_its_processes_along(start: Start) -> None:
    product = start()
    pids = children(product)
    product.stop(signal.SIGKILL)
    assert gone(pids)


def test_wrong_settings_start_nothing_and_say_all_that_is_wrong(start: Start) -> None:
    with pytest.raises(RuntimeError) as refused:
        start(DEMO="0", CLOCK_CONTROL="1", SMS_URL="ftp://x", PORT="70000")
    for name in ("CLOCK_CONTROL", "SMS_URL", "PORT", "nothing was started"):
        assert name in str(refused.value)


def test_a_taken_port_is_said_before_anything_is_done(start: Start) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with pytest.raises(RuntimeError, match=f"port {port} is taken"):
            start(PORT=port)
