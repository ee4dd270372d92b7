"""Processes are killed in the middle of everything, hundreds of times; nothing is lost and nothing happens twice.

``KILLS=3000 pytest tests/faults/test_kills.py`` kills more. The control shows that the test finds what it looks for.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults import arena
from tests.faults.invariants import Aftermath
from tests.faults.journal import Journal
from workflows import faults

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("KILLS", "300"))
SEED = int(os.environ.get("KILLS_SEED", random.randrange(10**6)))
MEMORY = Path("/dev/shm")  # a killed process loses nothing that it gave to the kernel: no disk is needed

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")]


@pytest.fixture
def directory() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as name:
        yield Path(name)


def fight(url: str, directory: Path, kills: int, *options: str) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Kill so many processes; gives the summary and what is broken afterwards."""
    command = [sys.executable, "-m", "tests.faults.arena", url, str(directory), str(kills), str(SEED), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600 + 5 * kills, check=False)
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout.splitlines()[-1])
    assert not summary["failures"], done.stderr
    print(f"seed {SEED}: {summary}")
    product = arena.product(url, directory)
    with product.runtime.reading() as db:
        aftermath = Aftermath(product, db, Journal(directory / "journal"), once="naive" not in options)
        broken = aftermath.broken()
    product.database.dispose()
    return summary, broken


def check(url: str, directory: Path, kills: int) -> None:
    summary, broken = fight(url, directory, kills)
    assert broken == {}
    assert summary["finished"], "not everything that was begun came to its end"
    assert summary["kills"] >= kills
    missed = {point for point in faults.POINTS if summary["points"].get(point, 0) < kills // 50}
    assert not missed, f"hardly any process died at {missed}: {summary['points']}"


def test_kills_on_sqlite(directory: Path) -> None:
    check(f"sqlite:///{directory}/sitthi.db", directory, KILLS // 2)


def test_kills_on_postgresql(postgresql_url: str, directory: Path) -> None:
    check(postgresql_url, directory, KILLS // 2)


def test_the_naive_way_breaks_under_the_same_kills(directory: Path) -> None:
    _, broken = fight(f"sqlite:///{directory}/sitthi.db", directory, 30, "naive")
    assert {"no_step_lost_or_doubled", "audit", "outbox"} <= set(broken)
