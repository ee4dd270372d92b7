"""Let the requester take back a request that is not decided yet."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from workflows.actions import Action
from workflows.advance import advance
from workflows.chain import Event
from workflows.errors import NotAllowed, Text
from workflows.records import Subscription
from workflows.work import Work

MESSAGE = "withdraw"


@dataclass(frozen=True, slots=True)
class WithdrawCase:
    """Send the case its ``withdraw`` message; the diagram says until when that is possible.

    Raises NotAllowed, in the diagram's own words where it says that its cases are never withdrawn.
    """

    case_id: int

    def run(self, work: Work) -> None:
        case = work.case(self.case_id)
        reason = work.services.definitions.process(case.definition_key).never_withdrawn
        if reason is not None and case.state == "ACTIVE" and case.number is not None:
            # before asking who it is: who began it may not be its requester
            raise NotAllowed(reason, case=self.case_id)
        if case.requester != work.actor.id:
            raise NotAllowed(case=self.case_id)
        open_wait = select(Subscription.task_id).where(Subscription.case_id == case.id, Subscription.name == MESSAGE)
        if not work.db.execute(open_wait).first():
            raise NotAllowed(
                Text(
                    "ถอนคำขอไม่ได้แล้ว เพราะคำขอถึงขั้นออกรหัสหรือสิ้นสุดแล้ว",
                    "The request can no longer be withdrawn: it is being issued or has ended",
                ),
                case=self.case_id,
            )
        advance(work, case, [Action("deliver", name=MESSAGE, key=str(case.id))], [Event("case.withdrawn")])
