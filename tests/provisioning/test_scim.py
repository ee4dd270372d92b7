"""The SCIM adapter against a real server over HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.adapters.scim import ScimTarget
from tests.support.scim import TOKEN, ScimServer
from workflows.queries.provisioning import Wanted

OURS = {"904", "905", "908"}
NOBODY = Wanted("6911990010001", "", "", "", "", False, frozenset())
WANTED = Wanted("6911990010001", "42", "มานี", "ตัวอย่าง", "manee@example.org", True, frozenset({"904", "905"}))


@pytest.fixture
def target(scim: ScimServer) -> ScimTarget:
    return ScimTarget(scim.url, TOKEN)


def bring(target: ScimTarget, want: Wanted, drop: str = "") -> str:
    return target.bring(want.username, lambda: want, OURS, drop)


def there(target: ScimTarget) -> Any:
    client = target._client()
    return target._find(client, client.get_resource_model("User"), WANTED.username)


def test_a_life_at_the_target(target: ScimTarget, scim: ScimServer) -> None:
    assert bring(target, NOBODY) == "nothing"
    assert bring(target, WANTED) == "created"
    made = there(target)
    assert (made.external_id, made.display_name, made.active) == ("42", "มานี ตัวอย่าง", True)
    assert made.name.family_name == "ตัวอย่าง"
    assert bring(target, WANTED) == "nothing"
    assert bring(target, replace(WANTED, roles=frozenset({"908"}))) == "changed"
    assert target.everybody() == {"6911990010001": {"908"}}
    assert bring(target, replace(WANTED, roles=frozenset({"908"}), active=False)) == "changed"
    assert target.everybody() == {}
    assert [role.value for role in there(target).roles] == ["908"], "a suspended account keeps its roles"
    assert bring(target, replace(WANTED, roles=frozenset({"908"}))) == "changed"
    assert target.everybody() == {"6911990010001": {"908"}}
    assert bring(target, replace(NOBODY, external_id="42")) == "changed"
    assert not there(target).roles
    assert scim.writes() == ["POST", "PATCH", "PATCH", "PATCH", "PATCH"]


def test_roles_that_are_not_ours_are_left_alone_unless_named(target: ScimTarget) -> None:
    bring(target, replace(WANTED, roles=frozenset({"904", "local-auditor"})))
    bring(target, replace(WANTED, roles=frozenset({"905"})))
    assert target.everybody() == {"6911990010001": {"905", "local-auditor"}}
    bring(target, replace(WANTED, roles=frozenset({"905"})), drop="local-auditor")
    assert target.everybody() == {"6911990010001": {"905"}}


def test_somebody_whom_the_register_does_not_know_loses_only_what_is_named(target: ScimTarget) -> None:
    bring(target, replace(WANTED, external_id="", roles=frozenset({"904", "local-auditor"})))
    assert bring(target, NOBODY, drop="904") == "changed"
    assert target.everybody() == {"6911990010001": {"local-auditor"}}
    assert bring(target, NOBODY, drop="local-auditor") == "changed"
    assert target.everybody() == {}


def test_the_one_with_older_knowledge_is_refused(target: ScimTarget) -> None:
    """Two deliveries at once: the second read the register later, and wrote first."""
    bring(target, replace(WANTED, roles=frozenset({"908"})))

    def meanwhile() -> Wanted:
        bring(target, replace(WANTED, roles=frozenset({"904"})))
        return WANTED

    with pytest.raises(Exception, match="changed on the server"):
        target.bring(WANTED.username, meanwhile, OURS)
    assert target.everybody() == {"6911990010001": {"904"}}


def test_two_that_create_at_once_make_one(target: ScimTarget, scim: ScimServer) -> None:
    def meanwhile() -> Wanted:
        bring(target, WANTED)
        return WANTED

    with pytest.raises(Exception, match="already in use"):
        target.bring(WANTED.username, meanwhile, OURS)
    assert bring(target, WANTED) == "nothing"


def test_everybody_is_read_page_by_page(target: ScimTarget, scim: ScimServer) -> None:
    names = [f"69119900{number:05d}" for number in range(230)]
    for name in names:
        bring(target, replace(WANTED, username=name, external_id=name))
    scim.asked.clear()
    assert target.everybody() == {name: {"904", "905"} for name in names}
    assert scim.asked == [("GET", "/Users")] * 3


def test_a_name_is_no_filter(target: ScimTarget) -> None:
    bring(target, WANTED)
    odd = 'x" or userName sw "6'
    assert target.bring(odd, lambda: replace(NOBODY, username=odd), OURS) == "nothing"


@pytest.mark.parametrize("token", ["", "a wrong one"])
def test_without_the_right_token_nothing_happens(scim: ScimServer, token: str) -> None:
    with pytest.raises(Exception):  # noqa: B017 - whatever the client calls it
        bring(ScimTarget(scim.url, token), WANTED)
    assert scim.writes() == []
