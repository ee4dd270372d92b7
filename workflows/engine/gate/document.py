"""Checks of the file as a whole: dialect, ids, one executable process, and elements outside the supported subset."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from workflows.engine.gate.diagram import (
    BPMN,
    BPMNDI,
    CAMUNDA_7,
    MODELER,
    NODES,
    OPERATON,
    SCOPES,
    ZEEBE,
    Diagram,
    bpmn,
    local,
)
from workflows.engine.gate.findings import Findings, line_of
from workflows.engine.xml import Element
from workflows.errors import Text

SUPPORTED_VERSION: Final = "8.8"

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*\Z")
# Names that SpiffWorkflow gives to its own internal steps; a step of that id would be skipped silently.
_RESERVED = re.compile(
    r"(Start|End|Root|StartEventSplit|StartEventJoin|.*\.(EndJoin|BoundaryEventSplit|BoundaryEventJoin))\Z"
)

_BPMN_ELEMENTS: Final = NODES | {
    "definitions", "collaboration", "participant", "messageFlow", "process", "laneSet", "childLaneSet", "lane",
    "flowNodeRef", "documentation", "extensionElements", "incoming", "outgoing", "sequenceFlow",
    "conditionExpression", "message", "error", "signal", "escalation", "messageEventDefinition",
    "timerEventDefinition", "errorEventDefinition", "signalEventDefinition", "escalationEventDefinition",
    "terminateEventDefinition", "linkEventDefinition", "conditionalEventDefinition", "condition", "timeDate",
    "timeDuration", "timeCycle", "multiInstanceLoopCharacteristics", "completionCondition", "textAnnotation", "text",
    "association", "group", "category", "categoryValue", "categoryValueRef", "dataObject", "dataObjectReference",
    "dataStore", "dataStoreReference", "dataState", "dataInputAssociation", "dataOutputAssociation", "sourceRef",
    "targetRef", "property", "participantRef", "import", "itemDefinition", "extension", "supportedInterfaceRef",
}  # fmt: skip

_USE_SUBPROCESS = Text("ให้ใช้กระบวนงานย่อยธรรมดา", "use a plain sub-process")
_UNSUPPORTED: Final[dict[str, tuple[Text, Text]]] = {
    "transaction": (Text("กระบวนงานย่อยแบบ transaction", "a transaction sub-process"), _USE_SUBPROCESS),
    "cancelEventDefinition": (
        Text("เหตุการณ์ cancel", "a cancel event"),
        Text("ให้ใช้เหตุการณ์ข้อผิดพลาด (error)", "use an error event"),
    ),
    "compensateEventDefinition": (
        Text("การชดเชย (compensation)", "compensation"),
        Text("ให้เขียนขั้นตอนย้อนกลับเป็นงานปกติ", "draw the undoing steps as ordinary tasks"),
    ),
    "adHocSubProcess": (Text("กระบวนงานย่อยแบบ ad-hoc", "an ad-hoc sub-process"), _USE_SUBPROCESS),
    "complexGateway": (
        Text("ทางแยกแบบซับซ้อน (complex gateway)", "a complex gateway"),
        Text("ให้ใช้ exclusive, inclusive หรือ parallel gateway", "use an exclusive, inclusive or parallel gateway"),
    ),
    "standardLoopCharacteristics": (
        Text("การวนซ้ำแบบ loop", "a standard loop"),
        Text("ให้ใช้ gateway วนกลับ หรือ multi-instance", "draw the loop with a gateway, or use multi-instance"),
    ),
    "loopCardinality": (
        Text("จำนวนรอบแบบ loop cardinality", "a loop cardinality"),
        Text("ให้ใช้ Input collection เช่น =[1, 2, 3]", "use an input collection, such as =[1, 2, 3]"),
    ),
    "executionListeners": (
        Text("ตัวดักเหตุการณ์ (execution listener)", "an execution listener"),
        Text("ให้เพิ่มเป็น service task ก่อนหรือหลัง", "add a service task before or after"),
    ),
    "taskListeners": (
        Text("ตัวดักเหตุการณ์ (task listener)", "a task listener"),
        Text("ให้เพิ่มเป็น service task ก่อนหรือหลัง", "add a service task before or after"),
    ),
}
_OTHER_ADVICE = Text("ให้ใช้องค์ประกอบในตารางที่รองรับ", "use an element of the supported subset")


def check_document(diagram: Diagram, findings: Findings) -> None:
    _check_platform(diagram, findings)
    _check_processes(diagram, findings)
    _check_ids(diagram, findings)
    _check_elements(diagram, findings)
    if diagram.root.find(f".//{{{BPMNDI}}}BPMNShape") is None:
        findings.add("no-shapes", diagram.root)


def unsupported(what: str, at: Element, findings: Findings) -> None:
    """Report an element outside the subset by its BPMN name."""
    name, advice = _UNSUPPORTED.get(what, (Text(what, what), _OTHER_ADVICE))
    findings.add("unsupported-element", at, what=name, advice=advice)


def _check_platform(diagram: Diagram, findings: Findings) -> None:
    platform = diagram.root.get(f"{{{MODELER}}}executionPlatform")
    version = diagram.root.get(f"{{{MODELER}}}executionPlatformVersion") or ""
    seven = _first_camunda_7(diagram.root)
    if platform == "Camunda Platform" or seven is not None:
        findings.add("camunda-7", seven if seven is not None else diagram.root)
    elif platform != "Camunda Cloud":
        findings.add("wrong-platform", diagram.root)
    elif not (version == SUPPORTED_VERSION or version.startswith(SUPPORTED_VERSION + ".")):
        findings.add("platform-version", diagram.root, version=version or "?")


def _first_camunda_7(root: Element) -> Element | None:
    """The first setting of Camunda 7. The web modeler leaves a mark of that namespace on the root of any diagram."""
    sevens = {CAMUNDA_7, OPERATON}
    for element in root.iterdescendants():
        names = [element.tag, *element.attrib]
        if any(etree.QName(name).namespace in sevens for name in names):
            return element
    return None


def _check_processes(diagram: Diagram, findings: Findings) -> None:
    if not diagram.executable:
        findings.add("no-executable-process", diagram.process if diagram.process is not None else diagram.root)
    for count, process in enumerate(diagram.executable[1:], start=2):
        findings.add("several-executable-processes", process, count=count)


def _check_ids(diagram: Diagram, findings: Findings) -> None:
    seen: dict[str, Element] = {}
    for element in diagram.root.iter():
        if etree.QName(element).namespace == BPMN and local(element) in _MUST_HAVE_ID and not element.get("id"):
            findings.add("id-missing", element, kind=local(element))
        key = element.get("id")
        if not key or etree.QName(element).namespace == ZEEBE:
            continue
        if key in seen:
            findings.add("duplicate-id", element, id=key, first=line_of(seen[key]))
        seen.setdefault(key, element)
        if etree.QName(element).namespace != BPMN:
            continue
        if _RESERVED.match(key) and local(element) in NODES | {"process"}:
            findings.add("reserved-id", element, id=key)
        elif not _ID.match(key):
            findings.add("id-form", element, id=key)


_MUST_HAVE_ID: Final = NODES | {"process", "sequenceFlow", "message", "error", "signal", "escalation"}


def _check_elements(diagram: Diagram, findings: Findings) -> None:
    """Walk everything that is not a picture or another tool's extension."""
    pending = [diagram.root]
    while pending:
        element = pending.pop()
        space, name = etree.QName(element).namespace, local(element)
        if space == ZEEBE and name in _UNSUPPORTED:
            unsupported(name, element, findings)
            continue
        if space == BPMN and (name in _UNSUPPORTED or name not in _BPMN_ELEMENTS):
            if name not in {"ioSpecification"}:  # data shapes are pictures here
                unsupported(name, element, findings)
            if name not in SCOPES:
                continue
        elif space == BPMN and element.get("isForCompensation") == "true":
            unsupported("compensateEventDefinition", element, findings)
        elif space == BPMNDI:
            continue
        elif space != BPMN and space != ZEEBE:
            if not _in_extension(element):
                findings.add("unknown-element", element, what=name)
            continue
        pending.extend(element)


def _in_extension(element: Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == bpmn("extensionElements")
