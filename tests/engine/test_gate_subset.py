"""What the guide promises as supported passes the gate without a word and is built by the engine."""

from __future__ import annotations

import pytest

from tests.engine.small_diagrams import PLATFORM, chain, element, flow, job, mapping, process, script, user_task
from tests.engine.test_gate_bpmn import DAY, ERROR, INNER, KNOWN, LONG, MESSAGE, MESSAGE_EVENT, OUT, multi, timer
from workflows.engine import load
from workflows.engine.gate import inspect

ESCALATION = '<escalation id="Esc" escalationCode="LATE"/>'
SIGNAL = '<signal id="Sig" name="closed"/>'
HEAD = MESSAGE + ERROR + ESCALATION + SIGNAL
CONDITION = "<conditionalEventDefinition><condition>=x > 3</condition></conditionalEventDefinition>"
TRIGGERS = {
    "message": MESSAGE_EVENT,
    "timer": DAY,
    "signal": '<signalEventDefinition signalRef="Sig"/>',
    "escalation": '<escalationEventDefinition escalationRef="Esc"/>',
    "error": '<errorEventDefinition errorRef="Err"/>',
    "any error": "<errorEventDefinition/>",
    "condition": CONDITION,
}
FULL_TASK = user_task(
    '<zeebe:taskSchedule dueDate="=now() + duration(&quot;P2D&quot;)" followUpDate="2026-12-31T16:30:00+07:00"/>'
    '<zeebe:priorityDefinition priority="70"/><zeebe:taskHeaders><zeebe:header key="k" value="v"/></zeebe:taskHeaders>'
    + mapping(("=1", "limit"), ("text", "a.b"), outputs=(("=decision", "decision"), ("=amount", "sum.total")))
)


def boundary(trigger: str, cancel: str) -> bytes:
    outs = mapping(outputs=(("=1", "seen"),))
    event = element("boundaryEvent", outs, TRIGGERS[trigger], attachedToRef="U", cancelActivity=cancel)
    host = f'<subProcess id="U">{INNER}</subProcess>'
    return chain(script("=1", id="X"), host, beside=event + flow("A", "E"), head=HEAD)


def event_subprocess(trigger: str, interrupting: str) -> bytes:
    start = element("startEvent", OUT, TRIGGERS[trigger], id="IS", isInterrupting=interrupting)
    inner = f'<subProcess id="A" triggeredByEvent="true">{start}<endEvent id="IE"/>{flow("IS", "IE")}</subProcess>'
    return chain(script("=1", id="X"), user_task(id="U"), beside=inner, head=HEAD)


def ending(inside: str, extensions: str = "") -> bytes:
    return process(f'<startEvent id="S"/>{element("endEvent", extensions, inside)}{flow("S", "A")}', head=HEAD)


def event_gateway() -> bytes:
    wait = element("intermediateCatchEvent", OUT, MESSAGE_EVENT, id="M1")
    late = element("intermediateCatchEvent", "", DAY, id="T1")
    nodes = f'<startEvent id="S"/><eventBasedGateway id="A"/>{wait}{late}<endEvent id="E"/>'
    flows = flow("S", "A") + flow("A", "M1") + flow("A", "T1") + flow("M1", "E") + flow("T1", "E")
    return process(nodes + flows, head=HEAD)


def branching(kind: str) -> bytes:
    first, second = ("=x > 1", None) if kind != "parallelGateway" else (None, None)
    default = "" if kind == "parallelGateway" else 'default="G_C"'
    nodes = (
        f'<startEvent id="S"/>{script("=1", id="X")}<{kind} id="G" {default}/>{script("=1", "b", id="B")}'
        f'{script("=2", "c", id="C")}<{kind} id="J"/><endEvent id="E"/>'
    )
    flows = [("S", "X"), ("X", "G"), ("B", "J"), ("C", "J"), ("J", "E")]
    return process(nodes + "".join(flow(*pair) for pair in flows) + flow("G", "B", first) + flow("G", "C", second))


def linked() -> bytes:
    thrown = element("intermediateThrowEvent", "", '<linkEventDefinition name="to the end"/>', id="L1")
    caught = element("intermediateCatchEvent", "", '<linkEventDefinition name="to the end"/>', id="L2")
    flows = flow("S", "L1") + flow("L2", "E")
    return process(f'<startEvent id="S"/>{thrown}{caught}<endEvent id="E"/>{flows}')


SUPPORTED: dict[str, bytes] = {
    "mark of the web modeler": chain(platform=PLATFORM + ' camunda:diagramRelationId="x"'),
    "user task": chain(FULL_TASK),
    "multi-instance": chain(
        multi(LONG.replace("/>", ' outputCollection="votes" outputElement="=decision"/>'), "=decision = &quot;no&quot;")
    ),
    "sequential": chain(multi(LONG).replace("Characteristics>", 'Characteristics isSequential="true">', 1)),
    "service task": chain(job(extensions=mapping(("=1", "n"), outputs=(("=sent_at", "sent_at"),)))),
    "send task": chain(element("sendTask", '<zeebe:taskDefinition type="notice.send" retries="5"/>')),
    "script and decision": chain(
        script("=1"),
        element("businessRuleTask", '<zeebe:calledDecision decisionId="levels" resultVariable="y"/>', id="B"),
    ),
    "call activity": chain(
        element("callActivity", '<zeebe:calledElement processId="other" propagateAllChildVariables="false"/>' + OUT)
    ),
    "receive task": chain(element("receiveTask", OUT, messageRef="M"), head=HEAD),
    "plain and manual tasks": chain('<task id="A"/>', '<manualTask id="B"/>'),
    "message start": process(
        element("startEvent", OUT, MESSAGE_EVENT) + '<endEvent id="E"/>' + flow("A", "E"),
        head='<message id="M" name="paid"/>',
    ),
    "throw events": chain(
        element("intermediateThrowEvent", '<zeebe:taskDefinition type="notice.send"/>', MESSAGE_EVENT, id="T1"),
        element("intermediateThrowEvent", "", TRIGGERS["signal"], id="T2"),
        element("intermediateThrowEvent", "", TRIGGERS["escalation"], id="T3"),
        element("intermediateThrowEvent", id="T4"),
        head=HEAD,
    ),
    "catch events": chain(
        script("=1"),
        element("intermediateCatchEvent", OUT, MESSAGE_EVENT, id="C1"),
        element("intermediateCatchEvent", "", timer("timeDate", "=x"), id="C2"),
        element("intermediateCatchEvent", OUT, TRIGGERS["signal"], id="C3"),
        element("intermediateCatchEvent", "", CONDITION, id="C4"),
        head=HEAD,
    ),
    "message end": ending(MESSAGE_EVENT, '<zeebe:taskDefinition type="notice.send"/>'),
    "terminate end": ending("<terminateEventDefinition/>"),
    "signal end": ending(TRIGGERS["signal"]),
    "error end": ending(TRIGGERS["error"]),
    "escalation end": ending(TRIGGERS["escalation"]),
    "event gateway": event_gateway(),
    "link": linked(),
    "repeating reminder": chain(
        user_task(id="U"),
        beside=element("boundaryEvent", "", timer("timeCycle", "R/P1D"), attachedToRef="U", cancelActivity="false")
        + job(id="B")
        + flow("A", "B"),
    ),
    **{f"boundary {name}": boundary(name, "true") for name in TRIGGERS},
    **{f"boundary {name} beside": boundary(name, "false") for name in TRIGGERS if "error" not in name},
    **{f"event sub-process {name}": event_subprocess(name, "true") for name in TRIGGERS},
    **{f"event sub-process {name} beside": event_subprocess(name, "false") for name in TRIGGERS if "error" not in name},
    **{kind: branching(kind) for kind in ("exclusiveGateway", "inclusiveGateway", "parallelGateway")},
}


@pytest.mark.parametrize("data", SUPPORTED.values(), ids=SUPPORTED)
def test_the_supported_subset_passes_and_loads(data: bytes) -> None:
    assert [str(problem) for problem in inspect("x.bpmn", data, known=KNOWN).problems] == []
    assert load("P", {"x.bpmn": data}).process_id == "P"
