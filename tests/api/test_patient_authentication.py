"""A program authenticates patients over the API, as the desk does on the pages."""

from __future__ import annotations

import io
import json
from typing import Any

from flask import Flask

from app.adapters.demo_patients import PATIENTS
from tests.api.conftest import As, Caller, start, task_of
from tests.api.samples import picture
from workflows.rules import claim_code

ADULTS = [patient.pid for patient in PATIENTS if 16 <= patient.age <= 60 and not patient.flags and not patient.silent]


def who(pid: str, **other: Any) -> dict[str, Any]:
    return {"pid": pid, "mobile": "080-000-0077", "profession": "nursing", **other}


def answer(caller: Caller, case: str, element: str, status: int = 204, **variables: Any) -> Any:
    return caller.post(f"user-tasks/{task_of(caller, case, element)}/completion", {"variables": variables}, status)


def known(caller: Caller, case: str) -> dict[str, Any]:
    items = caller.post("variables/search", {"filter": {"processInstanceKey": case}, "page": {"limit": 500}})["items"]
    return {item["name"]: item["value"] for item in items}


def face_with_card(caller: Caller) -> list[Any]:
    stored = caller("POST", "/v2/documents", data={"file": (io.BytesIO(picture()), "face.jpg")})
    return [stored.get_json()]


def test_from_the_start_form_to_the_claim_code(app: Flask, as_: As) -> None:
    caller = as_("frontdesk")
    case = start(caller, "patient_authentication", **who(ADULTS[0]))
    answer(caller, case, "identify", method="photo", photo=face_with_card(caller))
    answer(caller, case, "confirm")
    code = known(caller, case)["claim_code"].strip('"')
    assert claim_code.parse(code) == code
    assert caller.get(f"process-instances/{case}")["caseNumber"] == code
    answer(caller, case, "close", 400)
    answer(caller, case, "close", claimable=150, not_claimable=0, visit_number="VN 9")
    assert caller.get(f"process-instances/{case}")["state"] == "COMPLETED"


def test_started_without_answers_the_first_task_asks(app: Flask, as_: As) -> None:
    caller = as_("frontdesk")
    case = start(caller, "patient_authentication")
    wrong = answer(caller, case, "who", 400, mobile="0800000077")
    assert set(wrong["errors"]) == {"pid", "profession"}
    answer(caller, case, "who", **who(ADULTS[1]))
    assert known(caller, case)["mobile"] == '"0800000077"'
    task_of(caller, case, "identify")


def test_another_unit_is_refused_not_quietly_replaced(as_: As) -> None:
    """Whoever works at one unit is not asked which; naming another is an error, naming the own one is not."""
    caller = as_("frontdesk")
    wrong = caller.post(
        "process-instances",
        {"processDefinitionId": "patient_authentication", "variables": who(ADULTS[2], unit_code="99001")},
        400,
    )
    assert set(wrong["errors"]) >= {"unit_code"}
    assert "front desk" in wrong["errors_en"]["unit_code"]
    case = start(caller, "patient_authentication", **who(ADULTS[2], unit_code="99003"))
    task_of(caller, case, "identify")


def test_a_wrong_answer_at_the_start_is_refused_and_a_missing_one_asked_for(as_: As) -> None:
    caller = as_("frontdesk")
    body = {"processDefinitionId": "patient_authentication", "variables": {"pid": "1234567890123", "mobile": ""}}
    assert set(caller.post("process-instances", body, 400)["errors"]) == {"pid"}
    body["variables"] = who(ADULTS[2], profession="dental")
    assert set(caller.post("process-instances", body, 400)["errors"]) == {"profession"}  # the unit does not offer it
    body["variables"] = who(ADULTS[2], service_code="PG0090001")
    assert set(caller.post("process-instances", body, 400)["errors"]) == {"service_code"}  # not valid on this day


def test_nobody_brings_their_own_rights_or_proof(as_: As) -> None:
    caller = as_("frontdesk")
    forged = {"rights": {"main_class": "OFC"}, "identity": {"method": "face"}, "claim_code": "PP0000000000", "age": 70}
    case = start(caller, "patient_authentication", **who(ADULTS[3]), **forged)
    seen = known(caller, case)
    assert "PP0000000000" not in str(seen)
    assert seen["identity"] == "null"
    answer(caller, case, "identify", 400, method="smartcard", **forged)
    task_of(caller, case, "identify")


def test_only_the_desk_starts_it_and_only_its_unit_sees_it(as_: As) -> None:
    body = {"processDefinitionId": "patient_authentication", "variables": who(ADULTS[4])}
    as_("requester").post("process-instances", body, 403)
    case = start(as_("frontdesk"), "patient_authentication", **who(ADULTS[4]))
    as_("requester").get(f"process-instances/{case}", 404)
    assert as_("requester").find("variables", processInstanceKey=case) == []


def test_the_form_says_what_it_wants(as_: As) -> None:
    caller = as_("frontdesk")
    definition = caller.find("process-definitions", processDefinitionId="patient_authentication")[-1]
    form = caller.get(f"process-definitions/{definition['processDefinitionKey']}/form")
    fields = {each.get("key"): each for each in json.loads(form["schema"])["components"]}
    assert [each["value"] for each in fields["profession"]["values"]] == ["nursing", "pharmacy", "physiotherapy"]
    assert "PG0060001" in {each["value"] for each in fields["service_code"]["values"]}
    assert "PG0090001" not in {each["value"] for each in fields["service_code"]["values"]}


def test_what_is_no_claim_code_is_refused_by_the_form_of_a_review(as_: As) -> None:
    caller = as_("frontdesk")
    case = start(caller, "smartcard_review")
    wrong = answer(caller, case, "ask_code", 400, claim_code="PP123456789")
    assert set(wrong["errors"]) == {"claim_code"}
    answer(caller, case, "ask_code", claim_code="pp-12345 67890")
    assert known(caller, case)["problem"] != "null"  # a code by its form, which nobody was given
