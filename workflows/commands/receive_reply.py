"""Bring the outside world's answer back to the service task that waits for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from workflows.actions import Action
from workflows.advance import advance
from workflows.chain import Event
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class ReceiveReply:
    """Complete a waiting service task with the answer, or fail it with an error code the diagram may catch."""

    case_id: int
    task_id: UUID
    variables: dict[str, Any] = field(default_factory=dict)
    error_code: str = ""
    error_message: str = ""

    def run(self, work: Work) -> None:
        case = work.case(self.case_id)
        if self.error_code:
            action = Action("fail", self.task_id, self.error_code, self.error_message, self.variables)
        else:
            action = Action("reply", self.task_id, variables=self.variables)
        advance(work, case, [action], [Event("reply.received", data={"error": self.error_code})])
