"""The registers that an administrator keeps: nothing is overwritten unseen, nothing refers to nothing, all is told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.commands.test_races import nodes
from tests.support.races import naive, race
from tests.support.world import World
from workflows import master_data
from workflows.commands.amend_register import AmendRegister
from workflows.commands.apply_unit_import import ApplyUnitImport
from workflows.errors import Conflict, InvalidAnswers, NotAllowed, NotFound
from workflows.queries import audit
from workflows.queries.master_data import entry, every, history
from workflows.register import Register
from workflows.rules import unit_import
from workflows.runtime import Runtime

UNIT = {"name": "รพ.สต.ทดสอบ", "kind": "subdistrict_hospital", "region": "7", "province": "ขอนแก่น", "active": True}


def amend(world: World, register: str, key: str, revision: int | None, who: str = "admin", **values: Any) -> int:
    return world.execute(AmendRegister(register, key, values, revision), who)


def test_an_entry_is_added_changed_and_told(world: World) -> None:
    assert amend(world, "organisations", "99101", None, **UNIT, supervisor="PAO01") == 1
    assert amend(world, "organisations", "99101", 1, name="รพ.สต.ทดสอบใหม่", region="7", latitude=16.5) == 2
    assert amend(world, "organisations", "99101", 2, name="รพ.สต.ทดสอบใหม่") == 2  # nothing differs, nothing is told
    with world.runtime.reading() as db:
        found = entry(db, master_data.ORGANISATIONS, "99101")
        told = history(db, world.keyring, master_data.ORGANISATIONS, "99101")
        everything = history(db, world.keyring, master_data.ORGANISATIONS)
        verified = audit.verify(db, world.keyring)
    assert (found["name"], found["latitude"], found["supervisor"]) == ("รพ.สต.ทดสอบใหม่", 16.5, "PAO01")
    assert [(event["kind"], event["actor"], event["who"]) for event in told] == [
        ("register.changed", "admin", "นายอนันต์ สาธิต"),
        ("register.added", "admin", "นายอนันต์ สาธิต"),
    ]
    assert told[0]["private"]["changes"] == {"name": ["รพ.สต.ทดสอบ", "รพ.สต.ทดสอบใหม่"], "latitude": [None, 16.5]}
    assert told == everything
    assert verified.broken == ()


def test_only_administrators_may(world: World) -> None:
    for who in ("designer", "auditor", "region", "head", "requester"):
        with pytest.raises(NotAllowed):
            amend(world, "organisations", "99001", 1, who, name="x")
    with pytest.raises(NotAllowed):
        amend(world, "organisations", "99001", 1, revision_=5)  # no column of the register
    with pytest.raises(NotAllowed):
        amend(world, "texts", "nda", 1, body="x")  # has a command of its own


def test_what_nobody_knows_is_refused(world: World) -> None:
    with pytest.raises(NotFound):
        amend(world, "organisations", "99999", 1, name="x")
    with pytest.raises(Conflict):
        amend(world, "organisations", "99001", None, **UNIT)
    with pytest.raises(InvalidAnswers) as wrong:
        amend(
            world, "roles", "950", None, name="x", system_code="NONE", unit_kinds=["clinic"], form=1, channel="regular"
        )
    assert set(wrong.value.errors) == {"system_code"}
    for supervisor in ("99001", "99002"):  # itself, or one that it supervises
        amend(
            world,
            "organisations",
            "99002",
            None if supervisor == "x" else _revision(world, "99002"),
            supervisor="99001",
        )
        with pytest.raises(InvalidAnswers) as circle:
            amend(world, "organisations", "99001", _revision(world, "99001"), supervisor=supervisor)
        assert set(circle.value.errors) == {"supervisor"}


def _revision(world: World, code: str) -> int:
    with world.runtime.reading() as db:
        return int(entry(db, master_data.ORGANISATIONS, code)["revision"])


def test_what_is_retired_is_offered_no_more(world: World) -> None:
    def offered() -> set[str]:
        with world.runtime.reading() as db:
            systems = Register(db, world.keyring, locked=False).catalogue("subdistrict_hospital")
        return {role["code"] for system in systems for role in system["roles"]}

    assert {"901", "904"} <= offered()
    amend(world, "roles", "901", 1, active=False)
    amend(world, "systems", "ECLAIM", 1, active=False)
    assert not {"901", "904"} & offered()


def two_administrators(world: World, runtimes: list[Runtime]) -> bool:
    """Both opened the same revision; one is told, and what the other stored stands."""
    revision = _revision(world, "99003")
    names = [f"{letter} {revision}" for letter in "กข"]
    commands = [AmendRegister("organisations", "99003", {"name": name}, revision) for name in names]
    results = race(runtimes, *((command, world.actor("admin")) for command in commands))
    late = [result for result in results if isinstance(result, Conflict)]
    with world.runtime.reading() as db:
        stands = entry(db, master_data.ORGANISATIONS, "99003")["name"]
    return len(late) == 1 and stands == names[1 - results.index(late[0])]


def test_two_administrators_change_the_same_entry(world: World) -> None:
    runtimes = nodes(world)
    assert all(two_administrators(world, runtimes) for _ in range(5))


def test_the_control_loses_a_change(world: World) -> None:
    amend(world, "organisations", "99002", 1, name="ก")  # from now on the register's chain has a head
    assert not two_administrators(world, [naive(world)])


LIST = [unit_import.Line(row, f"997{row:02d}", {"name": f"คลินิก {row}", "kind": "clinic"}) for row in range(2, 12)]


def two_confirm_a_list(world: World, runtimes: list[Runtime]) -> bool:
    """The same preview is confirmed twice at once: it is taken over once, and the other is told."""
    digest = unit_import.plan(LIST, {}).digest
    command = ApplyUnitImport(LIST, digest, "0" * 32), world.actor("admin")
    results = race(runtimes, command, command)
    with world.runtime.reading() as db:
        told = history(db, world.keyring, master_data.ORGANISATIONS, "99702")
    return [isinstance(each, Conflict) for each in results].count(True) == 1 and len(told) == 1


def test_a_list_is_taken_over_once(world: World) -> None:
    assert two_confirm_a_list(world, nodes(world))


def test_a_change_between_preview_and_confirmation_stops_it_whole(world: World) -> None:
    with world.runtime.reading() as db:
        present = {row["code"]: row for row in every(db, master_data.ORGANISATIONS)}
    lines = [*LIST, unit_import.Line(12, "99001", {"name": "ชื่อจากไฟล์"})]
    digest = unit_import.plan(lines, present).digest
    amend(world, "organisations", "99001", 1, phone="043000999")
    with pytest.raises(Conflict):
        world.execute(ApplyUnitImport(lines, digest, "0" * 32), "admin")
    with pytest.raises(NotAllowed):
        world.execute(ApplyUnitImport(lines, digest, "0" * 32), "designer")
    with world.runtime.reading() as db, pytest.raises(NotFound):
        entry(db, master_data.ORGANISATIONS, "99702")


SERVICE = {"name": "บริการทดสอบ", "level": "main", "visit_kind": "general", "position": 90}


def test_services_are_offered_on_their_days_only_and_process_owners_keep_them(world: World) -> None:
    first, last = date(2026, 11, 2), date(2026, 11, 30)
    assert amend(world, "services", "SA0990001", None, "designer", **SERVICE, valid_from=first, valid_to=last) == 1
    with world.runtime.reading() as db:
        register = Register(db, world.keyring, locked=False)
        offered = {
            day: "SA0990001" in {each["code"] for each in register.services(day)}
            for day in (first - timedelta(days=1), first, last, last + timedelta(days=1))
        }
    assert list(offered.values()) == [False, True, True, False]
    with pytest.raises(InvalidAnswers) as raised:
        amend(world, "services", "SA0990001", 1, "designer", valid_to=date(2026, 11, 1), valid_from=first)
    assert set(raised.value.errors) == {"valid_to"}
    assert amend(world, "services", "SA0990001", 1, "admin", valid_to=None) == 2
    with world.runtime.reading() as db:
        told = history(db, world.keyring, master_data.SERVICES, "SA0990001")
    assert [event["actor"] for event in told] == ["admin", "designer"]
    assert told[0]["private"]["changes"] == {"valid_to": ["2026-11-30", None]}
    with pytest.raises(NotAllowed):
        amend(world, "services", "SA0990001", 2, "auditor", name="x")
    with pytest.raises(NotAllowed):
        amend(world, "professions", "nursing", 1, "frontdesk", name="x")


def test_a_retired_profession_and_reason_are_offered_no_more(world: World) -> None:
    amend(world, "professions", "pharmacy", 1, "designer", active=False)
    amend(world, "reasons", "conscript", 1, "designer", active=False)
    amend(world, "illnesses", "other_test", None, "designer", name="อาการทดสอบ", position=99, active=True)
    with world.runtime.reading() as db:
        register = Register(db, world.keyring, locked=False)
        professions = {each["code"] for each in register.professions()}
        reasons = {each["code"] for each in register.endorsement_reasons()}
        assert audit.verify(db, world.keyring).broken == ()
    assert "pharmacy" not in professions
    assert "conscript" not in reasons
