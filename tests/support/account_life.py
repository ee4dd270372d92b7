"""What journeys of an account's life share: proving oneself, letters, what became of an account."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tests.support.world import World
from workflows.actor import Actor
from workflows.queries import actors
from workflows.records import Account, Grant
from workflows.rules.account_care import refusal

MANEE = {"username": "requester", "pid": "0990000000011", "email": "requester@example.org", "mobile": "0800000001"}
"""The demo person most journeys are about: of unit 99001 in region 7, holding role 906."""


def prove(world: World, who: Actor, case_id: int, by: str = "mobile", about: dict[str, str] = MANEE) -> None:
    """Give the citizen ID and the code that went to the registered mobile or e-mail."""
    world.do(who, "identify", case_id, pid=about["pid"], prove_by=by)
    world.do(who, "code_enter", case_id, otp_code=world.code_for(about[by]))


def papers(world: World, who: str | Actor) -> dict[str, Any]:
    """A letter and a copy of the card, as answers."""
    return {"letter": [world.upload(who)], "id_copy": [world.upload(who, "card.pdf")]}


def reason(world: World, username: str = "requester") -> str | None:
    """Why a sign-in with the right password would be refused."""
    with world.runtime.reading() as db:
        account = actors.sign_in_account(db, username)
    assert account is not None
    return refusal(account, world.clock.now())


def held(world: World, username: str = "requester") -> set[str]:
    """The codes of the roles an account holds now."""
    with world.runtime.reading() as db:
        mine = select(Grant.role_code).join(Account, Account.id == Grant.account_id)
        return set(db.execute(mine.where(Account.username == username, Grant.revoked_at.is_(None))).scalars())
