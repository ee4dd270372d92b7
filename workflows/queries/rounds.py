"""Rounds of grants: what is coming, who is in a round, and who will miss it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import takewhile
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select, true

from workflows.actor import Actor
from workflows.errors import NotFound
from workflows.queries.visibility import visible_cases
from workflows.queries.work_items import variables_of
from workflows.records import Account, Case, IssuanceRound, Organisation, RoundMember, RoundSchedule
from workflows.rules.round_schedules import round_name, schedule_of
from workflows.rules.rounds import Round
from workflows.rules.working_days import Calendar, OutsideCalendar
from workflows.work import Services

READERS = frozenset({"issuer", "region_officer", "region_chief", "designer", "admin", "auditor"})
"""Who may see rounds; of their lines, officers of a region see those of cases they see."""
SEES_ALL = frozenset({"issuer", "designer", "admin", "auditor"})
ON_THE_LIST = ("approved", "confirmed", "effective", "refused")
TABS = {"list": ON_THE_LIST, "waiting": ("waiting",), "gone": ("carried", "left", "singly")}
_ROUND = *IssuanceRound.__table__.c, RoundSchedule.name.label("schedule_name"), RoundSchedule.channel


def schedules(db: Connection) -> list[dict[str, Any]]:
    """Every schedule, those in use first."""
    rows = db.execute(select(*RoundSchedule.__table__.c).order_by(RoundSchedule.active.desc(), RoundSchedule.code))
    return [dict(row) for row in rows.mappings()]


def schedule(db: Connection, code: str) -> dict[str, Any]:
    """One schedule. Raises NotFound."""
    found = next((row for row in schedules(db) if row["code"] == code), None)
    if found is None:
        raise NotFound(schedule=code)
    return found


def coming(row: Mapping[str, Any], calendar: Calendar, first: date, last: date) -> Iterator[Round]:
    """The rounds of a schedule whose cut-off lies after ``first``, up to ``last`` or to where the calendar ends."""
    try:
        for found in takewhile(lambda one: one.cutoff <= last, schedule_of(row).upcoming(first, calendar)):
            if found.cutoff > first:
                yield found
    except OutsideCalendar:
        return


def rounds(db: Connection, *, ended: bool, limit: int = 50) -> list[dict[str, Any]]:
    """Rounds that are running, in the order of their days, or those that ended, latest first; each with how many lines
    are in which state. Regular ones are left out while nobody is in them, and when they ended and every case was
    issued by itself."""
    carried_out = IssuanceRound.case_id.is_not(None)
    anybody = exists().where(RoundMember.round_id == IssuanceRound.id)
    running = or_(carried_out, RoundSchedule.channel == "smartcard", anybody)
    wanted = (
        and_(IssuanceRound.state == "issued", carried_out) if ended else (IssuanceRound.state != "issued") & running
    )
    order = IssuanceRound.effective_on.desc() if ended else IssuanceRound.effective_on.asc()
    statement = select(*_ROUND).join(RoundSchedule, RoundSchedule.code == IssuanceRound.schedule)
    found = [_named(row) for row in db.execute(statement.where(wanted).order_by(order).limit(limit)).mappings()]
    lines: dict[str, dict[str, int]] = {}
    counted = select(RoundMember.round_id, RoundMember.state, func.count()).group_by(
        RoundMember.round_id, RoundMember.state
    )
    for round_id, state, count in db.execute(counted.where(RoundMember.round_id.in_([row["id"] for row in found]))):
        lines.setdefault(round_id, {})[state] = count
    return [{**row, "lines": lines.get(row["id"], {})} for row in found]


def find(db: Connection, round_id: str) -> dict[str, Any]:
    """One round. Raises NotFound."""
    statement = select(*_ROUND).join(RoundSchedule, RoundSchedule.code == IssuanceRound.schedule)
    row = db.execute(statement.where(IssuanceRound.id == round_id)).mappings().first()
    if row is None:
        raise NotFound(round=round_id)
    return _named(row)


def counts(db: Connection, actor: Actor, round_id: str) -> dict[str, int]:
    """How many lines the actor may see are in each state."""
    statement = select(RoundMember.state, func.count()).join(Case, Case.id == RoundMember.case_id)
    rows = db.execute(statement.where(RoundMember.round_id == round_id, _seen_by(actor)).group_by(RoundMember.state))
    return {row[0]: row[1] for row in rows}


def lines(
    db: Connection, actor: Actor, round_id: str, states: Sequence[str], *, after: int = 0, limit: int = 50
) -> list[dict[str, Any]]:
    """Lines of a round in these states that the actor may see, oldest request first."""
    columns = (
        RoundMember.case_id,
        RoundMember.state,
        RoundMember.reason,
        *(Case.__table__.c[name] for name in ("number", "subject", "stage", "unit_code", "region", "pid_masked")),
        Organisation.name.label("unit_name"),
    )
    statement = (
        select(*columns)
        .join(Case, Case.id == RoundMember.case_id)
        .outerjoin(Organisation, Organisation.code == Case.unit_code)
        .where(RoundMember.round_id == round_id, RoundMember.state.in_(states), _seen_by(actor))
        .where(RoundMember.case_id > after)
        .order_by(RoundMember.case_id)
        .limit(limit)
    )
    return [dict(row) for row in db.execute(statement).mappings()]


def cases_named(db: Connection, actor: Actor, round_id: str, names: Sequence[str]) -> set[int]:
    """The cases of a round by their numbers or keys. Raises NotFound for one that is not there for the actor."""
    keys = [int(name) for name in names if name.isascii() and name.isdigit() and len(name) < 19]
    statement = (
        select(Case.id, Case.number)
        .join(RoundMember, RoundMember.case_id == Case.id)
        .where(RoundMember.round_id == round_id, or_(Case.number.in_(names), Case.id.in_(keys)), _seen_by(actor))
    )
    found = {name: row.id for row in db.execute(statement) for name in (row.number, str(row.id))}
    for name in names:
        if name not in found:
            raise NotFound(round=round_id, case=name)
    return {found[name] for name in names}


def batch(services: Services, db: Connection, round_id: str) -> Iterator[dict[str, Any]]:
    """The list of a round for its issuer: one row for each role of each person on it, refused ones left out."""
    on_it = RoundMember.round_id == round_id, RoundMember.state.in_(("approved", "confirmed", "effective"))
    usernames = {
        (bytes(row.pid_index), row.realm): row.username
        for row in db.execute(
            select(Account.pid_index, Account.realm, Account.username)
            .join(Case, Case.pid_index == Account.pid_index)
            .join(RoundMember, RoundMember.case_id == Case.id)
            .where(*on_it)
        )
    }
    statement = (
        select(*Case.__table__.c, Organisation.name.label("unit_name"), RoundMember.state.label("line"))
        .join(RoundMember, RoundMember.case_id == Case.id)
        .outerjoin(Organisation, Organisation.code == Case.unit_code)
        .where(*on_it)
        .order_by(Case.region, Case.unit_code, Case.id)
    )
    for case in db.execute(statement).mappings():
        variables = variables_of(services, dict(case))
        for system in variables.get("granted_systems") or []:
            for role in system["roles"]:
                yield {
                    "number": case["number"],
                    "person": " ".join(
                        str(variables.get(name) or "") for name in ("title", "first_name", "last_name")
                    ).strip(),
                    "pid": case["pid_masked"],
                    "unit": f"{case['unit_code']} {case['unit_name'] or ''}".strip(),
                    "region": case["region"],
                    "username": usernames.get((bytes(case["pid_index"] or b""), system["realm"]), ""),
                    "system": system["name"],
                    "role": f"{role['code']} {role['name']}",
                    "line": case["line"],
                }


def of_case(db: Connection, case_id: int) -> dict[str, Any] | None:
    """The round a case goes by now, with the state of its line; None if it goes by none."""
    alive = ("waiting", "approved", "confirmed", "effective", "refused")
    statement = (
        select(*_ROUND, RoundMember.state.label("line"), RoundMember.reason)
        .join(RoundSchedule, RoundSchedule.code == IssuanceRound.schedule)
        .join(RoundMember, RoundMember.round_id == IssuanceRound.id)
        .where(RoundMember.case_id == case_id, RoundMember.state.in_(alive))
        .order_by(IssuanceRound.cutoff.desc())
    )
    row = db.execute(statement).mappings().first()
    return _named(row) if row else None


def _named(row: Any) -> dict[str, Any]:
    return {**row, "name": round_name(row["schedule_name"], row["effective_on"])}


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    return true() if actor.roles & SEES_ALL else visible_cases(actor)
