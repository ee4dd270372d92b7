"""Open the rounds whose time has come, move those whose days a changed calendar or schedule moves, and carry over what
came too late for its list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import exists, func, literal, select, update

from workflows.changes.rounds import ALL_DECIDED, carry_over, enter, stage_of_the_case
from workflows.clock import bangkok_date
from workflows.errors import NotAllowed
from workflows.operators.other_cases import start_of_case, word_to_case
from workflows.projection import write_messages
from workflows.records import IssuanceRound, OutboxRow, RoundMember, RoundSchedule
from workflows.rules.round_schedules import Placed, placed, schedule_of
from workflows.rules.rounds import Round, begins
from workflows.rules.working_days import Calendar, OutsideCalendar
from workflows.work import Work

PROCESS = "issuance_round"
AHEAD = "smartcard"
"""The channel whose rounds are opened before anybody is in them. The others' have a case while one on their list is not
issued: most of them never need one."""
LOST = "วันของรอบเป็นวันหยุดตามปฏิทิน"
"""Why the lines of a round are carried over when its day is no working day any more."""
UNDECIDED = "รอบก่อนสิ้นสุดแล้วโดยยังไม่ได้ยืนยันรายการนี้"
"""Why a line is carried over that came to its round at the last moment."""

_DAYS = ("cutoff", "closes_on", "effective_on", "opens_on")


@dataclass(frozen=True, slots=True)
class OpenRounds:
    """For the worker, as often as it likes and on every node: each round is opened by one case, once. Gives how many
    rounds changed."""

    def run(self, work: Work) -> int:
        if not work.actor.is_system:
            raise NotAllowed()
        calendar, today, changed = work.services.holidays.calendar(), bangkok_date(work.now), 0
        schedules = {row["code"]: row for row in _rows(work, RoundSchedule)}
        rounds = {row["id"]: row for row in _rows(work, IssuanceRound, IssuanceRound.state == "open")}
        listed = _with_approved_lines(work)
        for code, row in schedules.items():
            if not row["active"] or row["channel"] != AHEAD:
                continue
            try:
                current = placed(row, schedule_of(row).open_round(work.now, calendar))
            except OutsideCalendar:
                continue  # the page of rounds says so; nothing can be promised for days nobody knows
            if current.id not in rounds and not current.round.opens_after(today):
                enter(work, {"id": current.id, "schedule": code, **asdict(current.round)})
                changed += _start(work, row, current.round)
        for found in rounds.values():
            schedule = schedules[found["schedule"]]
            regular = schedule["channel"] != AHEAD
            kept = Round(**{name: found[name] for name in _DAYS})
            now = _now(found, schedule, calendar) or kept
            if (now.closes_on, now.effective_on) != (kept.closes_on, kept.effective_on):
                changed += _move(work, found, placed(schedule, now), schedule["channel"])
            elif now != kept:
                work.write(update(IssuanceRound).where(IssuanceRound.id == found["id"]).values(opens_on=now.opens_on))
            elif regular and found["id"] in listed and _is_lost(schedule, kept, calendar):
                carry_over(work, found["id"], RoundMember.state == "approved", literal(LOST))
                changed += 1
            elif found["case_id"] is None and (found["id"] in listed if regular else not kept.opens_after(today)):
                changed += _start(work, schedule, kept)
        return changed + _end_unneeded(work, today) + _carry_latecomers(work) + _end_emptied(work)


def _with_approved_lines(work: Work) -> set[str]:
    open_ = select(IssuanceRound.id).where(IssuanceRound.state == "open")
    lines = select(RoundMember.round_id).where(RoundMember.state == "approved", RoundMember.round_id.in_(open_))
    return set(work.db.execute(lines.distinct()).scalars())


def _is_lost(schedule: Mapping[str, Any], kept: Round, calendar: Calendar) -> bool:
    """Whether a regular round lies on a day that became a holiday: its schedule has no such round any more."""
    try:
        return schedule["roll"] != "as_is" and not calendar.is_working(kept.effective_on)
    except OutsideCalendar:
        return False


def _end_unneeded(work: Work, today: date) -> int:
    """Regular rounds without a case whose list would close now, and nobody is on it: all were issued one by one."""
    unneeded = (
        IssuanceRound.state == "open",
        IssuanceRound.case_id.is_(None),
        IssuanceRound.closes_on <= today,
        IssuanceRound.schedule.in_(select(RoundSchedule.code).where(RoundSchedule.channel != AHEAD)),
        ~exists().where(RoundMember.round_id == IssuanceRound.id, RoundMember.state.in_(("approved", "confirmed"))),
    )
    found = work.db.execute(select(func.count()).select_from(IssuanceRound).where(*unneeded)).scalar_one()
    if found:
        work.write(update(IssuanceRound).where(*unneeded).values(state="issued"))
    return int(found)


def _carry_latecomers(work: Work) -> int:
    """A line that came into its round after the list closed, such as one whose case began only later; and one that came
    onto the list of a regular round while it ended."""
    carried = 0
    for states, state, reason in (
        (("listed", "issued"), "waiting", stage_of_the_case()),
        (("issued",), "approved", literal(UNDECIDED)),
    ):
        late = select(RoundMember.round_id).join(IssuanceRound, IssuanceRound.id == RoundMember.round_id)
        which = IssuanceRound.state.in_(states), RoundMember.state == state
        for round_id in work.db.execute(late.where(*which).distinct()).scalars().all():
            carry_over(work, round_id, RoundMember.state == state, reason)
            carried += 1
    return carried


def _end_emptied(work: Work) -> int:
    """A closed list whose last undecided line went by another way than a decision: carried over, or withdrawn."""
    word = literal("case.tell:") + IssuanceRound.id
    emptied = select(IssuanceRound.id).where(
        IssuanceRound.state == "listed",
        ~exists().where(RoundMember.round_id == IssuanceRound.id, RoundMember.state == "approved"),
        ~exists().where(OutboxRow.key == word),
    )
    found = work.db.execute(emptied).scalars().all()
    write_messages(work, [word_to_case(ALL_DECIDED, round_id, {}, key=round_id) for round_id in found], None)
    return len(found)


def _rows(work: Work, record: Any, *which: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in work.db.execute(select(*record.__table__.c).where(*which)).mappings()]


def _variables(found: Placed, channel: str) -> dict[str, Any]:
    """What the case of a round knows. Regular rounds are confirmed within their day, ``ends_at`` is its end."""
    days, day_is_over = found.round, begins(found.round.effective_on + timedelta(days=1)).isoformat()
    return {
        "channel": channel,
        "ends_at": day_is_over,
        "confirm_by": begins(days.effective_on).isoformat() if channel == AHEAD else day_is_over,
        "round_id": found.id,
        "round_name": found.name,
        "cutoff_at": begins(min(days.cutoff, days.closes_on)).isoformat(),
        "closes_at": begins(days.closes_on).isoformat(),
        "effective_at": begins(days.effective_on).isoformat(),
        "effective_on": days.effective_on.isoformat(),
    }


def _start(work: Work, schedule: Mapping[str, Any], days: Round) -> bool:
    found = placed(schedule, days)
    write_messages(
        work, [start_of_case(PROCESS, _variables(found, schedule["channel"]), key=f"round/{found.id}")], None
    )
    return True


def _now(found: Mapping[str, Any], schedule: Mapping[str, Any], calendar: Calendar) -> Round | None:
    """The round with the days its schedule and calendar now give it; None if they have no such round any more."""
    try:
        rounds = schedule_of(schedule).upcoming(found["cutoff"].replace(day=1), calendar)
        now = next(one for one in rounds if one.cutoff >= found["cutoff"])
    except OutsideCalendar:
        return None
    return now if now.cutoff == found["cutoff"] else None


def _move(work: Work, found: Mapping[str, Any], moved: Placed, channel: str) -> bool:
    before = IssuanceRound.effective_on == found["effective_on"], IssuanceRound.closes_on == found["closes_on"]
    work.write(
        update(IssuanceRound).where(IssuanceRound.id == found["id"], *before).values(**asdict(moved.round)), expect=1
    )
    lines = update(RoundMember).where(
        RoundMember.round_id == found["id"], RoundMember.state.in_(("waiting", "approved"))
    )
    work.write(lines.values(news=True, reason="", updated_at=work.now))
    key = f"{moved.id}/{work.now.isoformat()}"
    write_messages(work, [word_to_case("round_moved", moved.id, _variables(moved, channel), key=key)], None)
    return True
