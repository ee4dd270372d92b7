"""Checking the roles asked for against the kind of unit: on its own, and inside a request."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.access_requests import begin, choose
from tests.support.world import World, person
from workflows.commands.complete_work_item import CompleteWorkItem
from workflows.errors import InvalidAnswers
from workflows.register import Register


@pytest.mark.parametrize(
    ("unit_code", "roles", "systems", "form", "refused"),
    [
        ("99001", ["901", "904"], ["NEW_AUTHEN", "ECLAIM"], 1, []),
        ("99001", ["905", "837"], ["DMIS"], 5, []),  # two roles of one system; the highest form counts
        ("99001", ["378"], [], 1, ["378"]),  # hospitals only
        ("99002", ["378", "326"], ["OPPP", "NAP"], 3, []),
        ("99002", ["100"], [], 1, ["100"]),  # smart-card rounds are asked for elsewhere
        ("99002", ["913"], ["KTB_WALLET"], 1, ["913"]),  # somebody of the unit holds it
        ("99001", ["378", "901", "nonsense"], ["NEW_AUTHEN"], 1, ["378", "nonsense"]),
    ],
)
def test_roles_by_kind_of_unit(
    shared_world: World, unit_code: str, roles: list[str], systems: list[str], form: int, refused: list[str]
) -> None:
    world = shared_world
    with world.runtime.reading() as db:
        unit = Register(db, world.keyring, locked=False).unit(unit_code)
    assert unit is not None
    given: dict[str, Any] = {"unit": unit, "unit_kind": unit["kind"], "roles": roles, "handover": False}
    found = world.variables(world.start("role_check", "requester", **given).case_id)
    assert [system["code"] for system in found["requested_systems"]] == systems
    assert found["request_form"] == form
    problem = found["role_problem"]
    assert (problem is None) == (not refused)
    assert [line.split(":")[0].split()[0] for line in (problem or {"th": ""})["th"].splitlines()] == refused


def test_a_role_the_form_does_not_offer_is_refused_by_the_case_too(world: World) -> None:
    case_id = begin(world, "requester", person(1))
    with pytest.raises(InvalidAnswers):
        choose(world, "requester", case_id, ("378",))
    item = world.item("requester", "roles")["id"]
    world.execute(CompleteWorkItem(item, {"roles": ["378"], "handover": False}), "requester")
    again = world.item("requester", "roles")["id"]
    assert "378" in world.seen("requester", again)["role_problem"]["th"]
    choose(world, "requester", case_id, ("904",))
    world.item("requester", "otp_enter")
    world.check()
