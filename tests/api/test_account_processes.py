"""The processes of an account's life, driven by a program as by the pages."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any

from flask import Flask

from app.worker import deliver
from tests.api.conftest import As, Caller, callers, start, task_of
from tests.api.samples import picture
from workflows.clock import BANGKOK
from workflows.queries import outbox


def sent(app: Flask, to: str) -> list[str]:
    product = app.extensions["sitthi"]
    with product.runtime.reading() as db:
        return [m["payload"]["text"] for m in outbox.messages(db, product.keyring) if m["payload"].get("to") == to]


def file(caller: Caller) -> dict[str, Any]:
    stored: dict[str, Any] = caller(
        "POST", "/v2/documents", data={"file": (io.BytesIO(picture()), "letter.jpg")}
    ).get_json()
    return stored


def answer(caller: Caller, case: str, element: str, status: int = 204, **variables: Any) -> Any:
    return caller.post(f"user-tasks/{task_of(caller, case, element)}/completion", {"variables": variables}, status)


def test_a_reset_is_asked_for_with_an_address(app: Flask, as_: As) -> None:
    caller = as_("frontdesk")
    wrong = caller.post("process-instances", {"processDefinitionId": "password_reset", "variables": {}}, 400)
    assert set(wrong["errors"]) == {"email"}
    case = start(caller, "password_reset", email="Head5@example.org")
    product = app.extensions["sitthi"]
    caller.get(f"process-instances/{case}", 404)  # not theirs to see what comes of it
    deliver(product.deliverer())
    assert "/reset/" in sent(app, "head5@example.org")[0]
    refused = as_("head5")("GET", "/v2/topology")
    assert (refused.status_code, "new password" in refused.get_json()["detail"].lower()) == (401, True)


def test_the_link_leaves_while_the_clock_stands_still(app: Flask, as_: As) -> None:
    admin, noon = as_("admin"), datetime(2027, 3, 1, 12, tzinfo=BANGKOK)
    assert admin("PUT", "/v2/clock", {"timestamp": int(noon.timestamp() * 1000)}).status_code == 204
    try:
        start(as_("frontdesk"), "password_reset", email="head6@example.org")
        deliver(app.extensions["sitthi"].deliverer())
        assert "/reset/" in sent(app, "head6@example.org")[0]
    finally:
        admin.post("clock/reset", None, 204)


def test_an_account_is_edited_with_the_region(app: Flask, as_: As) -> None:
    caller, region = as_("requester"), as_("region")
    case = start(caller, "account_edit")
    wrong = answer(caller, case, "changes_form", 400, change_unit=True, unit_code="00000")
    assert set(wrong["errors"]) == {"unit_code", "letter", "id_copy"}
    answer(
        caller, case, "changes_form", change_unit=True, unit_code="99002", letter=[file(caller)], id_copy=[file(caller)]
    )
    wrong = answer(region, case, "region_decide", 400, decision="return")
    assert set(wrong["errors"]) == {"comment"}
    answer(region, case, "region_decide", decision="reject", comment="ยังไม่ย้าย")
    assert caller.get(f"process-instances/{case}")["state"] == "COMPLETED"


def test_a_head_cancels_with_a_date(app: Flask, as_: As) -> None:
    head = as_("head")
    case = start(head, "account_cancel")
    answer(head, case, "choose_account", whose="other", username="requester")
    wrong = answer(head, case, "cancel_form", 400, cancel_reason="left", effective_on="2000-01-01", confirm=True)
    assert set(wrong["errors"]) == {"effective_on"}
    answer(head, case, "cancel_form", cancel_reason="left", effective_on="2037-12-31", confirm=True)
    held = {v["name"]: v["value"] for v in head.find("variables", processInstanceKey=case)}
    assert held["effective_on"] == '"2037-12-31"'
    assert "0800000001" not in str(held)  # what the register knows to reach the holder stays there
    head.post("messages/correlation", {"name": "withdraw", "correlationKey": case})
    assert head.get(f"process-instances/{case}")["state"] == "COMPLETED"


def test_start_variables_open_no_side_door(as_: As) -> None:
    """Nobody brings the proof, or an account, along."""
    caller = as_("requester2")
    case = start(
        caller, "account_cancel", identity_verified_at="2026-01-01T00:00:00Z", pid="0990000000011", username="head"
    )
    answer(caller, case, "choose_account", whose="own")
    held = {v["name"]: v["value"] for v in caller.find("variables", processInstanceKey=case)}
    assert '"requester2"' in held["username"]


def test_a_reactivation_is_proven_by_a_code(app: Flask, as_: As) -> None:
    caller = callers(app)("issuer")
    case = start(caller, "account_reactivate")
    answer(caller, case, "identify", pid="0990000000100", prove_by="mobile")
    found = re.search(r"OTP (\d{6})", sent(app, "0800000010")[0])
    assert found is not None
    answer(caller, case, "code_enter", 204, otp_code=found[1])
    assert task_of(caller, case, "identify")  # an account that works needs no reactivation
