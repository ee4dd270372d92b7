"""Correct the variables of a running case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workflows.actions import Action
from workflows.advance import advance
from workflows.chain import Event
from workflows.errors import Conflict, NotAllowed, Text
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class SetVariables:
    """Write variables of the case itself, so that what an incident stopped can be taken up again.

    The history names them without their values. For administrators and process owners. Raises NotAllowed, Conflict for
    a case that has ended or has not begun.
    """

    case_id: int
    variables: dict[str, Any]

    def run(self, work: Work) -> None:
        if not work.actor.roles & {"admin", "designer"}:
            raise NotAllowed(case=self.case_id)
        case = work.case(self.case_id)
        if case.state != "ACTIVE" or not case.snapshot:
            raise Conflict(
                Text("แก้ตัวแปรได้เฉพาะเรื่องที่กำลังดำเนินการ", "Only the variables of a running case can be set"),
                case=self.case_id,
            )
        event = Event("variables.set", data={"names": sorted(self.variables)})
        advance(work, case, [Action("set", variables=self.variables)], [event])
