"""`make check` passes: format, lint, types, imports and diagrams are part of the suite."""

from __future__ import annotations

import subprocess

import pytest

from tools.check import BIN, ROOT, STEPS


@pytest.mark.slow
@pytest.mark.parametrize("step", [step for step in STEPS if step != "tests"])
def test_check_step_passes(step: str) -> None:
    program, *arguments = STEPS[step]
    done = subprocess.run([BIN / program, *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
