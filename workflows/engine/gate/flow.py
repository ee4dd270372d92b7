"""Checks of how the shapes are connected: starts, flows, conditions, gateways, loops and boundaries."""

from __future__ import annotations

from workflows.engine.gate.diagram import Diagram, Flow, Node, Scope
from workflows.engine.gate.findings import Findings
from workflows.engine.gate.graph import loops, reach

_BRANCHING = {"exclusiveGateway", "inclusiveGateway"}
_AUTOMATIC = {
    "task", "manualTask", "scriptTask", "businessRuleTask", "intermediateThrowEvent",
    "exclusiveGateway", "parallelGateway", "inclusiveGateway",
}  # fmt: skip


def check_flow(diagram: Diagram, findings: Findings) -> None:
    for scope in diagram.scopes:
        if scope.owner is not None and scope.owner.kind == "adHocSubProcess":
            continue  # refused as a whole
        _check_starts(scope, findings)
        for broken in scope.broken_flows:
            findings.add("dangling-flow", broken, id=broken.get("id") or "")
        for flow in scope.flows:
            _check_condition(flow, findings)
        for node in scope.nodes:
            _check_node(node, findings)
        _check_links(scope, findings)
        _check_reachable(scope, findings)
        _check_loops(scope, findings)


def _check_starts(scope: Scope, findings: Findings) -> None:
    starts = scope.starts()
    plain = [node for node in starts if not node.event]
    owner = scope.owner
    if owner is not None and owner.is_event_subprocess:
        if len(starts) != 1 or plain:
            findings.add("event-subprocess-start", owner.element)
        if owner.incoming or owner.outgoing:
            findings.add("event-subprocess-connected", owner.element)
    elif owner is not None:
        if len(plain) != 1 or len(starts) != 1:
            findings.add("subprocess-start", owner.element)
    elif not starts:
        findings.add("no-start-event", scope.element)
    elif len(plain) > 1:
        findings.add("several-none-starts", scope.element)


def _label(flow: Flow) -> str:
    return flow.element.get("name") or flow.element.get("id") or ""


def _check_condition(flow: Flow, findings: Findings) -> None:
    source, default = flow.source, flow.source.element.get("default")
    has_condition = flow.condition is not None
    if source.kind not in _BRANCHING:
        if has_condition:
            findings.add("condition-ignored", flow.element, flow=_label(flow))
    elif default and default == flow.element.get("id"):
        if has_condition:
            findings.add("condition-on-default", flow.element, flow=_label(flow))
    elif not has_condition and len(source.outgoing) > 1:
        gateway = source.element.get("name") or source.id
        findings.add("condition-missing", flow.element, flow=_label(flow), gateway=gateway)


def _check_node(node: Node, findings: Findings) -> None:
    element, kind = node.element, node.kind
    default = element.get("default")
    if kind == "startEvent" and node.incoming:
        findings.add("start-with-incoming", element)
    if kind == "endEvent" and node.outgoing:
        findings.add("end-with-outgoing", element)
    if default and default not in {flow.element.get("id") for flow in node.outgoing}:
        findings.add("default-flow-unknown", element, flow=default)
    if kind in _BRANCHING and len(node.outgoing) > 1 and not default:
        findings.add("no-default-flow", element)
    if kind == "boundaryEvent":
        _check_boundary(node, findings)
    if kind == "eventBasedGateway" and (len(node.outgoing) < 2 or not all(map(_may_follow, node.outgoing))):
        findings.add("event-gateway", element)


def _may_follow(flow: Flow) -> bool:
    """Whether an event-based gateway may lead there."""
    target = flow.target
    caught = target.kind == "intermediateCatchEvent" and target.event in {"message", "timer", "signal", "conditional"}
    return (caught or target.kind == "receiveTask") and len(target.incoming) == 1


def _check_boundary(node: Node, findings: Findings) -> None:
    if node.host is None:
        findings.add("boundary-attached", node.element)
    if node.incoming:
        findings.add("boundary-incoming", node.element)
    if node.event == "error" and node.element.get("cancelActivity") == "false":
        findings.add("boundary-interrupts", node.element)


def _check_links(scope: Scope, findings: Findings) -> None:
    thrown = {node.link for node in scope.nodes if node.kind == "intermediateThrowEvent"}
    for node in scope.nodes:
        matched = len(scope.link_catches.get(node.link, [])) == 1 and node.link in thrown
        if node.event == "link" and not (node.link and matched):
            findings.add("link", node.element)


def _check_reachable(scope: Scope, findings: Findings) -> None:
    if not scope.starts():
        return  # reported already; everything would be unreachable
    reached = reach(node for node in scope.nodes if node.kind == "startEvent" or node.is_event_subprocess)
    for node in scope.nodes:
        told = node.kind == "boundaryEvent" and node.host is None  # reported as not attached
        if node not in reached and not told:
            findings.add("unreachable", node.element)


def _check_loops(scope: Scope, findings: Findings) -> None:
    for loop in loops(scope.nodes):
        for node in loop:
            if node.kind == "parallelGateway" and len(node.incoming) > 1 and len(node.outgoing) > 1:
                findings.add("join-and-fork-in-loop", node.element)
    order = {node: place for place, node in enumerate(scope.nodes)}
    for loop in loops([node for node in scope.nodes if _is_automatic(node)]):
        findings.add("endless-loop", min(loop, key=order.__getitem__).element)


def _is_automatic(node: Node) -> bool:
    """Whether the engine goes past by itself, without a person, a job or an event to wait for."""
    runs_job = node.extension("taskDefinition") is not None or node.event == "message"
    return node.kind in _AUTOMATIC and not runs_job
