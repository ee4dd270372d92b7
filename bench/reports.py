"""The report of requests as a file: what memory it takes for a hundred times as many cases."""

from __future__ import annotations

import multiprocessing
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update

from app import exports
from bench import product as products
from bench.inboxes import filled
from bench.measure import Figure, scaled
from bench.product import NOON, connected
from workflows.actor import Actor
from workflows.queries import report
from workflows.queries.report import Filters
from workflows.records import Case

FEW, MANY = 1_000, 100_000
AUDITOR = Actor("t3", groups=frozenset({"auditor"}), account_id=3, sees_everything=True)
HEAD = ["x"] * 6


def report_100000_memory() -> Iterator[Figure]:
    """Growth of the peak of memory while 100,000 cases are taken out as CSV and as Excel ÷ while 1,000 are; each in a
    process of its own. Goal ≤ 1.5."""
    if not Path("/proc/self/clear_refs").exists():
        raise products.NotHere("the peak of memory is read from Linux' /proc")
    with products.sqlite() as product:
        filled(product, scaled(MANY, 10_000))
        with product.database.begin() as db:
            db.execute(update(Case).values(sent_at=NOON, systems=" ECLAIM QOF ", channel="regular"))
            db.execute(update(Case).where(Case.id > FEW).values(sent_at=NOON - timedelta(days=400)))
        settings = product.settings
        few = _growth(settings.database_url, settings.data_directory, Filters(first=NOON.date()))
        many = _growth(settings.database_url, settings.data_directory, Filters())
    yield Figure("report_100000_memory", many, "MB", few)


def _growth(url: str, directory: Path, filters: Filters) -> float:
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    process = context.Process(target=_measure, args=(url, directory, filters, theirs))
    process.start()
    grown: float = mine.recv()
    process.join()
    return grown


def _measure(url: str, directory: Path, filters: Filters, answer: Any) -> None:
    product = connected(url, directory)

    def rows() -> Iterator[list[exports.Cell]]:
        for batch in report.batches(product.runtime.reading, AUDITOR, filters):
            for row in batch:
                yield [row.number, row.subject, row.unit_code, row.systems, row.sent_at.isoformat(), row.stage]

    def take_out() -> int:
        files = exports.csv_file(HEAD, rows()), exports.excel_file("x", HEAD, rows())
        return sum(len(part) for file in files for part in file)

    list(exports.excel_file("x", HEAD, [HEAD]))  # what is loaded at the first use is not counted
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = _peak()
    written = take_out()
    assert written > 1_000
    answer.send(max(_peak() - before, 0.1))


def _peak() -> float:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) / 1024
