"""Bring a diagram into the shape the library's parser understands, on a parsed copy; the uploaded file stays as it is.

* link events become sequence flows;
* several flows out of an activity or event become a gateway; a node without a way out gets an end event;
* ids the library keeps for itself are renamed (``Normalised.renamed`` leads back to the diagram's own);
* data objects, stores and associations are dropped: the library gives them a meaning Camunda 8 does not.

What the profile does not support is refused by name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from workflows.errors import DiagramRejected, Text

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
NAMESPACES = {"bpmn": BPMN, "zeebe": ZEEBE}
FLOW_NODES = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "scriptTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
        "callActivity",
        "subProcess",
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "eventBasedGateway",
    }
)
UNSUPPORTED = {
    "transaction": Text("ธุรกรรม (transaction)", "transactions"),
    "adHocSubProcess": Text("กระบวนการย่อยแบบ ad-hoc", "ad-hoc sub-processes"),
    "complexGateway": Text("เกตเวย์แบบซับซ้อน (complex gateway)", "complex gateways"),
    "compensateEventDefinition": Text("การชดเชย (compensation)", "compensation"),
    "cancelEventDefinition": Text("เหตุการณ์ยกเลิกธุรกรรม (cancel event)", "cancel events"),
    "standardLoopCharacteristics": Text("วงซ้ำแบบ standard loop", "standard loops"),
}
_IGNORED = frozenset(
    {
        "dataInputAssociation",
        "dataOutputAssociation",
        "ioSpecification",
        "dataObject",
        "dataObjectReference",
        "dataStore",
        "dataStoreReference",
        "property",
        "correlationProperty",
        "correlationKey",
    }
)
_RESERVED = frozenset(("Start", "End", "Root"))
_REFERENCES = ("id", "sourceRef", "targetRef", "attachedToRef", "bpmnElement", "default")


def tag(name: str) -> str:
    """The full name of a BPMN element."""
    return f"{{{BPMN}}}{name}"


def local(element: Any) -> str:
    """The BPMN name of an element; empty for anything outside BPMN."""
    name = element.tag
    return name[len(BPMN) + 2 :] if isinstance(name, str) and name.startswith("{" + BPMN) else ""


@dataclass(slots=True)
class Normalised:
    """What was changed: new id → id of the diagram, and the ids that stand for nothing in the diagram."""

    renamed: dict[str, str] = field(default_factory=dict)
    added: set[str] = field(default_factory=set)

    def shown_id(self, element_id: str) -> str | None:
        """The id in the diagram; None for an element that is not there."""
        return None if element_id in self.added else self.renamed.get(element_id, element_id)


def normalise(root: Any) -> Normalised:
    """Change the tree in place and say what changed. DiagramRejected for elements outside the profile."""
    report = Normalised()
    _refuse_unsupported(root)
    for element in [element for element in root.iter() if local(element) in _IGNORED]:
        element.getparent().remove(element)
    _rename_reserved(root, report)
    for scope in [element for element in root.iter() if local(element) in ("process", "subProcess")]:
        _Scope(scope, report).normalise()
    return report


def _refuse_unsupported(root: Any) -> None:
    for element in root.iter():
        what = UNSUPPORTED.get(local(element))
        if what is not None:
            host = element if element.get("id") else element.getparent()
            raise DiagramRejected(
                Text(f"ระบบไม่รองรับ{what.th}", f"{what.en[:1].upper()}{what.en[1:]} are not supported"),
                element_id=host.get("id"),
                line=element.sourceline,
            )


def _rename_reserved(root: Any, report: Normalised) -> None:
    ids = {element.get("id") for element in root.iter() if element.get("id")}
    for old in _RESERVED & ids:
        new = old
        while new in ids or new in _RESERVED:
            new += "_"
        report.renamed[new] = old
        for element in root.iter():
            for name in _REFERENCES:
                if element.get(name) == old:
                    element.set(name, new)
            if local(element) in ("incoming", "outgoing", "flowNodeRef") and (element.text or "").strip() == old:
                element.text = new


class _Scope:
    """One process or sub-process under normalisation."""

    def __init__(self, node: Any, report: Normalised) -> None:
        self.node = node
        self.report = report
        self.nodes = [child for child in node if local(child) in FLOW_NODES]
        self.outgoing: dict[str, list[Any]] = {}
        for flow in node.iterchildren(tag("sequenceFlow")):
            self.outgoing.setdefault(flow.get("sourceRef"), []).append(flow)

    def normalise(self) -> None:
        self._join_links()
        for node in self.nodes:
            kind, flows = local(node), self.outgoing.get(node.get("id"), [])
            if len(flows) > 1 and not kind.endswith("Gateway"):
                self._fork(node, flows)
            elif not flows and kind != "endEvent" and node.get("triggeredByEvent") != "true":
                self._connect(node, self._add("endEvent", node.get("id") + "_end"))

    def _join_links(self) -> None:
        targets = {}
        for node in self.nodes:
            link = node.find(tag("linkEventDefinition"))
            if link is not None and local(node) == "intermediateCatchEvent":
                targets[link.get("name") or node.get("name")] = node
        for node in self.nodes:
            link = node.find(tag("linkEventDefinition"))
            if link is None:
                continue
            if local(node) == "intermediateThrowEvent":
                target = targets.get(link.get("name") or node.get("name"))
                if target is None:
                    raise DiagramRejected(
                        Text("เหตุการณ์ลิงก์ไม่มีปลายทางชื่อเดียวกัน", "A link event has no target of the same name"),
                        element_id=node.get("id"),
                        line=node.sourceline,
                    )
                self._connect(node, target)
            node.remove(link)
            # what is left passes the token on: a none throw event
            node.tag = tag("intermediateThrowEvent")

    def _fork(self, node: Any, flows: list[Any]) -> None:
        conditional = any(flow.find(tag("conditionExpression")) is not None for flow in flows)
        gateway = self._add("inclusiveGateway" if conditional else "parallelGateway", node.get("id") + "_fork")
        if conditional and node.get("default"):
            gateway.set("default", node.get("default"))
        for flow in flows:
            flow.set("sourceRef", gateway.get("id"))
        self.outgoing[node.get("id")] = []
        self._connect(node, gateway)

    def _add(self, kind: str, element_id: str) -> Any:
        self.report.added.add(element_id)
        return etree.SubElement(self.node, tag(kind), id=element_id)

    def _connect(self, source: Any, target: Any) -> None:
        flow = etree.SubElement(self.node, tag("sequenceFlow"), id=f"{source.get('id')}_to_{target.get('id')}")
        flow.set("sourceRef", source.get("id"))
        flow.set("targetRef", target.get("id"))
        self.outgoing.setdefault(source.get("id"), []).append(flow)
