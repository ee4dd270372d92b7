"""Small process diagrams for tests of the gate: valid as they stand, so that a test shows exactly what it breaks."""

from __future__ import annotations

import re
from itertools import pairwise

NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:modeler="http://camunda.org/schema/modeler/1.0" xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
)
PLATFORM = 'modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.8.0"'
SHAPE = '<di:BPMNDiagram id="D"><di:BPMNPlane><di:BPMNShape bpmnElement="S"/></di:BPMNPlane></di:BPMNDiagram>'


def file(process: str, *, head: str = "", platform: str = PLATFORM, shapes: str = SHAPE) -> bytes:
    """A whole file around any process elements; ``head`` holds messages, errors, ..."""
    return f'<definitions id="F" {NAMESPACES} {platform}>{head}{process}{shapes}</definitions>'.encode()


def process(body: str, *, attributes: str = 'isExecutable="true"', **around: str) -> bytes:
    """A file with one process of this content."""
    return file(f'<process id="P" {attributes}>{body}</process>', **around)


def flow(source: str, target: str, condition: str | None = None) -> str:
    inner = "" if condition is None else f"<conditionExpression>{condition}</conditionExpression>"
    return f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'


def chain(*nodes: str, beside: str = "", **around: str) -> bytes:
    """Start -> the nodes in order -> end; ``beside`` is added unconnected."""
    ids = ["S", *(_id(node) for node in nodes), "E"]
    flows = "".join(flow(source, target) for source, target in pairwise(ids))
    return process(f'<startEvent id="S"/>{"".join(nodes)}<endEvent id="E"/>{flows}{beside}', **around)


def _id(node: str) -> str:
    match = re.search(r'\bid="([^"]+)"', node)
    return match[1] if match else ""


def element(tag: str, extensions: str = "", inside: str = "", **attributes: str) -> str:
    """``<tag id="A" ...>`` with zeebe extensions."""
    given = " ".join(f'{name}="{value}"' for name, value in ({"id": "A"} | attributes).items())
    extended = f"<extensionElements>{extensions}</extensionElements>" if extensions else ""
    return f"<{tag} {given}>{extended}{inside}</{tag}>"


def user_task(extensions: str = "", inside: str = "", **attributes: str) -> str:
    """A complete user task, with more extensions if given."""
    whole = (
        '<zeebe:userTask/><zeebe:formDefinition formId="f"/><zeebe:assignmentDefinition candidateGroups="issuer"/>'
        + extensions
    )
    return element("userTask", whole, inside, **attributes)


def job(type: str = "notice.send", extensions: str = "", inside: str = "", **attributes: str) -> str:  # noqa: A002
    return element("serviceTask", f'<zeebe:taskDefinition type="{type}"/>{extensions}', inside, **attributes)


def script(expression: str, result: str = "x", **attributes: str) -> str:
    return element("scriptTask", f'<zeebe:script expression="{expression}" resultVariable="{result}"/>', **attributes)


def mapping(*inputs: tuple[str, str], outputs: tuple[tuple[str, str], ...] = ()) -> str:
    """An ioMapping of (source, target) pairs."""
    tags = [f'<zeebe:input source="{source}" target="{target}"/>' for source, target in inputs]
    tags += [f'<zeebe:output source="{source}" target="{target}"/>' for source, target in outputs]
    return f"<zeebe:ioMapping>{''.join(tags)}</zeebe:ioMapping>"
