"""Requests for smart-card rights and their rounds, for tests that begin somewhere on their way."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from tests.support.access_requests import LEVELS
from tests.support.world import World, person
from workflows.actor import Actor
from workflows.records import IssuanceRound, RoundMember

FIRST, SECOND, THIRD = "smartcard.2026-11-10", "smartcard.2026-11-22", "smartcard.2026-12-10"
"""The rounds that follow the morning a world begins in: granted on 13 November (the 15th is a Sunday), 27 November (a
Saturday) and 15 December."""
GRANTED = {FIRST: date(2026, 11, 13), SECOND: date(2026, 11, 27), THIRD: date(2026, 12, 15)}
CLOSES = {FIRST: date(2026, 11, 12), SECOND: date(2026, 11, 26), THIRD: date(2026, 12, 14)}


def send(world: World, who: str | Actor = "requester", serial: int = 1, unit_code: str = "99001", **more: Any) -> int:
    """A request for smart-card rights that was sent and waits for its first level; gives the case."""
    applicant = person(serial, unit_code, **more)
    case_id = world.start("smartcard_rights", who).case_id
    world.do(who, "nda", case_id, nda_accepted="yes")
    world.do(who, "applicant", case_id, **applicant)
    world.do(who, "roles", case_id, roles=["100"])
    attached = {"letter": [world.upload(who)], "id_copy": [world.upload(who, "card.pdf")]}
    world.do(who, "attachments", case_id, letter_number="ขก 0001/2", evidence_kind="citizen_card", **attached)
    world.do(who, "otp_enter", case_id, otp_code=world.code_for(applicant["mobile"]))
    assert world.case(case_id)["number"]
    return case_id


def approve(world: World, case_id: int, until: str = "") -> None:
    """Let the levels of unit 99001 approve in their order, up to but without the element ``until``."""
    for who, element, _ in (*LEVELS, ("owner", "owner_decide", "")):
        if element == until:
            return
        world.do(who, element, case_id, decision="approve")


def line(world: World, case_id: int) -> dict[str, tuple[str, str]]:
    """The lines of a case: round → (state, reason)."""
    with world.runtime.reading() as db:
        columns = RoundMember.round_id, RoundMember.state, RoundMember.reason
        rows = db.execute(select(*columns).where(RoundMember.case_id == case_id)).all()
    return {row.round_id: (row.state, row.reason) for row in rows}


def rounds(world: World) -> dict[str, tuple[str, date]]:
    """Every round: id → (state, effective day)."""
    with world.runtime.reading() as db:
        rows = db.execute(select(*IssuanceRound.__table__.c).order_by(IssuanceRound.cutoff)).all()
    return {row.id: (row.state, row.effective_on) for row in rows}


def round_case(world: World, round_id: str) -> int:
    """The case that carries out a round."""
    with world.runtime.reading() as db:
        found = db.execute(select(IssuanceRound.case_id).where(IssuanceRound.id == round_id)).scalar_one()
    assert found is not None, f"{round_id} is not open"
    return int(found)
