"""Tell cases what became of their line in a round, some at a time: no step grows with the round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, tuple_, update

from workflows.errors import NotAllowed
from workflows.operators.other_cases import word_to_case
from workflows.ports import Message
from workflows.projection import write_messages
from workflows.records import IssuanceRound, RoundMember, RoundSchedule
from workflows.rules.round_schedules import Placed, round_name
from workflows.rules.rounds import Round
from workflows.work import Work

_DAYS = ("cutoff", "closes_on", "effective_on", "opens_on")


@dataclass(frozen=True, slots=True)
class TellRoundMembers:
    """Queue the words for at most ``limit`` cases. For the worker; gives how many, 0 when all know.

    A word has its line and state as its key: told by two workers at once, or again after one died midway, it
    comes once.
    """

    limit: int = 50

    def run(self, work: Work) -> int:
        if not work.actor.is_system:
            raise NotAllowed()
        statement = (
            select(
                RoundMember.round_id,
                RoundMember.case_id,
                RoundMember.state,
                RoundMember.reason,
                RoundMember.updated_at,
                *(IssuanceRound.__table__.c[name] for name in ("schedule", *_DAYS)),
                RoundSchedule.name.label("schedule_name"),
            )
            .join(IssuanceRound, IssuanceRound.id == RoundMember.round_id)
            .join(RoundSchedule, RoundSchedule.code == IssuanceRound.schedule)
            .where(RoundMember.news)
            .order_by(RoundMember.case_id)
            .limit(self.limit)
        )
        rows = [dict(row) for row in work.db.execute(statement).mappings()]
        write_messages(work, [_word(row) for row in rows], None)
        if rows:
            line = tuple_(RoundMember.round_id, RoundMember.case_id, RoundMember.state, RoundMember.updated_at)
            told = [(row["round_id"], row["case_id"], row["state"], row["updated_at"]) for row in rows]
            work.write(update(RoundMember).where(line.in_(told)).values(news=False))
        return len(rows)


def _word(row: Mapping[str, Any]) -> Message:
    case, state = str(row["case_id"]), row["state"]
    if state in ("effective", "refused"):
        variables: dict[str, Any] = {"round_result": {"state": state, "reason": row["reason"] or None}}
        return word_to_case("round_decided", case, variables, key=f"{row['round_id']}/{case}/{state}")
    found = Round(**{name: row[name] for name in _DAYS})
    name = round_name(row["schedule_name"], found.effective_on)
    variables = {
        "round": Placed(row["round_id"], row["schedule"], name, found).as_json(),
        "effective_on": found.effective_on.isoformat(),
        "round_reason": row["reason"] or None,
    }
    return word_to_case(
        "round_changed", case, variables, key=f"{row['round_id']}/{case}/{row['updated_at'].isoformat()}"
    )
