"""Where tokens can go: reachability and loops, in time linear in the size of the diagram."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from workflows.engine.gate.diagram import Node


def successors(node: Node) -> list[Node]:
    """Where a token may go from a node: along its flows, through its link, or out by a boundary event."""
    found = [flow.target for flow in node.outgoing] + node.attached
    if node.kind == "intermediateThrowEvent" and node.event == "link":
        found += node.scope.link_catches.get(node.link, [])
    return found


def reach(starts: Iterable[Node]) -> set[Node]:
    """The nodes a token can get to, the starts included."""
    reached: set[Node] = set()
    pending = list(starts)
    while pending:
        node = pending.pop()
        if node not in reached:
            reached.add(node)
            pending.extend(successors(node))
    return reached


def loops(nodes: Collection[Node]) -> list[set[Node]]:
    """The sets of nodes that lie on a common loop within the given nodes (strongly connected, Kosaraju's method)."""
    inside = set(nodes)
    forward = {node: [other for other in successors(node) if other in inside] for node in nodes}
    backward: dict[Node, list[Node]] = {node: [] for node in nodes}
    for node, others in forward.items():
        for other in others:
            backward[other].append(node)
    found: list[set[Node]] = []
    assigned: set[Node] = set()
    for root in reversed(_finish_order(nodes, forward)):
        component = _collect(root, backward, assigned)
        if len(component) > 1 or root in forward[root]:
            found.append(component)
    return found


def _finish_order(nodes: Collection[Node], forward: dict[Node, list[Node]]) -> list[Node]:
    order: list[Node] = []
    seen: set[Node] = set()
    for start in nodes:
        pending = [(start, False)]
        while pending:
            node, finished = pending.pop()
            if finished:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                pending.append((node, True))
                pending.extend((other, False) for other in forward[node])
    return order


def _collect(root: Node, backward: dict[Node, list[Node]], assigned: set[Node]) -> set[Node]:
    component: set[Node] = set()
    pending = [root]
    while pending:
        node = pending.pop()
        if node not in assigned:
            assigned.add(node)
            component.add(node)
            pending.extend(backward[node])
    return component
