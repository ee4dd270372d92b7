"""Rounds of grants: who is in them and what becomes of each line. One statement for a whole round, however long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from sqlalchemy import exists, func, insert, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from workflows.chain import Event
from workflows.changes.registry import writes
from workflows.clock import bangkok_date
from workflows.records import Case, IssuanceRound, RoundMember, RoundSchedule
from workflows.rules.round_schedules import Placed, placed, schedule_of
from workflows.rules.rounds import Round
from workflows.work import Work

ALL_DECIDED = "round_all_decided"
"""The word to a round whose list has nothing left to decide."""
ALIVE = ("waiting", "approved", "confirmed", "effective")
"""States of a line whose case still goes by this round."""


@writes("round.join")
def join(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    """A new line, in the state ``line``: waiting for its approvals, or approved already."""
    dates = {name: date.fromisoformat(given[name]) for name in ("cutoff", "closes_on", "effective_on")}
    opens_on = date.fromisoformat(given["opens_on"]) if given["opens_on"] else None
    enter(work, {"id": given["id"], "schedule": given["schedule"], "opens_on": opens_on, **dates})
    line = {"round_id": given["id"], "case_id": case.id, "state": given["line"], "reason": "", "news": False}
    work.write(insert(RoundMember), {**line, "updated_at": work.now})
    return Event("round.joined", name=given["name"], data={"round": given["id"], "effective_on": given["effective_on"]})


@writes("round.ready")
def ready(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> None:
    waiting = update(RoundMember).where(RoundMember.case_id == case.id, RoundMember.state == "waiting")
    values_now = {"state": "approved", "reason": "", "updated_at": work.now}  # why it was late concerns nobody any more
    work.write(waiting.values(**values_now), expect=1)  # it may just have been carried over


@writes("round.take")
def take(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    """The line may be decided, carried over or taken at this very moment: then the step is done again."""
    free = update(RoundMember).where(RoundMember.case_id == case.id, RoundMember.state.in_(("approved", "confirmed")))
    work.write(free.values(state="singly", reason="", news=False, updated_at=work.now), expect=1)
    return Event("round.taken")


@writes("round.leave")
def leave(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> None:
    left(work, case.id)


@writes("round.open")
def open_round(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    free = update(IssuanceRound).where(IssuanceRound.id == given["round_id"], IssuanceRound.case_id.is_(None))
    work.write(free.values(case_id=case.id), expect=1)
    return Event("round.opened", data={"round": given["round_id"]})


@writes("round.close")
def close(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    """The waiting lines go first: who was approved at the same time is then either carried over, or on the list and
    counted. A count that is not true any more is counted again."""
    round_id = given["round_id"]
    carry_over(work, round_id, RoundMember.state == "waiting", stage_of_the_case())
    counted = select(func.count()).where(RoundMember.round_id == round_id, RoundMember.state == "approved")
    open_ = IssuanceRound.state == "open", counted.scalar_subquery() == given["lines"]
    work.write(update(IssuanceRound).where(IssuanceRound.id == round_id, *open_).values(state="listed"), expect=1)
    return Event("round.closed", data={"round": round_id, "lines": given["lines"]})


@writes("round.confirm")
def confirm(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    undecided = update(RoundMember).where(
        RoundMember.round_id == given["round_id"], RoundMember.state == "approved", of_others(work)
    )
    work.write(undecided.values(state="confirmed", updated_at=work.now))
    return Event("round.confirmed", data={"round": given["round_id"]})


@writes("round.carry")
def carry(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    approved = RoundMember.state == "approved"
    target = carry_over(work, given["round_id"], approved, literal(given["reason"]))
    return Event("round.rest_carried", name=target.name, data={"from": given["round_id"], "round": target.id})


@writes("round.effect")
def effect(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> Event:
    confirmed = update(RoundMember).where(RoundMember.round_id == given["round_id"], RoundMember.state == "confirmed")
    work.write(confirmed.values(state="effective", news=True, updated_at=work.now))
    return Event("round.effective", data={"round": given["round_id"]})


@writes("round.end")
def end(work: Work, case: Any, given: Mapping[str, Any], values: dict[str, Any]) -> None:
    work.write(update(IssuanceRound).where(IssuanceRound.id == given["round_id"]).values(state="issued"))


def left(work: Work, case_id: int) -> None:
    """The case goes by no round any more."""
    alive = update(RoundMember).where(RoundMember.case_id == case_id, RoundMember.state.in_(ALIVE))
    work.write(alive.values(state="left", news=False, updated_at=work.now))


def enter(work: Work, row: Mapping[str, Any]) -> None:
    """Enter a round unless it is there: whoever comes first, a request, the worker or another round."""
    dialect = postgresql if work.db.dialect.name == "postgresql" else sqlite
    new = dialect.insert(IssuanceRound).on_conflict_do_nothing(index_elements=["id"])
    work.write(new, {**row, "state": "open", "case_id": None})


def of_others(work: Work) -> Any:
    """A condition on lines: not of the actor's own request, by user name or as the person it is about."""
    own = Case.requester == work.actor.id
    if work.actor.pid_index is not None:
        own = or_(own, Case.pid_index == work.actor.pid_index)
    return ~exists().where(Case.id == RoundMember.case_id, own)


def stage_of_the_case() -> Any:
    """Why a line is carried over when its list closes: the stage its case is at."""
    return (
        literal("เลื่อนจากรอบก่อน เพราะเมื่อปิดรายชื่อคำขออยู่ขั้น ")
        + select(Case.stage).where(Case.id == RoundMember.case_id).scalar_subquery()
    )


def carry_over(work: Work, round_id: str, which: Any, reason: Any) -> Placed:
    """Move lines of a round to the following one that is still open, with the reason; their cases will be told."""
    target = following(work, round_id)
    enter(work, {"id": target.id, "schedule": target.schedule, **asdict(target.round)})
    moved = RoundMember.__table__.alias("moved")
    chosen = RoundMember.round_id == round_id, which
    values = {"state": "carried." + RoundMember.state, "reason": reason, "news": False, "updated_at": work.now}
    work.write(update(RoundMember).where(*chosen).values(**values))
    old = moved.c.round_id == round_id, moved.c.state.in_(("carried.waiting", "carried.approved"))
    columns = ["round_id", "case_id", "state", "reason", "news", "updated_at"]
    lines = select(
        literal(target.id),
        moved.c.case_id,
        func.substr(moved.c.state, len("carried.") + 1),
        moved.c.reason,
        literal(True),
        moved.c.updated_at,
    ).where(*old)
    work.write(insert(RoundMember).from_select(columns, lines))
    carried = RoundMember.round_id == round_id, RoundMember.state.in_(("carried.waiting", "carried.approved"))
    work.write(update(RoundMember).where(*carried).values(state="carried"))
    return target


def following(work: Work, round_id: str) -> Placed:
    """The next round of the same schedule whose list is not closed; of the regular channel, whose lines are all
    approved, also one that is being issued today."""
    columns = *RoundSchedule.__table__.c, IssuanceRound.cutoff
    joined = select(*columns).join(IssuanceRound, IssuanceRound.schedule == RoundSchedule.code)
    row = dict(work.db.execute(joined.where(IssuanceRound.id == round_id)).mappings().one())
    today, calendar = bangkok_date(work.now), work.services.holidays.calendar()
    later = IssuanceRound.schedule == row["code"], IssuanceRound.cutoff > row["cutoff"], IssuanceRound.state == "issued"
    issued = set(work.db.execute(select(IssuanceRound.cutoff).where(*later)).scalars())

    def takes(one: Round) -> bool:
        last = one.effective_on if row["channel"] == "regular" else one.closes_on - timedelta(days=1)
        return one.cutoff > row["cutoff"] and last >= today and one.cutoff not in issued

    return placed(row, next(filter(takes, schedule_of(row).upcoming(row["cutoff"], calendar))))
