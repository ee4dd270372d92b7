"""A process may say that its cases are not taken back: the page of the case and every refusal give the reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app.demo.people import PASSWORD
from tests.support.authentications import put
from tests.support.world import World

WHY = "หน่วยบริการจึงถอนหรือยกเลิกเรื่องไม่ได้"


def test_the_unit_reads_why_a_review_stays(world: World, app: Flask, enter: Callable[[str], FlaskClient]) -> None:
    code = put(world.database, world.keyring, 1, world.clock.now())
    case_id = world.start("smartcard_review", "signatory", claim_code=code).case_id
    number = world.case(case_id)["number"]
    for who in ("signatory", "frontdesk"):  # who began it, and whose code it is
        browser = enter(who)
        page = browser.get(f"/cases/{number}").text
        assert WHY in page
        assert "/withdraw" not in page
        refused = browser.post(f"/cases/{number}/withdraw")
        assert (refused.status_code, WHY in refused.text) == (403, True)
        answer = cancellation(app, who, case_id)
        assert (answer.status_code, WHY in answer.json["detail_th"]) == (403, True)
        assert "can neither withdraw nor end it" in answer.json["detail"]
    assert cancellation(app, "requester", case_id).status_code == 404
    world.do(
        "frontdesk", "appeal", case_id, reason="ไม่มีโทรศัพท์", card_holder="family", papers=[world.upload("frontdesk")]
    )
    world.do("reviewer", "review", case_id, decision="approve")
    assert WHY not in enter("frontdesk").get(f"/cases/{number}").text


def test_where_a_process_says_nothing_the_request_is_taken_back(
    world: World, app: Flask, enter: Callable[[str], FlaskClient]
) -> None:
    case_id = world.start("account_edit", "requester").case_id
    assert WHY not in enter("requester").get(f"/cases/{case_id}", follow_redirects=True).text
    assert cancellation(app, "requester", case_id).status_code == 204


def cancellation(app: Flask, who: str, case_id: int) -> Any:
    return app.test_client().post(f"/v2/process-instances/{case_id}/cancellation", json={}, auth=(who, PASSWORD))
