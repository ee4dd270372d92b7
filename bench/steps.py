"""What completing a work item costs, through the whole product."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from statistics import median

from sqlalchemy import event

from app.wiring import Product
from bench import product as products
from bench.floor import Floor
from bench.measure import Figure, sampled, scaled, timed
from bench.product import Walk

LAP = 5  # answers in one lap of bench_long


def lap(walk: Walk) -> float:
    """CPU milliseconds of one lap's completions; looking for the open items is not counted."""
    spent, done = 0.0, 0
    while done < walk.steps:
        for item in walk.open_items()[: walk.steps - done]:
            spent += timed(lambda item=item: walk.complete(item))  # type: ignore[misc]
            done += 1
    return spent


def step_vs_floor(name: str, database: Callable[[], AbstractContextManager[Product]]) -> Iterator[Figure]:
    """A completion with rights, audit, inbox and commit ÷ engine, snapshot and bare transaction."""
    with database() as product:
        ours, bare = Walk(product, "bench_long", LAP), Floor(product, "bench_long", LAP)
        mine, floor = sampled(scaled(120, 20), lambda: lap(ours), lambda: lap(bare), warm=10)
        yield Figure(name, median(mine) / LAP, "ms", median(floor) / LAP)


def step_vs_floor_sqlite() -> Iterator[Figure]:
    """Goal ≤ 1.3."""
    yield from step_vs_floor("step_vs_floor_sqlite", products.sqlite)


def step_vs_floor_postgresql() -> Iterator[Figure]:
    """Goal ≤ 1.4, time of the client."""
    yield from step_vs_floor("step_vs_floor_postgresql", products.postgresql)


def statements_per_step() -> Iterator[Figure]:
    """Statements and commits of a completion, the worst of a lap. Goals ≤ 6 and 1."""
    with products.sqlite() as product:
        counts = {"statements": 0, "commits": 0}
        event.listen(product.database, "before_cursor_execute", lambda *_: _count(counts, "statements"))
        event.listen(product.database, "commit", lambda *_: _count(counts, "commits"))
        walk = Walk(product, "bench_long", LAP)
        lap(walk)
        worst = {"statements": 0, "commits": 0}
        for _ in range(LAP):
            item = walk.open_items()[0]
            counts.update(statements=0, commits=0)
            walk.complete(item)
            worst = {what: max(worst[what], counts[what]) for what in worst}
        yield Figure("statements_per_step", worst["statements"], "statements", 6)
        yield Figure("commits_per_step", worst["commits"], "commits", 1)


def _count(counts: dict[str, int], what: str) -> None:
    counts[what] += 1


def growth(name: str, process_id: str, steps: int) -> Iterator[Figure]:
    """A lap of a case that has gone round 500 times ÷ the first lap of a new one."""
    with products.sqlite() as product:
        old = Walk(product, process_id, steps)
        for _ in range(scaled(500, 50)):
            lap(old)
        late, first = sampled(scaled(60, 15), lambda: lap(old), lambda: lap(Walk(product, process_id, steps)))
        yield Figure(name, median(late) / steps, "ms", median(first) / steps)


def lap500_vs_lap1() -> Iterator[Figure]:
    """Goal ≤ 1.1."""
    yield from growth("lap500_vs_lap1", "bench_long", LAP)


def lap500_vs_lap1_event_subprocess() -> Iterator[Figure]:
    """The same beside an event sub-process that stays armed. Goal ≤ 1.1."""
    yield from growth("lap500_vs_lap1_event_subprocess", "bench_event_sub_process", 2)


def lap500_vs_lap1_two_branches() -> Iterator[Figure]:
    """The same with two branches that loop each for itself. Goal ≤ 1.1."""
    yield from growth("lap500_vs_lap1_two_branches", "bench_two_branches", 4)


def approvals(product: Product, count: int) -> list[float]:
    """CPU milliseconds of every approval of a case with so many approvers."""
    walk = Walk(product, "bench_many", count, approvers=[str(1 + n % 4) for n in range(count)])
    return [timed(lambda item=item: walk.complete(item)) for item in walk.open_items()]  # type: ignore[misc]


def approval300_vs_approval1() -> Iterator[Figure]:
    """The last approvals of 300 at once ÷ the first; and an approval of 300 on average ÷ one of 3. Goal ≤ 3."""
    with products.sqlite() as product:
        approvals(product, 3)
        count = scaled(300, 60)
        many = [approvals(product, count) for _ in range(3)]
        first = median(each for case in many for each in case[:10])
        last = median(each for case in many for each in case[-11:-1])
        few = median(each for _ in range(scaled(30)) for each in approvals(product, 3)[:-1])
        yield Figure("approval300_vs_approval1", last, "ms", first)
        yield Figure("approval_of_300_vs_of_3", median(each for case in many for each in case[:-1]), "ms", few)
