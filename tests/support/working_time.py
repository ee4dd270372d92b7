"""How much processor time something takes: others may be using the machine, and old garbage is not its work."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable


def working_seconds(work: Callable[[], object], *, enough: float = 0.0, tries: int = 5) -> float:
    """The least processor time (seconds) that this thread needed for the work; tries no more once it was ``enough``.

    A collection of garbage goes through all that the tests before left in memory, and the work of others on the same
    core makes each instruction slower: both come and go, so what counts is the best of a few tries.
    """
    fastest = float("inf")
    for _ in range(tries):
        collecting = gc.isenabled()
        gc.disable()
        try:
            started = time.thread_time()
            work()
            fastest = min(fastest, time.thread_time() - started)
        finally:
            if collecting:
                gc.enable()
        if fastest <= enough:
            break
    return fastest
