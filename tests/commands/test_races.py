"""Whoever acts at the same moment: one wins, the other is told so, and nothing is lost or done twice.

Every race is run a second time by a control without locks and without compare-and-swap, which must fail it.
"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.commands import samples
from tests.support.races import at_once, naive, race
from tests.support.world import World
from workflows.actor import CLOCK, WORKER
from workflows.commands.assign_work_item import AssignWorkItem
from workflows.commands.claim_messages import ClaimMessages
from workflows.commands.complete_work_item import CompleteWorkItem
from workflows.commands.wake_case import WakeCase
from workflows.errors import AlreadyDone, Conflict
from workflows.queries.cases import open_items
from workflows.records import Series
from workflows.runtime import Runtime
from workflows.work import Work

TIMES = 50
Contest = Callable[[World, Sequence[Runtime]], bool]
"""Holds one race of its kind; gives whether all was well."""


def nodes(world: World) -> list[Runtime]:
    """Two web processes: each has its own cache of live cases."""
    other = World(world.product.settings.database_url, world.product.settings.data_directory)
    other.clock.at = world.clock.at
    return [world.runtime, other.runtime]


def open_elements(world: World, case_id: int) -> list[str]:
    with world.runtime.reading() as db:
        return sorted(item["element_id"] for item in open_items(db, case_id))


def item_ids(world: World, case_id: int) -> list[int]:
    with world.runtime.reading() as db:
        return [int(item["id"]) for item in open_items(db, case_id)]


def one_winner(world: World, results: list[Any], names: Sequence[str]) -> bool:
    """One got through and the other is told that very person's name."""
    errors = [result for result in results if isinstance(result, Exception)]
    if len(errors) != 1 or not isinstance(errors[0], AlreadyDone):
        return False
    winner = names[1 - results.index(errors[0])]
    return bool(errors[0].details["who"] == winner)


def two_people(world: World, runtimes: Sequence[Runtime]) -> bool:
    offered = {"assignee": None, "users": [], "groups": ["unit_head:99001", "unit_head:99002"]}
    case_id = world.start("one_task", "requester", **offered).case_id
    (item,) = item_ids(world, case_id)
    command = CompleteWorkItem(item, {"decision": "approve"})
    results = race(runtimes, (command, world.actor("head")), (command, world.actor("head2")))
    told = world.told(case_id).count("completed:ask")
    return one_winner(world, results, ["วันเพ็ญ สาธิต", "สมคิด สาธิต"]) and told == 1


def a_double_click(world: World, runtimes: Sequence[Runtime]) -> bool:
    case_id = world.start("two_tasks", "requester").case_id
    (item,) = item_ids(world, case_id)
    click = (CompleteWorkItem(item, {}), world.actor("issuer"))
    results = race(runtimes, click, click)
    return one_winner(world, results, ["จันทร์ สาธิต"] * 2) and open_elements(world, case_id) == ["second"]


def clock_against_person(world: World, runtimes: Sequence[Runtime]) -> bool:
    case_id = world.start("deadline", "requester").case_id
    (item,) = item_ids(world, case_id)
    for runtime in runtimes:
        runtime.clock.at = world.case(case_id)["wake_at"]  # type: ignore[attr-defined]
    results = race(runtimes, (CompleteWorkItem(item, {}), world.actor("issuer")), (WakeCase(case_id), CLOCK))
    if results == [case_id, False]:
        return open_elements(world, case_id) == ["by_person"]
    return isinstance(results[0], Conflict) and results[1] is True and open_elements(world, case_id) == ["by_clock"]


def parallel_branches(world: World, runtimes: Sequence[Runtime]) -> bool:
    case_id = world.start("branches", "requester").case_id
    entries = [(CompleteWorkItem(item, {}), world.actor("issuer")) for item in item_ids(world, case_id)]
    results = race(runtimes, *entries)
    return results == [case_id] * 4 and open_elements(world, case_id) == ["joined"]


def two_claim(world: World, runtimes: Sequence[Runtime]) -> bool:
    offered = {"assignee": None, "users": [], "groups": ["unit_head:99001", "unit_head:99002"]}
    case_id = world.start("one_task", "requester", **offered).case_id
    command = AssignWorkItem(item_ids(world, case_id)[0])
    results = race(runtimes, (command, world.actor("head")), (command, world.actor("head2")))
    errors = [result for result in results if isinstance(result, Conflict)]
    owners = [who for who in ("head", "head2") if any(item["case_id"] == case_id for item in world.items(who))]
    return len(errors) == 1 and owners == [errors[0].details["who"]] and world.told(case_id).count("assigned:ask") == 1


def two_workers_wake(world: World, runtimes: Sequence[Runtime]) -> bool:
    case_id = world.start("deadline", "requester").case_id
    for runtime in runtimes:
        runtime.clock.at = world.case(case_id)["wake_at"]  # type: ignore[attr-defined]
    results = race(runtimes, (WakeCase(case_id), CLOCK), (WakeCase(case_id), CLOCK))
    return sorted(results) == [False, True] and open_elements(world, case_id) == ["by_clock"]


def two_workers_claim(world: World, runtimes: Sequence[Runtime]) -> bool:
    for _ in range(3):
        world.start("mobile_check", "requester", mobile="0812345678")
    first, second = race(runtimes, (ClaimMessages(), WORKER), (ClaimMessages(), WORKER))
    claimed = Counter(message.id for message in [*first, *second])
    return len(claimed) == 3 and set(claimed.values()) == {1}


CONTESTS: list[tuple[Contest, int]] = [
    (two_people, TIMES),
    (a_double_click, 10),
    (clock_against_person, 10),
    (parallel_branches, 5),
    (two_claim, 10),
    (two_workers_wake, 10),
    (two_workers_claim, 5),
]


@pytest.fixture
def arena(world: World) -> World:
    world.deploy(
        one_task__bpmn=samples.ONE_TASK,
        two_tasks__bpmn=samples.TWO_TASKS,
        deadline__bpmn=samples.DEADLINE,
        branches__bpmn=samples.BRANCHES,
    )
    return world


@pytest.mark.parametrize(("contest", "times"), CONTESTS, ids=lambda value: getattr(value, "__name__", ""))
def test_all_is_well(arena: World, contest: Contest, times: int) -> None:
    runtimes = nodes(arena)
    assert [number for number in range(times) if not contest(arena, runtimes)] == []
    arena.check()


@pytest.mark.parametrize("contest", [contest for contest, _ in CONTESTS], ids=lambda value: value.__name__)
def test_the_control_fails(arena: World, contest: Contest) -> None:
    assert not contest(arena, [naive(arena)])


class Draw:
    """A command that needs a number of a series that nobody has drawn from before."""

    def run(self, work: Work) -> str:
        return work.register.next_number("race")


class NaiveDraw:
    """Reads the last number, and writes the next one."""

    def run(self, work: Work) -> str:
        last = work.db.execute(select(Series.last).where(Series.name == "race")).scalar_one()
        work.write(update(Series).where(Series.name == "race").values(last=last + 1))
        return str(last + 1)


def test_a_number_is_drawn_once(world: World) -> None:
    runtimes = nodes(world)

    def draw_some(runtime: Runtime) -> Callable[[], list[str]]:
        return lambda: [runtime.execute(Draw(), world.actor("issuer")) for _ in range(25)]

    drawn = at_once(*(draw_some(runtimes[number % 2]) for number in range(4)))
    numbers = [number for some in drawn for number in some]
    assert len(numbers) == len(set(numbers)) == 100
    assert max(numbers) == "000100"
    first, second = race([naive(world)], (NaiveDraw(), WORKER), (NaiveDraw(), WORKER))
    assert first == second == "101"


def _complete_all(url: str, directory: Path, username: str, items: list[int], answer: Connection) -> None:
    """A process of its own: complete these items, send how each ended."""
    world = World(url, directory)
    actor = world.actor(username)
    answer.send("ready")
    answer.recv()
    ended: list[str] = []
    for item in items:
        try:
            world.execute(CompleteWorkItem(item, {"decision": "approve"}), actor)
            ended.append("won")
        except AlreadyDone as late:
            ended.append(late.details["who"])
    answer.send(ended)


def test_two_processes_complete_the_same_items(arena: World) -> None:
    offered = {"assignee": None, "users": [], "groups": ["unit_head:99001", "unit_head:99002"]}
    cases = [arena.start("one_task", "requester", **offered).case_id for _ in range(TIMES)]
    items = [item for case_id in cases for item in item_ids(arena, case_id)]
    settings = arena.product.settings
    fork = multiprocessing.get_context("fork")
    arena.database.dispose()
    lines, processes = [], []
    for username in ("head", "head2"):
        line, far_end = fork.Pipe()
        given = (settings.database_url, settings.data_directory, username, items, far_end)
        processes.append(fork.Process(target=_complete_all, args=given, daemon=True))
        lines.append(line)
    for process in processes:
        process.start()
    for line in lines:
        assert line.recv() == "ready"
    for line in lines:
        line.send("go")
    first, second = (line.recv() for line in lines)
    for process in processes:
        process.join()
    names = {"head": "วันเพ็ญ สาธิต", "head2": "สมคิด สาธิต"}
    for one, other in zip(first, second, strict=True):
        assert (one, other) in {("won", names["head"]), (names["head2"], "won")}
    assert {arena.case(case_id)["state"] for case_id in cases} == {"COMPLETED"}
    arena.check()
