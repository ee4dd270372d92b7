"""What an event waits for or throws, on the library's event definitions.

Times come from the engine's clock: the library's timers read the machine's clock in several places. Messages, signals,
errors and escalations are delivered by ``events.py``, which respects scopes and correlation keys.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.conditional import ConditionalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition, TerminateEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import (
    CycleTimerEventDefinition,
    DurationTimerEventDefinition,
    TimeDateEventDefinition,
)
from SpiffWorkflow.spiff.specs.event_definitions import (
    ErrorEventDefinition,
    EscalationEventDefinition,
    MessageEventDefinition,
    SignalEventDefinition,
)

from workflows.engine import events, iso8601


class Definition:
    """The default: an event that something else fires, any number of times."""

    has_timer = False
    depends_on_variables = False

    def may_fire_again(self, _task: Any) -> bool:
        """Whether a non-interrupting event of this kind stays armed after it fired."""
        return True

    def hand_over(self, _task: Any) -> dict[str, Any]:
        """The state the next armed event sub-process goes on with."""
        return {}

    def next_due(self, _data: dict[str, Any]) -> str | None:
        """When the event fires by itself (ISO text in UTC)."""
        return None


class NoneEvent(Definition, NoneEventDefinition):
    def has_fired(self, _task: Any) -> bool:
        return True


class MessageEvent(Definition, MessageEventDefinition):
    """Waits for a message; the correlation key is on the flow node. Throwing is a job."""


class SignalEvent(Definition, SignalEventDefinition):
    def throw(self, my_task: Any) -> None:
        events.throw_signal(my_task, self.name)


class ErrorEvent(Definition, ErrorEventDefinition):
    def throw(self, my_task: Any) -> None:
        my_task.record("completed")  # it may be ended from outside before it completes
        events.route_error(my_task, self.code)


class EscalationEvent(Definition, EscalationEventDefinition):
    def throw(self, my_task: Any) -> None:
        events.route_escalation(my_task, self.code)


class TerminateEvent(Definition, TerminateEventDefinition):
    def throw(self, _task: Any) -> None:
        """The end event itself ends its scope."""


class Condition(Definition, ConditionalEventDefinition):
    """Fires when its condition becomes true; a variable that does not exist yet leaves it waiting."""

    depends_on_variables = True

    def has_fired(self, my_task: Any) -> bool:
        return bool(my_task.workflow.script_engine.condition(my_task, self.expression, null_is_false=True))

    def may_fire_again(self, _task: Any) -> bool:
        return False


class OneTime(Definition):
    """A timer that fires once. The due time is evaluated when the timer starts and kept as ``event_value``."""

    has_timer = True
    expression: str

    def first_due(self, my_task: Any) -> datetime:
        raise NotImplementedError

    def has_fired(self, my_task: Any) -> bool:
        data = my_task.internal_data
        if data.get("event_fired"):
            return True
        due = data.get("event_value")
        if due is None:
            due = data["event_value"] = self.first_due(my_task).isoformat()
        return bool(datetime.fromisoformat(due) <= my_task.workflow.script_engine.now)

    def may_fire_again(self, _task: Any) -> bool:
        return False

    def next_due(self, data: dict[str, Any]) -> str | None:
        return data.get("event_value")


class DateTimer(OneTime, TimeDateEventDefinition):
    def first_due(self, my_task: Any) -> datetime:
        return my_task.workflow.script_engine.timer(my_task, self.expression, iso8601.instant)


class DurationTimer(OneTime, DurationTimerEventDefinition):
    def first_due(self, my_task: Any) -> datetime:
        engine = my_task.workflow.script_engine
        return engine.timer(my_task, self.expression, lambda text: iso8601.after(engine.now, text))


class CycleTimer(Definition, CycleTimerEventDefinition):
    """``R<n>/<duration>``: fires n times (without a number for ever), at most once in each run of the engine."""

    has_timer = True

    def has_fired(self, my_task: Any) -> bool:
        data, engine = my_task.internal_data, my_task.workflow.script_engine
        state = data.get("event_value")
        if state is None:
            count, first, duration = engine.timer(my_task, self.expression, lambda t: iso8601.cycle(t, engine.now))
            state = data["event_value"] = {"cycles": count, "next": first.isoformat(), "duration": duration}
        due = datetime.fromisoformat(state["next"])
        if state["cycles"] == 0 or due > engine.now:
            return False
        if state["cycles"] > 0:
            state["cycles"] -= 1
        state["next"] = iso8601.after(due, state["duration"]).isoformat()
        return True

    def may_fire_again(self, my_task: Any) -> bool:
        return bool(my_task.internal_data["event_value"]["cycles"] != 0)

    def hand_over(self, my_task: Any) -> dict[str, Any]:
        return {"event_value": my_task.internal_data["event_value"]}

    def next_due(self, data: dict[str, Any]) -> str | None:
        state = data.get("event_value")
        return state["next"] if state and state["cycles"] != 0 else None


class EventChoice(Definition, MultipleEventDefinition):
    """What an event-based gateway waits for: the first of its events wins.

    Each timer has its own due time (``timers``); the library keeps one for all. ``winner`` is the event's index.
    """

    has_timer = True

    def has_fired(self, my_task: Any) -> bool:
        data = my_task.internal_data
        if "winner" in data:
            return True
        timers = data.setdefault("timers", {})
        for index, event in enumerate(self.event_definitions):
            if event.has_timer:
                if str(index) in timers:
                    data["event_value"] = timers[str(index)]
                fired = event.has_fired(my_task)
                timers[str(index)] = data.pop("event_value")
                if fired:
                    data["winner"] = index
                    return True
        return False

    def next_due(self, data: dict[str, Any]) -> str | None:
        return min(data.get("timers", {}).values(), default=None)
