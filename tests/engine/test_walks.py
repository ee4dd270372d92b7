"""Random walks: thousands of ways through diagrams that loop, fork and interrupt, each state compared.

The judge is an independent token game (``token_game.py``). Our engine is dumped and read back after every action, each
time on another parse of the diagram. ``WALKS=n`` sets the number of walks per diagram.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import cycle
from random import Random
from typing import Any
from uuid import UUID

import pytest

from tests.engine.loop_models import MODELS
from tests.engine.random_diagrams import Builder
from tests.engine.running import NOON, Running
from tests.engine.stock import StockCase, StockClock
from tests.engine.token_game import HOUR, Game
from workflows.engine import Definition, load
from workflows.engine.definition import _load
from workflows.engine.events import message_waits
from workflows.engine.tasks import READY

WALKS = int(os.environ.get("WALKS", "60"))
DIAGRAMS = 2 * WALKS
STEPS = 25
VARIABLES = {"again": True, "n": 3, "approvers": ["a", "b", "c"], "case_no": 1}


class Walked(Running):
    """Restores in turn on two parses of the diagram, so that no object survives an action."""

    def __init__(self, files: tuple[bytes, ...], parses: Iterator[Definition]) -> None:
        self.parses = parses
        super().__init__(*files, variables=VARIABLES, restore=True)

    def fresh_definition(self) -> Definition:
        return next(self.parses)


def parsed_twice(files: tuple[bytes, ...]) -> Iterator[Definition]:
    named = {f"{number}.bpmn": data for number, data in enumerate(files)}
    found = []
    for _ in range(2):
        _load.cache_clear()
        found.append(load("P", named))
    return cycle(found)


def path(task: Any) -> str:
    """The name of a task in the token game."""
    workflow = task.workflow
    above = "" if workflow.owner is None else path(workflow.owner)
    number = f"#{task.internal_data['idx'] + 1}" if "idx" in task.internal_data else ""
    return f"{above}/{task.task_spec.bpmn_id}{number}"


def open_tasks(case: Running) -> list[tuple[str, Any]]:
    return [
        (path(task), task)
        for scope in case.live.workflow.scopes
        for task in scope.tasks.values()
        if task._state == READY and task.task_spec.manual
    ]


def picture(case: Running) -> dict[str, Any]:
    outcome = case.last
    return {
        "open": sorted(name for name, _ in open_tasks(case)),
        "waits": sorted((path(wait.task), wait.name, wait.key) for wait in message_waits(case.live.workflow)),
        "due": None if outcome.wake_at is None else round((outcome.wake_at - NOON).total_seconds()),
        "jobs": sorted(case.jobs.log),
        "completed": case.completed,
    }


def actions(seen: dict[str, Any]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [("complete", name) for name in dict.fromkeys(seen["open"])]
    found += [("message", *wait) for wait in dict.fromkeys(seen["waits"])]
    if seen["due"] is not None:
        found.append(("tick",))
    return found


def answers(random: Random) -> dict[str, Any]:
    return {
        "again": random.random() < 0.6,
        "n": random.choice([0, 2, 3]),
        "ok": random.choice(["yes", "yes", "no"]),
        f"x{random.randrange(3)}": {"a": [random.randrange(9)]},
    }


def act(case: Running, action: tuple[str, ...], given: dict[str, Any]) -> None:
    match action:
        case ("complete", name):
            task = next(task for other, task in open_tasks(case) if other == name)
            case.finish(UUID(bytes=task.id), **given)
        case ("message", place, name, key):
            waits = message_waits(case.live.workflow)
            wait = next(each for each in waits if (path(each.task), each.name, each.key) == (place, name, key))
            assert case.deliver(name, key, task_id=wait.task.uuid) == 1
        case ("tick",):
            case.wake(seconds=HOUR + 1)


def play(game: Game, action: tuple[str, ...], given: dict[str, Any]) -> None:
    match action:
        case ("complete", name):
            game.complete(name, given)
        case ("message", *wait):
            game.message(*wait)
        case ("tick",):
            game.tick()


def walk(files: tuple[bytes, ...], parses: Iterator[Definition], seed: str) -> bool:
    """One way through the diagram; fails at the first state that differs. Says whether the end was reached."""
    random = Random(seed)
    case, game, story = Walked(files, parses), Game(files, VARIABLES), []
    for _ in range(STEPS):
        expected = game.picture()
        assert picture(case) == expected, (seed, story)
        possible = actions(expected)
        if not possible:
            break
        action, given = random.choice(possible), answers(random)
        story.append((action, given))
        act(case, action, given)
        play(game, action, given)
    return case.completed


@pytest.mark.parametrize("name", MODELS)
def test_engine_agrees_with_the_token_game(name: str) -> None:
    parses = parsed_twice(MODELS[name])
    finished = [walk(MODELS[name], parses, f"{name} {seed}") for seed in range(WALKS)]
    assert any(finished)


@pytest.mark.parametrize("tens", range(DIAGRAMS // 10))
def test_engine_agrees_on_diagrams_nobody_drew(tens: int) -> None:
    for number in range(10 * tens, 10 * tens + 10):
        files = (Builder(number).draw(),)
        parses = parsed_twice(files)
        for seed in range(5):
            walk(files, parses, f"diagram {number} {seed}")


# Where unmodified SpiffWorkflow 3.2 plays the diagram wrongly, and how.
STOCK_IS_WRONG = {
    "parallel": "the join fires early in the second lap",
    "parallel_nested": "the join fires early in the second lap",
    "loop_inside_a_branch": "the join fires early in the second lap",
    "loop_inside_a_loop": "the join fires early in the second lap",
    "inclusive": "the join fires early in the second lap",
    "inclusive_automatic": "the join fires early in the second lap",
    "inclusive_uneven": "the join fires early in the second lap",
    "two_tokens_on_each_flow": "tokens a join does not take are lost",
    "event_sub_process_and_parallel": "the join fires early in the second lap",
    "event_sub_process": "the sub-process is not armed any more while one of its instances runs alone",
    "instances_interrupted": "the scopes of interrupted instances stay behind and break the next step",
    "failing_beside_another": "an error is caught in a scope beside the one that threw it",
    "message_beside_a_task": "a non-interrupting message fires once only",
    "reminders": "a follow-up task is deleted when the activity ends",
    "two_timers": "two timers at one gateway share one due time",
}


def disagreements_with_stock(name: str, walks: int) -> Iterator[tuple[Any, ...]]:
    """The stories after which the library alone shows something else than the engine does."""
    parses = parsed_twice(MODELS[name])
    for seed in range(walks):
        random = Random(f"{name} {seed}")
        case, stock, story = Walked(MODELS[name], parses), StockCase(MODELS[name], VARIABLES), []
        for _ in range(STEPS):
            mine = {**picture(case), "variables": dict(case.variables)}
            theirs = {**stock.picture(), "variables": stock.variables}
            if mine != theirs:
                yield story, mine, theirs
                break
            possible = actions(mine)
            if not possible:
                break
            action, given = random.choice(possible), answers(random)
            story.append(action)
            act(case, action, given)
            try:
                stock.act(action, given)
            except Exception as broken:
                yield story, broken
                break


@pytest.mark.parametrize("name", [name for name in MODELS if name not in STOCK_IS_WRONG])
def test_engine_agrees_with_the_library_where_it_is_right(name: str, stock_clock: None) -> None:
    assert next(disagreements_with_stock(name, WALKS // 4), None) is None


@pytest.mark.parametrize("name", STOCK_IS_WRONG)
def test_the_judge_would_see_the_errors_of_the_library(name: str, stock_clock: None) -> None:
    """The control: on these diagrams the token game sides with the engine, so a copy of the library would be caught."""
    assert next(disagreements_with_stock(name, 40), None) is not None


@pytest.fixture
def stock_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("SpiffWorkflow.bpmn.specs.event_definitions.timer.datetime", StockClock)
