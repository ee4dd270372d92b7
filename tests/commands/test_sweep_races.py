"""Three nodes sweep at the same moment: every step is taken by one of them. The control without locks and without the
key of the marks must fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from tests.support.races import naive, race
from tests.support.world import World
from workflows.actor import CLOCK
from workflows.commands.sweep_accounts import _THE_USED, SweepAccounts
from workflows.queries import audit
from workflows.records import Account, DormancyMark, HistoryRow, OutboxRow
from workflows.runtime import Runtime

ROUNDS = 5
KINDS = ("account.suspended", "account.dormancy_warned")


@pytest.fixture
def nodes(world: World) -> list[Runtime]:
    """Three installations on one database."""
    others = [World(world.product.settings.database_url, world.product.settings.data_directory) for _ in range(2)]
    for other in others:
        other.clock.at = world.clock.at
    return [world.runtime, *(other.runtime for other in others)]


def everybody_is_due(world: World, round_: int) -> int:
    """Gives how many; each round begins with another last use."""
    used = world.clock.now() - timedelta(days=170, minutes=round_)
    long_ago = used - timedelta(days=30)
    with world.database.begin() as db:
        ids = list(
            db.execute(
                select(Account.id).where(Account.status == "active", Account.username != "admin").order_by(Account.id)
            ).scalars()
        )
        db.execute(update(Account).where(Account.id.in_(ids)).values(last_used_at=used))
        db.execute(update(Account).where(Account.id.in_(ids[:2])).values(last_used_at=long_ago))
    return len(ids)


def sweep_at_once(world: World, nodes: Sequence[Runtime], round_: int) -> dict[str, bool]:
    """Hold one race; gives what is as it must be."""
    due = everybody_is_due(world, round_)
    before = totals(world)
    results = race(nodes, *[(SweepAccounts(_THE_USED, 50), CLOCK)] * 3)
    steps, told, mails = totals(world) - before
    with world.runtime.reading() as db:
        whole = audit.verify(db, world.keyring).broken == ()
    return {
        "no_errors": not any(isinstance(result, Exception) for result in results),
        "steps": steps == due,
        "told": told == due,
        "mails": mails == due,
        "chains": whole,
    }


class Totals(tuple[int, int, int]):
    """Marks, events, mails."""

    def __sub__(self, other: Totals) -> Totals:
        return Totals(mine - theirs for mine, theirs in zip(self, other, strict=True))


def totals(world: World) -> Totals:
    with world.runtime.reading() as db:
        marks = len(db.execute(select(DormancyMark.account_id)).all())
        told = len(db.execute(select(HistoryRow.id).where(HistoryRow.kind.in_(KINDS))).all())
        mails = len(db.execute(select(OutboxRow.id).where(OutboxRow.key.startswith("dormancy/"))).all())
    return Totals((marks, told, mails))


def test_three_nodes_sweep_at_once(world: World, nodes: list[Runtime]) -> None:
    for round_ in range(ROUNDS):
        wrong = [name for name, good in sweep_at_once(world, nodes, round_).items() if not good]
        assert wrong == [], f"round {round_}"


def test_the_control_fails(world: World) -> None:
    with world.database.begin() as db:
        db.execute(text("DROP TABLE dormancy_marks"))
        moment = "timestamptz" if db.dialect.name == "postgresql" else "datetime"
        db.execute(
            text(f"CREATE TABLE dormancy_marks (account_id bigint, last_used {moment}, step bigint, at {moment})")
        )
    control = naive(world)
    found: Counter[str] = Counter()
    for round_ in range(ROUNDS):
        found.update(name for name, good in sweep_at_once(world, [control] * 3, round_).items() if not good)
    assert {"steps", "told"} <= set(found)
