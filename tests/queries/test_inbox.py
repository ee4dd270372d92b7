"""The inbox: pages by key without gaps or repeats, tabs, and counters that stop."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert

from tests.commands import samples
from tests.support.world import World
from workflows.actor import Actor
from workflows.queries import inbox
from workflows.records import NO_DUE_DATE, InboxRow, WorkItem

ME = Actor("paging", groups=frozenset({"a", "b", "c"}))
Offer = tuple[datetime | None, tuple[str, ...]]


@pytest.fixture
def case_id(world: World) -> int:
    """A case that the work items of a test may belong to."""
    world.deploy(two_tasks__bpmn=samples.TWO_TASKS)
    return world.start("two_tasks", "requester").case_id


def offer(world: World, case_id: int, offers: list[Offer]) -> list[int]:
    """Work items with these due times, offered to these principals; gives their ids."""
    ids = list(range(1, len(offers) + 1))
    same = {
        "case_id": case_id, "element_id": "x", "name": "งาน", "form_id": None, "assignee": None, "groups": [],
        "users": [], "follow_up_at": None, "priority": 50, "headers": {}, "opened_at": world.clock.now(),
    }  # fmt: skip
    items: list[dict[str, Any]] = [
        {**same, "id": id_, "task_id": id_.to_bytes(16, "big"), "due_at": due_at}
        for id_, (due_at, _) in zip(ids, offers, strict=True)
    ]
    rows = [
        {"principal": principal, "due_at": due_at or NO_DUE_DATE, "work_item_id": id_}
        for id_, (due_at, principals) in zip(ids, offers, strict=True)
        for principal in principals
    ]
    with world.database.begin() as db:
        db.execute(insert(WorkItem), items)
        db.execute(insert(InboxRow), rows)
    return ids


def paged(world: World, limit: int, **options: Any) -> Iterator[list[int]]:
    """All pages, one after the other."""
    after = None
    while True:
        with world.runtime.reading() as db:
            page = inbox.page(db, ME, world.clock.now(), after=after, limit=limit, **options)
        yield [row["id"] for row in page.rows]
        if page.after is None:
            return
        after = page.after


def test_pages_have_no_gaps_and_no_repeats(world: World, case_id: int) -> None:
    """Many items are due at the same moment, many are offered to several of my groups, some are never due."""
    now, chance = world.clock.now(), random.Random(7)
    days = [None, *(now + timedelta(days=day) for day in range(-2, 5))]
    principals = ("user:paging", "group:a", "group:b", "group:c", "group:not-mine")
    offers = [(chance.choice(days), tuple(chance.sample(principals, chance.randint(1, 3)))) for _ in range(137)]
    ids = offer(world, case_id, offers)
    due = {id_: offered[0] or NO_DUE_DATE for id_, offered in zip(ids, offers, strict=True)}
    to = {id_: set(offered[1]) for id_, offered in zip(ids, offers, strict=True)}
    wanted = sorted((id_ for id_ in ids if to[id_] != {"group:not-mine"}), key=lambda id_: (due[id_], id_))
    assert 100 < len(wanted) < 137
    for limit in (1, 10, len(wanted), 500):
        pages = list(paged(world, limit))
        assert [id_ for page in pages for id_ in page] == wanted
        assert all(len(page) == limit for page in pages[:-1])
    tabs: dict[Any, list[int]] = {
        "mine": [id_ for id_ in wanted if "user:paging" in to[id_]],
        "groups": [id_ for id_ in wanted if {"group:a", "group:b", "group:c"} & to[id_]],
        "overdue": [id_ for id_ in wanted if due[id_] < now],
        "due_soon": [id_ for id_ in wanted if now <= due[id_] < now + inbox.SOON],
    }
    for tab, expected in tabs.items():
        assert [id_ for page in paged(world, 10, tab=tab) for id_ in page] == expected, tab
        assert [id_ for page in paged(world, 10, tab=tab, text="งาน") for id_ in page] == expected, tab
    with world.runtime.reading() as db:
        assert inbox.counts(db, ME, now) == {tab: len(expected) for tab, expected in tabs.items()}


def test_work_done_meanwhile_moves_nothing_else(world: World, case_id: int) -> None:
    ids = offer(world, case_id, [(world.clock.now(), ("group:a",))] * 30)
    pages = paged(world, 10)
    first = next(pages)
    with world.database.begin() as db:  # somebody does what was on the first page, and one of the next
        db.execute(delete(WorkItem).where(WorkItem.id.in_([*first, ids[15]])))
    rest = [id_ for page in pages for id_ in page]
    assert first + rest == [id_ for id_ in ids if id_ != ids[15]]


def test_counters_stop_at_a_thousand(world: World, case_id: int) -> None:
    offer(world, case_id, [(world.clock.now() - timedelta(days=1), ("group:a", "group:b"))] * (inbox.CAP + 5))
    with world.runtime.reading() as db:
        found = inbox.counts(db, ME, world.clock.now())
    assert found == {"mine": 0, "groups": inbox.CAP, "overdue": inbox.CAP, "due_soon": 0}


@pytest.mark.parametrize(
    ("both", "second", "counted"),
    [(inbox.CAP - 400, 0, inbox.CAP - 400), (inbox.CAP - 400, 399, inbox.CAP - 1), (10, inbox.CAP - 10, inbox.CAP)],
)
def test_an_item_of_several_groups_counts_once_however_full_each_is(
    world: World, case_id: int, both: int, second: int, counted: int
) -> None:
    due = world.clock.now() + timedelta(days=9)
    offer(world, case_id, [*[(due, ("group:a", "group:b"))] * both, *[(due, ("group:b",))] * second])
    with world.runtime.reading() as db:
        assert inbox.counts(db, ME, world.clock.now())["groups"] == counted
