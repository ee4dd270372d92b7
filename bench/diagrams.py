"""The diagrams that are measured, and answers of a realistic size."""

from __future__ import annotations

from typing import Any

from tests.engine.diagrams import (
    END,
    START,
    boundary,
    diagram,
    end,
    event_sub_process,
    flows,
    gateway,
    instances,
    job,
    message,
    script,
    timer,
    user,
    zeebe,
)

PAID = '<bpmn:messageEventDefinition id="md" messageRef="M"/>'
HEADER = zeebe(
    "<zeebe:properties>"
    '<zeebe:property name="case.subject" value="=first_name + &quot; &quot; + last_name"/>'
    '<zeebe:property name="case.unit_code" value="=unit_code"/>'
    '<zeebe:property name="case.stage" value="=stage"/>'
    "</zeebe:properties>"
)
MINE = '<zeebe:assignmentDefinition assignee="=requester"/>'
THEIRS = '<zeebe:assignmentDefinition candidateGroups="=&quot;unit_head:&quot; + unit_code"/>'
APPROVER = (
    '<zeebe:assignmentDefinition candidateGroups="=[&quot;region_officer:&quot; + approver, &quot;issuer&quot;]"/>'
)
SCHEDULE = '<zeebe:taskSchedule dueDate="=now() + duration(&quot;P3D&quot;)"/>'
DECIDED = '<zeebe:calledDecision decisionId="bench_route" resultVariable="route"/>'

ROUTE = b"""<definitions id="F" name="route" namespace="bench" xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/">
<decision id="bench_route" name="route"><decisionTable id="T" hitPolicy="FIRST">
<input id="I"><inputExpression id="X"><text>count(items)</text></inputExpression></input>
<output id="O" name="route"/>
<rule id="R1"><inputEntry id="A"><text>&lt; 3</text></inputEntry>
<outputEntry id="B"><text>"short"</text></outputEntry></rule>
<rule id="R2"><inputEntry id="C"><text>-</text></inputEntry>
<outputEntry id="E"><text>"full"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""

LONG = diagram(
    HEADER,
    START,
    user("fill", MINE),
    f'<bpmn:businessRuleTask id="route">{zeebe(DECIDED)}</bpmn:businessRuleTask>',
    gateway("exclusive", "how", "approve"),
    user("approve", APPROVER + SCHEDULE, instances(output="=decision")),
    script("sum", '=count(votes[item = "approve"])', "approvals"),
    user("review", THEIRS),
    boundary("late", "review", timer("P3D"), interrupting=False),
    job("remind", "bench.remind"),
    end("reminded"),
    gateway("exclusive", "decided", "fill"),
    script("lap", "=laps + 1", "laps"),
    END,
    flows("s>fill", "fill>route", "route>how", 'how>review[=route = "short"]', "how>approve", "approve>sum"),
    flows("sum>review", "late>remind", "remind>reminded", "review>lap", "lap>decided"),
    flows("decided>fill", 'decided>e[=decision = "reject"]'),
    process_id="bench_long",
)
"""A request with a decision table, three approvals at once, a reminder and a correction loop. A lap is five answers."""

WITH_EVENT_SUB_PROCESS = diagram(
    HEADER,
    START,
    user("fill", MINE),
    user("review", THEIRS),
    gateway("exclusive", "decided", "fill"),
    END,
    event_sub_process("aside", PAID, user("note", MINE), "note", interrupting=False),
    flows("s>fill", "fill>review", "review>decided", "decided>fill", 'decided>e[=decision = "reject"]'),
    process_id="bench_event_sub_process",
    top=message(key="=case_id"),
)
"""A correction loop beside which an event sub-process stays armed all the time."""

TWO_BRANCHES = diagram(
    HEADER,
    START,
    gateway("parallel", "split"),
    user("a1", MINE),
    user("a2", THEIRS),
    gateway("exclusive", "a", "a1"),
    user("b1", MINE),
    user("b2", THEIRS),
    gateway("exclusive", "b", "b1"),
    gateway("parallel", "join"),
    END,
    flows("s>split", "split>a1", "a1>a2", "a2>a", "a>a1", 'a>join[=decision = "reject"]', "split>b1", "b1>b2"),
    flows("b2>b", "b>b1", 'b>join[=decision = "reject"]', "join>e"),
    process_id="bench_two_branches",
)
"""Two branches that each loop for themselves; neither ever joins."""

MANY = diagram(
    HEADER,
    START,
    user("approve", APPROVER, instances(output="=decision")),
    END,
    flows("s>approve", "approve>e"),
    process_id="bench_many",
)
"""As many approvals at once as there are approvers."""

FILES = {
    "bench_route.dmn": ROUTE,
    "bench_long.bpmn": LONG,
    "bench_event_sub_process.bpmn": WITH_EVENT_SUB_PROCESS,
    "bench_two_branches.bpmn": TWO_BRANCHES,
    "bench_many.bpmn": MANY,
}

ITEM = {"name": "ระบบบันทึกข้อมูลการแพทย์", "role": "ผู้บันทึกข้อมูล", "from": "2026-01-05", "until": "2026-12-31", "n": 1}
FORM: dict[str, Any] = {
    "first_name": "ทดสอบ",
    "last_name": "ระบบดี",
    "position": "นักวิชาการคอมพิวเตอร์",
    "unit_code": "99001",
    "email": "t1@example.org",
    "reason": "ขอสิทธิเพื่อบันทึกข้อมูลการให้บริการและตรวจสอบสิทธิของผู้รับบริการ",
    "items": [{**ITEM, "n": n} for n in range(10)],
}
"""What a requester fills in: about two kilobytes of JSON."""

VARIABLES: dict[str, Any] = {**FORM, "approvers": ["1", "2", "3"], "laps": 0, "stage": "พิจารณา", "decision": "return"}
ANSWERS: dict[str, dict[str, Any]] = {"fill": FORM, "a1": FORM, "b1": FORM}
DECISION = {"decision": "return", "comment": "เอกสารไม่ครบ"}


def answers(element_id: str) -> dict[str, Any]:
    """The answers to a work item of any of these diagrams."""
    return dict(ANSWERS.get(element_id, DECISION))
