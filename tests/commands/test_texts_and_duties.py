"""Editable texts keep every version by its hash; roles are given and taken back by somebody else."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.commands.test_races import nodes
from tests.support.access_requests import send
from tests.support.races import race
from tests.support.world import World
from workflows import master_data
from workflows.commands.amend_text import AmendText
from workflows.commands.appoint import Appoint
from workflows.errors import Conflict, InvalidAnswers, NotAllowed, NotFound
from workflows.operators.texts import version_of
from workflows.queries.master_data import entry, history
from workflows.records import Consent, Membership


def test_a_text_is_changed_for_what_is_sent_next(world: World) -> None:
    assert world.execute(AmendText("sms.otp", "ใช้ {code} อ้างอิง {ref}", 1), "admin") == 2
    send(world, "requester", 1)
    assert any(message["text"].startswith("ใช้ ") for message in world.sent("0800000001"))


def test_consent_names_the_very_version_that_was_shown(world: World) -> None:
    with world.runtime.reading() as db:
        shipped = entry(db, master_data.TEXTS, "nda")["body"]
    send(world, "requester", 1)
    world.execute(AmendText("nda", "ข้อตกลงใหม่", 1), "admin")
    send(world, "requester", 2)
    with world.runtime.reading() as db:
        agreed = set(db.execute(select(Consent.text_sha256)).scalars())
        (event,) = history(db, world.keyring, master_data.TEXTS, "nda")
    assert agreed == {version_of(shipped), version_of("ข้อตกลงใหม่")} == set(event["data"]["sha256"])
    assert event["private"]["changes"]["body"] == [shipped, "ข้อตกลงใหม่"]


def test_who_comes_second_to_a_text_is_told(world: World) -> None:
    world.execute(AmendText("nda", "หนึ่ง", 1), "admin")
    with pytest.raises(Conflict):
        world.execute(AmendText("nda", "สอง", 1), "admin")
    with pytest.raises(NotFound):
        world.execute(AmendText("none", "x", 1), "admin")
    with pytest.raises(NotAllowed):
        world.execute(AmendText("nda", "x", 2), "designer")


def may(world: World, username: str) -> set[str]:
    world._actors.pop(username, None)
    return set(world.actor(username).groups)


def test_a_role_is_given_and_taken_back(world: World) -> None:
    world.execute(Appoint("requester", "unit_head", "99002", wanted=True), "admin")
    assert "unit_head:99002" in may(world, "requester")
    with pytest.raises(Conflict):
        world.execute(Appoint("requester", "unit_head", "99002", wanted=True), "admin")
    world.execute(Appoint("requester", "unit_head", "99002", wanted=False), "admin")
    assert "unit_head:99002" not in may(world, "requester")
    with pytest.raises(Conflict):
        world.execute(Appoint("requester", "unit_head", "99002", wanted=False), "admin")
    with world.runtime.reading() as db:
        told = history(db, world.keyring, master_data.MEMBERSHIPS, "requester")
    assert [event["kind"] for event in told] == ["membership.removed", "membership.added"]


@pytest.mark.parametrize(
    ("role", "scope", "field"),
    [
        ("king", "", "role"),
        ("unit_head", "00000", "scope"),
        ("region_officer", "14", "scope"),
        ("system_owner", "NONE", "scope"),
        ("admin", "99001", "scope"),
    ],
)
def test_roles_of_nothing_are_refused(world: World, role: str, scope: str, field: str) -> None:
    with pytest.raises(InvalidAnswers) as wrong:
        world.execute(Appoint("requester", role, scope, wanted=True), "admin")
    assert set(wrong.value.errors) == {field}


def test_nobody_appoints_themselves_and_one_administrator_remains(world: World) -> None:
    for wanted in (True, False):
        with pytest.raises(Conflict):
            world.execute(Appoint("admin", "admin", "", wanted=wanted), "admin")
    with pytest.raises(NotAllowed):
        world.execute(Appoint("requester", "admin", "", wanted=True), "designer")
    world.execute(Appoint("designer", "admin", "", wanted=True), "admin")
    may(world, "designer")
    ends = [
        (Appoint(who, "admin", "", wanted=False), world.actor(by))
        for who, by in (("admin", "designer"), ("designer", "admin"))
    ]
    results = race(nodes(world), *ends)
    assert sorted(isinstance(result, Conflict) for result in results) == [False, True]
    with world.runtime.reading() as db:
        left = db.execute(select(Membership.account_id).where(Membership.role == "admin")).all()
    assert len(left) == 1
