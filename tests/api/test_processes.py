"""Deploying, starting, searching, reading and ending cases; messages and incidents."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from tests.api import samples
from tests.api.conftest import As, Caller, start, task_of

NOT_DIGITS = ("x", "-1", "1.5", "9" * 26, "%00", "1;2")


def deploy(caller: Caller, files: dict[str, bytes], **more: str) -> Any:
    parts: list[tuple[str, Any]] = [("resources", (io.BytesIO(data), name)) for name, data in files.items()]
    data: dict[str, Any] = {**more}
    data["resources"] = [part for _, part in parts]
    return caller("POST", "/v2/deployments", data=data)


def test_what_is_deployed_again_unchanged_keeps_its_key(as_: As) -> None:
    designer = as_("designer")
    first = deploy(designer, {"api_order.bpmn": samples.order()}, tenantId="<default>").json
    again = deploy(designer, {"api_order.bpmn": samples.order()}).json
    assert first["deployments"] == again["deployments"]
    [entry] = first["deployments"]
    assert entry["processDefinition"]["processDefinitionId"] == "api_order"
    assert [name for name, value in entry.items() if value is not None] == ["processDefinition"]


def test_every_kind_of_file_has_its_entry(as_: As) -> None:
    from app.preparation import ROOT

    files = {name: (ROOT / "bpmn" / name).read_bytes() for name in ("sla_days.dmn",)}
    deployed = deploy(as_("admin"), {**files, "api_start.form": samples.FILES["api_start.form"]()}).json["deployments"]
    kinds = [next(name for name, value in entry.items() if value) for entry in deployed]
    assert sorted(kinds) == ["decisionDefinition", "decisionRequirements", "form"]
    decision, requirements = deployed[kinds.index("decisionDefinition")], deployed[kinds.index("decisionRequirements")]
    assert (
        decision["decisionDefinition"]["decisionRequirementsKey"]
        == requirements["decisionRequirements"]["decisionRequirementsKey"]
    )


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ({"broken.bpmn": b"<definitions/>"}, 400),
        ({"evil.bpmn": b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'}, 400),
        ({"binary.bpmn": b"\x00\xff"}, 400),
        ({"empty.form": b""}, 400),
        ({"list.form": b"[]"}, 400),
        ({}, 400),
    ],
)
def test_what_cannot_be_deployed_is_refused_with_its_reasons(as_: As, files: dict[str, bytes], status: int) -> None:
    refused = deploy(as_("designer"), files)
    assert refused.status_code == status
    assert refused.json["detail"]


def test_only_process_owners_deploy(as_: As) -> None:
    for username in ("requester", "head", "auditor"):
        assert deploy(as_(username), {"api_bare.bpmn": samples.bare()}).status_code == 403


def test_definitions_are_found_and_read(as_: As) -> None:
    requester = as_("requester")
    [found] = requester.find("process-definitions", processDefinitionId="api_asked", isLatestVersion=True)
    key = found["processDefinitionKey"]
    assert requester.get(f"process-definitions/{key}") == found
    assert found["hasStartForm"] is True
    xml = requester("GET", f"/v2/process-definitions/{key}/xml")
    assert (xml.data, xml.mimetype) == (samples.asked(), "text/xml")
    form = requester.get(f"process-definitions/{key}/form")
    assert json.loads(form["schema"])["components"][0]["key"] == "amount"
    [bare] = requester.find("process-definitions", processDefinitionId="api_bare", isLatestVersion=True)
    requester.get(f"process-definitions/{bare['processDefinitionKey']}/form", 404)
    requester.get(f"process-definitions/{form['formKey']}", 404)
    requester.post("process-instances", {"processDefinitionKey": form["formKey"]}, 404)


@pytest.mark.parametrize("answers", [{}, {"amount": 0}, {"amount": "much"}, {"amount": [1]}, {"amount": {"a": 1}}])
def test_a_start_form_checks_what_a_case_starts_with(as_: As, answers: dict[str, Any]) -> None:
    problem = as_("requester").post(
        "process-instances", {"processDefinitionId": "api_asked", "variables": answers}, 400
    )
    assert set(problem["errors"]) == {"amount"}


def test_a_short_case_answers_with_its_results(as_: As) -> None:
    requester = as_("requester")
    body = {"processDefinitionId": "api_asked", "variables": {"amount": 21, "strange": 1}, "awaitCompletion": True}
    done = requester.post("process-instances", {**body, "fetchVariables": ["doubled", "strange"]})
    assert done["variables"] == {"doubled": 42}
    assert requester.get(f"process-instances/{done['processInstanceKey']}")["state"] == "COMPLETED"
    waits = requester.post("process-instances", {"processDefinitionId": "api_bare", "awaitCompletion": True}, 504)
    assert requester.get(f"process-instances/{waits['processInstanceKey']}")["state"] == "ACTIVE"


def test_a_process_whose_forms_ask_for_everything_takes_no_variables(as_: As) -> None:
    requester = as_("requester")
    forged = {"case_number": "1", "verdict": "approved", "requester": "admin", "case_id": "1"}
    case = start(requester, "access_request", **forged)
    variables = {v["name"]: v["value"] for v in requester.find("variables", processInstanceKey=case)}
    assert variables["requester"] == '"requester"'
    assert variables["case_id"] == f'"{case}"'
    assert not {"verdict", "case_number"} & set(variables)
    requester.post(
        "process-instances", {"processDefinitionId": "mobile_check", "variables": {"mobile": "0800000001"}}, 403
    )


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"processDefinitionId": "api_bare", "processDefinitionKey": "1"}, 400),
        ({"processDefinitionId": "unknown"}, 404),
        ({"processDefinitionKey": "1"}, 404),
        ({"processDefinitionKey": 1}, 400),
        ({"processDefinitionId": "api_bare", "processDefinitionVersion": 99}, 404),
        ({"processDefinitionId": "api_bare", "processDefinitionVersion": -1}, 200),
        ({"processDefinitionId": "api_bare", "processDefinitionVersion": 1, "businessId": "B-1"}, 200),
        ({"processDefinitionId": "api_bare", "tenantId": "other"}, 400),
        ({"processDefinitionId": "api_bare", "variables": []}, 400),
        ({"processDefinitionId": "api_bare", "tags": ["x"]}, 400),
        ({"processDefinitionId": ["api_bare"]}, 400),
    ],
)
def test_starting(as_: As, body: dict[str, Any], status: int) -> None:
    answer = as_("requester").post("process-instances", body, status)
    assert status == 200 or answer["status"] == status


def test_a_case_is_seen_by_those_it_concerns_only(as_: As) -> None:
    requester, stranger = as_("requester"), as_("requester2")
    case = start(requester, "api_bare")
    assert requester.get(f"process-instances/{case}")["state"] == "ACTIVE"
    for caller in (as_("designer"), as_("admin"), as_("auditor")):
        assert caller.get(f"process-instances/{case}")["processInstanceKey"] == case
    for path in ("", "/statistics/element-instances"):
        stranger.get(f"process-instances/{case}{path}", 404)
    stranger.post(f"process-instances/{case}/cancellation", {}, 404)
    for what in ("process-instances", "variables", "element-instances", "incidents"):
        assert stranger.find(what, processInstanceKey=case) == []
    assert stranger("GET", f"/api/cases/{case}").status_code == 404
    assert as_("auditor")("POST", f"/v2/process-instances/{case}/cancellation", {}).status_code == 403


def test_a_cancelled_case_ends_with_everything_in_it(either: As) -> None:
    designer = either("designer")
    case = start(designer, "api_bare")
    key = task_of(designer, case)
    designer.post(f"process-instances/{case}/cancellation", {"operationReference": 1}, 204)
    assert designer.get(f"process-instances/{case}")["state"] == "TERMINATED"
    assert designer.get(f"user-tasks/{key}")["state"] == "CANCELED"
    assert designer.find("user-tasks", processInstanceKey=case, state="CREATED") == []
    [task] = designer.find("element-instances", processInstanceKey=case, type="USER_TASK")
    assert (task["state"], task["elementInstanceKey"]) == ("TERMINATED", key)
    designer.post(f"process-instances/{case}/cancellation", {}, 409)
    designer.post(f"user-tasks/{key}/completion", {}, 409)


def test_where_the_tokens_are_and_were(either: As) -> None:
    designer, issuer = either("designer"), either("issuer")
    case = start(designer, amount=500)
    key = task_of(issuer, case)
    issuer.post(f"user-tasks/{key}/completion", {"variables": {"decision": "approve"}}, 204)
    states = {
        one["elementId"]: (one["type"], one["state"])
        for one in designer.find("element-instances", processInstanceKey=case)
    }
    assert states == {
        "s": ("START_EVENT", "COMPLETED"),
        "decide": ("USER_TASK", "COMPLETED"),
        "large": ("EXCLUSIVE_GATEWAY", "COMPLETED"),
        "check": ("USER_TASK", "ACTIVE"),
    }
    counted = {
        one["elementId"]: one for one in designer.get(f"process-instances/{case}/statistics/element-instances")["items"]
    }
    assert (counted["check"]["active"], counted["decide"]["completed"]) == (1, 1)
    [done] = designer.find("element-instances", processInstanceKey=case, state="COMPLETED", elementId="decide")
    assert done["elementInstanceKey"] == key
    assert done["startDate"] <= done["endDate"]


def test_where_the_tokens_of_a_process_are(either: As) -> None:
    """The database counts what the history of each case tells, whatever became of the cases."""
    designer, issuer = either("designer"), either("issuer")
    answer = {"variables": {"decision": "approve"}}
    cases = [start(designer, amount=amount) for amount in (1, 500, 1)] + [start(designer)]
    for case in cases[1:]:
        issuer.post(f"user-tasks/{task_of(issuer, case)}/completion", answer, 204)
    designer.post(f"process-instances/{cases[2]}/cancellation", {}, 204)
    filters = {"processInstanceKey": {"$in": cases}}
    definition = designer.get(f"process-instances/{cases[0]}")["processDefinitionKey"]
    path = f"process-definitions/{definition}/statistics/element-instances"
    counted = {one.pop("elementId"): one for one in designer.post(path, {"filter": filters})["items"]}
    expected: dict[str, Any] = {}
    for case in cases:
        for one in designer.get(f"process-instances/{case}/statistics/element-instances")["items"]:
            sums = expected.setdefault(one.pop("elementId"), dict.fromkeys(one, 0))
            for name, number in one.items():
                sums[name] += number
    # a case with an incident shows the stuck element as active; the counts of many cases only count its incident
    expected["large"]["active"] -= 1
    assert counted == expected
    assert counted["decide"] == {"active": 2, "completed": 2, "canceled": 0, "incidents": 0}
    assert counted["pay"] == {"active": 0, "completed": 0, "canceled": 1, "incidents": 0}
    active = {one["elementId"] for one in designer.post(path, {"filter": {**filters, "state": "TERMINATED"}})["items"]}
    assert active == {"s", "decide", "large", "pay"}
    assert either("requester2").post(path, {})["items"] == []
    designer.post("process-definitions/1/statistics/element-instances", {}, 404)


def test_a_message_reaches_the_case_that_waits_for_it(either: As) -> None:
    designer, issuer = either("designer"), either("issuer")
    case = start(designer, amount=1, order_no=f"O-{id(either)}")
    message = {"name": "paid", "correlationKey": f"O-{id(either)}", "variables": {"receipt": "R1"}}
    designer.post("messages/correlation", message, 404)
    issuer.post(f"user-tasks/{task_of(issuer, case)}/completion", {"variables": {"decision": "approve"}}, 204)
    issuer.post(f"user-tasks/{task_of(issuer, case, 'pay')}/completion", {}, 204)
    issuer.post("messages/correlation", message, 403)
    correlated = designer.post("messages/correlation", message)
    assert correlated["processInstanceKey"] == case
    assert designer.get(f"process-instances/{case}")["state"] == "COMPLETED"
    assert {"receipt": '"R1"'}.items() <= {
        v["name"]: v["value"] for v in designer.find("variables", processInstanceKey=case)
    }.items()
    kept = {**message, "timeToLive": 60000, "messageId": f"m-{id(either)}"}
    assert designer.post("messages/publication", kept)["messageKey"].isdigit()
    designer.post("messages/publication", kept, 409)


def test_a_requester_withdraws_by_message_what_the_page_lets_them_withdraw(as_: As) -> None:
    requester = as_("requester")
    case = start(requester, "access_request")
    message = {"name": "withdraw", "correlationKey": case}
    as_("requester2").post("messages/publication", message, 404)
    as_("head").post("messages/publication", {"name": "sla_breached", "correlationKey": case}, 403)
    requester.post("messages/publication", {**message, "name": "sla_breached"}, 403)
    assert requester.post("messages/correlation", message)["processInstanceKey"] == case
    assert requester.get(f"process-instances/{case}")["state"] == "COMPLETED"
    requester.post("messages/publication", message, 404)


def test_an_accepted_answer_that_meets_an_incident_is_kept_and_taken_up_again(either: As) -> None:
    designer, issuer = either("designer"), either("issuer")
    case = start(designer)  # no amount: the condition of the gateway has no value
    key = task_of(issuer, case)
    issuer.post(f"user-tasks/{key}/completion", {"variables": {"decision": "approve"}}, 204)
    assert designer.get(f"process-instances/{case}")["hasIncident"] is True
    assert designer.get(f"user-tasks/{key}")["state"] == "COMPLETING"
    [incident] = designer.find("incidents", processInstanceKey=case, state="ACTIVE")
    assert (incident["elementId"], incident["errorType"]) == ("large", "CONDITION_ERROR")
    assert designer.post(f"process-instances/{case}/incidents/search", {})["items"] == [incident]
    assert designer.get(f"incidents/{incident['incidentKey']}") == incident
    [stuck] = designer.find("element-instances", processInstanceKey=case, hasIncident=True)
    assert (stuck["elementId"], stuck["incidentKey"]) == ("large", incident["incidentKey"])
    issuer.post(f"incidents/{incident['incidentKey']}/resolution", None, 403)
    designer.post(f"incidents/{incident['incidentKey']}/resolution", None, 204)
    designer.post(f"incidents/{incident['incidentKey']}/resolution", None, 409)
    [again] = designer.find("incidents", processInstanceKey=case, state="ACTIVE")
    assert again["incidentKey"] != incident["incidentKey"], "nothing was mended, so it fails again"
    assert issuer("PUT", f"/v2/element-instances/{case}/variables", {"variables": {"amount": 1}}).status_code == 403
    mended = {"variables": {"amount": 1}, "local": False}
    assert designer("PUT", f"/v2/element-instances/{key}/variables", mended).status_code == 204
    designer.post(f"incidents/{again['incidentKey']}/resolution", None, 204)
    assert designer.get(f"process-instances/{case}")["hasIncident"] is False
    assert designer.get(f"user-tasks/{key}")["state"] == "COMPLETED"
    assert task_of(issuer, case, "pay")


def test_a_case_that_fails_at_once_is_started_and_waits_to_be_mended(as_: As) -> None:
    requester, designer = as_("requester"), as_("designer")
    case = start(requester, "api_failing")
    shown = requester.get(f"process-instances/{case}")
    assert (shown["state"], shown["hasIncident"]) == ("ACTIVE", True)
    [incident] = requester.find("incidents", processInstanceKey=case)
    assert incident["elementId"] == "fails"
    assert requester.find("variables", processInstanceKey=case) == []
    designer.post(f"process-instances/{case}/cancellation", {}, 204)
    assert designer.find("incidents", processInstanceKey=case, state="ACTIVE") == []


@pytest.mark.parametrize("key", NOT_DIGITS)
@pytest.mark.parametrize(
    "path", ["process-instances/{}", "user-tasks/{}", "incidents/{}", "process-definitions/{}/xml"]
)
def test_a_key_that_is_none_is_not_found(as_: As, path: str, key: str) -> None:
    problem = as_("admin").get(path.format(key), 404)
    assert set(problem) >= {"type", "title", "status", "detail", "instance"}
