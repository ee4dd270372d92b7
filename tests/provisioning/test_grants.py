"""From the decision to the target system: by SCIM, by file, by hand."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.adapters.drops import DropFolder
from app.adapters.scim import ScimTarget
from app.nightly import sweep_accounts
from app.worker import batch_changes
from tests.provisioning.support import at_once, changes, granted, serve, states
from tests.support.scim import TOKEN, ScimServer
from tests.support.world import World
from workflows.changes.provisioning import Step, follow
from workflows.commands.bring_again import BringAgain
from workflows.commands.resolve_incident import ResolveIncident
from workflows.commands.set_target import SetTarget
from workflows.errors import NotAllowed, NotFound
from workflows.queries import incidents
from workflows.records import Account, OutboxRow, ProvisioningTarget
from workflows.records.outbox import MAX_ATTEMPTS
from workflows.work import Work


def test_a_grant_arrives_and_says_so(world: World, scim: ScimServer) -> None:
    serve(world, scim)
    case_id, username = granted(world)
    assert states(world, case_id) == {"NEW_AUTHEN": "by_hand", "ECLAIM": "waiting"}
    world.deliver()
    assert states(world, case_id) == {"NEW_AUTHEN": "by_hand", "ECLAIM": "done"}
    assert ScimTarget(scim.url, TOKEN).everybody() == {username: {"904"}}
    assert scim.writes() == ["POST"]
    world.check()


def test_a_delivery_that_comes_twice_changes_nothing(world: World, scim: ScimServer) -> None:
    serve(world, scim)
    granted(world)
    world.deliver()
    (change,) = changes(world, "ECLAIM")
    payload = {"system": "ECLAIM", "username": change["username"], "action": "grant", "role": "904"}
    for _ in range(2):
        world.product.effects["provision.grant"](payload, change["key"])
    assert scim.writes() == ["POST"]


def test_a_target_that_is_away_is_tried_again_then_an_incident_and_then_mended(world: World, scim: ScimServer) -> None:
    serve(world, scim)
    case_id, username = granted(world)
    scim.broken = 1_000
    for _ in range(MAX_ATTEMPTS):
        assert states(world, case_id)["ECLAIM"] == "waiting"
        at_once(world)
        world.deliver()
    assert states(world, case_id)["ECLAIM"] == "failed"
    with world.runtime.reading() as db:
        (incident,) = incidents.of_case(db, case_id)
    assert "provision.grant" in incident["text"].en
    scim.broken = 0
    world.execute(ResolveIncident(incident["id"]), "admin")
    world.deliver()
    assert states(world, case_id)["ECLAIM"] == "done"
    assert ScimTarget(scim.url, TOKEN).everybody() == {username: {"904"}}
    world.check()


def test_suspension_reaches_the_target(world: World, scim: ScimServer) -> None:
    serve(world, scim)
    _, username = granted(world)
    world.deliver()
    with world.database.begin() as db:
        db.execute(update(Account).where(Account.username == username).values(status="active"))
    world.later(days=200)
    sweep_accounts(world.product)
    world.deliver()
    assert ScimTarget(scim.url, TOKEN).everybody() == {}
    assert [change["action"] for change in changes(world, "ECLAIM")] == ["suspend", "grant"]
    world.check()


def test_changes_for_a_system_without_an_interface_become_one_file(world: World, tmp_path: Path) -> None:
    world.execute(SetTarget("ECLAIM", "csv"), "admin")
    cases = [granted(world, serial)[0] for serial in (1, 2)]
    world.deliver()
    assert states(world, cases[0])["ECLAIM"] == "waiting"
    assert batch_changes(world.product) == 2
    world.deliver()
    assert batch_changes(world.product) == 0
    assert [states(world, case)["ECLAIM"] for case in cases] == ["done", "done"]
    (file,) = (tmp_path / "provisioning" / "ECLAIM").iterdir()
    rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    assert [(row["action"], row["role"], row["last_name"]) for row in rows] == [
        ("grant", "904", "ระบบดี1"),
        ("grant", "904", "ระบบดี2"),
    ]
    world.check()


def test_a_file_is_written_once_and_never_calculates(tmp_path: Path) -> None:
    line = dict.fromkeys(("change", "at", "action", "username", "role", "role_name", "first_name", "email"), "x")
    drops = DropFolder(tmp_path)
    for _ in range(2):
        file = drops.write("ECLAIM", "1-2", [{**line, "last_name": '=HYPERLINK("http://x")', "role_name": "-1+1"}])
    assert [path.name for path in file.parent.iterdir()] == ["ECLAIM-1-2.csv"]
    (row,) = csv.DictReader(file.read_text("utf-8-sig").splitlines())
    assert (row["last_name"], row["role_name"]) == ('\'=HYPERLINK("http://x")', "'-1+1")


def test_a_change_that_was_given_up_is_repeated_by_the_owner(world: World, scim: ScimServer) -> None:
    serve(world, scim)
    case_id, _ = granted(world)
    scim.broken = 50
    for _attempt in range(MAX_ATTEMPTS):
        with world.database.begin() as db:
            db.execute(update(OutboxRow).where(OutboxRow.status == "pending").values(run_at=world.clock.now()))
        world.deliver()
    assert (states(world, case_id)["ECLAIM"], world.case(case_id)["has_incident"]) == ("failed", True)
    (change,) = changes(world, "ECLAIM")
    with pytest.raises(NotAllowed):
        world.execute(BringAgain(change["id"]), "owner")
    with pytest.raises(NotFound):
        world.execute(BringAgain(1), "owner2")
    scim.broken = 0
    world.execute(BringAgain(change["id"]), "owner2")
    world.deliver()
    assert (states(world, case_id)["ECLAIM"], world.case(case_id)["has_incident"]) == ("done", False)
    assert len(changes(world, "ECLAIM")) == 1  # the same change, not another
    world.execute(BringAgain(change["id"]), "owner2")  # one that arrived is made once more
    assert len(changes(world, "ECLAIM")) == 2
    world.check()


def test_the_token_is_sealed_and_kept_when_the_rest_changes(world: World, scim: ScimServer) -> None:
    serve(world, scim)
    world.execute(SetTarget("ECLAIM", "scim", scim.url + "/v2"), "admin")
    with world.runtime.reading() as db:
        sealed = bytes(db.execute(select(ProvisioningTarget.token_sealed)).scalar_one())
    assert TOKEN.encode() not in sealed
    granted(world)
    world.deliver()
    assert scim.writes() == ["POST"]
    with pytest.raises(NotAllowed):
        world.execute(SetTarget("ECLAIM", "manual"), "owner2")


def test_a_revoked_role_is_taken_away_there(world: World, scim: ScimServer) -> None:
    serve(world, scim)
    case_id, username = granted(world)
    world.deliver()

    class Revoke:
        def run(self, work: Work) -> None:
            from workflows.changes.grants import revoke_grant

            given = {"username": username, "role_code": "904", "unit_code": "99001"}
            revoke_grant(work, work.case(case_id), given, {})
            follow(work, [Step("NEW_AUTHEN", username, "revoke")], case_id)

    world.execute(Revoke(), "admin")
    world.deliver()
    assert ScimTarget(scim.url, TOKEN).everybody() == {}
    assert [change["action"] for change in changes(world, "ECLAIM")] == ["revoke", "grant"]
