"""Bringing a request for access to a stage of its way, for tests that begin there."""

from __future__ import annotations

from typing import Any

from tests.support.world import World, person
from workflows.actor import Actor

ROLES = ("901", "904")
"""New Authentication, whose owner is ``owner``, and E-Claim, whose owner is ``owner2``; both in realm DC."""

LEVELS = (
    ("head", "unit_head", "head_review"),
    ("pao", "supervisor", "supervisor_review"),
    ("region", "region_check", "check_review"),
    ("region", "region_decide", "region_review"),
)
"""(who, element, variable) of the levels before the owners, for unit 99001."""


def begin(world: World, who: str | Actor, applicant: dict[str, Any]) -> int:
    """Start a request, accept the agreement and fill in the applicant."""
    case_id = world.start("access_request", who).case_id
    world.do(who, "nda", case_id, nda_accepted="yes")
    world.do(who, "applicant", case_id, **applicant)
    return case_id


def choose(world: World, who: str | Actor, case_id: int, roles: tuple[str, ...] = ROLES, **more: Any) -> None:
    """Choose the roles and attach letter and card."""
    use = {"new_authen_use": "check"} if "901" in roles else {}
    world.do(who, "roles", case_id, roles=list(roles), **use, **more)
    attached = {"letter": [world.upload(who)], "id_copy": [world.upload(who, "card.pdf")]}
    world.do(who, "attachments", case_id, letter_number="ขก 0001/1", evidence_kind="citizen_card", **attached)


def send(
    world: World,
    who: str | Actor = "requester",
    serial: int = 1,
    unit_code: str = "99001",
    roles: tuple[str, ...] = ROLES,
    **more: Any,
) -> int:
    """A request that was sent and waits for its first level; gives the case. ``more`` is about the applicant."""
    applicant = person(serial, unit_code, **more)
    case_id = begin(world, who, applicant)
    choose(world, who, case_id, roles)
    world.do(who, "otp_enter", case_id, otp_code=world.code_for(applicant["mobile"]))
    assert world.case(case_id)["number"]
    return case_id


def approve(world: World, case_id: int, until: str = "") -> None:
    """Let the levels of unit 99001 approve in their order, up to but without the element ``until``."""
    for who, element, _ in LEVELS:
        if element == until:
            return
        world.do(who, element, case_id, decision="approve")
    if until != "owner_decide":
        for who in ("owner", "owner2"):
            for item in world.items(who, "owner_decide"):
                if item["case_id"] == case_id:
                    world.answer(who, item["id"], decision="approve")
