"""The pages where keepers of units say where their systems are told of events."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.support.receiver import receiving
from tests.support.world import World
from workflows.queries import webhooks
from workflows.rules.webhooks import CLOSED, OPENED

Enter = Callable[[str], FlaskClient]
SECRET = re.compile(r'id="secret"[^>]*>(whsec_[\w-]+)<')


def rows(world: World) -> list[dict[str, Any]]:
    with world.runtime.reading() as db:
        return webhooks.endpoints(db, None)


def secret_of(page: str) -> str:
    found = SECRET.search(page)
    assert found, page
    return found[1]


def test_from_registration_to_removal(enter: Enter, world: World) -> None:
    client, sender = enter("signatory"), world.product.webhook_sender()
    with receiving() as receiver:
        page = client.post("/webhooks", data={"url": f"{receiver.url}/x", "events": [OPENED]}).text
        receiver.secret = secret_of(page)
        [row] = rows(world)
        here = f"/webhooks/{row['id']}"
        assert (row["unit_code"], row["events"], row["state"]) == ("99003", [OPENED], "active")
        assert receiver.secret not in client.get(here).text, "shown once"
        assert client.post(f"{here}/send").status_code == 302
        sender.send()
        sender.wait()
        assert [came["verified"] for came in receiver.came] == [True]
        page = client.get(here).text
        assert ("HTTP 200" in page, receiver.came[0]["id"] in page) == (True, True)
        [again] = re.findall(r'name="again" value="(\d+)"', page)
        client.post(f"{here}/send", data={"again": again})
        old, receiver.secret = receiver.secret, secret_of(client.post(f"{here}/secret").text)
        sender.send()
        sender.wait()
        assert receiver.came[-1]["verified"]
        assert receiver.came[-1]["id"] == receiver.came[0]["id"]
        assert receiver.came[-1]["signature"].count("v1=") == 2, f"also with {old}"
        assert client.post(here, data={"url": receiver.url, "events": [CLOSED]}).status_code == 302
        assert [(one["url"], one["events"]) for one in rows(world)] == [(receiver.url, [CLOSED])]
        client.post(f"{here}/state/paused")
        assert client.post(f"{here}/send").status_code == 409
        client.post(f"{here}/state/removed")
        assert client.get(here).status_code == 404
    sender.stop()


@pytest.mark.parametrize(
    ("who", "form", "field"),
    [
        ("signatory", {"url": "https://his.example.org/", "events": []}, "เลือกอย่างน้อยหนึ่งเหตุการณ์"),
        ("signatory", {"url": "http://his.example.org/", "events": [OPENED]}, "https://"),
        ("signatory", {"url": "https://his.example.org/", "events": [OPENED], "unit_code": "99001"}, "f-url"),
        ("admin", {"url": "https://his.example.org/", "events": [OPENED], "unit_code": "98999"}, "f-unit_code-error"),
    ],
)
def test_what_is_wrong_is_said(enter: Enter, world: World, who: str, form: dict[str, Any], field: str) -> None:
    answer = enter(who).post("/webhooks", data=form)
    assert (answer.status_code, field in answer.text) == (422, True)
    assert form["url"] in answer.text, "nothing typed is lost"
    assert rows(world) == []


def test_nobody_reaches_the_endpoints_of_another_unit(enter: Enter, world: World) -> None:
    data = {"url": "https://secret.example.org/", "events": [OPENED]}
    assert enter("admin").post("/webhooks", data={**data, "unit_code": "99002"}).status_code == 200
    assert enter("admin").post("/webhooks", data={**data, "unit_code": ""}).status_code == 200
    signatory = enter("signatory")
    assert "secret.example.org" not in signatory.get("/webhooks").text
    for row in rows(world):
        here = f"/webhooks/{row['id']}"
        assert signatory.get(here).status_code == 404
        for path in ("", "/send", "/secret", "/state/removed", "/state/active"):
            assert signatory.post(here + path, data=data).status_code == 404
        assert enter("auditor").get(here).status_code == 200
        assert enter("auditor").post(f"{here}/state/removed").status_code == 403
        assert enter("frontdesk").get(here).status_code == 403
    assert {row["state"] for row in rows(world)} == {"active"}
