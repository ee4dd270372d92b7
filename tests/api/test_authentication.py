"""Who calls: passwords, tokens, client credentials; what stops working at once, and what never works."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from app import passwords
from app.api import access_tokens
from app.api.authentication import VerifiedPasswords
from app.demo.people import PASSWORD
from tests.api.conftest import As, Caller, basic
from tests.support.working_time import working_seconds
from workflows.actor import Actor
from workflows.clock import real_now
from workflows.commands.make_token import MakeToken
from workflows.commands.open_session import OpenSession
from workflows.commands.revoke_token import RevokeToken
from workflows.commands.set_password import SetPassword
from workflows.records import Account
from workflows.work import Work

ME = "authentication/me"
ADMIN = Actor("system:test")


class Change:
    """Writes one statement, as an administrator's command would."""

    def __init__(self, statement: Any) -> None:
        self.statement = statement

    def run(self, work: Work) -> None:
        work.write(self.statement)


def account_of(app: Flask, username: str) -> int:
    with app.extensions["sitthi"].runtime.reading() as db:
        return int(db.execute(select(Account.id).where(Account.username == username)).scalar_one())


def execute(app: Flask, command: Any) -> Any:
    return app.extensions["sitthi"].runtime.execute(command, ADMIN)


@contextmanager
def account_with(app: Flask, username: str, **values: Any) -> Iterator[None]:
    """The account has other values meanwhile."""
    table = Account.__table__
    with app.extensions["sitthi"].runtime.reading() as db:
        before = db.execute(select(*(table.c[name] for name in values)).where(table.c.username == username)).one()
    execute(app, Change(update(Account).where(Account.username == username).values(**values)))
    yield
    execute(app, Change(update(Account).where(Account.username == username).values(**before._mapping)))


def test_a_person_calls_with_name_and_password(as_: As) -> None:
    me = as_("head").get(ME)
    assert (me["username"], me["groups"], me["roles"]) == ("head", ["unit_head:99001"], ["unit_head"])


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Basic",
        "Basic !!!",
        "Basic " + b64encode(b"\xff\xfe:x").decode(),
        "Basic " + b64encode(b"requester").decode(),
        "Basic " + b64encode(b"a\0b:" + PASSWORD.encode()).decode(),
        "Basic " + b64encode(b"x" * 300 + b":y").decode(),
        "Digest x",
        "Bearer",
        "Bearer st_nothing",
        "Bearer at.1.99999999999." + "0" * 64,
        "Bearer at..",
        "Bearer \xe9",
        basic("requester", "wrong"),
        basic("nobody", PASSWORD),
        basic("", ""),
    ],
)
def test_nobody_else_gets_in(app: Flask, authorization: str) -> None:
    answer = Caller(app, authorization)("GET", "/v2/authentication/me")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic")
    assert answer.json is not None
    assert set(answer.json) >= {"type", "title", "status", "detail", "instance"}


def test_a_cookie_is_never_looked_at(app: Flask) -> None:
    token = execute(app, OpenSession(account_of(app, "admin")))
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True
    assert browser.get("/inbox").status_code == 200
    assert browser.get("/v2/authentication/me").status_code == 401
    assert browser.post("/v2/clock/reset").status_code == 401


def test_another_site_may_not_use_remembered_credentials(as_: As) -> None:
    admin = as_("admin")
    for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)):
        assert admin("GET", "/v2/topology", headers={"Sec-Fetch-Site": site}).status_code == status
    form = admin("POST", "/v2/process-instances", data="{}", content_type="text/plain")
    assert form.status_code == 400


def test_hashing_is_not_repeated_for_what_was_just_verified(app: Flask, as_: As) -> None:
    auditor = as_("auditor")
    auditor.get(ME)
    statements: list[str] = []
    database = app.extensions["sitthi"].database

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        statements.append(statement)

    event.listen(database, "before_cursor_execute", note)
    call = working_seconds(lambda: auditor.get(ME), tries=20)
    event.remove(database, "before_cursor_execute", note)
    assert call < working_seconds(lambda: passwords.hashed("x")) / 2, "a call costs less than half a hash"
    assert not [statement for statement in statements if not statement.startswith("SELECT")]


def test_a_changed_password_stops_working_at_once(app: Flask, as_: As) -> None:
    account = account_of(app, "reviewer")
    as_("reviewer").get(ME)
    execute(app, SetPassword(passwords.hashed("another long phrase"), account_id=account))
    assert as_("reviewer")("GET", "/v2/authentication/me").status_code == 401
    as_("reviewer", "another long phrase").get(ME)
    execute(app, SetPassword(passwords.hashed(PASSWORD), account_id=account))
    assert as_("reviewer", "another long phrase")("GET", "/v2/authentication/me").status_code == 401


@pytest.mark.parametrize(
    ("values", "status"),
    [({"status": "suspended"}, 401), ({"status": "cancelled"}, 401), ({"must_change_password": True}, 403)],
)
def test_an_account_that_may_not_act_stops_at_once(app: Flask, as_: As, values: dict[str, Any], status: int) -> None:
    owner = as_("owner2")
    owner.get(ME)
    token = execute(app, MakeToken(account_of(app, "owner2"), "program"))[2]
    program = Caller(app, f"Bearer {token}")
    program.get(ME)
    with account_with(app, "owner2", **values):
        for caller in (owner, program):
            assert caller("GET", "/v2/authentication/me").status_code == status
    owner.get(ME)


def test_a_token_acts_for_its_person_until_it_is_revoked(app: Flask) -> None:
    account = account_of(app, "head2")
    token_id, _, secret = execute(app, MakeToken(account, "program"))
    program = Caller(app, f"bearer {secret}")
    assert program.get(ME)["username"] == "head2"
    execute(app, RevokeToken(account, token_id))
    assert program("GET", "/v2/authentication/me").status_code == 401
    expired = execute(app, MakeToken(account, "old", lifetime=timedelta(seconds=-1)))[2]
    assert Caller(app, f"Bearer {expired}")("GET", "/v2/authentication/me").status_code == 401


@pytest.mark.parametrize("how", ["form", "header"])
def test_client_credentials_are_exchanged_for_an_access_token(app: Flask, how: str) -> None:
    account = account_of(app, "pao")
    token_id, client, secret = execute(app, MakeToken(account, "service", as_client=True))
    data = {"grant_type": "client_credentials", "audience": "sitthi"}
    headers = {}
    if how == "form":
        data |= {"client_id": client, "client_secret": secret}
    else:
        headers["Authorization"] = basic(client, secret)
    answer = app.test_client().post("/oauth/token", data=data, headers=headers)
    assert answer.status_code == 200
    assert answer.json is not None
    assert (answer.json["token_type"], answer.json["expires_in"]) == ("Bearer", 3600)
    program = Caller(app, f"Bearer {answer.json['access_token']}")
    assert program.get(ME)["username"] == "pao"
    assert Caller(app, f"Bearer {secret}")("GET", "/v2/topology").status_code == 401, "a client's secret is no token"
    execute(app, RevokeToken(account, token_id))
    assert program("GET", "/v2/authentication/me").status_code == 401


def test_an_access_token_ends(app: Flask) -> None:
    keyring = app.extensions["sitthi"].keyring
    token_id, _, _ = execute(app, MakeToken(account_of(app, "pao"), "service", as_client=True))
    old = access_tokens.issue(keyring, token_id, real_now() - timedelta(hours=1, seconds=1))
    assert Caller(app, f"Bearer {old}")("GET", "/v2/topology").status_code == 401
    fresh = access_tokens.issue(keyring, token_id, real_now())
    assert Caller(app, f"Bearer {fresh}")("GET", "/v2/topology").status_code == 200
    claim, _, mark = fresh.rpartition(".")
    for forged in (f"{claim}1.{mark}", f"{claim}.{mark[:-1]}x", fresh + "é"):
        assert Caller(app, f"Bearer {forged}")("GET", "/v2/topology").status_code == 401


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({}, 400, "unsupported_grant_type"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, 401, "invalid_client"),
        ({"grant_type": "client_credentials", "client_id": "x", "client_secret": "y"}, 401, "invalid_client"),
        ({"grant_type": "client_credentials", "client_id": "\0", "client_secret": "\0"}, 401, "invalid_client"),
    ],
)
def test_wrong_credentials_are_refused_as_the_protocol_says(
    app: Flask, form: dict[str, str], status: int, error: str
) -> None:
    answer = app.test_client().post("/oauth/token", data=form)
    assert answer.status_code == status
    assert answer.json is not None
    assert (answer.json["error"], answer.json["status"]) == (error, status)


def test_passwords_can_be_tried_so_often_only(app: Flask) -> None:
    statuses = [Caller(app, basic("regionchief", f"guess {n}"))("GET", "/v2/topology").status_code for n in range(22)]
    assert statuses == [401] * 20 + [429] * 2
    right = Caller(app, basic("regionchief"))("GET", "/v2/topology")
    assert (right.status_code, int(right.headers["Retry-After"]) > 0) == (429, True), "now even the right one waits"
    elsewhere = app.test_client().get(
        "/v2/topology",
        headers={"Authorization": basic("regionchief")},
        environ_overrides={"REMOTE_ADDR": "198.51.100.7"},
    )
    assert elsewhere.status_code == 200, "an attacker at one address does not lock the person out everywhere"


def test_the_memory_is_bounded_and_forgets() -> None:
    memory = VerifiedPasswords(capacity=2, lifetime=timedelta(seconds=60))
    for digest in "abc":
        memory.keep(digest)
    assert [memory.knows(digest) for digest in "abc"] == [False, True, True]
    old = VerifiedPasswords(lifetime=timedelta(seconds=-1))
    old.keep("a")
    assert not old.knows("a")


def test_a_call_counts_as_use_of_the_account(app: Flask, as_: As) -> None:
    long_ago = real_now() - timedelta(days=100)
    execute(app, Change(update(Account).where(Account.username == "signatory").values(last_used_at=long_ago)))
    as_("signatory").get(ME)
    with app.extensions["sitthi"].runtime.reading() as db:
        used = db.execute(select(Account.last_used_at).where(Account.username == "signatory")).scalar_one()
    assert used is not None
    assert used > real_now() - timedelta(minutes=5)
