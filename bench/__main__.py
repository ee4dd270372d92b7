"""``python -m bench``: one JSON object per line on stdout. ``BENCH=name,name`` selects, ``BENCH_SIZE=0.2`` is quick."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator

from bench import (
    bulk,
    cards,
    claim_codes,
    decisions,
    expressions,
    inboxes,
    patients,
    processes,
    reports,
    rounds,
    snapshots,
    steps,
    sweeps,
)
from bench.measure import Figure
from bench.product import NotHere

Benchmark = Callable[[], Iterator[Figure]]
BENCHMARKS: dict[str, Benchmark] = {
    benchmark.__name__: benchmark
    for benchmark in (
        steps.step_vs_floor_sqlite,
        steps.step_vs_floor_postgresql,
        steps.statements_per_step,
        steps.lap500_vs_lap1,
        steps.lap500_vs_lap1_event_subprocess,
        steps.lap500_vs_lap1_two_branches,
        steps.approval300_vs_approval1,
        snapshots.snapshot_bytes_vs_library,
        snapshots.codec_vs_library,
        inboxes.inbox_on_postgresql,
        inboxes.inbox_on_sqlite,
        processes.two_processes_vs_one_postgresql,
        reports.report_100000_memory,
        expressions.feel_vs_python_eval,
        rounds.round_2000_vs_20,
        sweeps.sweep_50000_accounts,
        decisions.decision_table_500_vs_5,
        bulk.bulk_500_rows_cpu,
        claim_codes.claim_codes_4_processes,
        patients.authentication_case_vs_floor,
        cards.card_text_ms,
    )
}
TOGETHER = {
    "authentication_case_in_five_calls": "authentication_case_vs_floor",
    "authentication_floor_without_threads": "authentication_case_vs_floor",
    "card_photo_ms": "card_text_ms",
    "sweep_50000_memory": "sweep_50000_accounts",
    "claim_codes_4_vs_1_process": "claim_codes_4_processes",
    "commits_per_step": "statements_per_step",
    "approval_of_300_vs_of_3": "approval300_vs_approval1",
    "inbox_100k_vs_1k": "inbox_on_postgresql",
    "inbox_deep_vs_first": "inbox_on_postgresql",
    "inbox_100k_vs_1k_sqlite": "inbox_on_sqlite",
    "inbox_deep_vs_first_sqlite": "inbox_on_sqlite",
}
"""Figures that come with another one."""


def main() -> int:
    wanted = [name for name in os.environ.get("BENCH", "").split(",") if name]
    unknown = [name for name in wanted if name not in BENCHMARKS and name not in TOGETHER]
    if unknown:
        print(f"unknown: {', '.join(unknown)}; there are {', '.join([*BENCHMARKS, *TOGETHER])}", file=sys.stderr)
        return 2
    chosen = {TOGETHER.get(name, name) for name in wanted or BENCHMARKS}
    for name, benchmark in BENCHMARKS.items():
        if name not in chosen:
            continue
        started = time.monotonic()
        try:
            for figure in benchmark():
                if not wanted or {figure.name, name} & set(wanted):
                    print(figure.line(), flush=True)
        except NotHere as missing:
            print(f"{name}: not measured: {missing}", file=sys.stderr)
        print(f"{name}: {time.monotonic() - started:.1f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
