"""The pages of tokens: one's own, and those of a unit's systems."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.world import World
from workflows.queries import actors

Enter = Callable[[str], FlaskClient]
SECRET = re.compile(r'id="secret"[^>]*>(st_[\w-]+)<')


def me(app: Flask, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return app.test_client().get("/v2/authentication/me", headers=headers).status_code


def secret_of(page: str) -> str:
    found = SECRET.search(page)
    assert found, page
    return found[1]


def rows(world: World) -> list[dict[str, object]]:
    with world.runtime.reading() as db:
        return [dict(row) for row in actors.tokens_of_units(db, None)]


def test_a_signatory_makes_and_revokes_a_token_of_the_unit(app: Flask, enter: Enter, world: World) -> None:
    client = enter("signatory")
    answer = client.post(
        "/unit-tokens", data={"name": "ward system", "scopes": ["authentications:write"], "days": "365"}
    )
    assert answer.status_code == 200
    secret = secret_of(answer.text)
    assert me(app, secret) == 200
    [row] = rows(world)
    assert (row["unit_code"], row["scopes"], row["name"]) == ("99003", ["authentications:write"], "ward system")
    again = client.get("/unit-tokens").text
    assert ("ward system" in again, secret in again) == (True, False), "shown once"
    assert "ward system" not in client.get("/tokens").text
    assert client.post(f"/unit-tokens/{row['id']}/revoke").status_code == 302
    assert (me(app, secret), rows(world)) == (401, [])


def test_client_credentials_are_made_on_the_page(app: Flask, enter: Enter) -> None:
    data = {"name": "ward system", "scopes": ["authentications:read"], "kind": "client", "unit_code": "99002"}
    page = enter("admin").post("/unit-tokens", data=data).text
    client_id = re.search(r'id="client">(client-\w+)<', page)
    assert client_id
    form = {"grant_type": "client_credentials", "client_id": client_id[1], "client_secret": secret_of(page)}
    answer = app.test_client().post("/oauth/token", data=form).json
    assert answer is not None
    assert answer["scope"] == "authentications:read"
    assert me(app, answer["access_token"]) == 200


@pytest.mark.parametrize(
    ("who", "form", "field"),
    [
        ("signatory", {"name": "", "scopes": ["cases:read"]}, "name"),
        ("signatory", {"name": "ward system"}, "scopes"),
        ("signatory", {"name": "ward system", "scopes": ["full"]}, "scopes"),
        ("admin", {"name": "ward system", "scopes": ["cases:read"], "unit_code": "98999"}, "unit_code"),
        ("admin", {"name": "ward system", "scopes": ["cases:read"], "unit_code": ""}, "unit_code"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(
    enter: Enter, world: World, who: str, form: dict[str, object], field: str
) -> None:
    answer = enter(who).post("/unit-tokens", data=form)
    assert answer.status_code == 422
    assert re.search(rf'class="error"[^>]*>|id="f-{field}-error"', answer.text)
    assert rows(world) == []


def test_nobody_makes_or_revokes_for_another_unit(enter: Enter, world: World) -> None:
    data = {"name": "ward system", "scopes": ["cases:read"], "unit_code": "99001"}
    assert enter("signatory").post("/unit-tokens", data=data).status_code == 422
    assert enter("head").post("/unit-tokens", data=data).status_code == 200
    [row] = rows(world)
    assert enter("signatory").post(f"/unit-tokens/{row['id']}/revoke").status_code == 404
    assert "ward system" not in enter("signatory").get("/unit-tokens").text
    assert "ward system" in enter("auditor").get("/unit-tokens").text
    assert enter("auditor").post(f"/unit-tokens/{row['id']}/revoke").status_code == 403
    assert enter("frontdesk").get("/unit-tokens").status_code == 403
    assert len(rows(world)) == 1


def test_a_person_chooses_what_their_token_is_for(app: Flask, enter: Enter) -> None:
    client = enter("requester")
    everything = secret_of(client.post("/tokens", data={"name": "all"}).text)
    little = secret_of(client.post("/tokens", data={"name": "some", "scopes": ["cases:read"]}).text)
    for token, status in ((everything, 200), (little, 403)):
        answer = app.test_client().post("/v2/user-tasks/search", json={}, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == status
    for n in range(18):
        assert client.post("/tokens", data={"name": f"more {n}"}).status_code == 200
    assert client.post("/tokens", data={"name": "one more"}).status_code == 422
