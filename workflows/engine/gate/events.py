"""Checks of events and of the messages, errors, signals, escalations and timers they refer to."""

from __future__ import annotations

from typing import Final

from workflows.engine.gate.diagram import EVENTS, Diagram, Node, bpmn, extension, local
from workflows.engine.gate.findings import Findings
from workflows.engine.gate.known import Known
from workflows.engine.gate.tasks import check_form, check_job
from workflows.engine.gate.times import is_cron, is_cycle, is_date_time, is_duration
from workflows.engine.gate.values import Values
from workflows.engine.xml import Element
from workflows.errors import Text

_ALLOWED: Final = {
    "startEvent": {"", "message"},  # nothing starts a case by time or signal
    "eventSubprocessStart": {"", "message", "timer", "error", "signal", "escalation", "conditional"},
    "subprocessStart": {""},
    "endEvent": {"", "message", "signal", "error", "escalation", "terminate"},
    "intermediateCatchEvent": {"message", "timer", "signal", "link", "conditional"},
    "intermediateThrowEvent": {"", "message", "signal", "escalation", "link"},
    "boundaryEvent": {"message", "timer", "error", "signal", "escalation", "conditional"},
}
_REFUSED_ELSEWHERE: Final = {"cancel", "compensate"}
_THROWS: Final = {"endEvent", "intermediateThrowEvent"}

EVENT_WORDS: Final = {
    "message": Text("ข้อความ", "message"),
    "timer": Text("เวลา", "timer"),
    "error": Text("ข้อผิดพลาด", "error"),
    "signal": Text("สัญญาณ", "signal"),
    "escalation": Text("การส่งต่อ", "escalation"),
    "conditional": Text("เงื่อนไข", "condition"),
    "terminate": Text("ยุติทั้งหมด", "terminate"),
    "link": Text("ลิงก์", "link"),
}


def check_events(diagram: Diagram, known: Known, values: Values) -> None:
    for flow in (flow for scope in diagram.scopes for flow in scope.flows):
        if flow.condition is not None:
            values.expression(flow.condition, flow.condition.text, Text("เงื่อนไข", "condition"))
    for node in diagram.nodes():
        if node.kind == "receiveTask":
            _check_catch_message(diagram, node, node.element, values)
        elif node.kind in EVENTS and _has_one_kind(node, values.findings):
            _check_event(diagram, node, known, values)


def _place(node: Node) -> str:
    owner = node.scope.owner
    if node.kind != "startEvent" or owner is None:
        return node.kind
    return "eventSubprocessStart" if owner.is_event_subprocess else "subprocessStart"


def _has_one_kind(node: Node, findings: Findings) -> bool:
    """Whether the event has one kind that is supported at its place; reports it otherwise."""
    allowed, kind = _ALLOWED[_place(node)], node.event
    if kind in _REFUSED_ELSEWHERE or _place(node) == "subprocessStart":
        return not kind  # reported with the other unsupported elements, or with the start of the sub-process
    if len(node.events) > 1 or (not kind and "" not in allowed):
        findings.add("event-kind", node.element)
        return False
    if kind not in allowed:
        word = EVENT_WORDS.get(kind, Text(kind, kind))
        place = _PLACES[_place(node)]
        unsupported_here = Text(f"{place.th}แบบ{word.th} ({kind})", f"{place.en} of kind {word.en}")
        advice = Text("ให้เลือกชนิดอื่น", "choose another kind")
        findings.add("unsupported-element", node.element, what=unsupported_here, advice=advice)
        return False
    return True


_PLACES: Final = {
    "startEvent": Text("จุดเริ่มต้น", "a start event"),
    "eventSubprocessStart": Text("จุดเริ่มต้นของกระบวนงานย่อย", "an event sub-process start"),
    "subprocessStart": Text("จุดเริ่มต้นของกระบวนงานย่อย", "a sub-process start"),
    "endEvent": Text("จุดจบ", "an end event"),
    "intermediateCatchEvent": Text("จุดรอเหตุการณ์", "an intermediate catch event"),
    "intermediateThrowEvent": Text("จุดส่งเหตุการณ์", "an intermediate throw event"),
    "boundaryEvent": Text("เหตุการณ์ขอบ", "a boundary event"),
}


def _check_event(diagram: Diagram, node: Node, known: Known, values: Values) -> None:
    definition = node.events[0] if node.events else None
    if definition is None:
        if node.extension("formDefinition") is not None:
            check_form(node, known, values)
    elif node.event == "message" and node.kind in _THROWS:
        check_job(node, known, values)
        message = diagram.referenced(definition, "messageRef")
        if message is not None:
            _check_key(message, values)
    elif node.event == "message":
        _check_catch_message(diagram, node, definition, values)
    elif node.event == "timer":
        _check_timer(node, definition, values)
    elif node.event == "conditional":
        condition = definition.find(bpmn("condition"))
        at = definition if condition is None else condition
        values.expression(at, "" if condition is None else condition.text, Text("เงื่อนไข", "condition"))
    elif node.event in _CODES:
        _check_code(diagram, node, definition, known, values)


def _check_catch_message(diagram: Diagram, node: Node, holder: Element, values: Values) -> None:
    message = diagram.referenced(holder, "messageRef")
    if message is None:
        values.findings.add("message-missing", node.element)
        return
    name = (message.get("name") or "").strip()
    if not name or name.startswith("="):
        values.findings.add("message-name", node.element)
    if node.kind == "startEvent" and node.scope.owner is None:
        return  # starts a new case: there is nothing to correlate with yet
    if not _check_key(message, values):
        values.findings.add("correlation-key-missing", node.element)


def _check_key(message: Element, values: Values) -> bool:
    """Whether the message has a correlation key; what is wrong with the key is reported."""
    subscription = extension(message, "subscription")
    key = None if subscription is None else subscription.get("correlationKey")
    if subscription is None or not key:
        return False
    values.expression(subscription, key, Text("ตัวจับคู่ข้อความ", "correlation key"))
    return True


_CODES: Final = {
    "error": ("errorRef", "errorCode", "error-code"),
    "escalation": ("escalationRef", "escalationCode", "escalation-code"),
    "signal": ("signalRef", "name", "signal-name"),
}


def _check_code(diagram: Diagram, node: Node, definition: Element, known: Known, values: Values) -> None:
    reference, attribute, rule = _CODES[node.event]
    catches_all = node.kind not in _THROWS and node.event != "signal" and not definition.get(reference)
    if catches_all:
        return
    target = diagram.referenced(definition, reference)
    code = "" if target is None else (target.get(attribute) or "").strip()
    if not code or code.startswith("="):
        values.findings.add(rule, node.element)
        return
    job = None if node.event != "error" or node.host is None else node.host.extension("taskDefinition")
    signature = None if job is None else known.signature(job.get("type") or "")
    if job is not None and signature is not None and code not in signature.errors:
        codes = ", ".join(signature.errors) or "-"
        values.findings.add("operator-error", node.element, code=code, type=job.get("type"), codes=codes)


_TIMER_VALUES: Final = {"timeDate": is_date_time, "timeDuration": is_duration, "timeCycle": is_cycle}
_EXAMPLES: Final = {"timeDate": "2026-12-31T16:30:00+07:00", "timeDuration": "P3D", "timeCycle": "R/P1D"}


def _check_timer(node: Node, definition: Element, values: Values) -> None:
    given = [child for child in definition if local(child) in _TIMER_VALUES and (child.text or "").strip()]
    if len(given) != 1:
        values.findings.add("timer-missing", node.element)
        return
    kind, text = local(given[0]), (given[0].text or "").strip()
    if kind == "timeCycle" and not _may_repeat(node):
        values.findings.add("timer-cycle-here", node.element)
    literal = values.value(given[0], text, Text("เวลา", "timer"))
    if literal is None or _TIMER_VALUES[kind](literal):
        return
    if is_cron(literal):
        values.findings.add("timer-cron", given[0])
    else:
        values.findings.add("timer-literal", given[0], value=literal, example=_EXAMPLES[kind])


def _may_repeat(node: Node) -> bool:
    if node.kind == "boundaryEvent":
        return node.element.get("cancelActivity") == "false"
    if node.kind == "startEvent" and node.scope.owner is not None:
        return node.element.get("isInterrupting") == "false"
    return False
