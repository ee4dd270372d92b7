"""A short hand for BPMN in tests: elements as functions, flows as ``"a>b"``, ``"a>b[=condition]"``."""

from __future__ import annotations

from html import escape

_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="D" targetNamespace="tests">'
)
START, END = '<bpmn:startEvent id="s"/>', '<bpmn:endEvent id="e"/>'
PAID = '<bpmn:messageEventDefinition id="md" messageRef="M"/>'
NO_BUDGET = '<bpmn:errorEventDefinition id="ed" errorRef="ER"/>'


def diagram(*parts: str, process_id: str = "P", top: str = "") -> bytes:
    """A whole file with one executable process."""
    body = "".join(parts)
    return (
        f'{_HEAD}{top}<bpmn:process id="{process_id}" isExecutable="true">{body}</bpmn:process></bpmn:definitions>'
    ).encode()


def _element(tag: str, body: str = "", /, **attributes: str) -> str:
    """One BPMN element; a trailing underscore of an attribute name is dropped."""
    text = "".join(f' {key.rstrip("_")}="{value}"' for key, value in attributes.items() if value)
    return f"<bpmn:{tag}{text}>{body}</bpmn:{tag}>"


def _formal(name: str, text: str) -> str:
    return f'<bpmn:{name} xsi:type="bpmn:tFormalExpression">{escape(text)}</bpmn:{name}>'


def flows(*arrows: str) -> str:
    """Sequence flows; their ids are ``f_<from>_<to>``."""
    text = ""
    for arrow in arrows:
        source, target = arrow.split(">", 1)
        target, _, condition = target.partition("[")
        body = _formal("conditionExpression", condition[:-1]) if condition else ""
        text += _element("sequenceFlow", body, id=f"f_{source}_{target}", sourceRef=source, targetRef=target)
    return text


def zeebe(inner: str) -> str:
    return f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>" if inner else ""


def mapping(inputs: dict[str, str] | None = None, outputs: dict[str, str] | None = None) -> str:
    """Input and output mappings as ``{target: source}``."""
    text = "".join(f'<zeebe:input source="{escape(s)}" target="{t}"/>' for t, s in (inputs or {}).items())
    text += "".join(f'<zeebe:output source="{escape(s)}" target="{t}"/>' for t, s in (outputs or {}).items())
    return f"<zeebe:ioMapping>{text}</zeebe:ioMapping>"


def end(element_id: str, inner: str = "") -> str:
    return _element("endEvent", inner, id=element_id)


def user(element_id: str, extensions: str = "", inner: str = "") -> str:
    return _element("userTask", zeebe("<zeebe:userTask/>" + extensions) + inner, id=element_id, name=element_id)


def job(element_id: str, job_type: str, extensions: str = "", kind: str = "serviceTask", inner: str = "") -> str:
    definition = f'<zeebe:taskDefinition type="{job_type}"/>'
    return _element(kind, zeebe(definition + extensions) + inner, id=element_id)


def script(element_id: str, expression: str, result: str) -> str:
    body = zeebe(f'<zeebe:script expression="{escape(expression)}" resultVariable="{result}"/>')
    return _element("scriptTask", body, id=element_id)


def gateway(kind: str, element_id: str, default: str = "") -> str:
    """``kind`` is exclusive, parallel, inclusive or eventBased; ``default`` the target of the default flow."""
    return _element(f"{kind}Gateway", id=element_id, default=f"f_{element_id}_{default}" if default else "")


def timer(text: str, tag: str = "timeDuration") -> str:
    return _element("timerEventDefinition", _formal(tag, text), id="td")


def boundary(element_id: str, host: str, definition: str, *, interrupting: bool = True, extensions: str = "") -> str:
    cancel = str(interrupting).lower()
    body = zeebe(extensions) + definition
    return _element("boundaryEvent", body, id=element_id, cancelActivity=cancel, attachedToRef=host)


def catch(element_id: str, definition: str, extensions: str = "") -> str:
    return _element("intermediateCatchEvent", zeebe(extensions) + definition, id=element_id)


def throw(element_id: str, definition: str) -> str:
    return _element("intermediateThrowEvent", definition, id=element_id)


def event(kind: str, reference: str = "") -> str:
    """An event definition by kind: message, signal, error, escalation, terminate."""
    return _element(f"{kind}EventDefinition", id=f"{kind}_d", **({f"{kind}Ref": reference} if reference else {}))


def condition(text: str) -> str:
    return _element("conditionalEventDefinition", _formal("condition", text), id="cd")


def sub_process(element_id: str, *body: str, inner: str = "") -> str:
    """``body`` holds its own nodes and flows; it starts at ``<id>_s`` and ends at ``<id>_e``."""
    start, stop = _element("startEvent", id=f"{element_id}_s"), end(f"{element_id}_e")
    return _element("subProcess", inner + start + "".join(body) + stop, id=element_id)


def event_sub_process(element_id: str, definition: str, body: str, first: str, *, interrupting: bool) -> str:
    """Starts by an event at ``<id>_s``, runs ``first`` and ends at ``<id>_e``."""
    start = _element("startEvent", definition, id=f"{element_id}_s", isInterrupting=str(interrupting).lower())
    links = flows(f"{element_id}_s>{first}", f"{first}>{element_id}_e")
    inner = f"{start}{body}{end(f'{element_id}_e')}{links}"
    return _element("subProcess", inner, id=element_id, triggeredByEvent="true")


def instances(*, sequential: bool = False, output: str = "={by: approver, ok: ok}", condition: str = "") -> str:
    """Multi-instance over ``approvers``, each as ``approver``, results in ``votes``."""
    characteristics = zeebe(
        '<zeebe:loopCharacteristics inputCollection="=approvers" inputElement="approver" '
        f'outputCollection="votes" outputElement="{escape(output)}"/>'
    )
    until = _formal("completionCondition", condition) if condition else ""
    return _element("multiInstanceLoopCharacteristics", characteristics + until, isSequential=str(sequential).lower())


def message(element_id: str = "M", name: str = "paid", key: str = "=case_no") -> str:
    subscription = zeebe(f'<zeebe:subscription correlationKey="{escape(key)}"/>')
    return _element("message", subscription, id=element_id, name=name)


def error(code: str = "NO_BUDGET", element_id: str = "ER") -> str:
    return _element("error", id=element_id, name=code, errorCode=code)


def call(element_id: str, process_id: str, attributes: str = "", extensions: str = "") -> str:
    called = f'<zeebe:calledElement processId="{process_id}" {attributes}/>'
    return _element("callActivity", zeebe(called + extensions), id=element_id)
