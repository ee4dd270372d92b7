"""Accounts for those who answer for them: who sees whose, masked; suspending, lifting, cancelling."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from app.demo.people import PASSWORD
from tests.support.account_life import MANEE, reason
from tests.support.world import World
from workflows.commands.suspend_account import SuspendAccount
from workflows.errors import Conflict, NotAllowed, NotFound
from workflows.records import Account

Enter = Callable[[str], FlaskClient]


@pytest.mark.parametrize(
    ("who", "sees", "misses"),
    [
        ("head", {"requester"}, {"requester2", "admin"}),
        ("region", {"requester", "requester2"}, {"region9", "admin"}),
        ("admin", {"requester", "region9", "admin"}, set()),
    ],
)
def test_everybody_sees_the_accounts_they_answer_for(enter: Enter, who: str, sees: set[str], misses: set[str]) -> None:
    client = enter(who)
    page = client.get("/accounts").text
    assert {name for name in sees | misses if f'"/accounts/{name}"' in page} == sees
    for name in sees | misses:
        assert client.get(f"/accounts/{name}").status_code == (200 if name in sees else 404)


def test_others_have_no_such_page(enter: Enter) -> None:
    for who in ("requester", "owner", "issuer"):
        assert enter(who).get("/accounts").status_code == 403


def test_the_list_finds_by_name_and_unit(enter: Enter) -> None:
    client = enter("admin")
    for text, found in (("มานี", "requester"), ("99002", "requester2"), ("req", "requester")):
        page = client.get("/accounts", query_string={"q": text}).text
        assert (f'"/accounts/{found}"' in page, '"/accounts/admin"' in page) == (True, False)
    assert "ไม่พบบัญชี" in client.get("/accounts?q=%25").text  # a wildcard is only a letter


def test_the_file_is_masked(enter: Enter) -> None:
    page = enter("head").get("/accounts/requester").text
    assert ("099XXXXXXXX11" in page, "re???@example.org" in page, "906" in page) == (True, True, True)
    assert [hidden for hidden in (MANEE["pid"], MANEE["email"], MANEE["mobile"]) if hidden in page] == []
    assert 'action="/accounts/requester/suspend"' not in page  # a head cancels, NHSO suspends


def test_nhso_suspends_with_a_reason_and_lifts(world: World, enter: Enter) -> None:
    client, holder = enter("region"), enter("requester")
    assert client.post("/accounts/requester/suspend", data={"reason": " "}).status_code == 422
    assert reason(world) is None
    assert client.post("/accounts/requester/suspend", data={"reason": "ใช้รหัสร่วมกัน"}).status_code == 302
    assert reason(world) == "irregular"
    assert holder.get("/inbox").status_code == 302  # signed out
    assert "ใช้รหัสร่วมกัน" in world.sent(MANEE["email"])[0]["text"]
    page = client.get("/accounts/requester").text
    assert ("ใช้รหัสร่วมกัน" in page, 'value="yes"' in page) == (True, True)
    client.post("/accounts/requester/suspend", data={"reason": "ชี้แจงแล้ว", "lift": "yes"})
    assert reason(world) is None
    enter("requester")


@pytest.mark.parametrize(
    ("who", "username", "error"),
    [
        ("head", "requester", NotAllowed),
        ("region9", "requester", NotAllowed),
        ("requester2", "requester", NotAllowed),
        ("region", "region", NotAllowed),
        ("admin", "admin", NotAllowed),
        ("admin", "nobody", NotFound),
    ],
)
def test_who_may_not_suspend(world: World, who: str, username: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        world.execute(SuspendAccount(username, "x"), who)


def test_an_account_is_suspended_once_and_a_dormant_one_needs_a_letter(world: World) -> None:
    world.execute(SuspendAccount("requester", "x"), "admin")
    with pytest.raises(Conflict):
        world.execute(SuspendAccount("requester", "x"), "region")
    with world.database.begin() as db:
        db.execute(update(Account).where(Account.username == "requester").values(status_reason="dormant"))
    with pytest.raises(NotAllowed):
        world.execute(SuspendAccount("requester", "x", lift=True), "region")


def test_the_head_begins_a_cancellation_here(world: World, enter: Enter) -> None:
    client = enter("head")
    assert "แจ้งยกเลิกบัญชี" in client.get("/accounts/requester").text
    first = client.get(client.post("/accounts/requester/cancel").headers["Location"])
    assert 'value="requester"' in first.text


def test_only_wrong_passwords_use_up_the_tries(app: Flask, enter: Enter) -> None:
    for _ in range(12):
        enter("requester")
    wrong = {"username": "requester", "password": "ไม่ใช่รหัสผ่านนี้"}
    assert [app.test_client().post("/sign-in", data=wrong).status_code for _ in range(11)] == [401] * 10 + [429]
    right = {"username": "requester", "password": PASSWORD}
    assert app.test_client().post("/sign-in", data=right).status_code == 429
