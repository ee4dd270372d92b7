"""Let the clock do what is due in a case: timers and the service clock's signals."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from workflows import deadlines
from workflows.actions import Action
from workflows.advance import advance
from workflows.chain import Event
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class WakeCase:
    """Fire what is due. Gives False when there was nothing to do (another worker was first)."""

    case_id: int

    def run(self, work: Work) -> bool:
        case: Any = work.case(self.case_id)
        if case.state != "ACTIVE" or case.wake_at is None or case.wake_at > work.now or not case.snapshot:
            return False
        actions, events = [Action("wake")], [Event("case.woken")]
        signals = deadlines.due_signals(case.sla, work.services.holidays.calendar(), work.now)
        for signal in signals:
            actions.append(Action("deliver", name=signal, key=str(case.id)))
            events.append(Event(signal.replace("_", ".")))
        if signals:
            case = SimpleNamespace(**{**case._mapping, "sla": deadlines.told(case.sla, signals)})
        advance(work, case, actions, events)
        return True
