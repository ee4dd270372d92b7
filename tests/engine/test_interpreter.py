"""The front door: what an outcome tells, and what becomes of a case that met an exception."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.engine.diagrams import END, START, boundary, diagram, flows, gateway, job, mapping, sub_process, timer, user
from tests.engine.running import NOON, Running, context
from workflows.errors import AlreadyDone, EngineIncident, NotFound

REMINDED = diagram(
    START,
    user("u", '<zeebe:assignmentDefinition assignee="=starter" candidateGroups="a, b"/>'),
    boundary("late", "u", timer("PT1H")),
    job("escalate", "notice.send"),
    END,
    flows("s>u", "u>e", "late>escalate", "escalate>e"),
)


def test_outcome_tells_what_opened_and_when_to_wake() -> None:
    case = Running(REMINDED, variables={"starter": "somsri"})
    outcome = case.last
    (task,) = outcome.opened
    assert (task.element_id, task.assignee, task.candidate_groups) == ("u", "somsri", ("a", "b"))
    assert outcome.open_ids == {task.task_id} == case.live.open_ids()
    assert outcome.wake_at == NOON + timedelta(hours=1)
    assert outcome.variables_changed == {"starter"}
    assert case.steps == [("s", "completed"), ("u", "activated")]


def test_a_timer_fires_when_it_is_due_and_not_before() -> None:
    case = Running(REMINDED, variables={"starter": "somsri"}, restore=True)
    assert case.wake(seconds=3599).steps == ()
    case.wake(seconds=1)
    assert case.completed
    assert case.steps[2:] == [("late", "completed"), ("u", "terminated"), ("escalate", "completed"), ("e", "completed")]


def test_a_task_is_done_once() -> None:
    case = Running(REMINDED, variables={"starter": "somsri"})
    task_id = case.task("u").task_id
    case.finish(task_id)
    for gone in (task_id, uuid4()):
        with pytest.raises(AlreadyDone):
            case.finish(gone)


def test_a_case_that_met_an_exception_is_not_used_again() -> None:
    def broken(_inputs: object, _context: object) -> None:
        raise OSError("disk full")

    case = Running(REMINDED, variables={"starter": "somsri"}, operators={"notice.send": broken})
    with pytest.raises(EngineIncident) as caught:
        case.wake(hours=2)
    assert (caught.value.element_id, caught.value.error_type) == ("escalate", "JOB_NO_RETRIES")
    with pytest.raises(RuntimeError):
        case.wake()
    with pytest.raises(RuntimeError):
        case.interpreter.dump(case.live, b"")


def test_a_process_starts_only_where_it_can() -> None:
    case = Running(REMINDED, variables={"starter": "somsri"})
    with pytest.raises(NotFound):
        case.interpreter.start(case.definition(), {}, context(), message="nothing")


@pytest.mark.parametrize(
    ("extensions", "inner"),
    [
        ('<zeebe:assignmentDefinition candidateGroups="={who: secret}"/>', ""),
        ('<zeebe:taskSchedule dueDate="=secret"/>', ""),
        ('<zeebe:priorityDefinition priority="=secret"/>', ""),
        ("", "operator"),
    ],
)
def test_an_incident_tells_nothing_of_what_is_in_the_case(extensions: str, inner: str) -> None:
    def leaks(inputs: Mapping[str, Any], _context: object) -> None:
        raise ValueError(inputs["pid"])

    node = job("u", "leak", mapping({"pid": "=secret"})) if inner else user("u", extensions)
    with pytest.raises(EngineIncident) as caught:
        Running(
            diagram(START, node, END, flows("s>u", "u>e")),
            variables={"secret": "0123456789012"},
            operators={"leak": leaks},
        )
    assert "0123456789012" not in caught.value.text.th + caught.value.text.en + str(caught.value)


def test_a_case_that_can_never_go_on_says_so() -> None:
    """A join waits for a token that an exclusive gateway sent elsewhere: nothing is open, nothing will come."""
    case = Running(
        diagram(
            START,
            gateway("exclusive", "x", "b"),
            job("a", "a"),
            job("b", "b"),
            gateway("parallel", "j"),
            END,
            flows("s>x", "x>a[=false]", "x>b", "a>j", "b>j", "j>e"),
        )
    )
    assert (case.last.stuck, case.completed, case.last.open_ids) == (True, False, frozenset())


def test_every_step_is_told_in_order() -> None:
    case = Running(
        diagram(
            START,
            gateway("parallel", "f"),
            sub_process("sp", user("u"), flows("sp_s>u", "u>sp_e")),
            job("t", "rpa"),
            gateway("parallel", "j"),
            END,
            flows("s>f", "f>sp", "f>t", "sp>j", "t>j", "j>e"),
        ),
        external=frozenset({"rpa"}),
    )
    case.complete("u")
    case.finish(case.last.jobs[0].task_id)
    assert case.steps == [
        *(("s", "completed"), ("f", "completed"), ("sp", "activated"), ("sp_s", "completed"), ("u", "activated")),
        *(("t", "activated"), ("u", "completed"), ("sp_e", "completed"), ("sp", "completed"), ("t", "completed")),
        *(("j", "completed"), ("e", "completed")),
    ]
    assert [step.order for step in case.last.steps] == [0, 1, 2]
    assert {step.kind for step in case.last.steps} == {"serviceTask", "parallelGateway", "endEvent"}
