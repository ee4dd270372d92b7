"""From a diagram's XML to specs: the library's parser with Camunda 8's elements and our spec classes.

With ``STOCK`` instead of ``OWN`` the same parser builds the library's own classes, for the export in its own format.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser

from workflows.engine import event_parsers, task_parsers
from workflows.engine.extensions import missing
from workflows.engine.normalise import Normalised, local, normalise, tag
from workflows.engine.spec_classes import OWN
from workflows.errors import DiagramRejected, Text


class ProcessParser(SpiffBpmnParser.PROCESS_PARSER_CLASS):
    """A process or sub-process: all its start events, and its event sub-processes armed from the start.

    The library walks along the flows and calls itself for every node; here all nodes are made first and connected then,
    so a long diagram needs no deep stack.
    """

    def create_spec(self) -> Any:
        return self.parser.classes["process"](name=self.bpmn_id, description=self.get_name(), filename=self.filename)

    def add_tasks(self) -> None:
        if self.node.find(tag("startEvent")) is None:
            raise missing(self.node, "startEvent")
        parsers: dict[str, Any] = {}
        for node in self.node:
            parser, spec_class = self.parser.OVERRIDE_PARSER_CLASSES.get(node.tag, (None, None))
            if parser is not None:
                made = parsers[node.get("id")] = parser(self, spec_class, node, self.nsmap, lane=self.lane)
                made.create()
        for made in parsers.values():
            if local(made.node) == "boundaryEvent":
                host = parsers.get(made.node.get("attachedToRef"))
                if host is None:
                    raise missing(made.node, "attachedToRef")
                host.attach(made.task)
        for made in parsers.values():
            made.connect(parsers)


class DiagramParser(SpiffBpmnParser):
    """Parses the files of one bundle."""

    PROCESS_PARSER_CLASS = ProcessParser

    def __init__(self, classes: Mapping[str, Any] = OWN) -> None:
        super().__init__()
        self.classes = classes
        self.OVERRIDE_PARSER_CLASSES = {full_tag(name): (parser, classes[name]) for name, parser in _PARSERS.items()}
        self.message_elements: dict[str, Any] = {}
        self.normalised = Normalised()

    def add_diagram(self, root: Any, name: str) -> None:
        """Add one file; the tree is changed."""
        report = normalise(root)
        self.normalised.renamed.update(report.renamed)
        self.normalised.added.update(report.added)
        for message in root.iter(tag("message")):
            self.message_elements[message.get("id")] = message
        try:
            self.add_bpmn_xml(root, name)
        except ValidationException as error:
            raise rejection(error) from error

    def _find_dependencies(self, _process: Any) -> None:
        """Called processes and decisions are resolved by our own registry."""

    def _add_correlations(self, _bpmn: Any) -> None:
        """Correlation is by ``zeebe:subscription``; BPMN's own correlation properties are not read."""


def rejection(error: ValidationException) -> DiagramRejected:
    """What the library's parser raised, as ours; the library wraps our own refusals too."""
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, DiagramRejected):
            return inner
        inner = inner.__context__
    return DiagramRejected(
        Text(f"อ่านผังงานไม่ได้: {error.args[0]}", f"The diagram cannot be read: {error.args[0]}"),
        element_id=error.id or None,
        line=1,
    )


_PARSERS: dict[str, Any] = {
    "task": task_parsers.TaskParser,
    "manualTask": task_parsers.TaskParser,
    "userTask": task_parsers.TaskParser,
    "serviceTask": task_parsers.JobParser,
    "sendTask": task_parsers.JobParser,
    "scriptTask": task_parsers.ScriptParser,
    "businessRuleTask": task_parsers.DecisionParser,
    "subProcess": task_parsers.SubProcessParser,
    "callActivity": task_parsers.CallParser,
    "exclusiveGateway": task_parsers.ChoiceParser,
    "inclusiveGateway": task_parsers.ChoiceParser,
    "parallelGateway": task_parsers.GatewayParser,
    "eventBasedGateway": event_parsers.EventGatewayParser,
    "startEvent": event_parsers.StartParser,
    "endEvent": event_parsers.EndParser,
    "intermediateCatchEvent": event_parsers.CatchParser,
    "intermediateThrowEvent": event_parsers.ThrowParser,
    "boundaryEvent": event_parsers.BoundaryParser,
    "receiveTask": event_parsers.ReceiveParser,
}
