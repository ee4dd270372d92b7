"""Refused sign-ins with their ways out, and the links of an account's life, as a browser without scripts meets them."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from app import create_app
from app.demo.people import PASSWORD
from tests.support.account_life import MANEE
from tests.support.world import LINK, World
from workflows.commands.plan_maintenance import PlanMaintenance
from workflows.commands.suspend_account import SuspendAccount
from workflows.records import Account

NEW = "สามคำที่ยาวพอและจำง่าย"


@pytest.fixture
def browser(world: World) -> Iterator[FlaskClient]:
    app = create_app(wired=world.product)
    app.config["WTF_CSRF_ENABLED"] = False
    yield app.test_client()
    world.check()


def sign_in(browser: FlaskClient, password: str = PASSWORD, username: str = "requester") -> tuple[int, str]:
    answer = browser.post("/sign-in", data={"username": username, "password": password})
    return answer.status_code, without_tokens(answer.text)


def without_tokens(page: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page)


def link(world: World, kind: str) -> str:
    found = next(m for m in world.sent(MANEE["email"]) if f"/{kind}/" in m["text"])
    return next(f"/{kind}/{token}" for found_kind, token in LINK.findall(found["text"]) if found_kind == kind)


def forget(world: World, browser: FlaskClient, email: str = MANEE["email"]) -> str:
    """Ask for a new password as a stranger; gives what the page says afterwards."""
    answer = browser.post(
        "/start/password_reset", data={"reset_by": "mailbox", "email": email, "_go": "next"}, follow_redirects=True
    )
    assert answer.status_code == 200
    world.deliver()
    return without_tokens(answer.text)


@pytest.mark.parametrize(
    ("change", "words", "way_out"),
    [
        ({"status": "suspended", "status_reason": "irregular"}, "ผิดปกติ", "/start/account_reactivate"),
        ({"status": "suspended", "status_reason": "dormant"}, "180 วัน", "/start/account_reactivate"),
        ({"status": "cancelled"}, "ถูกยกเลิก", "/start/access_request"),
        ({"status": "pending"}, "ยังไม่ได้เปิดใช้", "/start/password_reset"),
    ],
)
def test_each_reason_is_its_own_and_only_for_the_right_password(
    world: World, browser: FlaskClient, change: dict[str, str], words: str, way_out: str
) -> None:
    with world.database.begin() as db:
        db.execute(update(Account).where(Account.username == "requester").values(**change))
    status, page = sign_in(browser)
    assert (status, words in page, way_out in page) == (403, True, True)
    stranger = sign_in(browser, "some other password")
    assert (stranger[0], words in stranger[1]) == (401, False)
    unknown = sign_in(browser, username="nobody")
    assert stranger[1].replace("requester", "") == unknown[1].replace("nobody", "").replace("requester", "")


def test_away_for_more_than_180_full_days(world: World, browser: FlaskClient) -> None:
    world.later(days=180)
    assert sign_in(browser)[0] == 302  # a sign-in counts as use
    world.later(days=181)
    status, page = sign_in(browser)
    assert (status, "180 วัน" in page) == (403, True)
    assert sign_in(browser, username="admin")[0] == 302  # or nobody could let anybody in again


def test_a_forgotten_password(world: World, browser: FlaskClient) -> None:
    known = forget(world, browser)
    assert known == forget(world, browser, "nobody@example.org")
    status, page = sign_in(browser)
    assert (status, "จนกว่าจะตั้งรหัสผ่านใหม่" in page, "/start/password_reset" in page) == (403, True, True)
    basic = {"Authorization": "Basic " + b64encode(f"requester:{PASSWORD}".encode()).decode()}
    refused = browser.get("/v2/topology", headers=basic)
    assert (refused.status_code, "e-mail" in refused.get_json()["detail"]) == (401, True)

    path = link(world, "reset")
    assert browser.get(path).status_code == 200
    assert sign_in(browser)[0] == 403  # opening a link changes nothing
    assert browser.post(path, data={"password": "short", "again": "short"}).status_code == 422
    assert browser.post(path, data={"password": NEW, "again": NEW}).status_code == 302
    assert browser.post(path, data={"password": NEW, "again": NEW}).status_code == 410
    assert "ลิงก์นี้ใช้ไปแล้ว" in browser.get(path).text
    assert (sign_in(browser)[0], sign_in(browser, NEW)[0]) == (401, 302)


def test_who_had_not_asked_goes_on_with_the_old_one(world: World, browser: FlaskClient) -> None:
    forget(world, browser)
    path = link(world, "keep-password")
    assert (browser.get(path).status_code, sign_in(browser)[0]) == (200, 403)
    assert browser.post(path).status_code == 302
    assert sign_in(browser)[0] == 302
    assert browser.post(path).status_code == 410


def test_the_first_of_two_addresses_learns_that_the_other_is_awaited(world: World, browser: FlaskClient) -> None:
    case_id = world.start("account_edit", "requester").case_id
    world.do("requester", "changes_form", case_id, email="manee.new@example.org")
    told = []
    for address in ("manee.new@example.org", "requester@example.org"):
        kind, token = next(iter(LINK.findall(world.sent(address)[0]["text"])))
        path = f"/{kind}/{token}"
        assert browser.post(path, data={"answer": "yes"}).status_code == 302
        told.append("ยังรอการยืนยันจากอีเมลอีกแห่งหนึ่ง" in browser.get("/track").text)
    assert (told, world.case(case_id)["outcome"]) == ([True, False], "changed")


def test_an_address_refuses(world: World, browser: FlaskClient) -> None:
    case_id = world.start("account_edit", "requester").case_id
    world.do("requester", "changes_form", case_id, email="manee.new@example.org")
    path = link(world, "confirm-email")
    assert "ปฏิเสธ" in browser.get(path).text
    assert browser.post(path, data={"answer": "no"}).status_code == 302
    assert world.case(case_id)["outcome"] == "unchanged"
    assert browser.post(path, data={"answer": "yes"}).status_code == 410
    assert browser.get("/confirm-email/none").status_code == 200


def test_a_suspension_ends_sessions(world: World, browser: FlaskClient) -> None:
    assert sign_in(browser)[0] == 302
    assert browser.get("/inbox").status_code == 200
    world.execute(SuspendAccount("requester", "ใช้รหัสร่วมกัน"), "region")
    assert browser.get("/inbox").status_code == 302


def test_nobody_but_administrators_signs_in_during_maintenance(world: World, browser: FlaskClient) -> None:
    now = world.clock.now()
    window = PlanMaintenance(now, now + timedelta(hours=1), "ปรับปรุงฐานข้อมูล", "Database work")
    world.execute(window, "admin")
    status, page = sign_in(browser)
    assert (status, "ปรับปรุงฐานข้อมูล" in page) == (503, True)
    assert sign_in(browser, "some other password")[0] == 401
    basic = {"Authorization": "Basic " + b64encode(f"requester:{PASSWORD}".encode()).decode()}
    assert browser.get("/v2/topology", headers=basic).status_code == 200  # programs go on
    assert sign_in(browser, username="admin")[0] == 302
    world.later(hours=1)
    assert sign_in(browser)[0] == 302


def test_nobody_fills_somebodys_phone_with_codes(world: World, browser: FlaskClient) -> None:
    statuses = []
    for _ in range(7):
        item = browser.post("/start/account_edit").headers["Location"]
        answer = browser.post(item, data={"pid": MANEE["pid"], "prove_by": "mobile", "_go": "next"})
        statuses.append(answer.status_code)
    assert statuses == [302] * 6 + [422]
    assert "บ่อยเกินไป" in answer.text
    assert len(world.sent(MANEE["mobile"])) == 6
