"""Two web processes on one PostgreSQL against one: completions per second (wall time, both cores in use)."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench import product as products
from bench.measure import Figure, scaled
from bench.product import Walk, connected

SECONDS = 3.0


def main(url: str, directory: Path, cases: int) -> None:
    """A child: get warm, say so, then at every line on stdin complete items for SECONDS and print how many."""
    product = connected(url, directory)
    walks = [Walk(product, "bench_long", 5) for _ in range(cases)]
    for walk in walks:
        for _ in range(10):
            walk.complete(walk.open_items()[0])
    print("warm", flush=True)
    for _ in sys.stdin:
        done, number = 0, 0
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            walk = walks[number % cases]
            number += 1
            for item in walk.open_items():
                walk.complete(item)
                done += 1
        print(done, flush=True)


def rate(children: list[subprocess.Popen[str]]) -> float:
    """Completions per second of these processes together."""
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    return sum(int(child.stdout.readline()) for child in children if child.stdout is not None) / SECONDS


def two_processes_vs_one_postgresql() -> Iterator[Figure]:
    """Goal ≥ 1.6, with PostgreSQL itself on the same cores."""
    with products.postgresql() as product:
        url = product.database.url.render_as_string(hide_password=False)
        command = [sys.executable, "-m", "bench.processes", url, str(product.settings.data_directory), "20"]
        children = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
        ]
        try:
            for child in children:
                assert child.stdout is not None
                child.stdout.readline()
            pairs = [(rate(children), rate(children[number % 2 :][:1])) for number in range(scaled(5))]
        finally:
            for child in children:
                child.kill()
                child.wait()
        two, one = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
        yield Figure("two_processes_vs_one_postgresql", two, "completions/s (wall)", one)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
