"""``tools/test.py``: in CI a few failures get a second run alone, and only there; what fails twice is a failure."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

RUNNER = Path(__file__).parents[2] / "tools" / "test.py"
ONCE = """
from pathlib import Path

def test_once():
    seen = Path(__file__).with_name("seen")
    if not seen.exists():
        seen.touch()
        assert False
"""
ALWAYS = "import pytest\n\n@pytest.mark.parametrize('n', range({count}))\ndef test_always(n): assert False\n"


@pytest.mark.parametrize(
    ("body", "ci", "code", "said"),
    [
        (ONCE, "true", 0, "UNSTABLE: failed among all others and passed alone:\n  test_it.py::test_once"),
        (ONCE, "", 1, ""),
        (ALWAYS.format(count=1), "true", 1, "1 failed among all others; 3 times more, alone:"),
        (ALWAYS.format(count=6), "true", 1, ""),
        ("def broken(:", "true", 2, ""),
    ],
)
def test_the_second_run(tmp_path: Path, body: str, ci: str, code: int, said: str) -> None:
    (tmp_path / "test_it.py").write_text(body)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")} | {"CI": ci}
    command = [sys.executable, str(RUNNER), "-n", "0"]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True)
    assert done.returncode == code, done.stdout + done.stderr
    assert said in done.stdout
    assert ("times more" in done.stdout) == (ci == "true" and code != 2 and "range(6)" not in body)
