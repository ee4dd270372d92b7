"""Which variables a diagram reads and which it sets: misspelt names, and results that never leave their task.

What an operator, an external worker or a message brings is not written in the diagram. Where such an open source
exists, only a name that is close to a known one is reported, as a misspelling. A start without a form is none: what a
caller has to bring is said, so that a misspelt name is not taken for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from workflows.engine.gate.diagram import Diagram, Node, extension
from workflows.engine.gate.findings import shape_of
from workflows.engine.gate.known import Known, Signature
from workflows.engine.gate.spelling import hint
from workflows.engine.gate.values import Values
from workflows.engine.xml import Element

_GIVEN: Final = frozenset(
    {"case_id", "requester", "loopCounter", "errorCode", "errorMessage"}
    | {f"numberOf{which}" for which in ("Instances", "ActiveInstances", "CompletedInstances", "TerminatedInstances")}
)
_MOST_GUESSES: Final = 100  # comparing names is slow; an honest diagram has fewer
_JOBS: Final = {"serviceTask", "sendTask", "receiveTask", "callActivity", "boundaryEvent", "intermediateCatchEvent"}


def check_variables(diagram: Diagram, known: Known, values: Values) -> None:
    writers = _writers(diagram.nodes(), known)
    readers: dict[str, set[str]] = defaultdict(set)
    for use in values.used:
        readers[use.name].add(_owner(use.at))
    _check_names(diagram, known, values, set(writers))
    for literal in values.literals:
        if literal.at.get("target") == literal.name:
            values.findings.add("literal-looks-like-name", literal.at, what=literal.what, value=literal.name)
    passed_on: dict[str, set[str]] = defaultdict(set)
    for use in values.used:
        if use.of_result:
            passed_on[_owner(use.at)].add(use.name)
    for node in diagram.nodes():
        wanted = {name for name in _results(node, known) if readers[name] - {node.id}}
        _check_results(node, wanted - passed_on[node.id], writers, values)


def _owner(at: Element) -> str:
    shape = shape_of(at)
    return (shape.get("id") or "") if shape is not None else ""


def _targets(mappings: Iterable[Element]) -> dict[str, Element]:
    return {(mapping.get("target") or "").split(".")[0]: mapping for mapping in mappings}


def _writers(nodes: Iterable[Node], known: Known) -> dict[str, set[str]]:
    """The ids of the nodes that set each name, locally or for the case."""
    writers: dict[str, set[str]] = defaultdict(set)
    for node in nodes:
        loop = None if node.loop is None else extension(node.loop, "loopCharacteristics")
        names = {*_targets(node.mappings("input")), *_targets(node.mappings("output")), *_results(node, known)}
        if loop is not None:
            names |= {loop.get("inputElement") or "", loop.get("outputCollection") or ""}
        for name in names - {""}:
            writers[name].add(node.id)
    return writers


def _check_names(diagram: Diagram, known: Known, values: Values, written: set[str]) -> None:
    is_closed = not any(_is_open(node, known) for node in diagram.nodes())
    unknown = [use for use in values.used if not use.of_result and use.name not in written | _GIVEN]
    names = sorted({use.name for use in unknown})[:_MOST_GUESSES]
    nearest = {name: hint(name, sorted(written)[:_MOST_GUESSES]) for name in names}
    for use in unknown:
        near = nearest.get(use.name)
        if is_closed or near:
            values.findings.add("name-never-set", use.at, variable=use.name, what=use.what, hint=near or "")


def _results(node: Node, known: Known) -> frozenset[str]:
    """The names that the work of a node itself sets, as far as the diagram and its forms say."""
    for name in ("script", "calledDecision"):
        holder = node.extension(name)
        if holder is not None and holder.get("resultVariable"):
            return frozenset({holder.get("resultVariable") or ""})
    signature = _signature(node, known)
    if signature is not None:
        return frozenset(signature.outputs)
    form = node.extension("formDefinition")
    if form is not None and known.answers is not None:
        return known.answers.get(form.get("formId") or "", frozenset())
    return frozenset()


def _signature(node: Node, known: Known) -> Signature | None:
    job = node.extension("taskDefinition")
    return None if job is None else known.signature(job.get("type") or "")


def _is_open(node: Node, known: Known) -> bool:
    """Whether a node may set names that are written nowhere in the diagram or its forms."""
    if node.mappings("output") or _signature(node, known) is not None:
        return False
    form = node.extension("formDefinition")
    form_is_known = form is not None and known.answers is not None and (form.get("formId") or "") in known.answers
    if node.kind == "userTask":
        return not form_is_known
    if node.kind == "startEvent" and node.scope.owner is None:
        return node.event not in ("", "timer") if form is None else not form_is_known
    return node.kind in _JOBS and node.event != "timer"


def _check_results(node: Node, wanted: set[str], writers: dict[str, set[str]], values: Values) -> None:
    """Results that others read but that stay inside: an input has the same name, or no output passes them on."""
    inputs, outputs = _targets(node.mappings("input")), _targets(node.mappings("output"))
    for name in sorted(wanted - set(outputs)):
        if name in inputs:
            values.findings.add("input-stays-local", inputs[name], variable=name)
        elif outputs and writers[name] == {node.id}:
            values.findings.add("result-stays-local", node.element, variable=name)
