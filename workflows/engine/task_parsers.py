"""Parsers of activities and gateways."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from SpiffWorkflow.bpmn.parser.task_parsers import GatewayParser as LibraryGatewayParser
from SpiffWorkflow.bpmn.parser.task_parsers import SubprocessParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser as LibraryTaskParser
from SpiffWorkflow.bpmn.specs.data_spec import TaskDataReference
from SpiffWorkflow.spiff.parser.task_spec import SpiffTaskParser

from workflows.engine.extensions import checked, flag, missing, read_extensions, read_instances, zeebe
from workflows.engine.normalise import local, tag


class NodeParser:
    """What all our parsers share. ``task`` is the spec flows leave from, ``entry`` the one they lead to."""

    node: Any
    task: Any
    entry: Any
    join: Any
    spec: Any
    create_task: Callable[[], Any]
    bpmn_id: str
    bpmn_attributes: dict[str, Any]
    process_parser: Any

    @property
    def classes(self) -> Any:
        return self.process_parser.parser.classes

    def parse_extensions(self, node: Any = None) -> dict[str, Any]:
        return read_extensions(self.node, self.process_parser.parser.message_elements)

    def create(self) -> None:
        """Make the spec of the node, without its flows."""
        self.task = self.create_task()
        self.task.extensions = self.parse_extensions()
        specs = [self.task]
        loop = self.node.find(tag("multiInstanceLoopCharacteristics"))
        if loop is not None:
            self._add_body(loop)
            specs.append(self.task)
        shown_id = self.process_parser.parser.normalised.shown_id(self.bpmn_id)
        for spec in specs:
            spec.kind, spec.bpmn_id = local(self.node), shown_id
        if loop is not None:
            self.task.kind = "multiInstanceBody"
        self.entry = self.task

    def attach(self, event: Any) -> None:
        """Hang a boundary event at the activity."""
        if self.entry is self.task:
            self.entry = self.classes["boundarySplit"](self.spec, f"{self.bpmn_id}.BoundaryEventSplit")
            self.join = self.classes["boundaryJoin"](
                self.spec, f"{self.bpmn_id}.BoundaryEventJoin", split_task=self.entry.name, cancel=True
            )
            self.entry.connect(self.task)
            self.task.connect(self.join)
        self.entry.connect(event)
        event.connect(self.join)

    def connect(self, parsers: Mapping[str, NodeParser]) -> None:
        """Draw the flows, in the order of the file (as in Camunda; the library sorts them by height on the canvas)."""
        flows = self.process_parser.get_outgoing_sequence_flows(self.bpmn_id)
        default = self.node.get("default")
        if len(flows) == 1 and flows[0].find(tag("conditionExpression")) is None:
            default = flows[0].get("id")
        for flow in flows:
            if flow.get("targetRef") not in parsers:
                raise missing(flow, "targetRef")
            self.connect_outgoing(parsers[flow.get("targetRef")].entry, flow, flow.get("id") == default)

    def connect_outgoing(self, target: Any, _flow: Any, _is_default: bool) -> None:
        self.task.connect(target)

    def _add_body(self, loop: Any) -> None:
        """The activity becomes the instances; a body with its name opens and watches them."""
        instance = self.spec.task_specs.pop(self.task.name)
        name = "sequentialBody" if flag(loop, "isSequential", default=False) else "parallelBody"
        instances = read_instances(self.node, loop)
        self.task = self.classes[name](
            self.spec,
            instance.name,
            task_spec="",
            bpmn_name=instance.bpmn_name,
            data_input=TaskDataReference("items"),
            input_item=TaskDataReference("item"),
            condition=instances["condition"],
            prescript="enter",
            postscript="leave",
        )
        self.task.extensions = {"instances": instances}
        LibraryTaskParser._copy_task_attrs(self, instance)  # renames the activity
        self.task.instance_spec = self.task.task_spec

    def activity(self, cls: Any, *args: Any, **kwargs: Any) -> Any:
        """A spec that enters and leaves through the script engine."""
        return cls(
            self.spec, self.bpmn_id, *args, prescript="enter", postscript="leave", **kwargs, **self.bpmn_attributes
        )

    def job(self) -> Any:
        extensions = self.parse_extensions()
        if "type" not in extensions:
            raise missing(self.node, "zeebe:taskDefinition type")
        return self.activity(
            self.classes["serviceTask"], operation_name=extensions["type"], operation_params={}, result_variable="__r"
        )


class TaskParser(NodeParser, SpiffTaskParser):
    """User tasks, manual tasks and undefined tasks."""

    def create_task(self) -> Any:
        return self.activity(self.spec_class)


class JobParser(NodeParser, SpiffTaskParser):
    """Service and send tasks."""

    def create_task(self) -> Any:
        return self.job()


class ScriptParser(NodeParser, SpiffTaskParser):
    """A FEEL script; with a task definition instead it is a job."""

    def create_task(self) -> Any:
        script = zeebe(self.node, "script")
        return self.job() if script is None else self.activity(self.spec_class, "script")

    def parse_extensions(self, node: Any = None) -> dict[str, Any]:
        found = super().parse_extensions()
        script = zeebe(self.node, "script")
        if script is not None:
            if not script.get("resultVariable"):
                raise missing(self.node, "resultVariable")
            found["script"] = {
                "expression": checked(self.node, script.get("expression")),
                "result": script.get("resultVariable"),
            }
        return found


class DecisionParser(NodeParser, SpiffTaskParser):
    """A decision table call; with a task definition instead it is a job."""

    def create_task(self) -> Any:
        called = zeebe(self.node, "calledDecision")
        return self.job() if called is None else self.activity(self.classes["scriptTask"], "decision")

    def parse_extensions(self, node: Any = None) -> dict[str, Any]:
        found = super().parse_extensions()
        called = zeebe(self.node, "calledDecision")
        if called is not None:
            found["decision"] = {
                "id": checked(self.node, called.get("decisionId")),
                "result": called.get("resultVariable") or "result",
            }
        return found


class SubProcessParser(NodeParser, SpiffTaskParser):
    """Embedded and event sub-processes."""

    def create_task(self) -> Any:
        by_event = self.node.get("triggeredByEvent") == "true"
        cls = self.classes["eventSubProcess"] if by_event else self.spec_class
        return self.activity(cls, subworkflow_spec=SubprocessParser.get_subprocess_spec(self))

    def connect(self, parsers: Mapping[str, NodeParser]) -> None:
        super().connect(parsers)
        if self.node.get("triggeredByEvent") == "true":
            self.spec.start.connect(self.task)
            self.task.connect(self.spec.end)

    def parse_extensions(self, node: Any = None) -> dict[str, Any]:
        found = super().parse_extensions()
        if self.node.get("triggeredByEvent") == "true":
            start = next(child for child in self.node if local(child) == "startEvent")
            found["interrupting"] = flag(start, "isInterrupting")
        return found


class CallParser(NodeParser, SpiffTaskParser):
    """A call of another process by its id."""

    def create_task(self) -> Any:
        return self.activity(self.spec_class, subworkflow_spec=self._called().get("processId"))

    def _called(self) -> Any:
        called = zeebe(self.node, "calledElement")
        if called is None or not called.get("processId") or called.get("processId").startswith("="):
            raise missing(self.node, "zeebe:calledElement processId")
        return called

    def parse_extensions(self, node: Any = None) -> dict[str, Any]:
        found, called = super().parse_extensions(), self._called()
        found["call"] = {
            "process": called.get("processId"),
            "parent": flag(called, "propagateAllParentVariables"),
            "children": flag(called, "propagateAllChildVariables"),
        }
        return found


class GatewayParser(NodeParser, LibraryGatewayParser):
    """Parallel gateways."""


class ChoiceParser(NodeParser, LibraryGatewayParser):
    """Exclusive and inclusive gateways."""

    def connect_outgoing(self, target: Any, flow: Any, is_default: bool) -> None:
        condition = flow.find(tag("conditionExpression"))
        if is_default:
            self.task.connect(target)
        elif condition is None:
            raise missing(flow, "conditionExpression")
        else:
            self.task.connect_outgoing_if(checked(flow, condition.text), target)
