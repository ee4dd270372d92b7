"""Which class stands for what: ours for running, the library's own for the export in its format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs import bpmn_process_spec, control
from SpiffWorkflow.bpmn.specs import defaults as bpmn
from SpiffWorkflow.bpmn.specs.event_definitions import conditional, multiple, simple, timer
from SpiffWorkflow.spiff.specs import defaults as spiff
from SpiffWorkflow.spiff.specs import event_definitions as spiff_events

from workflows.engine import (
    activities,
    boundary,
    event_definitions,
    event_nodes,
    gateways,
    instances,
    joins,
    scope_specs,
)

OWN: Mapping[str, Any] = {
    "process": scope_specs.ProcessSpec,
    "task": activities.PassThrough,
    "manualTask": activities.Manual,
    "userTask": activities.User,
    "serviceTask": activities.Job,
    "sendTask": activities.Job,
    "scriptTask": activities.Script,
    "businessRuleTask": activities.Script,
    "subProcess": activities.SubProcess,
    "eventSubProcess": activities.EventSubProcess,
    "callActivity": activities.Call,
    "parallelBody": instances.ParallelBody,
    "sequentialBody": instances.SequentialBody,
    "boundarySplit": boundary.BoundarySplit,
    "boundaryJoin": boundary.BoundaryJoin,
    "exclusiveGateway": gateways.ExclusiveChoice,
    "inclusiveGateway": gateways.InclusiveChoice,
    "parallelGateway": joins.ParallelJoin,
    "eventBasedGateway": event_nodes.EventGateway,
    "startEvent": event_nodes.Start,
    "eventSubProcessStart": event_nodes.EventSubProcessStart,
    "endEvent": event_nodes.End,
    "intermediateCatchEvent": event_nodes.CatchEvent,
    "intermediateThrowEvent": event_nodes.Throw,
    "receiveTask": event_nodes.Receive,
    "boundaryEvent": event_nodes.InterruptingBoundary,
    "nonInterruptingBoundary": event_nodes.NonInterruptingBoundary,
    "none": event_definitions.NoneEvent,
    "message": event_definitions.MessageEvent,
    "signal": event_definitions.SignalEvent,
    "error": event_definitions.ErrorEvent,
    "escalation": event_definitions.EscalationEvent,
    "terminate": event_definitions.TerminateEvent,
    "timeDate": event_definitions.DateTimer,
    "timeDuration": event_definitions.DurationTimer,
    "timeCycle": event_definitions.CycleTimer,
    "condition": event_definitions.Condition,
    "eventChoice": event_definitions.EventChoice,
}

STOCK: Mapping[str, Any] = {
    "process": bpmn_process_spec.BpmnProcessSpec,
    "task": spiff.NoneTask,
    "manualTask": spiff.ManualTask,
    "userTask": spiff.UserTask,
    "serviceTask": spiff.ServiceTask,
    "sendTask": spiff.ServiceTask,
    "scriptTask": spiff.ScriptTask,
    "businessRuleTask": spiff.ScriptTask,
    "subProcess": spiff.SubWorkflowTask,
    "eventSubProcess": spiff.SubWorkflowTask,
    "callActivity": spiff.CallActivity,
    "parallelBody": spiff.ParallelMultiInstanceTask,
    "sequentialBody": spiff.SequentialMultiInstanceTask,
    "boundarySplit": control.BoundaryEventSplit,
    "boundaryJoin": control.BoundaryEventJoin,
    "exclusiveGateway": bpmn.ExclusiveGateway,
    "inclusiveGateway": bpmn.InclusiveGateway,
    "parallelGateway": bpmn.ParallelGateway,
    "eventBasedGateway": bpmn.EventBasedGateway,
    "startEvent": bpmn.StartEvent,
    "eventSubProcessStart": bpmn.StartEvent,
    "endEvent": bpmn.EndEvent,
    "intermediateCatchEvent": bpmn.IntermediateCatchEvent,
    "intermediateThrowEvent": bpmn.IntermediateThrowEvent,
    "receiveTask": spiff.ReceiveTask,
    "boundaryEvent": bpmn.BoundaryEvent,
    "nonInterruptingBoundary": bpmn.BoundaryEvent,
    "none": simple.NoneEventDefinition,
    "message": spiff_events.MessageEventDefinition,
    "signal": spiff_events.SignalEventDefinition,
    "error": spiff_events.ErrorEventDefinition,
    "escalation": spiff_events.EscalationEventDefinition,
    "terminate": simple.TerminateEventDefinition,
    "timeDate": timer.TimeDateEventDefinition,
    "timeDuration": timer.DurationTimerEventDefinition,
    "timeCycle": timer.CycleTimerEventDefinition,
    "condition": conditional.ConditionalEventDefinition,
    "eventChoice": multiple.MultipleEventDefinition,
}
