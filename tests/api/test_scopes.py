"""Tokens that are for some things only, tokens of units' own systems, and how often one may call."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from app.access import SCOPES
from app.rate import Limiter
from tests.api.conftest import Caller, basic, callers, start
from tests.api.test_authentication import Change, account_of, account_with, execute
from tests.api.test_routes import is_problem, path_of, routes
from workflows.commands.make_token import MakeToken
from workflows.commands.revoke_token import RevokeToken
from workflows.errors import NotAllowed, NotFound
from workflows.queries import actors
from workflows.records import ApiToken, Case, Organisation
from workflows.rules import scopes


def program(app: Flask, *held: str, who: str = "designer", unit: str = "", **more: Any) -> Caller:
    """A program with a token of these scopes."""
    return Caller(app, f"Bearer {made(app, *held, who=who, unit=unit, **more)[2]}")


def made(app: Flask, *held: str, who: str = "designer", unit: str = "", **more: Any) -> tuple[int, str, str]:
    command = MakeToken(account_of(app, who), "program", scopes=held, unit_code=unit, **more)
    token: tuple[int, str, str] = execute(app, command)
    return token


@pytest.mark.parametrize("scope", [scope for scope in scopes.SCOPES if scope != scopes.FULL])
def test_a_token_opens_only_what_it_is_for(app: Flask, scope: str) -> None:
    caller = program(app, scope)
    refused = set()
    for endpoint, method, rule in routes(app):
        if endpoint in SCOPES:
            answer = caller(method, path_of(rule))
            needed = SCOPES[endpoint]
            if needed in (scopes.ANY, scope):
                assert "scope" not in (answer.json or {}), f"{method} {rule}: {answer.text}"
            else:
                assert (answer.status_code, is_problem(answer)) == (403, True), f"{method} {rule}"
                assert answer.json is not None
                assert answer.json["scope"] == needed
                assert needed in answer.json["detail"]
                assert answer.headers["WWW-Authenticate"] == f'Bearer error="insufficient_scope", scope="{needed}"'
                refused.add(needed)
    assert scopes.FULL in refused


def test_a_full_token_and_a_password_open_everything(app: Flask) -> None:
    for caller in (program(app, scopes.FULL), callers(app)("designer")):
        assert caller.get("authentication/me")["scopes"] == [scopes.FULL]
        case = start(caller)
        assert caller("GET", f"/api/cases/{case}").status_code == 200
        assert caller("POST", "/v2/user-tasks/search", {}).status_code == 200


def test_a_scope_gives_nobody_more_rights(app: Flask) -> None:
    assert program(app, scopes.USAGE_WRITE, who="requester")("POST", "/api/usage", []).status_code == 403
    assert program(app, scopes.USAGE_WRITE, who="owner2")("POST", "/api/usage", []).status_code == 200


def test_a_client_is_exchanged_for_less(app: Flask) -> None:
    _, client, secret = made(app, scopes.CASES_READ, scopes.USAGE_WRITE, who="owner2", as_client=True)

    def exchange(scope: str | None) -> Any:
        data = {"grant_type": "client_credentials", **({"scope": scope} if scope is not None else {})}
        return app.test_client().post("/oauth/token", data=data, headers={"Authorization": basic(client, secret)})

    both = "cases:read usage:write"
    for asked, given in ((None, both), ("", both), ("cases:read", "cases:read")):
        answer = exchange(asked)
        assert (answer.status_code, answer.json["scope"]) == (200, given)
        caller = Caller(app, f"Bearer {answer.json['access_token']}")
        assert caller("POST", "/v2/process-instances/search", {}).status_code == 200
        assert caller("POST", "/api/usage", []).status_code == (200 if "usage" in given else 403)
    for asked in ("full", "cases:read authentications:write", "nothing"):
        answer = exchange(asked)
        assert (answer.status_code, answer.json["error"]) == (400, "invalid_scope")


def test_full_credentials_can_be_exchanged_for_any_scope(app: Flask) -> None:
    assert scopes.narrowed((scopes.FULL,), [scopes.CASES_READ]) == [scopes.CASES_READ]
    assert scopes.narrowed((scopes.FULL,), []) == [scopes.FULL]
    assert scopes.narrowed((scopes.CASES_READ,), [scopes.FULL]) is None


def test_a_units_system_acts_for_its_unit_and_for_nobody(app: Flask) -> None:
    token_id, _, secret = made(app, scopes.CASES_READ, scopes.AUTHENTICATIONS_WRITE, who="signatory", unit="99003")
    caller = Caller(app, f"Bearer {secret}")
    me = caller.get("authentication/me")
    assert (me["username"], me["groups"]) == (f"program:{token_id}", ["frontdesk:99003", "unit_system:99003"])
    assert me["scopes"] == ["authentications:write", "cases:read"]
    mine = start(callers(app)("signatory"), "api_bare")
    assert caller("GET", f"/api/cases/{mine}").status_code == 404, "what its maker may see is not the unit's"
    assert caller("POST", "/v2/process-instances", {"processDefinitionId": "api_bare"}).status_code == 403


def test_what_one_system_of_a_unit_asked_for_every_system_of_the_unit_sees(app: Flask) -> None:
    ids = [made(app, scopes.CASES_READ, who="signatory", unit="99003") for _ in range(2)]
    other = program(app, scopes.CASES_READ, who="admin", unit="99002")
    case = start(callers(app)("designer"), "api_bare")
    execute(app, Change(update(Case).where(Case.id == int(case)).values(requester=f"program:{ids[0][0]}")))
    for _, _, secret in ids:
        assert Caller(app, f"Bearer {secret}")("GET", f"/api/cases/{case}").status_code == 200
    assert other("GET", f"/api/cases/{case}").status_code == 404


def test_a_units_token_outlives_its_maker_and_ends_with_the_unit(app: Flask) -> None:
    caller = program(app, scopes.CASES_READ, who="signatory", unit="99003")
    with account_with(app, "signatory", status="cancelled"):
        caller.get("authentication/me")
    execute(app, Change(update(Organisation).where(Organisation.code == "99003").values(active=False)))
    assert caller("GET", "/v2/authentication/me").status_code == 401
    execute(app, Change(update(Organisation).where(Organisation.code == "99003").values(active=True)))
    caller.get("authentication/me")


def test_a_units_token_has_no_scope_of_a_person_and_a_unit_that_is_there(app: Flask) -> None:
    for held in ((scopes.FULL,), (scopes.USAGE_WRITE,), (), ("nothing",)):
        with pytest.raises(NotAllowed):
            made(app, *held, who="signatory", unit="99003")
    with pytest.raises(NotFound):
        made(app, scopes.CASES_READ, who="signatory", unit="98999")


def test_only_the_unit_revokes_its_tokens(app: Flask) -> None:
    token_id, _, secret = made(app, scopes.CASES_READ, who="signatory", unit="99003")
    for wrong in (
        RevokeToken(account_of(app, "signatory"), token_id),
        RevokeToken(account_of(app, "head2"), token_id, "99002"),
    ):
        with pytest.raises(NotFound):
            execute(app, wrong)
    Caller(app, f"Bearer {secret}").get("authentication/me")
    execute(app, RevokeToken(account_of(app, "head2"), token_id, "99003"))  # whoever keeps the unit's tokens now
    assert Caller(app, f"Bearer {secret}")("GET", "/v2/authentication/me").status_code == 401


def test_the_last_use_is_known(app: Flask) -> None:
    token_id, _, secret = made(app, scopes.CASES_READ, who="signatory", unit="99003")

    def used() -> Any:
        with app.extensions["sitthi"].runtime.reading() as db:
            return next(row for row in actors.tokens_of_units(db, ["99003"]) if row["id"] == token_id)["last_used_at"]

    assert used() is None
    Caller(app, f"Bearer {secret}").get("authentication/me")
    first = used()
    assert first is not None
    Caller(app, f"Bearer {secret}").get("authentication/me")
    assert used() == first, "not written at every call"
    long_ago = first - timedelta(minutes=6)
    execute(app, Change(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=long_ago)))
    Caller(app, f"Bearer {secret}").get("authentication/me")
    assert used() > long_ago


@pytest.fixture
def three_a_minute(app: Flask) -> Iterator[None]:
    before = app.extensions["sitthi_token_calls"]
    app.extensions["sitthi_token_calls"] = Limiter(3, timedelta(minutes=1))
    yield
    app.extensions["sitthi_token_calls"] = before


@pytest.mark.usefixtures("three_a_minute")
def test_a_token_may_call_so_often(app: Flask) -> None:
    mine, other = (program(app, scopes.CASES_READ, who="signatory", unit="99003") for _ in range(2))
    answers = [mine("GET", "/v2/authentication/me") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 3 + [429] * 2
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
    assert is_problem(answers[-1])
    assert other("GET", "/v2/authentication/me").status_code == 200, "another token has its own count"


def test_the_description_names_the_scopes(app: Flask) -> None:
    document = app.test_client().get("/api/openapi.json").json
    assert document is not None
    flows = document["components"]["securitySchemes"]["client"]["flows"]
    assert set(flows["clientCredentials"]["scopes"]) == set(scopes.SCOPES)
    assert document["paths"]["/api/usage"]["post"]["security"] == [
        {"basic": []},
        {"bearer": ["usage:write"]},
        {"client": ["usage:write"]},
    ]
    assert document["paths"]["/api/track"]["post"]["security"] == []
