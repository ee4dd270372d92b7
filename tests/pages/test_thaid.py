"""Signing in, registering and confirming with ThaID, over the pages, with the demonstration's stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from app import create_app
from app.adapters.thaid_demo import NEWCOMERS
from tests.support.world import World
from workflows.commands.suspend_account import SuspendAccount
from workflows.queries import thaid_proofs
from workflows.rules import citizen_id

SIGNATORY, REQUESTER = "0990000000126", "0990000000011"
NEWCOMER = NEWCOMERS[0].pid


@pytest.fixture
def browser(world: World) -> Iterator[FlaskClient]:
    app = create_app(wired=world.product)
    app.config.update(WTF_CSRF_ENABLED=False, TESTING=True)
    with app.test_client() as client:
        yield client


def answer(browser: FlaskClient, pid: str, began: str = "/thaid/sign-in") -> Any:
    """Begin, choose a person in the demonstration's ThaID, come back."""
    asked = parse_qs(urlsplit(browser.get(began).location).query)
    chosen = browser.post("/demo/thaid", data={"state": asked["state"][0], "nonce": asked["nonce"][0], "pid": pid})
    return browser.get(chosen.location)


def test_signing_in_and_remembering_it(world: World, browser: FlaskClient) -> None:
    before = world.account("requester")
    assert before["thaid_verified_at"] is None
    assert answer(browser, REQUESTER, "/thaid/sign-in?next=/cases").location == "/cases"
    assert "มานี" in browser.get("/inbox").text
    after = world.account("requester")
    assert (after["thaid_verified_at"], after["thaid_ial"]) == (world.clock.at, "2.3")
    assert after["self_registered_at"] is None


def test_it_never_leads_away_from_this_site(browser: FlaskClient) -> None:
    assert answer(browser, REQUESTER, "/thaid/sign-in?next=https://evil.example/").location in ("/", "/inbox")


def test_another_state_and_a_second_use_are_refused(browser: FlaskClient) -> None:
    asked = parse_qs(urlsplit(browser.get("/thaid/sign-in").location).query)
    data = {"state": asked["state"][0], "nonce": asked["nonce"][0], "pid": REQUESTER}
    back = browser.post("/demo/thaid", data=data).location
    assert browser.get(back.replace(asked["state"][0], "x" * 43)).status_code == 403
    assert browser.get(back).status_code == 403  # the wrong state used the question up


def test_a_code_of_another_browser_is_refused(world: World, browser: FlaskClient) -> None:
    """An attacker's own code and state, sent to a victim: the victim's browser never asked."""
    with create_app(wired=world.product).test_client() as victim:
        asked = parse_qs(urlsplit(browser.get("/thaid/sign-in").location).query)
        data = {"state": asked["state"][0], "nonce": asked["nonce"][0], "pid": REQUESTER}
        back = browser.post("/demo/thaid", data=data).location
        assert victim.get(back).status_code == 403
        theirs = parse_qs(urlsplit(victim.get("/thaid/sign-in").location).query)["state"][0]
        assert victim.get(back.replace(asked["state"][0], theirs)).status_code == 403  # the nonce differs


def test_whoever_does_not_confirm_comes_back_unharmed(browser: FlaskClient) -> None:
    asked = parse_qs(urlsplit(browser.get("/thaid/sign-in").location).query)
    back = browser.post("/demo/thaid", data={"state": asked["state"][0], "nonce": asked["nonce"][0], "pid": ""})
    found = browser.get(back.location)
    assert found.status_code == 403
    assert "ยังไม่ได้ยืนยันตัวตน" in found.text


def test_a_suspended_account_stays_out(world: World, browser: FlaskClient) -> None:
    world.execute(SuspendAccount("requester", "ตรวจสอบ"), "admin")
    assert answer(browser, REQUESTER).status_code == 403
    assert browser.get("/inbox").status_code == 302


def test_somebody_without_an_account_registers_themselves(world: World, browser: FlaskClient) -> None:
    assert answer(browser, NEWCOMER).status_code == 403
    assert answer(browser, NEWCOMER, "/thaid/register").location == "/oss/register"
    page = browser.get("/oss/register").text
    assert NEWCOMERS[0].last_name in page
    assert NEWCOMER not in page
    given = {"unit_code": "99003", "position": "พยาบาล", "email": "pranee@example.org", "mobile": "0800000777"}
    wrong = browser.post("/oss/register", data={**given, "unit_code": "00000", "email": "nobody"})
    assert wrong.status_code == 422
    assert browser.post("/oss/register", data=given).location == "/start/oss_registration"
    made = world.account("S990030001")
    assert (made["realm"], made["status"], made["pid"]) == ("OSS", "active", NEWCOMER)
    assert made["self_registered_at"] == made["thaid_verified_at"] == world.clock.at
    refused = browser.get("/start/oss_registration").text
    assert "ผู้มีอำนาจลงนาม" in refused
    assert "ไม่ได้สมัครเอง" not in refused
    browser.post("/sign-out")
    assert answer(browser, NEWCOMER).location == "/inbox"
    answer(browser, NEWCOMER, "/thaid/register")
    assert browser.post("/oss/register", data={**given, "email": "b@example.org"}).status_code == 409


def test_somebody_with_two_accounts_chooses(world: World, browser: FlaskClient) -> None:
    answer(browser, REQUESTER, "/thaid/register")
    given = {"unit_code": "99001", "position": "นักวิชาการ", "email": "manee2@example.org", "mobile": "0800000778"}
    browser.post("/oss/register", data=given)
    browser.post("/sign-out")
    page = answer(browser, REQUESTER)
    assert "S990010001" in page.text
    assert browser.post("/thaid/choose", data={"username": "signatory"}).status_code == 403
    answer(browser, REQUESTER)
    assert browser.post("/thaid/choose", data={"username": "S990010001"}).location == "/inbox"


def test_an_endorser_confirms_once_at_the_counter(world: World, browser: FlaskClient) -> None:
    sign_in = browser.post("/sign-in", data={"username": "frontdesk", "password": "sitthi-demo"})
    assert sign_in.location == "/inbox"
    page = browser.post("/thaid/confirmations").text
    link = urlsplit(page[page.index("https://sitthi.example/thaid/ask/") :].partition('"')[0]).path
    with create_app(wired=world.product).test_client() as phone:
        phone.application.config.update(WTF_CSRF_ENABLED=False)
        assert "99003" in phone.get(link).text
        done = answer(phone, NEWCOMER, link.replace("/ask/", "/confirm/"))
        assert done.status_code == 200
        assert NEWCOMERS[0].last_name in done.text
        assert NEWCOMER not in done.text
        assert answer(phone, REQUESTER, link.replace("/ask/", "/confirm/")).status_code == 409
    with world.runtime.reading() as db:
        found = thaid_proofs.proof(db, world.keyring, "99003", NEWCOMER, world.clock.now())
        assert found is not None
        assert found["asked_by"] == "frontdesk"
        assert thaid_proofs.proof(db, world.keyring, "99003", REQUESTER, world.clock.now()) is None
    assert NEWCOMERS[0].last_name in browser.get("/thaid/confirmations").text
    assert phone.get("/thaid/ask/" + "x" * 40).status_code == 410


def test_the_invented_people_are_in_our_block() -> None:
    for each in NEWCOMERS:
        assert each.pid[0] == "0"
        assert citizen_id.problem(each.pid) is None
