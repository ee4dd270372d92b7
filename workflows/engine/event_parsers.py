"""Parsers of events."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.parser.event_parsers import EventDefinitionParser

from workflows.engine.extensions import checked, missing
from workflows.engine.normalise import local, tag
from workflows.engine.task_parsers import NodeParser

_TIMERS = ("timeDate", "timeDuration", "timeCycle")


class EventParser(NodeParser, EventDefinitionParser):
    """Reads the event definition of a node; there is at most one in the profile."""

    def definition(self) -> Any:
        """The event definition in our classes; a none event if the node has none."""
        for child in self.node:
            kind = local(child)
            if kind.endswith("EventDefinition"):
                return getattr(self, f"_{kind.removesuffix('EventDefinition')}")(child)
        if self.node.get("messageRef"):
            return self._message(self.node)
        return self.classes["none"]()

    def event(self, cls: Any, **kwargs: Any) -> Any:
        return cls(self.spec, self.bpmn_id, event_definition=self.definition(), **kwargs, **self.bpmn_attributes)

    def _referred(self, element: Any, kind: str, name_attribute: str = "name") -> Any:
        """The root element an event definition refers to; it must have the attribute that is matched."""
        reference = element.get(f"{kind}Ref")
        found = None
        for candidate in self.node.getroottree().getroot().iterchildren(tag(kind)):
            if candidate.get("id") == reference:
                found = candidate
        if found is None or not found.get(name_attribute):
            raise missing(self.node, f"{kind} {name_attribute}")
        return found

    def _message(self, element: Any) -> Any:
        return self.classes["message"](self._referred(element, "message").get("name"))

    def _signal(self, element: Any) -> Any:
        return self.classes["signal"](self._referred(element, "signal").get("name"))

    def _error(self, element: Any) -> Any:
        return self._coded("error", element)

    def _escalation(self, element: Any) -> Any:
        return self._coded("escalation", element)

    def _coded(self, kind: str, element: Any) -> Any:
        """With no reference, or none to a code, a catching event catches every code."""
        if not element.get(f"{kind}Ref"):
            return self.classes[kind](None, code=None)
        code = self._referred(element, kind, f"{kind}Code").get(f"{kind}Code")
        return self.classes[kind](code, code=code)

    def _terminate(self, _element: Any) -> Any:
        return self.classes["terminate"]()

    def _timer(self, element: Any) -> Any:
        name = self.node.get("name") or self.bpmn_id
        for kind in _TIMERS:
            time = element.find(tag(kind))
            if time is not None and (time.text or "").strip():
                return self.classes[kind](name, checked(self.node, time.text))
        raise missing(self.node, "timeDate, timeDuration or timeCycle")

    def _conditional(self, element: Any) -> Any:
        condition = element.find(tag("condition"))
        if condition is None or not (condition.text or "").strip():
            raise missing(self.node, "condition")
        return self.classes["condition"](checked(self.node, condition.text))

    def is_job(self) -> bool:
        return self.node.find(tag("messageEventDefinition")) is not None


class StartParser(EventParser):
    """A start event of a process, a sub-process or an event sub-process."""

    def create_task(self) -> Any:
        in_event_subprocess = self.process_parser.node.get("triggeredByEvent") == "true"
        spec = self.event(self.classes["eventSubProcessStart" if in_event_subprocess else "startEvent"])
        self.spec.start.connect(spec)
        return spec


class EndParser(EventParser):
    """An end event; a message end event is a job."""

    def create_task(self) -> Any:
        spec = self.job() if self.is_job() else self.event(self.spec_class)
        spec.connect(self.spec.end)
        return spec


class ThrowParser(EventParser):
    """An intermediate throw event; a message throw is a job."""

    def create_task(self) -> Any:
        return self.job() if self.is_job() else self.event(self.spec_class)


class CatchParser(EventParser):
    """An intermediate catch event."""

    def create_task(self) -> Any:
        return self.event(self.spec_class)


class ReceiveParser(EventParser):
    """A receive task."""

    def create_task(self) -> Any:
        return self.event(self.spec_class)


class BoundaryParser(EventParser):
    """A boundary event; errors always interrupt."""

    def create_task(self) -> Any:
        interrupts = self.node.get("cancelActivity", "true") == "true"
        cls = self.classes["boundaryEvent" if interrupts else "nonInterruptingBoundary"]
        return self.event(cls, cancel_activity=interrupts)


class EventGatewayParser(EventParser):
    """An event-based gateway."""

    def create_task(self) -> Any:
        return self.spec_class(
            self.spec, self.bpmn_id, event_definition=self.classes["eventChoice"](), **self.bpmn_attributes
        )

    def handles_multiple_outgoing(self) -> bool:
        return True
