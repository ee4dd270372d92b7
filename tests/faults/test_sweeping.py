"""The sweep is killed in the middle, with three workers at it: every step happens once. The control shows that the test
finds what it looks for."""

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

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("SWEEP_KILLS", "12"))
SEED = int(os.environ.get("KILLS_SEED", random.randrange(10**6)))
MEMORY = Path("/dev/shm")

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")]


@pytest.fixture
def directory() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as name:
        yield Path(name)


def sweeping(url: str, directory: Path, *options: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.faults.sweeping", url, str(directory), str(KILLS), str(SEED), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1200, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"seed {SEED}: {found}")
    assert found["died"] >= 3
    return found


def test_kills_on_sqlite(directory: Path) -> None:
    found = sweeping(f"sqlite:///{directory}/sitthi.db", directory)
    assert (found["failed"], found["broken"]) == (0, {})


def test_kills_on_postgresql(postgresql_url: str, directory: Path) -> None:
    found = sweeping(postgresql_url, directory)
    assert (found["failed"], found["broken"]) == (0, {})


def test_the_naive_way_breaks_under_the_same_kills(directory: Path) -> None:
    """Status and mark are committed first, audit and mail follow: whoever dies between loses them for good."""
    assert {"mail", "audit"} <= set(sweeping(f"sqlite:///{directory}/sitthi.db", directory, "naive")["broken"])
