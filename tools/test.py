"""Run the whole suite: ``tools/test.py [pytest arguments]``. Two workers unless the arguments say otherwise.

In CI the few tests that failed among all others run three times more, alone: the suite starts real browsers, card
readers and database servers and kills them, on machines that others load, too. What then fails once is a failure; what
passes each time is named UNSTABLE, which is a fault of the test or the product that somebody has to find.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

PYTEST = [sys.executable, "-m", "pytest"]
MOST_AGAIN = 5
"""More than so many are no accident."""
TIMES = 3
SOME_FAILED = 1
"""Pytest's exit code when tests ran and some failed; any other says that the run itself went wrong."""


def main(arguments: list[str]) -> int:
    if not any(argument.startswith("-n") for argument in arguments):
        arguments = ["-n", os.environ.get("TEST_WORKERS", "2"), "--dist", "loadfile", *arguments]
    if os.environ.get("CI") != "true":
        os.execv(sys.executable, [*PYTEST, *arguments])
    code = subprocess.run([*PYTEST, "--cache-clear", *arguments]).returncode
    failed = _last_failed() if code == SOME_FAILED else []
    if not 0 < len(failed) <= MOST_AGAIN:
        return code
    print(f"{len(failed)} failed among all others; {TIMES} times more, alone:", *failed, sep="\n  ", flush=True)
    for _ in range(TIMES):
        if code := subprocess.run([*PYTEST, "-n", "0", *failed]).returncode:
            return code
    print("UNSTABLE: failed among all others and passed alone:", *failed, sep="\n  ", flush=True)
    return 0


def _last_failed() -> list[str]:
    kept = Path(".pytest_cache/v/cache/lastfailed")
    return sorted(json.loads(kept.read_text())) if kept.exists() else []


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
