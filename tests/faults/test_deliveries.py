"""A delivery that hangs, a worker that sleeps through its lease, a message that kills: neighbours never notice."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import arena
from tests.faults.invariants import Aftermath
from tests.faults.journal import Journal
from workflows.records.outbox import MAX_ATTEMPTS

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_deliveries_that_go_wrong(clean_database_url: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.faults.deliveries", clean_database_url, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1200, check=False)
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout.splitlines()[-1])
    assert facts["hung"] == {"served": True, "touched": 1, "attempts": 1, "status": "done"}
    received = facts["stopped"].pop("received")
    assert facts["stopped"] == {"taken_over": "done", "exits": [0, 0]}, done.stderr
    assert received in (1, 2), "a worker that slept too long may deliver again, under the same key"
    assert facts["poison"]["deaths"] == MAX_ATTEMPTS
    assert facts["poison"]["status"] == "failed"
    assert facts["poison"]["deaths_until_neighbours_served"] <= 2, "first in company, then alone"
    assert facts["incidents"] == ["JOB_NO_RETRIES"]
    product = arena.product(clean_database_url, tmp_path)
    with product.runtime.reading() as db:
        assert Aftermath(product, db, Journal(tmp_path / "journal"), once=True).broken() == {}
    product.database.dispose()
