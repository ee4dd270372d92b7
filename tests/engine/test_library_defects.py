"""Defects of SpiffWorkflow 3.2 that our spec classes cure, one test each (S9, a gateway that joins and forks in a loop,
is refused by the gate). The walks find them again without being told (``test_walks.py``)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.diagrams import (
    END,
    NO_BUDGET,
    PAID,
    START,
    boundary,
    catch,
    diagram,
    end,
    error,
    event_sub_process,
    flows,
    gateway,
    instances,
    job,
    message,
    script,
    sub_process,
    timer,
    user,
)
from tests.engine.loop_models import MODELS
from workflows.errors import EngineIncident


def test_s1_boundary_flow_back_to_its_own_activity(start: Any) -> None:
    case = start(*MODELS["boundary_back_to_its_task"])
    case.complete("fill")
    for _ in range(30):
        case.wake(hours=1)
        assert case.open == ["u"]
        assert len(case.live.workflow.tasks) == 4  # root, split, task, timer
    case.complete("u")
    assert case.open == ["review"]


def test_s2_parallel_join_in_a_loop_waits_in_every_lap(start: Any) -> None:
    case = start(*MODELS["parallel"])
    for first, second in (("A", "B"), ("B", "A"), ("A", "B")):
        case.complete("fill")
        case.complete(first)
        assert case.open == [second]
        case.complete(second)
        case.complete("review", again=True)


def test_s3_inclusive_join_in_a_loop_waits_in_every_lap(start: Any) -> None:
    case = start(*MODELS["inclusive"], variables={"n": 0})
    for n, branches in ((0, ["C"]), (3, ["A", "B"]), (2, ["A"]), (3, ["A", "B"])):
        case.complete("fill", n=n)
        for number, branch in enumerate(branches):
            assert case.open == branches[number:]
            case.complete(branch)
        case.complete("review", again=True)


def automatic(limit: str) -> bytes:
    return diagram(
        START,
        script("count", "=n + 1", "n"),
        gateway("exclusive", "g", "u"),
        user("u"),
        END,
        flows("s>count", "count>g", f"g>count[={limit}]", "g>u", "u>e"),
    )


def test_s4_automatic_loop_runs_to_its_end(start: Any) -> None:
    case = start(automatic("n < 900"), variables={"n": 0})  # the library stops at 500 and says the case is complete
    assert (case.open, case.variables["n"], case.completed) == (["u"], 900, False)


def test_s4_automatic_loop_without_end_is_an_incident(start: Any) -> None:
    with pytest.raises(EngineIncident) as caught:
        start(automatic("true"), variables={"n": 0})
    assert caught.value.error_type == "UNKNOWN"
    assert "loop" in caught.value.text.en


def test_s5_error_stays_inside_the_scopes_around_it(start: Any) -> None:
    case = start(*MODELS["failing_beside_another"])
    case.complete("fill")
    case.complete("a", again=True)
    assert case.open == ["b"]  # the way out of the error waits at the join; the other sub-process goes on
    case.complete("b")
    assert case.open == ["review"]


def test_s6_error_event_sub_process_does_not_start_by_itself(start: Any) -> None:
    handler = event_sub_process("es", NO_BUDGET, user("h"), "h", interrupting=True)
    case = start(
        diagram(
            START,
            sub_process("sp", user("a"), end("x", NO_BUDGET), handler, flows("sp_s>a", "a>x")),
            END,
            flows("s>sp", "sp>e"),
            top=error(),
        )
    )
    assert case.open == ["a"]
    case.complete("a")
    assert case.open == ["h"]
    case.complete("h")
    assert case.completed


def test_s7_non_interrupting_events_fire_every_time_and_their_followers_live_on(start: Any) -> None:
    case = start(*MODELS["message_beside_a_task"], variables={"case_no": 1})
    case.complete("fill")
    for _ in range(3):
        assert case.deliver("paid", "1") == 1
    case.complete("u", again=False)
    assert case.open == ["note", "note", "note", "review"]
    assert case.deliver("paid", "1") == 0


def test_s8_two_timers_at_one_gateway(start: Any) -> None:
    file = diagram(
        START,
        gateway("eventBased", "g"),
        catch("c1", timer("PT3H")),
        catch("c2", timer("PT2H")),
        job("x", "slow"),
        job("y", "fast"),
        END,
        flows("s>g", "g>c1", "g>c2", "c1>x", "c2>y", "x>e", "y>e"),
    )
    case = start(file)
    case.wake(hours=2)
    assert case.completed
    assert case.jobs.log == ["fast"]


def test_interrupted_instances_leave_nothing_behind(start: Any) -> None:
    case = start(*MODELS["instances_interrupted"], variables={"approvers": ["a", "b"]})
    case.complete("fill")
    assert len(case.live.workflow.scopes) == 3
    case.wake(hours=1)
    assert (case.open, len(case.live.workflow.scopes)) == (["late"], 1)


def test_instances_that_wait_for_a_message_stop_waiting_when_interrupted(start: Any) -> None:
    file = diagram(
        START,
        f'<bpmn:receiveTask id="c" messageRef="M">{instances()}</bpmn:receiveTask>',
        boundary("bt", "c", timer("PT1H")),
        user("late"),
        END,
        flows("s>c", "c>e", "bt>late", "late>e"),
        top=message(key="=approver"),
    )
    case = start(file, variables={"approvers": ["a", "b"]})
    assert len(case.last.subscriptions) == 2
    case.deliver("paid", "b")
    assert case.variables["approvers"] == ["a", "b"]
    case.wake(hours=1)
    assert (case.open, case.last.subscriptions) == (["late"], ())


def test_event_sub_process_stays_armed_while_only_its_own_instance_runs(start: Any) -> None:
    handler = event_sub_process("es", PAID, user("h"), "h", interrupting=False)
    case = start(diagram(START, user("u"), END, handler, flows("s>u", "u>e"), top=message()), variables={"case_no": 1})
    case.deliver("paid", "1")
    case.complete("u")
    assert case.deliver("paid", "1") == 1
    assert case.open == ["h", "h"]
    case.complete("h")
    case.complete("h")
    assert case.completed
