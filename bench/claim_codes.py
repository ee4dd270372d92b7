"""Claim codes drawn by several processes at once."""

from __future__ import annotations

import subprocess
import sys
import time
from array import array
from collections.abc import Iterator
from pathlib import Path

from bench import product as products
from bench.measure import Figure, scaled
from bench.product import connected
from workflows.actor import WORKER
from workflows.code_lease import LeaseCodes
from workflows.ports import NeedsCounters
from workflows.rules import claim_code

PROCESSES = 4
CODES = 1_000_000
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def main(url: str, directory: Path, count: int) -> None:
    """A child: draw so many codes as a web process does, write them down as numbers, print the seconds it took."""
    product = connected(url, directory)
    codes, drawn = product.runtime.services.codes, array("Q")
    started = time.monotonic()
    while len(drawn) < count:
        try:
            drawn.append(as_number(codes.draw()))
        except NeedsCounters:
            product.runtime.execute(LeaseCodes(codes), WORKER)
    spent = time.monotonic() - started
    drawn.tofile(sys.stdout.buffer)
    sys.stdout.flush()
    print(spent, file=sys.stderr)


def as_number(code: str) -> int:
    """A code as one number: the prefix before the ten digits."""
    return (LETTERS.index(code[0]) * 26 + LETTERS.index(code[1])) * 10**10 + int(code[2:])


def as_code(number: int) -> str:
    prefix, digits = divmod(number, 10**10)
    return f"{LETTERS[prefix // 26]}{LETTERS[prefix % 26]}{digits:010d}"


def drawn_by(url: str, directory: Path, processes: int, count: int) -> tuple[list[int], float]:
    """Every code drawn by so many processes at once, and codes per second (wall)."""
    command = [sys.executable, "-m", "bench.claim_codes", url, str(directory), str(count // processes)]
    children = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(processes)]
    found: list[int] = []
    seconds = 0.0
    for child in children:
        out, said = child.communicate()
        numbers = array("Q")
        numbers.frombytes(out)
        found += numbers
        seconds = max(seconds, float(said.split()[-1]))
    return found, len(found) / seconds


def claim_codes_4_processes() -> Iterator[Figure]:
    """Goal: 0 collisions in 1,000,000. Processes on one PostgreSQL lease their counters from one row."""
    with products.postgresql() as product:
        url = product.database.url.render_as_string(hide_password=False)
        directory = product.settings.data_directory
        codes, four = drawn_by(url, directory, PROCESSES, scaled(CODES, 1000))
        more, one = drawn_by(url, directory, 1, scaled(CODES // 10, 1000))
    everything = codes + more
    wrong = sum(claim_code.parse(as_code(number)) is None for number in everything[::97])
    if wrong:
        raise AssertionError(f"{wrong} codes are not valid")
    yield Figure("claim_codes_4_processes", len(everything) - len(set(everything)), "collisions", len(everything))
    yield Figure("claim_codes_4_vs_1_process", four, "codes/s (wall)", one)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
