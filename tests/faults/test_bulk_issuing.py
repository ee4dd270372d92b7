"""A bulk request is issued in parts, and who issues it is killed between and within them: everybody on the list is
issued once. The control shows that the test finds what it looks for."""

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
KILLS = int(os.environ.get("BULK_KILLS", "12"))
SEED = int(os.environ.get("KILLS_SEED", random.randrange(10**6)))
MEMORY = Path("/dev/shm")

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")]


@pytest.fixture
def directory() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as name:
        yield Path(name)


def issuing(url: str, directory: Path, kills: int, *options: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.faults.bulk_issuing", url, str(directory), str(kills), str(SEED), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1200, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"seed {SEED}: {found}")
    return found


def test_kills_on_sqlite(directory: Path) -> None:
    found = issuing(f"sqlite:///{directory}/sitthi.db", directory, KILLS)
    assert sum(found["died"].values()) >= KILLS
    assert (found["failed"], found["broken"]) == (0, {})


def test_kills_on_postgresql(postgresql_url: str, directory: Path) -> None:
    found = issuing(postgresql_url, directory, KILLS)
    assert sum(found["died"].values()) >= KILLS
    assert (found["failed"], found["broken"]) == (0, {})


def test_the_naive_way_breaks_under_the_same_kills(directory: Path) -> None:
    """Each part is committed before its mails and the word that brings the next: whoever dies between loses them."""
    broken = issuing(f"sqlite:///{directory}/sitthi.db", directory, 4 * KILLS, "naive")["broken"]
    assert {"line", "case"} <= set(broken) or "mail" in broken
