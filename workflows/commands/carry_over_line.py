"""Carry cases over to the following round by hand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, literal, select

from workflows.chain import Event
from workflows.changes.rounds import carry_over
from workflows.errors import Conflict, InvalidAnswers, NotAllowed, Text
from workflows.records import RoundMember
from workflows.work import Work

MAY = frozenset({"issuer", "designer", "admin"})


@dataclass(frozen=True, slots=True)
class CarryOverLines:
    """Move waiting or approved cases to the round after this one, all or none; their requesters are told the reason.

    Raises NotAllowed, InvalidAnswers without a reason, Conflict for a line that is decided. Gives the new round's id.
    """

    round_id: str
    case_ids: Collection[int]
    reason: str

    def run(self, work: Work) -> str:
        if not work.actor.roles & MAY:
            raise NotAllowed()
        reason, wanted = self.reason.strip(), set(self.case_ids)
        if not reason:
            raise InvalidAnswers({"reason": Text("กรอกเหตุผลที่เลื่อนรอบ", "Give the reason for carrying it over")})
        lines = RoundMember.case_id.in_(wanted), RoundMember.state.in_(("waiting", "approved"))
        here = select(RoundMember.case_id).where(RoundMember.round_id == self.round_id, *lines)
        if not wanted or set(work.db.execute(work.lock(here)).scalars()) != wanted:
            raise Conflict(
                Text("มีรายการที่ตัดสินหรือเลื่อนรอบไปแล้ว กรุณาดูรายการล่าสุด", "Some lines are decided or carried over already"),
                round=self.round_id,
            )
        target = carry_over(work, self.round_id, and_(*lines), literal(reason))
        data = {"from": self.round_id, "round": target.id}
        for case_id in sorted(wanted):
            work.append(case_id, Event("round.carried", name=target.name, data=data, private={"comment": reason}))
        return target.id
