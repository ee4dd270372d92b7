"""What a flow node says in Camunda's ``zeebe:`` elements, as one plain dictionary for its spec.

Expressions stay text (``=`` and FEEL, else a literal) but every one is compiled here, so a definition that loads has no
syntax error left in it.
"""

from __future__ import annotations

from typing import Any

from workflows.engine.expressions import compiled
from workflows.engine.normalise import NAMESPACES
from workflows.errors import DiagramRejected, Text
from workflows.feel import FeelError

_USER_TASK = {
    "assignmentDefinition": ("assignee", "candidateGroups", "candidateUsers"),
    "taskSchedule": ("dueDate", "followUpDate"),
    "priorityDefinition": ("priority",),
    "formDefinition": ("formId",),
}


def zeebe(node: Any, path: str) -> Any:
    """The first zeebe element of this name among the node's extension elements, or None."""
    return node.find(f"bpmn:extensionElements/zeebe:{path}", NAMESPACES)


def zeebe_all(node: Any, path: str) -> list[Any]:
    """All zeebe elements of this path among the node's extension elements."""
    return list(node.iterfind(f"bpmn:extensionElements/zeebe:{path}", NAMESPACES))


def checked(node: Any, text: str | None) -> str:
    """The text of a field, proven to compile. DiagramRejected with the FEEL message otherwise."""
    source = (text or "").strip()
    try:
        compiled(source)
    except FeelError as error:
        raise DiagramRejected(error.text, element_id=node.get("id"), line=node.sourceline) from error
    return source


def missing(node: Any, what: str) -> DiagramRejected:
    """The node lacks something it cannot run without."""
    return DiagramRejected(
        Text(f"“{node.get('name') or node.get('id')}” ยังไม่ได้กำหนด {what}", f"“{node.get('id')}” has no {what}"),
        element_id=node.get("id"),
        line=node.sourceline,
    )


def flag(element: Any, name: str, default: bool = True) -> bool:
    """A boolean attribute."""
    return str(element.get(name, str(default).lower())) == "true"


def mappings(node: Any, direction: str) -> list[list[str]]:
    """``[source, target]`` of each input or output mapping."""
    return [
        [checked(node, entry.get("source") or "=null"), entry.get("target")]
        for entry in zeebe_all(node, f"ioMapping/zeebe:{direction}")
        if entry.get("target")
    ]


def properties(node: Any) -> dict[str, str]:
    """The extension properties of an element."""
    return {
        entry.get("name"): entry.get("value") or ""
        for entry in zeebe_all(node, "properties/zeebe:property")
        if entry.get("name")
    }


def read_extensions(node: Any, messages: dict[str, Any]) -> dict[str, Any]:
    """Everything the engine needs to know about a flow node beyond BPMN itself; JSON values only."""
    found: dict[str, Any] = {}
    for element_name, attributes in _USER_TASK.items():
        element = zeebe(node, element_name)
        for attribute in attributes:
            if element is not None and element.get(attribute):
                found[attribute] = checked(node, element.get(attribute))
    headers = {entry.get("key"): entry.get("value") or "" for entry in zeebe_all(node, "taskHeaders/zeebe:header")}
    definition = zeebe(node, "taskDefinition")
    if definition is not None and definition.get("type"):
        found["type"] = checked(node, definition.get("type"))
        found["retries"] = checked(node, definition.get("retries") or "3")
    for name, value in (
        ("inputs", mappings(node, "input")),
        ("outputs", mappings(node, "output")),
        ("headers", headers),
        ("properties", properties(node)),
    ):
        if value:
            found[name] = value
    key = _correlation_key(node, messages)
    if key:
        found["correlationKey"] = checked(node, key)
    return found


def _correlation_key(node: Any, messages: dict[str, Any]) -> str | None:
    event = node.find("bpmn:messageEventDefinition", NAMESPACES)
    message = messages.get((node if event is None else event).get("messageRef"))
    subscription = None if message is None else zeebe(message, "subscription")
    return None if subscription is None else subscription.get("correlationKey")


def read_instances(node: Any, loop: Any) -> dict[str, Any]:
    """The multi-instance characteristics of an activity."""
    characteristics = zeebe(loop, "loopCharacteristics")
    if characteristics is None or not characteristics.get("inputCollection"):
        raise missing(node, "inputCollection")
    condition = loop.find("bpmn:completionCondition", NAMESPACES)
    text = "" if condition is None else (condition.text or "").strip()
    output_element = characteristics.get("outputElement")
    return {
        "collection": checked(node, characteristics.get("inputCollection")),
        "element": characteristics.get("inputElement") or "",
        "output_collection": characteristics.get("outputCollection") or "",
        "output_element": checked(node, output_element) if output_element else "",
        "condition": checked(node, text) if text else None,
    }
