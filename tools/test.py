"""Run the whole suite: ``tools/test.py [pytest arguments]``. Two workers unless the arguments say otherwise.

In CI the few tests that failed among all others run once more, alone. The suite starts real browsers, card readers and
database servers and kills them, on machines that others load, too: what passes alone was the machine. It is named, so
that somebody looks; what fails again is a failure.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

PYTEST = [sys.executable, "-m", "pytest"]
MOST_AGAIN = 5
"""More than so many are no accident."""
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
    print(f"{len(failed)} failed among all others; once more, alone:", *failed, sep="\n  ", flush=True)
    code = subprocess.run([*PYTEST, "-n", "0", "--last-failed", "--last-failed-no-failures", "none"]).returncode
    if code == 0:
        print("UNSTABLE: failed among all others and passed alone:", *failed, sep="\n  ", flush=True)
    return code


def _last_failed() -> list[str]:
    kept = Path(".pytest_cache/v/cache/lastfailed")
    return sorted(json.loads(kept.read_text())) if kept.exists() else []


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
