"""What becomes of an authentication is told to the systems of its unit, whoever did it, with nothing personal."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.journeys.test_smartcard_review import appeal, opened
from tests.support.authentications import put
from tests.support.world import World
from workflows.announcing import AUTHENTICATION_DATA
from workflows.commands.register_webhook import RegisterWebhook
from workflows.queries import webhooks
from workflows.rules.webhooks import EVENTS, OPENED, REVIEWED, VOIDED


@pytest.fixture
def endpoint(world: World) -> int:
    url, events = "https://his.example.org/", tuple(EVENTS)
    return world.execute(RegisterWebhook(1, "99003", url, events), "signatory")[0]


def told(world: World, endpoint: int) -> list[dict[str, Any]]:
    """The events that are queued for the endpoint, oldest first."""
    with world.runtime.reading() as db:
        rows = webhooks.deliveries(db, endpoint)
    return [json.loads(row["body"]) for row in reversed(rows)]


def test_a_void_is_told(world: World, endpoint: int) -> None:
    code = put(world.database, world.keyring, 1, world.clock.now(), method="face", review="none")
    world.start("authentication_void", "frontdesk", claim_code=code, reason="บันทึกผิดคน")
    event = next(one for one in told(world, endpoint) if one["type"] == VOIDED)
    assert (event["unit"], event["data"]["claim_code"], event["data"]["state"]) == ("99003", code, "void")
    assert set(event["data"]) == set(AUTHENTICATION_DATA), "as the description says"
    world.check()


@pytest.mark.parametrize(("decision", "events"), [("approve", [REVIEWED]), ("reject", [REVIEWED, VOIDED])])
def test_a_review_is_told(world: World, endpoint: int, decision: str, events: list[str]) -> None:
    code = put(world.database, world.keyring, 1, world.clock.now())
    case_id = opened(world, code)
    appeal(world, case_id)
    assert [one["type"] for one in told(world, endpoint)] == []
    world.do("reviewer", "review", case_id, decision=decision, comment="ตรวจแล้ว")
    found = [one for one in told(world, endpoint) if one["type"].startswith("authentication.")]
    assert [one["type"] for one in found] == events
    confirmed = "confirmed" if decision == "approve" else "voided"
    assert {one["data"]["review"] for one in found} == {confirmed}
    world.check()


def test_nothing_personal_is_in_any_of_them(world: World, endpoint: int) -> None:
    """Neither number nor names nor phones, nor what was written as a reason."""
    for number in range(1, 4):
        code = put(world.database, world.keyring, number, world.clock.now(), method="face", review="none")
        world.start("authentication_void", "frontdesk", claim_code=code, reason=f"ลับ {number}")
    texts = json.dumps(told(world, endpoint), ensure_ascii=False)
    assert "099XXXXXXXX" in texts or "XXXX" in texts
    for personal in ("สมมุติ", "ตัวอย่าง1", "0800000101", "ลับ", "บ้านตัวอย่าง"):
        assert personal not in texts
    assert OPENED not in texts
    world.check()
