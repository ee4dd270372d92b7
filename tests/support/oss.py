"""What journeys of registration in OSS fill in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tests.support.world import World
from workflows.actor import Actor
from workflows.records import InnovationUnit, UnitPerson
from workflows.rules import citizen_id

GENERAL: dict[str, Any] = {
    "address": "3 ถ.ตัวอย่าง อ.เมือง จ.ขอนแก่น 40000",
    "phone_nhso": "043000013",
    "phone_public": "043000113",
    "email": "unit99003@example.org",
    "latitude": 16.4419,
    "longitude": 102.836,
}


def somebody(serial: int = 901, **other: Any) -> dict[str, Any]:
    """A nurse who serves on two mornings and a whole public holiday."""
    return {
        "profession": "nursing",
        "pid": citizen_id.make("0", serial),
        "first_name": "ทดสอบ",
        "last_name": f"พยาบาล{serial}",
        "licence_number": f"45{serial:06d}1",
        "specialty": "",
        "registration_types": ["innovation"],
        "starts_on": "2026-02-01",
        "ends_on": None,
        "works": "some",
        "hours": {
            "mon": {"on": True, "from": "08:30", "to": "12:00"},
            "wed": {"from": "08:30", "to": "12:00", "from2": "13:00", "to2": "16:30"},
            "holiday": {"from": "09:00", "to": "12:00"},
        },
        **other,
    }


def send(world: World, who: str | Actor, case_id: int, *people: dict[str, Any]) -> None:
    """Fill in both parts and confirm everybody: the case is with the region afterwards."""
    world.do(who, "personnel_data", case_id, personnel=list(people or (somebody(),)))
    world.do(who, "general_data", case_id, **GENERAL)
    confirm(world, who, case_id)


def confirm(world: World, who: str | Actor, case_id: int, *actions: str, more: bool = False) -> None:
    """The worker asks for the licences; then the check list is answered, with "confirm" where nothing is said."""
    world.deliver()
    item = world.item(who, "check_list", case_id)["id"]
    listed = world.seen(who, item)["personnel"]
    chosen = [actions[number] if number < len(actions) else "confirm" for number in range(len(listed))]
    world.answer(who, item, personnel=[{"action": each} for each in chosen], more=more)


def unit(world: World) -> dict[str, Any]:
    """What unit 99003 registered."""
    with world.runtime.reading() as db:
        row = (
            db.execute(select(*InnovationUnit.__table__.c).where(InnovationUnit.unit_code == "99003")).mappings().one()
        )
    return dict(row)


def personnel(world: World) -> list[Any]:
    """Who serves at unit 99003."""
    with world.runtime.reading() as db:
        serving = UnitPerson.unit_code == "99003", UnitPerson.removed_at.is_(None)
        return list(db.execute(select(*UnitPerson.__table__.c).where(*serving).order_by(UnitPerson.id)))
