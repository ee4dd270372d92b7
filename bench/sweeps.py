"""The nightly sweep, when every account is due: the worst night there can be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from app.demo import load
from app.nightly import sweep_accounts
from app.wiring import Product
from bench import product as products
from bench.measure import Figure, cpu_ms, scaled, timed
from bench.product import NOON
from workflows.records import Account, DormancyMark

ACCOUNTS = 50_000
GOAL_SECONDS = 60.0
_CHUNK = 1_000


def filled(product: Product, count: int) -> Product:
    """So many active accounts, the last use of each 155 to 199 days ago: one in three is suspended tonight."""
    load.reference(product)
    for start in range(0, count, _CHUNK):
        with product.database.begin() as db:
            db.execute(insert(Account), [_account(number) for number in range(start, min(start + _CHUNK, count))])
    return product


def _account(number: int) -> dict[str, Any]:
    used: datetime = NOON - timedelta(days=155 + number % 45, minutes=number % 600)
    return {
        "id": number + 1,
        "username": f"{number:013d}",
        "realm": "DC",
        "status": "active",
        "first_name": "ทดสอบ",
        "last_name": f"ระบบดี{number}",
        "unit_code": f"{number % 13_000:05d}",
        "email": f"person{number}@example.org",
        "pid_sealed": b"-",
        "pid_index": number.to_bytes(16),
        "pid_masked": "-",
        "mobile_sealed": None,
        "password_hash": None,
        "created_at": used,
        "activated_at": used,
        "last_used_at": used,
        "case_id": None,
    }


def growth(product: Product) -> float:
    """MB by which the peak of memory grows while everybody is swept."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = _peak()
    sweep_accounts(product)
    return max(_peak() - before, 1.0)


def _peak() -> float:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


def sweep_50000_accounts() -> Iterator[Figure]:
    """CPU of a sweep in which each account gets a mail, an audit event and a mark; goal ≤ 60 s. And its memory:
    growth of the peak while all are swept ÷ while a tenth is; goal ≤ 1.5."""
    if not Path("/proc/self/clear_refs").exists():
        raise products.NotHere("the peak of memory is read from Linux' /proc")
    with ExitStack() as stack:
        count = scaled(ACCOUNTS, 2_000)
        tenth = filled(stack.enter_context(products.sqlite()), count // 10)
        whole = filled(stack.enter_context(products.sqlite()), count)
        few = growth(tenth)
        grown: list[float] = []
        seconds = timed(lambda: grown.append(growth(whole)), cpu_ms) / 1000
        with whole.runtime.reading() as db:
            done = db.execute(select(func.count()).select_from(DormancyMark)).scalar_one()
        assert done == count, f"{done} of {count} accounts were swept"
        yield Figure("sweep_50000_accounts", seconds, "s (CPU)", GOAL_SECONDS * count / ACCOUNTS)
        yield Figure("sweep_50000_memory", grown[0], "MB", few)
