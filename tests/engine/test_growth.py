"""A step costs the same in lap 1 and in lap 300: counted in tasks and bytes, which do not depend on the machine."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.diagrams import END, START, diagram, flows, instances, mapping, sub_process, user
from tests.engine.loop_models import MODELS
from tests.engine.running import AAD, Running
from workflows.engine.tasks import READY

VARIABLES = {"again": True, "n": 3, "approvers": ["a", "b"], "case_no": 1}

# one lap of each model: tasks to complete, "@" for a message, "+" for an hour
LAPS = {
    "correction": "fill review",
    "parallel": "fill B A review",
    "parallel_nested": "fill B C A review",
    "branches_that_loop": "A B A2 B2",
    "loop_inside_a_branch": "fill C B rev",
    "inclusive": "fill B A review",
    "votes": "fill u u review",
    "instances_of_a_sub_process": "fill a b a b review",
    "event_sub_process_and_parallel": "fill @ esj A B review",
    "event_sub_process_inside": "fill a @ esj review",
    "loop_inside_a_sub_process": "a b",
    "sub_process_with_reminder": "fill a + b review",
    "boundary_back_to_its_task": "fill u review",
    "message_beside_a_task": "fill @ u note review",
    "reminders": "fill + u rem review",
    "event_based": "fill @ A review",
    "called": "fill ca cb cc review",
}


def size(case: Running) -> tuple[int, int, int]:
    workflow = case.live.workflow
    return len(workflow.scopes), sum(len(scope.tasks) for scope in workflow.scopes), packed_size(case)


def packed_size(case: Running) -> int:
    return len(case.interpreter.dump(case.live, AAD))


@pytest.mark.parametrize("name", LAPS)
def test_three_hundred_laps(name: str) -> None:
    case = Running(*MODELS[name], variables=VARIABLES)
    sizes: list[tuple[int, int, int]] = []
    for _ in range(300):
        for action in LAPS[name].split():
            if action == "@":
                assert case.deliver("paid", "1") == 1
            elif action == "+":
                case.wake(hours=1, seconds=1)
            else:
                case.complete(action, again=True, n=3, ok="yes")
        case.opened = {task_id: case.opened[task_id] for task_id in case.last.open_ids}
        sizes.append(size(case))
    assert {each[:2] for each in sizes} == {sizes[0][:2]}
    assert max(each[2] for each in sizes) <= sizes[0][2] * 1.1 + 16
    assert sizes[0][1] <= 12


def approvals(inner: str, count: int) -> Running:
    return Running(
        diagram(START, inner, END, flows("s>x", "x>e")), variables={"approvers": [f"p{n}" for n in range(count)]}
    )


@pytest.mark.parametrize(
    "inner",
    [
        user("x", mapping({"ok": "=null"}), instances()),
        sub_process("x", user("a"), flows("x_s>a", "a>x_e"), inner=instances()),
    ],
    ids=["tasks", "sub-processes"],
)
def test_finished_instances_are_forgotten(inner: str) -> None:
    case = approvals(inner, 300)
    scopes, tasks, stored = size(case)
    left = 300
    for task_id in list(case.opened):
        case.finish(task_id, ok="yes")
        left -= 1
        if left % 100 == 0 and left:
            now_scopes, now_tasks, now_stored = size(case)
            assert now_scopes - 1 == (scopes - 1) * left / 300
            assert now_tasks - 2 == (tasks - 2) * left / 300
            assert now_stored < stored
            stored = now_stored
    assert case.completed
    assert len(case.variables["votes"]) == 300


def test_only_what_is_alive_is_kept() -> None:
    def alive(case: Running) -> None:
        for scope in case.live.workflow.scopes:
            for task in scope.tasks.values():
                spec = task.task_spec
                root = task is scope.task_tree
                assert task._state < 64 or root or spec.is_boundary_split or case.completed
                assert task._state != READY or spec.manual
                assert task.data == {}
                allowed = {
                    "L",
                    "z",
                    "idx",
                    "items",
                    "total",
                    "done",
                    "fired",
                    "tokens",
                    "winner",
                    "timers",
                    "event_value",
                    "job",
                }
                assert set(task.internal_data) <= allowed
            assert set(scope.data) == {"vars"}

    for name, files in MODELS.items():
        case: Any = Running(*files, variables=VARIABLES, after=alive)
        for _ in range(12):
            if case.last.open_ids:
                case.complete(case.open[0], again=True, n=2, ok="no")
            if case.last.wake_at:
                case.wake(hours=1)
            if case.last.subscriptions:
                case.deliver("paid", case.last.subscriptions[0].key)
        assert name
