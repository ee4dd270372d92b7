"""Do a thing once for all workers of a test run."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from pathlib import Path


def once(name: Path, make: Callable[[], object]) -> None:
    """Call ``make`` unless another worker did already; workers that come meanwhile wait.

    A failure is not remembered: the next caller tries again.
    """
    name.parent.mkdir(parents=True, exist_ok=True)
    with name.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = name.with_suffix(".done")
        if not done.exists():
            make()
            done.touch()
