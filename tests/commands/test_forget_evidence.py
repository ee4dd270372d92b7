"""What was asked or read about patients and became evidence of no case is gone after a day; the rest stays."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import select, update

from app.nightly import sweep
from tests.support.patients import DESK, PID, card, looked_up
from tests.support.races import naive, race
from tests.support.world import World
from workflows.actor import CLOCK
from workflows.commands.forget_evidence import ForgetEvidence
from workflows.errors import NotAllowed
from workflows.records import HistoryRow, Reading, RightsAnswer
from workflows.runtime import Runtime


def kept(world: World, rows: Any) -> set[str]:
    with world.runtime.reading() as db:
        return {str(id_) for id_ in db.execute(select(rows.id)).scalars()}


def told(world: World) -> list[dict[str, int]]:
    with world.runtime.reading() as db:
        events = select(HistoryRow.data).where(HistoryRow.kind == "evidence.forgotten").order_by(HistoryRow.seq)
        return [dict(data) for data in db.execute(events).scalars()]


def bind(world: World, rows: Any, id_: str) -> None:
    with world.database.begin() as db:
        db.execute(update(rows).where(rows.id == int(id_)).values(case_id=1))


def test_a_day_later_only_what_a_case_relies_on_is_left(world: World) -> None:
    bound = {RightsAnswer: looked_up(world), Reading: card(world)}
    for rows, id_ in bound.items():
        bind(world, rows, id_)
    for _ in range(3):
        looked_up(world)
    card(world)
    world.later(hours=23)
    fresh = {RightsAnswer: looked_up(world), Reading: card(world)}
    assert world.execute(ForgetEvidence(), CLOCK) == 0
    world.later(hours=2)
    assert [world.execute(ForgetEvidence(2), CLOCK) for _ in range(3)] == [3, 1, 0]
    for rows in bound:
        assert kept(world, rows) == {bound[rows], fresh[rows]}
    assert told(world) == [{"rights_answers": 2, "readings": 1}, {"rights_answers": 1, "readings": 0}]
    with world.runtime.reading() as db:
        data = db.execute(select(HistoryRow.data).where(HistoryRow.kind == "evidence.forgotten")).scalars().all()
    assert PID not in str(data)
    with pytest.raises(NotAllowed):
        world.execute(ForgetEvidence(), DESK)
    world.check()


def test_the_night_forgets_and_says_how_many(world: World) -> None:
    looked_up(world)
    card(world)
    world.go_to(date(2026, 11, 4), time(2))
    assert sweep(world.product)
    assert (kept(world, RightsAnswer), kept(world, Reading)) == (set(), set())
    with world.runtime.reading() as db:
        finished = db.execute(select(HistoryRow.data).where(HistoryRow.kind == "sweep.finished")).scalars().all()
    assert [data["forgotten"] for data in finished] == [2]
    world.check()


def contest(world: World, runtime: Runtime) -> bool:
    """Two forget thirty answers at the same moment; whether what they say, and what the audit says, is thirty."""
    looked_up(world)
    world.later(hours=25)
    assert world.execute(ForgetEvidence(), CLOCK) == 1  # else the first link of the service's chain keeps one away
    for _ in range(30):
        looked_up(world)
    world.later(hours=25)
    removed = race([runtime], (ForgetEvidence(), CLOCK), (ForgetEvidence(), CLOCK))
    assert kept(world, RightsAnswer) == set()
    return sum(removed) == 30 and sum(each["rights_answers"] for each in told(world)) == 31


def test_of_two_workers_each_row_goes_with_one(world: World) -> None:
    assert contest(world, world.runtime)
    world.check()


def test_the_control_counts_rows_twice(world: World) -> None:
    assert not contest(world, naive(world))
