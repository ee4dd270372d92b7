"""The contract for activities: user tasks, jobs, scripts, decisions, instances, sub-processes, called processes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.engine.diagrams import (
    END,
    NO_BUDGET,
    START,
    boundary,
    call,
    diagram,
    end,
    error,
    flows,
    gateway,
    instances,
    job,
    mapping,
    script,
    sub_process,
    user,
)
from workflows.decisions import parse_dmn
from workflows.engine import xml
from workflows.errors import EngineIncident
from workflows.ports import BpmnError, Change, Message, Result

PLAIN = flows("s>u", "u>e")


def test_user_task_says_who_may_do_it_until_when_and_with_which_form(start: Any) -> None:
    case = start(
        diagram(
            START,
            user(
                "u",
                '<zeebe:assignmentDefinition assignee="=starter" candidateUsers="ann, bob" '
                'candidateGroups="=[&quot;procurement&quot;, dept + &quot;_heads&quot;]"/>'
                '<zeebe:formDefinition formId="purchase"/>'
                '<zeebe:taskSchedule followUpDate="2026-01-02T09:00:00+07:00" '
                'dueDate="=date and time(&quot;2026-01-01T00:00:00Z&quot;) + duration(&quot;P2D&quot;)"/>'
                '<zeebe:priorityDefinition priority="=40 + 10"/>'
                '<zeebe:taskHeaders><zeebe:header key="hint" value="check"/></zeebe:taskHeaders>'
                + mapping({"twice": "=amount * 2"}, {"total": "=qty * price"}),
            ),
            END,
            PLAIN,
        ),
        variables={"starter": "somchai", "dept": "IT", "amount": 5},
    )
    task = case.task("u")
    assert (task.assignee, task.candidate_groups, task.candidate_users) == (
        "somchai",
        ("procurement", "IT_heads"),
        ("ann", "bob"),
    )
    assert (task.form_id, task.priority, task.headers) == ("purchase", 50, {"hint": "check"})
    assert task.due_at == datetime(2026, 1, 3, tzinfo=UTC)
    assert task.follow_up_at == datetime(2026, 1, 2, 2, tzinfo=UTC)
    case.complete("u", qty=3, price=2.5)
    assert case.completed
    assert case.variables == {"starter": "somchai", "dept": "IT", "amount": 5, "total": 7.5}


@pytest.mark.parametrize(
    "fields",
    [
        '<zeebe:assignmentDefinition assignee="=42"/>',
        '<zeebe:assignmentDefinition candidateGroups="=[1]"/>',
        '<zeebe:taskSchedule dueDate="tomorrow"/>',
        '<zeebe:priorityDefinition priority="=101"/>',
        '<zeebe:formDefinition formId="=1"/>',
    ],
)
def test_a_field_of_the_wrong_kind_is_an_incident(start: Any, fields: str) -> None:
    with pytest.raises(EngineIncident) as caught:
        start(diagram(START, user("u", fields), END, PLAIN))
    assert (caught.value.element_id, caught.value.error_type) == ("u", "EXTRACT_VALUE_ERROR")


def test_due_on_a_day_means_its_end(start: Any) -> None:
    case = start(diagram(START, user("u", '<zeebe:taskSchedule dueDate="2026-01-09"/>'), END, PLAIN))
    assert case.task("u").due_at == datetime(2026, 1, 9, 16, 59, 59, tzinfo=UTC)


def test_job_gets_its_input_mappings_and_gives_its_output_mappings(start: Any) -> None:
    seen: list[Mapping[str, Any]] = []

    def check(inputs: Mapping[str, Any], _context: Any) -> dict[str, Any]:
        seen.append(inputs)
        return {"ok": True, "id": 7}

    case = start(
        diagram(
            START,
            job("t", "erp.check", mapping({"req.amount": "=amount"}, {"budget_ok": "=ok"})),
            END,
            flows("s>t", "t>e"),
        ),
        operators={"erp.check": check},
        variables={"amount": 9, "secret": 1},
    )
    assert case.completed
    assert seen == [{"req": {"amount": 9}}]
    assert case.variables == {"amount": 9, "secret": 1, "budget_ok": True}


def test_operator_leaves_messages_and_changes_and_may_wait_for_the_answer(start: Any) -> None:
    def send(_inputs: Any, _context: Any) -> Result:
        return Result({"sent": True}, (Message("mail", {"to": "x"}, "k1"),), (Change("note", {"a": 1}),), wait=True)

    case = start(diagram(START, job("t", "notice.send"), END, flows("s>t", "t>e")), operators={"notice.send": send})
    outcome = case.last
    assert not case.completed
    assert outcome.changes == (Change("note", {"a": 1}),)
    assert outcome.jobs == ()  # an operator works on it, not an outside worker
    assert not outcome.stuck
    (message,) = outcome.messages
    case.finish(message.task_id, delivered="today")
    assert case.completed
    assert case.variables == {"sent": True, "delivered": "today"}


def test_job_without_an_operator_waits_for_a_worker(start: Any) -> None:
    diagram_ = diagram(
        START,
        job("t", "rpa", '<zeebe:taskHeaders><zeebe:header key="h" value="1"/></zeebe:taskHeaders>'),
        boundary("b", "t", NO_BUDGET),
        user("again"),
        END,
        flows("s>t", "t>e", "b>again", "again>t"),
        top=error(),
    )
    case = start(diagram_, external=frozenset({"rpa"}), variables={"n": 1})
    (open_job,) = case.last.jobs
    assert (open_job.type, open_job.retries, open_job.headers, open_job.variables) == ("rpa", 3, {"h": "1"}, {"n": 1})
    case.fail(open_job.task_id, "NO_BUDGET", why="empty")
    assert case.open == ["again"]
    assert case.last.jobs == ()
    case.complete("again")
    (second,) = case.last.jobs
    assert second.task_id != open_job.task_id
    case.finish(second.task_id, done=True)
    assert case.completed
    assert case.variables == {"n": 1, "why": "empty", "done": True}


def test_bpmn_error_of_an_operator_goes_to_the_boundary_event(start: Any) -> None:
    def check(_inputs: Any, _context: Any) -> None:
        from workflows.errors import Text

        raise BpmnError("NO_BUDGET", Text("งบไม่พอ", "no money"), {"why": "x"})

    case = start(
        diagram(
            START,
            job("t", "erp.check"),
            boundary("b", "t", NO_BUDGET),
            job("r", "rejected"),
            END,
            flows("s>t", "t>e", "b>r", "r>e"),
            top=error(),
        ),
        operators={"erp.check": check},
    )
    assert case.completed
    assert case.jobs.log == ["erp.check", "rejected"]
    assert case.variables == {"why": "x"}
    assert ("t", "completed") not in case.steps


def test_script(start: Any) -> None:
    case = start(
        diagram(START, script("t", "=sum(for i in items return i.q * i.p)", "total"), END, flows("s>t", "t>e")),
        variables={"items": [{"q": 2, "p": 1.5}, {"q": 1, "p": 1}]},
    )
    assert case.variables["total"] == 4


def test_decision_table(start: Any) -> None:
    model = parse_dmn(
        xml.parse(b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
        <decision id="level" name="Level"><variable name="Level"/><decisionTable hitPolicy="FIRST">
        <input id="i"><inputExpression><text>amount</text></inputExpression></input><output id="o" name="level"/>
        <rule id="r1"><inputEntry id="a"><text>[0..1000)</text></inputEntry>
        <outputEntry id="b"><text>"heads"</text></outputEntry></rule>
        <rule id="r2"><inputEntry id="c"><text>&gt;= 1000</text></inputEntry>
        <outputEntry id="f"><text>"directors"</text></outputEntry></rule>
        </decisionTable></decision></definitions>""")
    )
    called = '<zeebe:calledDecision decisionId="level" resultVariable="lv"/>'
    case = start(
        diagram(
            START,
            f'<bpmn:businessRuleTask id="t"><bpmn:extensionElements>{called}</bpmn:extensionElements>'
            "</bpmn:businessRuleTask>",
            END,
            flows("s>t", "t>e"),
        ),
        decide=model.evaluate,
        variables={"amount": 5000},
    )
    assert case.variables["lv"] == "directors"
    (decided,) = case.last.decisions
    assert (decided.decision_id, [rule.id for rule in decided.matched_rules]) == ("level", ["r2"])


VOTE = '<zeebe:assignmentDefinition assignee="=approver"/>' + mapping({"ok": "=null"})


def voted(*, sequential: bool = False, condition: str = "") -> bytes:
    body = user("u", VOTE, instances(sequential=sequential, condition=condition))
    return diagram(START, body, END, PLAIN)


def test_multi_instance_collects_in_input_order(start: Any) -> None:
    case = start(voted(), variables={"approvers": ["a", "b", "c"]})
    assert [task.assignee for task in case.last.opened] == ["a", "b", "c"]
    assert [task.loop_counter for task in case.last.opened] == [1, 2, 3]
    for who, answer in (("c", "yes"), ("b", "no"), ("a", "yes")):
        case.finish(case.task(assignee=who).task_id, ok=answer)
    assert case.completed
    assert case.variables == {
        "approvers": ["a", "b", "c"],
        "votes": [{"by": "a", "ok": "yes"}, {"by": "b", "ok": "no"}, {"by": "c", "ok": "yes"}],
    }


def test_multi_instance_one_after_the_other(start: Any) -> None:
    case = start(voted(sequential=True), variables={"approvers": ["a", "b"]})
    for who in ("a", "b"):
        assert [case.opened[task_id].assignee for task_id in case.last.open_ids] == [who]
        case.complete(ok=who)
    assert case.completed
    assert case.variables["votes"] == [{"by": "a", "ok": "a"}, {"by": "b", "ok": "b"}]


def test_multi_instance_ends_early_by_its_condition(start: Any) -> None:
    condition = '=ok = "no" or numberOfCompletedInstances >= 3'
    case = start(voted(condition=condition), variables={"approvers": ["a", "b", "c", "d"]})
    case.finish(case.task(assignee="a").task_id, ok="yes")
    assert len(case.last.open_ids) == 3
    case.finish(case.task(assignee="d").task_id, ok="no")
    assert case.completed
    assert case.variables["votes"] == [{"by": "a", "ok": "yes"}, None, None, {"by": "d", "ok": "no"}]
    assert case.steps.count(("u", "terminated")) == 2


@pytest.mark.parametrize("sequential", [False, True])
def test_multi_instance_over_nothing(start: Any, sequential: bool) -> None:
    case = start(voted(sequential=sequential), variables={"approvers": []})
    assert case.completed
    assert case.variables["votes"] == []


def test_multi_instance_over_something_that_is_no_list(start: Any) -> None:
    with pytest.raises(EngineIncident) as caught:
        start(voted(), variables={"approvers": "a"})
    assert (caught.value.element_id, caught.value.error_type) == ("u", "EXTRACT_VALUE_ERROR")


def test_multi_instance_of_a_sub_process(start: Any) -> None:
    inner = sub_process("sp", user("u", VOTE), flows("sp_s>u", "u>sp_e"), inner=instances())
    case = start(diagram(START, inner, END, flows("s>sp", "sp>e")), variables={"approvers": ["a", "b"]})
    case.finish(case.task(assignee="b").task_id, ok=2)
    case.finish(case.task(assignee="a").task_id, ok=1)
    assert case.completed
    # the answer stays in the task that declared it by a mapping, so the sub-process's output element sees none
    assert case.variables["votes"] == [{"by": "a", "ok": None}, {"by": "b", "ok": None}]


def test_multi_instance_is_cancelled_as_a_whole(start: Any) -> None:
    inner = sub_process("sp", user("u"), flows("sp_s>u", "u>sp_e"), inner=instances())
    case = start(
        diagram(
            START,
            inner,
            boundary(
                "b",
                "sp",
                '<bpmn:timerEventDefinition id="t"><bpmn:timeDuration>P1D</bpmn:timeDuration>'
                "</bpmn:timerEventDefinition>",
            ),
            user("late"),
            END,
            flows("s>sp", "sp>e", "b>late", "late>e"),
        ),
        variables={"approvers": ["a", "b", "c"]},
    )
    case.complete("u")
    case.wake(days=1)
    assert case.open == ["late"]
    assert len(case.live.workflow.scopes) == 1
    case.complete("late")
    assert case.completed


def test_embedded_sub_process_keeps_its_mapped_variables(start: Any) -> None:
    case = start(
        diagram(
            START,
            sub_process(
                "sp",
                user("u"),
                flows("sp_s>u", "u>sp_e"),
                inner=f"<bpmn:extensionElements>{mapping({'loc': '=1'})}</bpmn:extensionElements>",
            ),
            END,
            flows("s>sp", "sp>e"),
        ),
        variables={"a": 1},
    )
    case.complete("u", loc=5, a=2, b=3)
    assert case.completed
    assert case.variables == {"a": 2, "b": 3}


def test_branches_see_each_other(start: Any) -> None:
    case = start(
        diagram(
            START,
            gateway("parallel", "f"),
            user("a"),
            user("b", mapping({"seen": "=n"}, {"report": "=seen"})),
            user("b2", mapping({}, {"report": "=n"})),
            gateway("parallel", "j"),
            user("c"),
            END,
            flows("s>f", "f>a", "f>b", "b>b2", "a>j", "b2>j", "j>c", "c>e"),
        ),
        variables={"n": 1},
    )
    case.complete("a", n=2, x="from a")
    case.complete("b")
    assert case.variables["report"] == 1  # mapped when b was activated
    case.complete("b2", list=[1])
    assert case.variables == {"n": 2, "x": "from a", "report": 2}
    case.complete("c")
    assert case.completed


CHILD = diagram(START, user("u"), END, PLAIN, process_id="C")


@pytest.mark.parametrize(
    ("attributes", "inside", "after"),
    [
        ("", {"a": 1, "secret": 2, "arg": 1, "y": 9}, {"a": 1, "secret": 2, "res": 9}),
        ('propagateAllParentVariables="false"', {"arg": 1, "y": 9}, {"a": 1, "secret": 2, "res": 9}),
    ],
)
def test_called_process(start: Any, attributes: str, inside: dict[str, Any], after: dict[str, Any]) -> None:
    probe: list[dict[str, Any]] = []
    child = diagram(START, user("u"), job("look", "look"), END, flows("s>u", "u>look", "look>e"), process_id="C")
    case = start(
        diagram(
            START,
            call("ca", "C", attributes, mapping({"arg": "=a"}, {"res": "=y"})),
            END,
            flows("s>ca", "ca>e"),
        ),
        child,
        variables={"a": 1, "secret": 2},
        external=frozenset({"look"}),
    )
    case.complete("u", y=9)
    (open_job,) = case.last.jobs
    probe.append(dict(open_job.variables))
    case.finish(open_job.task_id)
    assert probe == [inside]
    assert case.completed
    assert case.variables == after


def test_called_process_gives_back_everything_unless_told_not_to(start: Any) -> None:
    for attributes, expected in (
        ("", {"a": 1, "y": 9}),
        ('propagateAllChildVariables="false"', {"a": 1}),
    ):
        case = start(diagram(START, call("ca", "C", attributes), END, flows("s>ca", "ca>e")), CHILD, variables={"a": 1})
        case.complete("u", y=9)
        assert case.completed
        assert case.variables == expected


def test_called_process_that_does_not_exist_is_an_incident(start: Any) -> None:
    with pytest.raises(EngineIncident) as caught:
        start(diagram(START, call("ca", "C"), END, flows("s>ca", "ca>e")))
    assert (caught.value.element_id, caught.value.error_type) == ("ca", "CALLED_ELEMENT_ERROR")


def test_tasks_without_work_are_passed_through(start: Any) -> None:
    case = start(diagram(START, '<bpmn:task id="t"/><bpmn:manualTask id="m"/>', end("e"), flows("s>t", "t>m", "m>e")))
    assert case.completed
    assert [element for element, _ in case.steps] == ["s", "t", "m", "e"]


def test_message_throw_message_end_and_send_task_are_jobs(start: Any) -> None:
    thrown = '<bpmn:messageEventDefinition id="md"/>'
    case = start(
        diagram(
            START,
            job("t", "send", kind="intermediateThrowEvent", inner=thrown),
            job("st", "send", kind="sendTask"),
            job("e", "send", kind="endEvent", inner=thrown),
            flows("s>t", "t>st", "st>e"),
        )
    )
    assert case.completed
    assert case.jobs.log == ["send"] * 3


def test_answer_of_a_waiting_operator_goes_through_the_output_mappings(start: Any) -> None:
    def ask(_inputs: Any, _context: Any) -> Result:
        return Result({"ticket": 7}, (Message("mail", {}, "k"),), wait=True)

    task = job("t", "ask", mapping({}, {"both": "=string(ticket) + answer"}))
    case = start(diagram(START, task, END, flows("s>t", "t>e")), operators={"ask": ask})
    assert case.variables == {}
    case.finish(case.last.messages[0].task_id, answer="yes")
    assert case.variables == {"both": "7yes"}


@pytest.mark.parametrize("value", ["[1..3]", "function(x) x"])
def test_what_no_variable_can_hold_is_an_incident(start: Any, value: str) -> None:
    with pytest.raises(EngineIncident) as caught:
        start(diagram(START, script("t", f"={value}", "r"), END, flows("s>t", "t>e")))
    assert caught.value.element_id == "t"


def test_an_operator_that_gives_back_nonsense_is_an_incident(start: Any) -> None:
    for nonsense in ({"x": object()}, [1], 5):
        with pytest.raises(EngineIncident) as caught:
            start(
                diagram(START, job("t", "odd"), END, flows("s>t", "t>e")),
                operators={"odd": lambda _inputs, _context, given=nonsense: given},
            )
        assert caught.value.error_type == "JOB_NO_RETRIES"


def test_nested_output_target_keeps_the_rest_of_the_variable(start: Any) -> None:
    task = user("u", mapping({}, {"unit.checked": "=ok", "unit.by": "=who"}))
    case = start(diagram(START, task, END, PLAIN), variables={"unit": {"code": "99001"}})
    case.complete("u", ok=True, who="ann")
    assert case.variables == {"unit": {"code": "99001", "checked": True, "by": "ann"}}
