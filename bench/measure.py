"""Taking turns and dividing medians."""

from __future__ import annotations

import gc
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

SIZE = float(os.environ.get("BENCH_SIZE", "1"))
"""Scales how much is measured; the figures stay comparable, only their noise changes."""


def scaled(count: int, least: int = 3) -> int:
    """So many, scaled by BENCH_SIZE."""
    return max(least, round(count * SIZE))


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure. ``ratio`` is value ÷ baseline, both in ``unit``; of a ``rate`` it is the ratio of the times
    that one takes, baseline ÷ value."""

    name: str
    value: float
    unit: str
    baseline: float
    rate: bool = False

    def line(self) -> str:
        rounded = {"value": _digits(self.value), "baseline": _digits(self.baseline)}
        ratio = _digits(self.baseline / self.value if self.rate else self.value / self.baseline)
        return json.dumps({"name": self.name, "value": rounded["value"], "unit": self.unit, **rounded, "ratio": ratio})


def _digits(number: float) -> float:
    return float(f"{number:.4g}")


def cpu_ms() -> float:
    """CPU time of this process so far, user and system, in milliseconds."""
    return time.process_time() * 1000


def wall_ms() -> float:
    return time.perf_counter() * 1000


def timed(action: Callable[[], object], clock: Callable[[], float] = cpu_ms) -> float:
    """Milliseconds an action takes. What it leaves to the garbage collector is collected within its own time."""
    start = clock()
    action()
    return clock() - start


def by_turns(
    rounds: int, *actions: Callable[[], object], clock: Callable[[], float] = cpu_ms, warm: int = 3
) -> list[float]:
    """The median milliseconds of each action, all actions measured in each round."""
    samples = sampled(rounds, *[lambda action=action: timed(action, clock) for action in actions], warm=warm)
    return [median(each) for each in samples]


def sampled(rounds: int, *measures: Callable[[], float], warm: int = 3) -> list[Sequence[float]]:
    """What each measure says, round by round; ``warm`` rounds are forgotten."""
    for _ in range(warm):
        for measure in measures:
            measure()
    gc.collect()
    found: list[list[float]] = [[] for _ in measures]
    for _ in range(rounds):
        for measure, samples in zip(measures, found, strict=True):
            samples.append(measure())
    return list(found)
