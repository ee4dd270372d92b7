"""The contract for events and gateways: messages, timers, errors, signals, escalations, event sub-processes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.engine.diagrams import (
    END,
    NO_BUDGET,
    PAID,
    START,
    boundary,
    catch,
    condition,
    diagram,
    end,
    error,
    event,
    event_sub_process,
    flows,
    gateway,
    instances,
    job,
    mapping,
    message,
    sub_process,
    throw,
    timer,
    user,
)
from tests.engine.running import NOON
from workflows.errors import EngineIncident, NotFound

PLAIN = flows("s>u", "u>e")


# -- messages ------------------


def test_message_is_correlated_by_its_key(start: Any) -> None:
    case = start(
        diagram(
            START,
            catch("c", PAID, mapping({}, {"paid_amount": "=amt"})),
            END,
            flows("s>c", "c>e"),
            top=message(),
        ),
        variables={"case_no": "C1"},
    )
    (wait,) = case.last.subscriptions
    assert (wait.element_id, wait.name, wait.key) == ("c", "paid", "C1")
    assert case.deliver("paid", "C2", amt=1) == 0
    assert not case.completed
    assert case.deliver("paid", "C1", amt=5) == 1
    assert case.completed
    assert case.variables == {"case_no": "C1", "paid_amount": 5}


def test_message_for_one_wait_only_and_only_while_it_waits(start: Any) -> None:
    case = start(
        diagram(
            START,
            gateway("parallel", "f"),
            catch("c1", PAID),
            catch("c2", PAID),
            user("u"),
            end("e1"),
            end("e2"),
            END,
            flows("s>f", "f>c1", "f>c2", "c1>e1", "c2>e2", "f>u", "u>e"),
            top=message(),
        ),
        variables={"case_no": 7},
    )
    second = next(wait for wait in case.last.subscriptions if wait.element_id == "c2")
    outcome = case.interpreter.deliver(case.live, "paid", "7", {}, case.context(), task_id=second.task_id)
    assert [wait.element_id for wait in outcome.subscriptions] == ["c1"]
    outcome = case.interpreter.deliver(case.live, "paid", "7", {}, case.context(), task_id=second.task_id)
    assert outcome.correlated == 0


def test_message_reaches_a_process_once(start: Any) -> None:
    inner = sub_process("sp", '<bpmn:receiveTask id="c" messageRef="M"/>', flows("sp_s>c", "c>sp_e"), inner=instances())
    case = start(
        diagram(START, inner, END, flows("s>sp", "sp>e"), top=message()),
        variables={"approvers": ["a", "b"], "case_no": "1"},
    )
    assert case.deliver("paid", "1") == 1
    assert not case.completed
    assert case.deliver("paid", "1") == 1
    assert case.completed


def test_waits_of_instances_are_told_apart_by_their_keys(start: Any) -> None:
    inner = sub_process("sp", '<bpmn:receiveTask id="c" messageRef="M"/>', flows("sp_s>c", "c>sp_e"), inner=instances())
    case = start(
        diagram(START, inner, END, flows("s>sp", "sp>e"), top=message(key="=approver")),
        variables={"approvers": ["a", "b"]},
    )
    assert case.deliver("paid", "b") == 1
    assert [wait.key for wait in case.last.subscriptions] == ["a"]
    assert case.deliver("paid", "a") == 1
    assert case.completed


def test_receive_task(start: Any) -> None:
    case = start(
        diagram(START, '<bpmn:receiveTask id="c" messageRef="M"/>', END, flows("s>c", "c>e"), top=message()),
        variables={"case_no": "C1"},
    )
    assert case.deliver("paid", "C1", amt=5) == 1
    assert case.completed
    assert case.variables["amt"] == 5


def test_correlation_key_that_is_null_is_an_incident(start: Any) -> None:
    with pytest.raises(EngineIncident) as caught:
        start(diagram(START, catch("c", PAID), END, flows("s>c", "c>e"), top=message()))
    assert (caught.value.element_id, caught.value.error_type) == ("c", "EXTRACT_VALUE_ERROR")


def test_message_start_event(start: Any) -> None:
    by_message = f'<bpmn:startEvent id="m">{PAID}</bpmn:startEvent>'
    file = diagram(START, by_message, user("u"), user("v"), END, flows("s>u", "m>v", "u>e", "v>e"), top=message())
    assert start(file).open == ["u"]
    case = start(file, message="paid", variables={"x": 1})
    assert case.open == ["v"]
    assert set(case.definition().message_starts) == {"paid"}
    case.complete("v")
    assert case.completed


# -- timers ------------------


def reminded(definition: str, *, interrupting: bool) -> bytes:
    return diagram(
        START,
        user("u"),
        boundary("b", "u", definition, interrupting=interrupting),
        job("x", "remind"),
        end("e2"),
        END,
        flows("s>u", "u>e", "b>x", "x>e2"),
    )


def test_interrupting_timer(start: Any) -> None:
    case = start(reminded(timer("PT1H30M"), interrupting=True))
    assert case.last.wake_at == NOON + timedelta(minutes=90)
    case.wake(minutes=90)
    assert case.completed
    assert case.jobs.log == ["remind"]


def test_timer_with_an_expression_leaves_the_task_open(start: Any) -> None:
    case = start(reminded(timer('=duration("PT" + string(n) + "H")'), interrupting=False), variables={"n": 2})
    case.wake(hours=2)
    assert (case.open, case.jobs.log, case.last.wake_at) == (["u"], ["remind"], None)
    case.wake(hours=2)
    assert case.jobs.log == ["remind"]
    case.complete("u")
    assert case.completed


def test_timer_for_a_date_in_the_past_fires_at_once(start: Any) -> None:
    case = start(reminded(timer("=due", "timeDate"), interrupting=True), variables={"due": "2020-01-01T00:00:00+07:00"})
    assert case.completed
    assert case.jobs.log == ["remind"]


def test_timer_that_repeats(start: Any) -> None:
    case = start(reminded(timer("R2/P1D", "timeCycle"), interrupting=False))
    due = []
    for _ in range(4):
        due.append(case.last.wake_at)
        case.wake(days=1)
    assert due == [NOON + timedelta(days=1), NOON + timedelta(days=2), None, None]
    assert case.jobs.log == ["remind"] * 2
    assert case.open == ["u"]


def test_timer_that_was_missed_catches_up_once_in_each_run(start: Any) -> None:
    case = start(reminded(timer("R/P1M", "timeCycle"), interrupting=False))
    case.wake(days=70)
    assert case.jobs.log == ["remind"]
    assert case.last.wake_at is not None
    assert case.last.wake_at < case.now
    case.wake()
    assert case.jobs.log == ["remind"] * 2
    assert case.last.wake_at == NOON.replace(month=4)


def test_timer_catch_event_fires_on_any_action(start: Any) -> None:
    case = start(
        diagram(
            START,
            gateway("parallel", "f"),
            user("u"),
            catch("c", timer("=wait")),
            user("v"),
            end("e1"),
            END,
            flows("s>f", "f>u", "f>c", "u>e1", "c>v", "v>e"),
        ),
        variables={"wait": "PT1H"},
    )
    case.now += timedelta(hours=1)
    case.complete("u")
    assert case.open == ["v"]


@pytest.mark.parametrize("text", ["soon", "=null", "=5", "P", "PT", "P1H"])
def test_timer_without_a_time_is_an_incident(start: Any, text: str) -> None:
    with pytest.raises(EngineIncident) as caught:
        start(reminded(timer(text), interrupting=True))
    assert (caught.value.element_id, caught.value.error_type) == ("b", "EXTRACT_VALUE_ERROR")


# -- errors, escalations, signals, terminate, conditions ------------------


def failing(*, catch_all: bool = False, inner: str = "") -> bytes:
    caught = '<bpmn:errorEventDefinition id="any"/>' if catch_all else NO_BUDGET
    return diagram(
        START,
        sub_process("sp", end("x", NO_BUDGET), inner, flows("sp_s>x")),
        boundary("b", "sp", caught),
        job("r", "rejected"),
        job("ok", "approved"),
        END,
        flows("s>sp", "sp>ok", "ok>e", "b>r", "r>e"),
        top=error(),
    )


@pytest.mark.parametrize("catch_all", [False, True])
def test_error_end_event_goes_to_the_boundary_of_its_sub_process(start: Any, catch_all: bool) -> None:
    case = start(failing(catch_all=catch_all))
    assert case.completed
    assert case.jobs.log == ["rejected"]
    assert ("sp", "terminated") in case.steps
    assert ("sp", "completed") not in case.steps


def test_error_event_sub_process_comes_before_the_boundary(start: Any) -> None:
    handler = event_sub_process("es", NO_BUDGET, job("h", "handled"), "h", interrupting=True)
    case = start(failing(inner=handler))
    assert case.completed
    assert case.jobs.log == ["handled", "approved"]


def test_error_nobody_catches_is_an_incident(start: Any) -> None:
    with pytest.raises(EngineIncident) as caught:
        start(diagram(START, end("e", NO_BUDGET), flows("s>e"), top=error()))
    assert (caught.value.element_id, caught.value.error_type) == ("e", "UNHANDLED_ERROR_EVENT")


def test_error_with_another_code_is_not_caught(start: Any) -> None:
    case = start(
        diagram(
            START, user("u"), boundary("b", "u", NO_BUDGET), user("v"), END, PLAIN, flows("b>v", "v>e"), top=error()
        )
    )
    with pytest.raises(EngineIncident):
        case.fail(case.task("u").task_id, "OTHER")


@pytest.mark.parametrize("interrupting", [False, True])
def test_escalation(start: Any, interrupting: bool) -> None:
    case = start(
        diagram(
            START,
            sub_process("sp", throw("t", event("escalation", "ES")), user("u"), flows("sp_s>t", "t>u", "u>sp_e")),
            boundary("b", "sp", event("escalation", "ES"), interrupting=interrupting),
            user("late"),
            end("e2"),
            END,
            flows("s>sp", "sp>e", "b>late", "late>e2"),
            top='<bpmn:escalation id="ES" name="late" escalationCode="LATE"/>',
        )
    )
    assert case.open == (["late"] if interrupting else ["late", "u"])
    for element in case.open:
        case.complete(element)
    assert case.completed


def test_escalation_nobody_catches_is_nothing(start: Any) -> None:
    case = start(
        diagram(
            START,
            throw("t", event("escalation", "ES")),
            END,
            flows("s>t", "t>e"),
            top='<bpmn:escalation id="ES" name="late" escalationCode="LATE"/>',
        )
    )
    assert case.completed


SIGNAL = '<bpmn:signal id="SG" name="sig"/>'


@pytest.mark.parametrize("thrower", ["throw", "end"])
def test_signal_inside_a_case(start: Any, thrower: str) -> None:
    thrown = throw("t", event("signal", "SG")) + end("e1") + flows("t>e1")
    if thrower == "end":
        thrown = end("t", event("signal", "SG"))
    case = start(
        diagram(
            START,
            gateway("parallel", "f"),
            catch("c", event("signal", "SG")),
            user("u"),
            thrown,
            job("x", "got"),
            end("e2"),
            flows("s>f", "f>c", "f>u", "u>t", "c>x", "x>e2"),
            top=SIGNAL,
        )
    )
    outcome = case.complete("u")
    assert case.completed
    assert case.jobs.log == ["got"]
    assert outcome.signals == ("sig",)


def test_signal_from_outside(start: Any) -> None:
    case = start(
        diagram(START, catch("c", event("signal", "SG")), END, flows("s>c", "c>e"), top=SIGNAL),
    )
    assert case.signal("other") == 0
    assert case.signal("sig", why="strike") == 1
    assert case.completed
    assert case.variables == {"why": "strike"}


def test_terminate_end_event(start: Any) -> None:
    case = start(
        diagram(
            START,
            gateway("parallel", "f"),
            user("a"),
            sub_process("sp", user("b"), flows("sp_s>b", "b>sp_e")),
            end("e1", event("terminate")),
            END,
            flows("s>f", "f>a", "f>sp", "a>e1", "sp>e"),
        )
    )
    case.complete("a")
    assert case.completed
    assert case.open == []
    assert ("b", "terminated") in case.steps


def test_conditional_event_looks_again_when_a_variable_changes_anywhere(start: Any) -> None:
    case = start(
        diagram(
            START,
            gateway("parallel", "f"),
            user("u"),
            boundary("b", "u", condition("=go = true")),
            sub_process("sp", user("v"), flows("sp_s>v", "v>sp_e")),
            job("x", "cond"),
            end("e1"),
            END,
            flows("s>f", "f>u", "f>sp", "sp>e1", "u>e", "b>x", "x>e"),
        )
    )
    assert case.open == ["u", "v"]  # the variable does not exist yet
    case.set(go=False)
    assert case.open == ["u", "v"]
    case.complete("v", go=True)
    assert case.completed
    assert case.jobs.log == ["cond"]


# -- event sub-processes ------------------


def handled(definition: str, *, interrupting: bool, top: str = message()) -> bytes:
    body = event_sub_process("es", definition, job("h", "handled"), "h", interrupting=interrupting)
    return diagram(START, user("u"), END, body, PLAIN, top=top)


def test_event_sub_process_that_does_not_interrupt_can_fire_again(start: Any) -> None:
    case = start(handled(PAID, interrupting=False), variables={"case_no": 1})
    assert case.deliver("paid", "1", q=1) == 1
    assert case.deliver("paid", "1", q=2) == 1
    assert (case.open, case.jobs.log) == (["u"], ["handled"] * 2)
    case.complete("u")
    assert case.completed
    assert case.variables["q"] == 2


def test_event_sub_process_that_interrupts(start: Any) -> None:
    case = start(handled(PAID, interrupting=True), variables={"case_no": 1})
    case.deliver("paid", "1")
    assert case.completed
    assert case.jobs.log == ["handled"]
    assert case.steps[2:4] == [("es", "activated"), ("u", "terminated")]


def test_event_sub_process_that_never_fires_does_not_hold_the_case(start: Any) -> None:
    case = start(handled(PAID, interrupting=True), variables={"case_no": 1})
    case.complete("u")
    assert case.completed
    assert case.jobs.log == []
    assert "es" not in {element for element, _ in case.steps}


def test_event_sub_process_by_a_timer(start: Any) -> None:
    case = start(handled(timer("PT1H"), interrupting=True, top=""))
    case.wake(hours=1)
    assert case.completed
    assert case.jobs.log == ["handled"]


@pytest.mark.parametrize(("definition", "times"), [(timer("PT1H"), 1), (timer("R3/PT1H", "timeCycle"), 3)])
def test_event_sub_process_by_a_timer_fires_as_often_as_the_timer_says(start: Any, definition: str, times: int) -> None:
    case = start(handled(definition, interrupting=False, top=""))
    for _ in range(5):
        case.wake(hours=1)
    assert (case.open, case.jobs.log) == (["u"], ["handled"] * times)


def test_event_sub_process_inside_a_sub_process(start: Any) -> None:
    inner = event_sub_process("es", PAID, user("h"), "h", interrupting=True)
    case = start(
        diagram(
            START,
            sub_process("sp", user("u"), inner, flows("sp_s>u", "u>sp_e")),
            user("v"),
            END,
            flows("s>sp", "sp>v", "v>e"),
            top=message(),
        ),
        variables={"case_no": 1},
    )
    case.deliver("paid", "1")
    assert case.open == ["h"]
    case.complete("h")
    assert case.open == ["v"]
    case.complete("v")
    assert case.completed


# -- gateways, links, implicit forks ------------------


def choosing() -> bytes:
    return diagram(
        START,
        gateway("eventBased", "g"),
        catch("c1", PAID),
        catch("c2", timer("PT1H")),
        job("x", "msg"),
        job("y", "time"),
        END,
        flows("s>g", "g>c1", "g>c2", "c1>x", "c2>y", "x>e", "y>e"),
        top=message(),
    )


def test_event_based_gateway_by_message(start: Any) -> None:
    case = start(choosing(), variables={"case_no": "K"})
    assert case.deliver("paid", "no") == 0
    assert case.deliver("paid", "K", v=1) == 1
    assert case.completed
    assert (case.jobs.log, case.variables["v"]) == (["msg"], 1)


def test_event_based_gateway_by_time(start: Any) -> None:
    case = start(choosing(), variables={"case_no": "K"})
    case.wake(hours=1)
    assert case.completed
    assert case.jobs.log == ["time"]


def exclusive(default: str) -> bytes:
    return diagram(
        START,
        gateway("exclusive", "g", default),
        job("a", "a"),
        job("b", "b"),
        END,
        flows("s>g", "g>a[=n > 5]", "g>b" if default else "g>b[=n < 0]", "a>e", "b>e"),
    )


def test_exclusive_gateway(start: Any) -> None:
    for n, expected in ((6, ["a"]), (1, ["b"])):
        assert start(exclusive("b"), variables={"n": n}).jobs.log == expected


@pytest.mark.parametrize(("variables", "default"), [({}, "b"), ({"n": 3}, "")])
def test_exclusive_gateway_never_guesses(start: Any, variables: dict[str, Any], default: str) -> None:
    with pytest.raises(EngineIncident) as caught:
        start(exclusive(default), variables=variables)
    assert (caught.value.element_id, caught.value.error_type) == ("g", "CONDITION_ERROR")


@pytest.mark.parametrize(("n", "expected"), [(3, ["a", "b", "z"]), (2, ["a", "z"]), (0, ["c", "z"])])
def test_inclusive_gateway(start: Any, n: int, expected: list[str]) -> None:
    case = start(
        diagram(
            START,
            gateway("inclusive", "g", "c"),
            job("a", "a"),
            job("b", "b"),
            job("c", "c"),
            gateway("inclusive", "j"),
            job("z", "z"),
            END,
            flows("s>g", "g>a[=n > 1]", "g>b[=n > 2]", "g>c", "a>j", "b>j", "c>j", "j>z", "z>e"),
        ),
        variables={"n": n},
    )
    assert case.completed
    assert case.jobs.log == expected


def test_link_events(start: Any) -> None:
    link = '<bpmn:linkEventDefinition id="l" name="L"/>'
    case = start(diagram(START, throw("t", link), catch("c", link), job("x", "x"), END, flows("s>t", "c>x", "x>e")))
    assert case.completed
    assert case.jobs.log == ["x"]


def test_implicit_fork_implicit_end_and_reserved_ids(start: Any) -> None:
    case = start(
        diagram(
            '<bpmn:startEvent id="Start"/>',
            job("End", "a"),
            job("b", "b"),
            job("c", "c"),
            flows("Start>End", "End>b", "End>c"),
        )
    )
    assert case.completed
    assert sorted(case.jobs.log) == ["a", "b", "c"]
    assert [element for element, _ in case.steps] == ["Start", "End", "b", "c"]  # ids of the diagram, nothing added


def test_conditions_on_flows_out_of_an_activity(start: Any) -> None:
    file = diagram(
        START, user("u"), user("a"), user("b"), END, flows("s>u", "u>a[=n > 1]", "u>b[=n > 2]", "a>e", "b>e")
    )
    for n, expected in ((2, ["a"]), (3, ["a", "b"])):
        case = start(file)
        case.complete("u", n=n)
        assert case.open == expected


def test_escalation_end_event(start: Any) -> None:
    case = start(
        diagram(
            START,
            sub_process("sp", user("u"), end("x", event("escalation", "ES")), flows("sp_s>u", "u>x")),
            boundary("b", "sp", event("escalation"), interrupting=False),
            user("late"),
            end("e2"),
            END,
            flows("s>sp", "sp>e", "b>late", "late>e2"),
            top='<bpmn:escalation id="ES" name="late" escalationCode="LATE"/>',
        )
    )
    case.complete("u")
    assert case.open == ["late"]
    case.complete("late")
    assert case.completed


def test_timer_start_event_is_read_but_starts_nothing_by_itself(start: Any) -> None:
    daily = f'<bpmn:startEvent id="t">{timer("R/P1D", "timeCycle")}</bpmn:startEvent>'
    case = start(diagram(START, daily, user("u"), END, flows("s>u", "t>u", "u>e")))
    assert (case.open, case.last.wake_at) == (["u"], None)
    with pytest.raises(NotFound):
        start(diagram(daily, END, flows("t>e")))
