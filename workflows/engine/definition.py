"""A deployed diagram, parsed once and shared by every case and thread that runs it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.start_event import StartEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask

from workflows.engine import xml
from workflows.engine.extensions import checked, properties, zeebe
from workflows.engine.normalise import tag
from workflows.engine.parser import DiagramParser, rejection
from workflows.engine.spec_classes import OWN
from workflows.errors import DiagramRejected, Text

HEADER_PREFIX = "case."


class Element(NamedTuple):
    """A flow node of the diagram: its label (or id) and its BPMN kind, e.g. ``userTask``."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """One process of a bundle with everything it calls. Never changes after it is loaded.

    ``key`` is a digest of the bundle. ``message_starts`` are the messages that start the process. ``header`` holds the
    sources of the ``case.*`` properties without their prefix. ``english`` gives for words of the diagram (its name, its
    tasks, steps and stages) the English that it has for them. ``forms``, ``decisions`` and ``called_processes`` are the
    ids the bundle refers to literally (an expression is known at run time only).
    """

    process_id: str
    name: str
    key: str
    files: tuple[tuple[str, bytes], ...]
    spec: Any
    subprocess_specs: Mapping[str, Any]
    elements: Mapping[str, Element]
    properties: Mapping[str, str]
    header: Mapping[str, str]
    english: Mapping[str, str]
    none_start: str | None
    message_starts: Mapping[str, str]
    start_form_id: str | None
    forms: frozenset[str]
    decisions: frozenset[str]
    called_processes: frozenset[str]

    @property
    def has_start_form(self) -> bool:
        return self.start_form_id is not None


def load(process_id: str, files: Mapping[str, bytes]) -> Definition:
    """Parse a bundle: the file of the process and those of the processes it calls. Cached by content.

    Raises DiagramRejected if the library cannot build the process or an expression does not compile.
    """
    return _load(process_id, tuple(sorted(files.items())))


@lru_cache(256)
def _load(process_id: str, files: tuple[tuple[str, bytes], ...]) -> Definition:
    digest = sha256(process_id.encode())
    for name, data in files:
        digest.update(b"\0" + name.encode() + b"\0" + sha256(data).digest())
    spec, subprocess_specs, node = parse_bundle(process_id, files, OWN)
    _connect_instances(spec, subprocess_specs)
    return _describe(process_id, digest.hexdigest(), files, spec, subprocess_specs, node)


def parse_bundle(
    process_id: str, files: tuple[tuple[str, bytes], ...], classes: Mapping[str, Any]
) -> tuple[Any, dict[str, Any], Any]:
    """The spec of the process, the specs of its sub-processes and called processes, and its XML element."""
    parser = DiagramParser(classes)
    for name, data in files:
        parser.add_diagram(xml.parse(data), name)
    if process_id not in parser.process_parsers:
        raise DiagramRejected(
            Text(f"ไม่พบกระบวนการ {process_id} ในไฟล์", f"The files hold no process {process_id}"), process_id=process_id
        )
    try:
        spec = parser.get_spec(process_id)
        subprocess_specs: dict[str, Any] = {}
        _add_subprocesses(parser, spec, subprocess_specs)
    except ValidationException as error:
        raise rejection(error) from error
    return spec, subprocess_specs, parser.process_parsers[process_id].node


def calls(data: bytes) -> tuple[str, ...]:
    """The ids of the processes a diagram calls literally, in order; known without parsing it as a process."""
    found = (zeebe(node, "calledElement") for node in xml.parse(data).iter(tag("callActivity")))
    ids = (called.get("processId") for called in found if called is not None)
    return tuple(dict.fromkeys(one for one in ids if one and not one.startswith("=")))


def start_form(data: bytes) -> str | None:
    """The form of the diagram's first none start event that has one."""
    for process in xml.parse(data).iterchildren(tag("process")):
        for node in process.iterchildren(tag("startEvent")):
            form = zeebe(node, "formDefinition")
            if form is not None and form.get("formId"):
                return str(form.get("formId"))
    return None


def _add_subprocesses(parser: DiagramParser, spec: Any, found: dict[str, Any]) -> None:
    for task_spec in list(spec.task_specs.values()):
        if isinstance(task_spec, SubWorkflowTask) and task_spec.spec not in found:
            inner = parser.get_spec(task_spec.spec, required=False)
            if inner is not None:  # a called process that is not there yet is an incident when it is called
                found[task_spec.spec] = inner
                _add_subprocesses(parser, inner, found)


def _connect_instances(spec: Any, subprocess_specs: Mapping[str, Any]) -> None:
    """Bodies hear of their instances. The library connects them at run time only, so a restored case would hang."""
    for wf_spec in (spec, *subprocess_specs.values()):
        for body in wf_spec.task_specs.values():
            if isinstance(body, LoopTask):
                wf_spec.task_specs[body.task_spec].completed_event.connect(body.merge_child)


def _describe(
    process_id: str,
    key: str,
    files: tuple[tuple[str, bytes], ...],
    spec: Any,
    subprocess_specs: Mapping[str, Any],
    node: Any,
) -> Definition:
    nodes = list(_flow_nodes(spec, subprocess_specs))
    starts = [each for each in spec.start.outputs if isinstance(each, StartEvent)]
    none_start = next((each for each in starts if isinstance(each.event_definition, NoneEventDefinition)), None)
    start_form = None if none_start is None else none_start.extensions.get("formId")
    said = properties(node)
    return Definition(
        process_id=process_id,
        name=node.get("name") or process_id,
        key=key,
        files=files,
        spec=spec,
        subprocess_specs=subprocess_specs,
        elements={each.bpmn_id: Element(each.bpmn_name or each.bpmn_id, each.kind) for each in reversed(nodes)},
        properties=said,
        header={
            name.removeprefix(HEADER_PREFIX): checked(node, value)
            for name, value in said.items()
            if name.startswith(HEADER_PREFIX)
        },
        english=_english(node.get("name"), said, nodes),
        none_start=None if none_start is None else none_start.name,
        message_starts={
            each.event_definition.name: each.name
            for each in starts
            if isinstance(each.event_definition, MessageEventDefinition)
        },
        start_form_id=start_form,
        forms=_literal(each.extensions.get("formId") for each in nodes),
        decisions=_literal(each.extensions.get("decision", {}).get("id") for each in nodes),
        called_processes=_literal(each.extensions.get("call", {}).get("process") for each in nodes),
    )


def _english(name: str | None, said: Mapping[str, str], nodes: list[Any]) -> dict[str, str]:
    """The diagram's own dictionary: ``name_en`` and ``step_en`` beside a name and a ``step``, and ``stage_en`` of the
    process, ``words = English | …``. What has no English is not in it."""
    pairs = [(name, said.get("name_en"))]
    for each in nodes:
        own = each.extensions.get("properties", {})
        pairs += [(each.bpmn_name, own.get("name_en")), (own.get("step"), own.get("step_en"))]
    for line in said.get("stage_en", "").split("|"):
        words, _, english = line.partition("=")
        pairs.append((words.strip(), english.strip()))
    return {words: english for words, english in reversed(pairs) if words and english}


def _flow_nodes(spec: Any, subprocess_specs: Mapping[str, Any]) -> Iterator[Any]:
    for wf_spec in (spec, *subprocess_specs.values()):
        for each in wf_spec.task_specs.values():
            if each.bpmn_id is not None:
                yield each


def _literal(sources: Any) -> frozenset[str]:
    return frozenset(source for source in sources if source and not source.startswith("="))
