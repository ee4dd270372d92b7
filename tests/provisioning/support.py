"""Grants for real: a request that goes all the way, and a target system behind a real SCIM server."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from tests.support.access_requests import approve, send
from tests.support.scim import TOKEN, ScimServer
from tests.support.world import World
from workflows.commands.set_target import SetTarget
from workflows.queries import provisioning
from workflows.records import Account, OutboxRow


def serve(world: World, scim: ScimServer, system: str = "ECLAIM") -> None:
    """This system speaks SCIM from now on."""
    world.execute(SetTarget(system, "scim", scim.url, TOKEN), "admin")


def granted(world: World, serial: int = 1) -> tuple[int, str]:
    """A person of unit 99001 who was granted 901 (NEW_AUTHEN) and 904 (ECLAIM); gives the case and the username."""
    case_id = send(world, serial=serial)
    approve(world, case_id)
    world.do("issuer", "issue", case_id, confirm=True)
    with world.runtime.reading() as db:
        name = db.execute(select(Account.username).where(Account.case_id == case_id)).scalar_one()
    return case_id, str(name)


def states(world: World, case_id: int) -> dict[str, str]:
    """How far each grant of a case is, by system."""
    with world.runtime.reading() as db:
        return {row["system_code"]: row["state"] for row in provisioning.of_case(db, case_id)}


def at_once(world: World) -> None:
    """Retries are due now; real time does not have to pass."""
    with world.database.begin() as db:
        due = OutboxRow.status == "pending"
        db.execute(update(OutboxRow).where(due).values(run_at=world.clock.now().replace(year=2020)))


def changes(world: World, system: str) -> list[dict[str, Any]]:
    with world.runtime.reading() as db:
        return provisioning.changes(db, system)
