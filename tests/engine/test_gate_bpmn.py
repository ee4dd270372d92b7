"""Each row is a small diagram with one thing wrong: the gate must say exactly that, at exactly that shape."""

from __future__ import annotations

import pytest

from tests.engine.small_diagrams import (
    PLATFORM,
    chain,
    element,
    file,
    flow,
    job,
    mapping,
    process,
    script,
    user_task,
)
from workflows.engine.gate import Known, inspect
from workflows.operators.registry import Documented

KNOWN = Known(
    processes=frozenset({"P", "other"}),
    decisions=frozenset({"levels"}),
    forms=frozenset({"f"}),
    operators={
        "notice.send": None,
        "account.create": Documented("account.create", print, {"pid": "", "title?": ""}, {}, {"ADM007": ""}),
    },
    answers={"f": frozenset({"decision", "amount"})},
)

KEY = '<extensionElements><zeebe:subscription correlationKey="=case_id"/></extensionElements>'
MESSAGE = f'<message id="M" name="paid">{KEY}</message>'
ERROR = '<error id="Err" errorCode="DUPLICATE"/>'
MESSAGE_EVENT = '<messageEventDefinition messageRef="M"/>'
OUT = mapping(outputs=(("=paid_at", "paid_at"),))
LONG = '<zeebe:loopCharacteristics inputCollection="=[1, 2]" inputElement="unit"/>'


def timer(kind: str, text: str) -> str:
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def boundary(inside: str, **attributes: str) -> str:
    """A user task U with a boundary event A whose flow leads to the same end."""
    return chain(
        user_task(id="U"),
        beside=element("boundaryEvent", "", inside, **({"attachedToRef": "U"} | attributes)) + flow("A", "E"),
        head=MESSAGE + ERROR,
    )


def gateway(kind: str, first: str | None, second: str | None, default: str = "") -> bytes:
    """Gateway A with two flows to two tasks that set x."""
    marks = {"default": default} if default else {}
    nodes = element(kind, **marks) + script("=1", id="B") + script("=2", id="C")
    flows = flow("S", "A") + flow("A", "B", first) + flow("A", "C", second) + flow("B", "E") + flow("C", "E")
    return process(f'<startEvent id="S"/>{nodes}<endEvent id="E"/>{flows}')


def multi(loop: str, condition: str = "", **attributes: str) -> str:
    done = f"<completionCondition>{condition}</completionCondition>" if condition else ""
    tag = "multiInstanceLoopCharacteristics"
    return user_task("", f"<{tag}><extensionElements>{loop}</extensionElements>{done}</{tag}>", **attributes)


def sub(body: str, **attributes: str) -> str:
    return f'<subProcess id="A" {" ".join(f"{k}={v!r}" for k, v in attributes.items())}>{body}</subProcess>'


INNER = '<startEvent id="IS"/><endEvent id="IE"/>' + flow("IS", "IE")
DAY = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
TOTAL = script("=1", id="B", result="total")
LISTENER = '<zeebe:executionListeners><zeebe:executionListener type="x" eventType="start"/></zeebe:executionListeners>'

ROWS: list[tuple[bytes, str, str | None]] = [
    # the file
    (chain(platform=""), "wrong-platform", "F"),
    (chain(platform='modeler:executionPlatform="Camunda Platform"'), "camunda-7", "F"),
    (chain(element("task", **{"camunda:assignee": "x"})), "camunda-7", "A"),
    (chain(platform=PLATFORM.replace("8.8.0", "8.9.0")), "platform-version", "F"),
    (chain(shapes=""), "no-shapes", "F"),
    (process('<startEvent id="S"/>', attributes=""), "no-executable-process", "P"),
    (file("<collaboration id='C'/>"), "no-executable-process", "F"),
    (
        file('<process id="P" isExecutable="true"><startEvent id="S"/></process><process id="Q" isExecutable="true"/>'),
        "several-executable-processes",
        "Q",
    ),
    (chain('<task id="A" name="x"/>', beside='<textAnnotation id="A"/>'), "duplicate-id", "A"),
    (chain('<task id="Root"/>'), "reserved-id", "Root"),
    (chain('<task id="A.BoundaryEventSplit"/>'), "reserved-id", "A.BoundaryEventSplit"),
    (chain(head='<message id="ชำระ" name="paid"/>'), "id-form", "ชำระ"),
    (chain(head='<message name="paid"/>'), "id-missing", "F"),
    # outside the subset
    (chain(element("task", LISTENER)), "unsupported-element", "A"),
    (chain(element("complexGateway")), "unsupported-element", "A"),
    (chain(element("task", "", "<standardLoopCharacteristics/>")), "unsupported-element", "A"),
    (chain(element("task", isForCompensation="true")), "unsupported-element", "A"),
    (chain(f'<transaction id="A">{INNER}</transaction>'), "unsupported-element", "A"),
    (chain('<adHocSubProcess id="A"><task id="T"/></adHocSubProcess>'), "unsupported-element", "A"),
    (chain(beside='<choreographyTask id="A"/>'), "unsupported-element", "A"),
    (boundary("<compensateEventDefinition/>"), "unsupported-element", "A"),
    (chain(element("intermediateThrowEvent", "", "<compensateEventDefinition/>")), "unsupported-element", "A"),
    (
        process(
            f'<startEvent id="S"/>{element("endEvent", "", "<conditionalEventDefinition/>")}{flow("S", "A")}',
        ),
        "unsupported-element",
        "A",
    ),
    (process(element("startEvent", "", DAY)), "unsupported-element", "A"),
    (chain('<task id="A"><own xmlns="urn:own"/></task>'), "unknown-element", "A"),
    # flow
    (process('<endEvent id="E"/>'), "no-start-event", "P"),
    (process('<startEvent id="S"/><startEvent id="T"/>'), "several-none-starts", "P"),
    (chain(beside=flow("S", "S")), "start-with-incoming", "S"),
    (chain('<task id="A"/>', beside=flow("E", "A")), "end-with-outgoing", "E"),
    (chain(beside='<sequenceFlow id="A" sourceRef="S" targetRef="gone"/>'), "dangling-flow", "A"),
    (chain(beside='<task id="A"/>'), "unreachable", "A"),
    (gateway("exclusiveGateway", "=x = 1", None), "no-default-flow", "A"),
    (gateway("exclusiveGateway", "=x = 1", None), "condition-missing", "A_C"),
    (gateway("inclusiveGateway", "=x = 1", "=x = 2", default="A_C"), "condition-on-default", "A_C"),
    (gateway("exclusiveGateway", "=x = 1", "=x = 2", default="gone"), "default-flow-unknown", "A"),
    (gateway("parallelGateway", "=x = 1", None), "condition-ignored", "A_B"),
    (
        process(
            '<startEvent id="S"/><parallelGateway id="A"/>'
            + user_task(id="U")
            + '<endEvent id="E"/>'
            + flow("S", "A")
            + flow("A", "U")
            + flow("U", "A")
            + flow("A", "E")
        ),
        "join-and-fork-in-loop",
        "A",
    ),
    (
        chain(script("=1"), '<exclusiveGateway id="G" default="G_E"/>', beside=flow("G", "A", "=x = 1")),
        "endless-loop",
        "A",
    ),
    (chain('<eventBasedGateway id="A"/>', user_task(id="U")), "event-gateway", "A"),
    (boundary(DAY, attachedToRef="E"), "boundary-attached", "A"),
    (
        chain(
            user_task(id="U"),
            beside=element("boundaryEvent", "", DAY, attachedToRef="U") + flow("U", "A"),
        ),
        "boundary-incoming",
        "A",
    ),
    (boundary("<errorEventDefinition/>", cancelActivity="false"), "boundary-interrupts", "A"),
    (chain(sub('<endEvent id="IE"/>')), "subprocess-start", "A"),
    (
        chain(beside=sub('<startEvent id="IS"/>', triggeredByEvent="true")),
        "event-subprocess-start",
        "A",
    ),
    (
        chain(sub(element("startEvent", "", DAY, id="IS"), triggeredByEvent="true")),
        "event-subprocess-connected",
        "A",
    ),
    (chain(element("intermediateThrowEvent", "", '<linkEventDefinition name="x"/>')), "link", "A"),
    (chain(element("intermediateCatchEvent")), "event-kind", "A"),
    # tasks
    (chain(user_task().replace("<zeebe:userTask/>", "")), "user-task-kind", "A"),
    (chain(user_task().replace('<zeebe:formDefinition formId="f"/>', "")), "user-task-form", "A"),
    (chain(user_task().replace('formId="f"', 'formKey="camunda-forms:bpmn:f"')), "form-embedded", "A"),
    (chain(user_task().replace("formId", "externalReference")), "form-external", "A"),
    (chain(user_task().replace("formId", "formKey")), "form-external", "A"),
    (chain(user_task().replace('formId="f"', 'formId="gone"')), "form-unknown", "A"),
    (chain(user_task().replace('candidateGroups="issuer"', "")), "user-task-nobody", "A"),
    (chain(user_task('<zeebe:taskSchedule dueDate="2026-12-31"/>')), "date-literal", "A"),
    (chain(user_task('<zeebe:priorityDefinition priority="101"/>')), "priority", "A"),
    (chain(element("serviceTask")), "job-type-missing", "A"),
    (chain(element("sendTask")), "job-type-missing", "A"),
    (chain(element("intermediateThrowEvent", "", "<messageEventDefinition/>")), "job-type-missing", "A"),
    (chain(job("notice.sned")), "operator-unknown", "A"),
    (chain(job("account.create")), "operator-input", "A"),
    (
        chain(
            job("account.create", mapping(("=1", "pid")), id="U"),
            beside=element("boundaryEvent", "", '<errorEventDefinition errorRef="Err"/>', attachedToRef="U")
            + flow("A", "E"),
            head=ERROR,
        ),
        "operator-error",
        "A",
    ),
    (chain(job().replace("/>", ' retries="many"/>', 1)), "retries", "A"),
    (chain(element("scriptTask")), "script-missing", "A"),
    (chain(script("=1", result="")), "result-variable-missing", "A"),
    (chain(element("businessRuleTask")), "decision-missing", "A"),
    (
        chain(element("businessRuleTask", '<zeebe:calledDecision decisionId="gone" resultVariable="x"/>')),
        "decision-unknown",
        "A",
    ),
    (
        chain(element("businessRuleTask", '<zeebe:calledDecision decisionId="levels"/>')),
        "result-variable-missing",
        "A",
    ),
    (chain(element("callActivity")), "called-process-missing", "A"),
    (chain(element("callActivity", '<zeebe:calledElement processId="=x"/>')), "called-process-dynamic", "A"),
    (chain(element("callActivity", '<zeebe:calledElement processId="gone"/>')), "called-process-unknown", "A"),
    (chain(multi("")), "collection-missing", "A"),
    (chain(multi('<zeebe:loopCharacteristics inputCollection="units"/>')), "expression-no-equals", "A"),
    (chain(multi(LONG.replace("/>", ' outputCollection="votes"/>'))), "output-pair", "A"),
    (chain(multi(LONG.replace('"unit"', '"one unit"'))), "variable-name", "A"),
    (chain(multi(LONG, condition="decision = 1")), "expression-no-equals", "A"),
    # events
    (chain(element("receiveTask")), "message-missing", "A"),
    (chain(element("receiveTask", OUT, messageRef="M"), head=MESSAGE.replace(' name="paid"', "")), "message-name", "A"),
    (
        chain(element("receiveTask", OUT, messageRef="M"), head='<message id="M" name="paid"/>'),
        "correlation-key-missing",
        "A",
    ),
    (
        chain(
            element("intermediateCatchEvent", OUT, MESSAGE_EVENT),
            head=MESSAGE.replace("=case_id", "case_id"),
        ),
        "expression-no-equals",
        "M",
    ),
    (boundary(MESSAGE_EVENT.replace("M", "gone")), "message-missing", "A"),
    (
        process(
            '<startEvent id="S"/>' + element("endEvent", "", '<errorEventDefinition errorRef="gone"/>') + flow("S", "A")
        ),
        "error-code",
        "A",
    ),
    (boundary('<escalationEventDefinition escalationRef="gone"/>'), "escalation-code", "A"),
    (boundary("<signalEventDefinition/>"), "signal-name", "A"),
    (boundary("<timerEventDefinition/>"), "timer-missing", "A"),
    (boundary(timer("timeDuration", "2 days")), "timer-literal", "A"),
    (boundary(timer("timeDate", "2026-02-30T00:00:00Z")), "timer-literal", "A"),
    (boundary(timer("timeCycle", "0 0 9 * * MON-FRI"), cancelActivity="false"), "timer-cron", "A"),
    (boundary(timer("timeCycle", "R/P1D")), "timer-cycle-here", "A"),
    # values and variables
    (chain(script("x + 1")), "expression-no-equals", "A"),
    (chain(script("=1 +")), "expression-syntax", "A"),
    (gateway("exclusiveGateway", "=x == 1", None, default="A_C"), "expression-double-equals", "A_B"),
    (chain(user_task().replace('"issuer"', '"${group}"')), "expression-juel", "A"),
    (gateway("exclusiveGateway", "${x > 1}", None, default="A_C"), "expression-juel", "A_B"),
    (chain(script("=1", result="ผล")), "variable-name", "A"),
    (chain(job(extensions=mapping(("=1", "a-b")))), "variable-name", "A"),
    (chain(job(extensions=mapping(("", "a")))), "expression-missing", "A"),
    (chain(TOTAL, job(extensions=mapping(("total", "total")))), "literal-looks-like-name", "A"),
    (chain(TOTAL, script("=totl + 1")), "name-never-set", "A"),
    (chain(script("=amount + 1")), "name-never-set", "A"),  # nothing near it, and the start brings nothing
    (
        chain(
            user_task(mapping(("=null", "decision"))),
            script("=decision", id="B"),
        ),
        "input-stays-local",
        "A",
    ),
    (
        chain(user_task(mapping(outputs=(("=amount", "sum"),))), script("=decision", id="B")),
        "result-stays-local",
        "A",
    ),
    (chain(script("=lenght([1])")), "function-unknown", "A"),
    (
        process(
            '<extensionElements><zeebe:properties><zeebe:property name="case.colour" value="red"/></zeebe:properties>'
            '</extensionElements><startEvent id="S"/>'
        ),
        "case-property",
        "P",
    ),
]


@pytest.mark.parametrize(("data", "rule", "element_id"), ROWS, ids=[f"{rule}-{at}" for _, rule, at in ROWS])
def test_the_gate_names_the_rule_and_the_shape(data: bytes, rule: str, element_id: str | None) -> None:
    found = {(problem.rule, problem.element_id) for problem in inspect("x.bpmn", data, known=KNOWN).problems}
    companions = {("no-default-flow", "A")} if rule == "condition-missing" else set()
    companions |= {("condition-missing", "A_C")} if rule == "no-default-flow" else set()
    assert found - companions == {(rule, element_id)}


def test_the_functions_of_the_office_are_known_by_name() -> None:
    known = (
        '=working days after("2026-01-05", 1)',
        '=working days between(from: "2026-01-05", to: "2026-01-09")',
        '=thai id valid("1") and buddhist date(today()) != "" and age on("2000-01-01", today()) > 17',
    )
    for source in known:
        assert [problem.rule for problem in inspect("a.bpmn", chain(script(_xml(source))), known=KNOWN).problems] == []
    misspelt = inspect("a.bpmn", chain(script(_xml('=thai_id_valid("1")'))), known=KNOWN).problems
    assert ["thai id valid" in problem.text.en for problem in misspelt] == [True]


def _xml(source: str) -> str:
    return source.replace('"', "&quot;").replace(">", "&gt;")
