"""A BPMN file as the checks see it: scopes, nodes and flows of its process, nothing executable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from workflows.engine.xml import Element

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
MODELER = "http://camunda.org/schema/modeler/1.0"
CAMUNDA_7 = "http://camunda.org/schema/1.0/bpmn"
OPERATON = "http://operaton.org/schema/1.0/bpmn"

EVENTS = {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
TASKS = {
    "task", "manualTask", "userTask", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask"
}  # fmt: skip
ACTIVITIES = TASKS | {"callActivity", "subProcess"}
GATEWAYS = {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"}
UNSUPPORTED_NODES = {"transaction", "adHocSubProcess", "complexGateway"}
NODES = EVENTS | ACTIVITIES | GATEWAYS | UNSUPPORTED_NODES
SCOPES = {"subProcess", "transaction", "adHocSubProcess"}


def bpmn(name: str) -> str:
    return f"{{{BPMN}}}{name}"


def zeebe(name: str) -> str:
    return f"{{{ZEEBE}}}{name}"


def local(element: Element) -> str:
    return etree.QName(element).localname


def bpmn_name(element: Element) -> str:
    """The BPMN name of an element; empty for an element of another namespace."""
    name = etree.QName(element)
    return name.localname if name.namespace == BPMN else ""


@dataclass(eq=False)
class Node:
    element: Element
    kind: str  # the BPMN tag
    scope: Scope
    incoming: list[Flow] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    inside: Scope | None = None  # of a sub-process
    host: Node | None = None  # the activity a boundary event is attached to
    attached: list[Node] = field(default_factory=list)  # the boundary events of an activity

    @property
    def id(self) -> str:
        return self.element.get("id") or ""

    @property
    def events(self) -> list[Element]:
        """The event definitions of an event."""
        return [child for child in self.element if bpmn_name(child).endswith("EventDefinition")]

    @property
    def event(self) -> str:
        """What kind of event: "timer", "message", ...; empty for a none event or another node."""
        return local(self.events[0]).removesuffix("EventDefinition") if self.events else ""

    @property
    def link(self) -> str:
        """The name that joins a link throw event with its catch event."""
        return (self.events[0].get("name") or "") if self.event == "link" else ""

    @property
    def loop(self) -> Element | None:
        return self.element.find(bpmn("multiInstanceLoopCharacteristics"))

    @property
    def is_event_subprocess(self) -> bool:
        return self.kind == "subProcess" and self.element.get("triggeredByEvent") == "true"

    def extension(self, name: str) -> Element | None:
        return extension(self.element, name)

    def mappings(self, direction: str) -> list[Element]:
        """The zeebe:input or zeebe:output mappings of this node itself."""
        mapping = self.extension("ioMapping")
        return [] if mapping is None else mapping.findall(zeebe(direction))


@dataclass(eq=False)
class Flow:
    element: Element
    source: Node
    target: Node

    @property
    def condition(self) -> Element | None:
        return self.element.find(bpmn("conditionExpression"))


@dataclass(eq=False)
class Scope:
    element: Element
    owner: Node | None  # the sub-process; None for the process itself
    nodes: list[Node] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    broken_flows: list[Element] = field(default_factory=list)  # an end is missing or lies in another scope

    link_catches: dict[str, list[Node]] = field(default_factory=dict)

    def starts(self) -> list[Node]:
        return [node for node in self.nodes if node.kind == "startEvent"]


@dataclass
class Diagram:
    root: Element
    executable: list[Element]
    process: Element | None  # the one that is checked: the first executable, or else the first with content
    scopes: list[Scope]
    globals: dict[str, Element]  # bpmn:message, error, signal, escalation by id

    def nodes(self) -> Iterator[Node]:
        for scope in self.scopes:
            yield from scope.nodes

    def referenced(self, holder: Element, attribute: str) -> Element | None:
        """The message, error, ... that an attribute (``messageRef``, ...) names, if it is of that kind."""
        found = self.globals.get(holder.get(attribute) or "")
        return found if found is not None and local(found) == attribute.removesuffix("Ref") else None


def extension(element: Element, name: str) -> Element | None:
    return element.find(f"{bpmn('extensionElements')}/{zeebe(name)}")


def read(root: Element) -> Diagram:
    """Read the structure; whatever is missing or odd stays visible for the checks instead of raising."""
    processes = root.findall(bpmn("process"))
    executable = [process for process in processes if process.get("isExecutable") == "true"]
    process = next(iter(executable or [process for process in processes if len(process)] or processes), None)
    scopes: list[Scope] = []
    if process is not None:
        _read_scope(process, None, scopes)
    named = {"message", "error", "signal", "escalation"}
    found = {child.get("id") or "": child for child in root if bpmn_name(child) in named}
    return Diagram(root, executable, process, scopes, found)


def _read_scope(element: Element, owner: Node | None, scopes: list[Scope]) -> Scope:
    scope = Scope(element, owner)
    scopes.append(scope)
    by_id: dict[str, Node] = {}
    for child in element:
        kind = bpmn_name(child)
        if kind in NODES:
            node = Node(child, kind, scope)
            scope.nodes.append(node)
            by_id.setdefault(node.id, node)
            if kind in SCOPES:
                node.inside = _read_scope(child, node, scopes)
            if kind == "intermediateCatchEvent" and node.event == "link":
                scope.link_catches.setdefault(node.link, []).append(node)
    for node in scope.nodes:
        host = by_id.get(node.element.get("attachedToRef") or "")
        if node.kind == "boundaryEvent" and host is not None and host.kind in ACTIVITIES | SCOPES:
            node.host = host
            host.attached.append(node)
    for child in element.findall(bpmn("sequenceFlow")):
        source, target = by_id.get(child.get("sourceRef") or ""), by_id.get(child.get("targetRef") or "")
        if source is None or target is None:
            scope.broken_flows.append(child)
            continue
        flow = Flow(child, source, target)
        scope.flows.append(flow)
        source.outgoing.append(flow)
        target.incoming.append(flow)
    return scope
