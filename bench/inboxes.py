"""The inbox with a thousand and with a hundred thousand open items.

On PostgreSQL wall time, because the server works; on SQLite CPU time, because it works in our own process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime

from sqlalchemy import Connection, text

from app.wiring import Product
from bench import product as products
from bench.measure import Figure, by_turns, cpu_ms, scaled, wall_ms
from bench.product import NOON, Walk
from workflows.actor import Actor
from workflows.queries import inbox

FEW, MANY = 1_000, 100_000
GROUPS = 50
OFFICER = Actor("t2", groups=frozenset(f"region_officer:{n}" for n in range(12)), organisation="99002", account_id=2)
"""One of so many groups' members: sees about a quarter of everything."""

_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count) "
_MINE = "(CASE WHEN i % 200 = 0 THEN 'user:t2' ELSE 'group:region_officer:' || (i * 7919 % :groups) END)"


def filled(product: Product, count: int) -> Product:
    """So many open items of so many cases, copies of one real case; due over a year, spread over groups."""
    walk = Walk(product, "bench_long", 1)
    template = walk.open_items()[0].id
    with product.database.begin() as db:
        _copy(db, "cases", {"id": "i", "number": "'69-' || i"}, walk.case_id, count)
        _copy(db, "work_items", {"id": "i", "case_id": "i"}, template, count)
        db.execute(
            text(f"INSERT INTO inbox (principal, due_at, work_item_id) {_NUMBERS}SELECT {_MINE}, {_due(db)}, i FROM n"),
            {"count": count, "groups": GROUPS},
        )
    postgres = product.database.dialect.name == "postgresql"
    with product.database.execution_options(isolation_level="AUTOCOMMIT").connect() as db:
        db.execute(text("VACUUM ANALYZE" if postgres else "ANALYZE"))  # as autovacuum would have done by then
        if postgres:
            db.execute(text("CHECKPOINT"))  # what the filling left to write is not the inbox's work
    return product


def _copy(db: Connection, table: str, own: dict[str, str], key: int, count: int) -> None:
    columns = list(db.execute(text(f"SELECT * FROM {table} LIMIT 0")).keys())
    values = ", ".join(own.get(name, f"t.{name}") for name in columns)
    db.execute(
        text(
            f"INSERT INTO {table} ({', '.join(columns)}) {_NUMBERS}SELECT {values} FROM n, {table} t WHERE t.id = :key"
        ),
        {"count": count, "key": key},
    )


def _due(db: Connection) -> str:
    if db.dialect.name == "postgresql":
        return "timestamptz '2026-01-01 00:00:00+00' + (i % 365) * interval '1 day'"
    return "strftime('%Y-%m-%d %H:%M:%S.000000', '2026-01-01', '+' || (i % 365) || ' days')"


def page(product: Product, after: tuple[datetime, int] | None = None, *, counters: bool = False) -> inbox.Page:
    """One page of the inbox; with the counters of its tabs, as the home page shows it."""
    with product.runtime.reading() as db:
        if counters:
            inbox.counts(db, OFFICER, NOON)
        return inbox.page(db, OFFICER, NOON, after=after)


def measured(
    database: Callable[[], AbstractContextManager[Product]], suffix: str, clock: Callable[[], float], unit: str
) -> Iterator[Figure]:
    """Both ratios on one kind of database."""
    with ExitStack() as stack:
        few = filled(stack.enter_context(database()), FEW)
        many = filled(stack.enter_context(database()), scaled(MANY, 20_000))
        rounds = scaled(100, 60)
        for _ in range(20):  # statements are prepared, and pages of the tables are where they stay
            page(many, counters=True), page(few, counters=True)
        large, small = by_turns(
            rounds, lambda: page(many, counters=True), lambda: page(few, counters=True), clock=clock
        )
        yield Figure(f"inbox_100k_vs_1k{suffix}", large, unit, small)
        far = None
        for _ in range(99):
            far = page(many, far).after or far
        deep, first = by_turns(rounds, lambda: page(many, far), lambda: page(many), clock=clock)
        yield Figure(f"inbox_deep_vs_first{suffix}", deep, unit, first)


def inbox_on_postgresql() -> Iterator[Figure]:
    """A page with its counters: 100,000 open items ÷ 1,000; page 100 ÷ page 1. Goals ≤ 1.5."""
    yield from measured(products.postgresql, "", wall_ms, "ms (wall)")


def inbox_on_sqlite() -> Iterator[Figure]:
    """The same on SQLite."""
    yield from measured(products.sqlite, "_sqlite", cpu_ms, "ms")
