"""Decide lines of a closed list: confirmed, or not issued with a reason. The rest stays for later."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select, update

from workflows.chain import Event
from workflows.changes.rounds import ALL_DECIDED, of_others
from workflows.clock import bangkok_date
from workflows.errors import Conflict, InvalidAnswers, NotAllowed, OwnRequest, Text
from workflows.operators.other_cases import word_to_case
from workflows.ports import NeedsWriteLock
from workflows.projection import write_messages
from workflows.records import IssuanceRound, RoundMember
from workflows.work import Work


@dataclass(frozen=True, slots=True)
class MarkRoundLines:
    """For issuing officers. ``confirmed`` says which of the two.

    A confirmed line whose effective day has come is granted at once. When the last line is decided the round goes on.
    Raises NotAllowed, OwnRequest, InvalidAnswers without a reason, and Conflict for a line that is not to be decided
    (any more). Gives how many lines.
    """

    round_id: str
    case_ids: Collection[int]
    confirmed: bool
    reason: str = ""

    def run(self, work: Work) -> int:
        if "issuer" not in work.actor.roles:
            raise NotAllowed()
        if not self.confirmed and not self.reason.strip():
            raise InvalidAnswers({"reason": Text("กรอกเหตุผลที่ไม่ออกสิทธิ", "Give the reason for not issuing")})
        if not work.locked:
            raise NeedsWriteLock  # who decides the last line must know it
        row = work.db.execute(work.lock(select(*IssuanceRound.__table__.c).where(IssuanceRound.id == self.round_id)))
        found = row.mappings().first()
        if found is None or found["state"] != "listed":
            raise Conflict(Text("รอบนี้ไม่ได้อยู่ระหว่างออกสิทธิ", "This round is not being issued"), round=self.round_id)
        wanted = set(self.case_ids)
        here = RoundMember.round_id == self.round_id, RoundMember.state == "approved"
        chosen = *here, RoundMember.case_id.in_(wanted)
        others = set(work.db.execute(select(RoundMember.case_id).where(*chosen, of_others(work))).scalars())
        if others != wanted:
            undecided = set(work.db.execute(select(RoundMember.case_id).where(*chosen)).scalars())
            raise (
                OwnRequest()
                if undecided == wanted
                else Conflict(
                    Text("มีรายการที่ตัดสินไปแล้ว กรุณาดูรายการล่าสุด", "Some lines are decided already; look at the list again"),
                    round=self.round_id,
                )
            )
        come = found["effective_on"] <= bangkok_date(work.now)
        state = "refused" if not self.confirmed else "effective" if come else "confirmed"
        values = {"state": state, "news": state != "confirmed", "reason": self.reason.strip(), "updated_at": work.now}
        work.write(update(RoundMember).where(*chosen).values(**values), expect=len(wanted))
        left = work.db.execute(select(func.count()).where(*here)).scalar_one() - len(wanted)
        if left == 0:
            write_messages(work, [word_to_case(ALL_DECIDED, self.round_id, {}, key=self.round_id)], None)
        if found["case_id"] is not None:
            data = {"round": self.round_id, "state": state, "lines": [str(case_id) for case_id in sorted(wanted)][:100]}
            private = {"comment": self.reason.strip()} if self.reason.strip() else None
            work.append(found["case_id"], Event("round.marked", data=data, private=private))
        return len(wanted)
