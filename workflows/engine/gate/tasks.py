"""Checks of activities: user tasks, jobs, scripts, decisions, called processes, multi-instance, mappings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from workflows.engine.gate.diagram import UNSUPPORTED_NODES, ZEEBE, Diagram, Node, bpmn, extension
from workflows.engine.gate.known import Known
from workflows.engine.gate.spelling import hint
from workflows.engine.gate.times import is_date_time
from workflows.engine.gate.values import Values
from workflows.engine.xml import Element
from workflows.errors import Text

CASE_PROPERTIES: Final = (
    "number", "subject", "unit_code", "region", "phone", "pid", "email", "outcome", "stage", "requester",
    "systems", "channel",
)  # fmt: skip
"""The ``case.*`` process properties that feed the columns of a case."""

MAX_PRIORITY: Final = 100


def check_tasks(diagram: Diagram, known: Known, values: Values) -> None:
    if diagram.process is not None:
        _check_case_properties(diagram.process, values)
    for node in diagram.nodes():
        if node.kind in UNSUPPORTED_NODES:
            continue
        check = _CHECKS.get(node.kind)
        if check is not None:
            check(node, known, values)
        _check_mappings(node, values)
        _check_multi_instance(node, values)


def check_form(node: Node, known: Known, values: Values) -> None:
    """The form of a user task or of the start."""
    form, findings = node.extension("formDefinition"), values.findings
    if form is None:
        if node.kind == "userTask":
            findings.add("user-task-form", node.element)
    elif (form.get("formKey") or "").startswith("camunda-forms:"):
        findings.add("form-embedded", form)
    elif form.get("formKey") or form.get("externalReference"):
        findings.add("form-external", form)
    elif not form.get("formId"):
        findings.add("user-task-form", form)
    else:
        literal = values.value(form, form.get("formId"), Text("รหัสแบบฟอร์ม", "form id"))
        if literal is not None and known.forms is not None and literal not in known.forms:
            findings.add("form-unknown", form, form=literal)


def check_job(node: Node, known: Known, values: Values) -> None:
    """A task definition: the operator, or the external worker's job type."""
    job = node.extension("taskDefinition")
    if job is None or not (job.get("type") or "").strip():
        values.findings.add("job-type-missing", node.element)
        return
    literal = values.value(job, job.get("type"), Text("ชนิดงาน", "task definition type"))
    if literal and known.operators is not None and literal not in known.operators:
        values.findings.add("operator-unknown", job, type=literal, hint=hint(literal, known.operators) or "")
    signature = known.signature(literal or "")
    if signature is not None:
        given = {mapping.get("target") for mapping in node.mappings("input")}
        missing = [name for name in signature.inputs if not name.endswith("?") and name not in given]
        if missing:
            values.findings.add("operator-input", node.element, type=literal, inputs=", ".join(missing))
    retries = values.value(job, job.get("retries") or "3", Text("จำนวนครั้งที่ลองใหม่", "retries"))
    if retries is not None and not retries.isdecimal():
        values.findings.add("retries", job)


def _check_case_properties(process: Element, values: Values) -> None:
    properties = extension(process, "properties")
    for item in [] if properties is None else properties.findall(f"{{{ZEEBE}}}property"):
        name = item.get("name") or ""
        if not name.startswith("case."):
            continue
        if name.removeprefix("case.") not in CASE_PROPERTIES:
            allowed = ", ".join(f"case.{known}" for known in CASE_PROPERTIES)
            values.findings.add("case-property", item, property=name, allowed=allowed)
        values.value(item, item.get("value"), Text(f"คุณสมบัติ {name}", f"property {name}"))


def _check_user_task(node: Node, known: Known, values: Values) -> None:
    if node.extension("userTask") is None:
        values.findings.add("user-task-kind", node.element)
    check_form(node, known, values)
    assignment = node.extension("assignmentDefinition")
    people = {} if assignment is None else {name: assignment.get(name) for name in _PEOPLE}
    if not any(people.values()):
        values.findings.add("user-task-nobody", node.element)
    for name, text in people.items():
        if text and assignment is not None:
            values.value(assignment, text, _PEOPLE[name])
    schedule = node.extension("taskSchedule")
    for name, what in _DATES.items():
        text = None if schedule is None else schedule.get(name)
        if text and schedule is not None:
            literal = values.value(schedule, text, what)
            if literal is not None and not is_date_time(literal):
                values.findings.add("date-literal", schedule, what=what)
    priority = node.extension("priorityDefinition")
    if priority is not None and priority.get("priority"):
        literal = values.value(priority, priority.get("priority"), Text("ความสำคัญ", "priority"))
        if literal is not None and not (literal.isdecimal() and int(literal) <= MAX_PRIORITY):
            values.findings.add("priority", priority)


_PEOPLE: Final = {
    "assignee": Text("ผู้รับงาน", "assignee"),
    "candidateGroups": Text("กลุ่มผู้รับงาน", "candidate groups"),
    "candidateUsers": Text("ผู้มีสิทธิรับงาน", "candidate users"),
}
_DATES: Final = {
    "dueDate": Text("กำหนดเสร็จ", "due date"),
    "followUpDate": Text("วันติดตาม", "follow-up date"),
}


def _check_script(node: Node, known: Known, values: Values) -> None:
    script = node.extension("script")
    if script is None and node.extension("taskDefinition") is not None:
        check_job(node, known, values)
    elif script is None or not (script.get("expression") or "").strip():
        values.findings.add("script-missing", node.element)
    else:
        values.expression(script, script.get("expression"), Text("สูตร", "script"))
        _check_result_variable(script, values)


def _check_decision(node: Node, known: Known, values: Values) -> None:
    called = node.extension("calledDecision")
    if called is None and node.extension("taskDefinition") is not None:
        check_job(node, known, values)
    elif called is None or not (called.get("decisionId") or "").strip():
        values.findings.add("decision-missing", node.element)
    else:
        literal = values.value(called, called.get("decisionId"), Text("รหัสตารางตัดสินใจ", "decision id"))
        if literal is not None and known.decisions is not None and literal not in known.decisions:
            values.findings.add("decision-unknown", called, decision=literal)
        _check_result_variable(called, values)


def _check_result_variable(at: Element, values: Values) -> None:
    name = at.get("resultVariable")
    if not name:
        values.findings.add("result-variable-missing", at)
    else:
        values.variable(at, name, Text("ตัวแปรเก็บผล", "result variable"))


def _check_call(node: Node, known: Known, values: Values) -> None:
    called = node.extension("calledElement")
    process = "" if called is None else (called.get("processId") or "").strip()
    if not process:
        values.findings.add("called-process-missing", node.element)
    elif process.startswith("="):
        values.findings.add("called-process-dynamic", called)
    elif known.processes is not None and process not in known.processes:
        values.findings.add("called-process-unknown", called, process=process)


def _check_mappings(node: Node, values: Values) -> None:
    for direction, what in _MAPPINGS.items():
        for mapping in node.mappings(direction):
            target, source = mapping.get("target"), mapping.get("source")
            label = Text(f"{what.th} {target}", f"{what.en} {target}")
            if not (source or "").strip():
                values.findings.add("expression-missing", mapping, what=label)
            else:
                values.value(mapping, source, label, from_result=direction == "output")
            values.variable(mapping, target, what, path=True)


_MAPPINGS: Final = {"input": Text("ค่าเข้า", "input"), "output": Text("ค่าออก", "output")}


def _check_multi_instance(node: Node, values: Values) -> None:
    if node.loop is None:
        return
    loop = extension(node.loop, "loopCharacteristics")
    if loop is None or not (loop.get("inputCollection") or "").strip():
        values.findings.add("collection-missing", node.element)
    if loop is not None:
        if (loop.get("inputCollection") or "").strip():
            values.expression(loop, loop.get("inputCollection"), Text("รายการตั้งต้น", "input collection"))
        if loop.get("inputElement"):
            values.variable(loop, loop.get("inputElement"), Text("ตัวแปรของแต่ละรายการ", "input element"))
        if bool(loop.get("outputCollection")) != bool(loop.get("outputElement")):
            values.findings.add("output-pair", loop)
        if loop.get("outputCollection"):
            values.variable(loop, loop.get("outputCollection"), Text("รายการผลลัพธ์", "output collection"))
        if loop.get("outputElement"):
            what = Text("ผลลัพธ์ของแต่ละรายการ", "output element")
            values.expression(loop, loop.get("outputElement"), what, from_result=True)
    condition = node.loop.find(bpmn("completionCondition"))
    if condition is not None:
        what = Text("เงื่อนไขจบก่อนครบ", "completion condition")
        values.expression(condition, condition.text, what, from_result=True)


_CHECKS: Final[dict[str, Callable[[Node, Known, Values], None]]] = {
    "userTask": _check_user_task,
    "serviceTask": check_job,
    "sendTask": check_job,
    "scriptTask": _check_script,
    "businessRuleTask": _check_decision,
    "callActivity": _check_call,
}
