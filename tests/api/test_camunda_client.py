"""The unmodified Camunda client drives the server: its acceptance script, and an access request from start to issue."""

from __future__ import annotations

import io
import json
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from camunda_orchestration_sdk import (
    CamundaClient,
    ProcessCreationById,
    ProcessCreationByKey,
    ProcessDefinitionId,
    errors,
)
from camunda_orchestration_sdk import models as m
from camunda_orchestration_sdk.types import File
from flask import Flask
from sqlalchemy import select
from werkzeug.serving import make_server

from app.demo.people import PASSWORD
from tests.api import samples
from workflows.actor import Actor
from workflows.commands.make_token import MakeToken
from workflows.queries import outbox
from workflows.records import Account
from workflows.rules import citizen_id

Client = Callable[[str], CamundaClient]


@pytest.fixture(scope="module")
def url(app: Flask) -> Iterator[str]:
    """The demonstration on a real socket."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def client(url: str) -> Client:
    def sign_in(username: str) -> CamundaClient:
        return CamundaClient(
            configuration={
                "CAMUNDA_REST_ADDRESS": url,
                "CAMUNDA_AUTH_STRATEGY": "BASIC",
                "CAMUNDA_BASIC_AUTH_USERNAME": username,
                "CAMUNDA_BASIC_AUTH_PASSWORD": PASSWORD,
            }
        )

    return sign_in


def tasks(client: CamundaClient, case: Any, **filters: Any) -> list[Any]:
    query = {"filter": {"processInstanceKey": case, "state": "CREATED", **filters}}
    return list(client.search_user_tasks(data=m.UserTaskSearchQuery.from_dict(query)).items)


def complete(client: CamundaClient, task: Any, **variables: Any) -> None:
    data = m.UserTaskCompletionRequest.from_dict({"variables": variables})
    client.complete_user_task(user_task_key=task.user_task_key, data=data)


def test_the_acceptance_script(client: Client, tmp_path: Path) -> None:
    c = client("designer")
    file = tmp_path / "api_bare.bpmn"
    file.write_bytes(samples.bare())
    assert c.get_topology().cluster_size == 1
    assert c.get_status() is None
    assert c.get_license().valid_license is True
    assert c.get_authentication().username == "designer"
    deployed = c.deploy_resources_from_files([file])
    key = deployed.processes[0].process_definition_key
    assert c.get_process_definition(process_definition_key=key).process_definition_id == "api_bare"
    assert "userTask" in c.get_process_definition_xml(process_definition_key=key)
    started = c.create_process_instance(data=ProcessCreationByKey(process_definition_key=key))
    case = started.process_instance_key
    [task] = tasks(c, case)
    assert c.get_user_task(user_task_key=task.user_task_key) == task
    c.assign_user_task(user_task_key=task.user_task_key, data=m.UserTaskAssignmentRequest(assignee="designer"))
    c.unassign_user_task(user_task_key=task.user_task_key)
    c.assign_user_task(user_task_key=task.user_task_key, data=m.UserTaskAssignmentRequest(assignee="designer"))
    assert c.get_process_instance(process_instance_key=case).state == "ACTIVE"
    complete(c, task, decision="approve")
    assert c.get_process_instance(process_instance_key=case).state == "COMPLETED"
    names = {v.name for v in c.search_variables(data=_about(m.VariableSearchQuery, case)).items}
    assert names >= {"decision", "requester", "case_id"}
    [passed] = c.search_element_instances(data=_about(m.ElementInstanceSearchQuery, case, elementId="do")).items
    assert passed.state == "COMPLETED"
    counted = c.get_process_instance_statistics(process_instance_key=case).items
    assert {one.element_id: one.completed for one in counted}["do"] == 1
    assert c.search_incidents(data=_about(m.IncidentSearchQuery, case, state="ACTIVE")).items == []
    message = {"name": "card-issued", "correlationKey": "X", "timeToLive": 60000}
    assert c.publish_message(data=m.MessagePublicationRequest.from_dict(message)).message_key
    again = c.create_process_instance(data=ProcessCreationByKey(process_definition_key=key)).process_instance_key
    c.cancel_process_instance(process_instance_key=again, data=m.CancelProcessInstanceRequest())
    found = c.search_process_instances(data=_about(m.ProcessInstanceSearchQuery, again, state="TERMINATED"))
    assert [one.process_instance_key for one in found.items] == [again]
    assert c.search_process_definitions().page.total_items >= 1


def _about(query: Any, case: Any, **filters: Any) -> Any:
    return query.from_dict({"filter": {"processInstanceKey": case, **filters}})


def test_errors_are_the_client_s_own(client: Client) -> None:
    c = client("requester")
    with pytest.raises(errors.NotFoundError):
        c.get_process_instance(process_instance_key="999")  # type: ignore[arg-type]
    with pytest.raises(errors.BadRequestError):
        c.create_process_instance(data=ProcessCreationById(process_definition_id=ProcessDefinitionId("api_asked")))
    with pytest.raises(errors.UnauthorizedError):
        CamundaClient(
            configuration={
                "CAMUNDA_REST_ADDRESS": c.configuration.CAMUNDA_REST_ADDRESS,
                "CAMUNDA_AUTH_STRATEGY": "BASIC",
                "CAMUNDA_BASIC_AUTH_USERNAME": "frontdesk",
                "CAMUNDA_BASIC_AUTH_PASSWORD": "wrong",
            }
        ).get_topology()


def test_a_service_signs_in_with_client_credentials(app: Flask, url: str) -> None:
    runtime = app.extensions["sitthi"].runtime
    with runtime.reading() as db:
        account = db.execute(select(Account.id).where(Account.username == "auditor")).scalar_one()
    _, client_id, secret = runtime.execute(MakeToken(account, "service", as_client=True), Actor("auditor"))
    service = CamundaClient(
        configuration={
            "CAMUNDA_REST_ADDRESS": url,
            "CAMUNDA_AUTH_STRATEGY": "OAUTH",
            "CAMUNDA_CLIENT_ID": client_id,
            "CAMUNDA_CLIENT_SECRET": secret,
            "CAMUNDA_OAUTH_URL": f"{url}/oauth/token",
            "CAMUNDA_TOKEN_AUDIENCE": "sitthi",
        }
    )
    assert service.get_authentication().username == "auditor"


def test_an_access_request_from_start_to_issue(app: Flask, client: Client, url: str) -> None:
    case, applicant = _send(app, client, 1)
    for who, form_id in (
        ("head", "unit_head"),
        ("pao", "supervisor"),
        ("region", "region_check"),
        ("region", "region_decide"),
        ("owner", "owner_decide"),
    ):
        _step(client(who), case, form_id, decision="approve")
    _step(client("issuer"), case, "issue", confirm=True)
    assert client("requester").get_process_instance(process_instance_key=case).state == "COMPLETED"
    file = httpx.get(f"{url}/api/cases/{case}", auth=("requester", PASSWORD)).json()
    assert file["sla"]["state"] == "met"
    assert [one["metadata"]["fileName"] for one in file["documents"]] == ["letter.jpg"]
    followed = httpx.post(f"{url}/api/track", json={"case": file["number"], "phone": applicant["mobile"]})
    assert followed.json()["number"] == file["number"]
    assert applicant["pid"] not in followed.text + str(file)


def test_requesters_withdraw_what_they_sent_by_cancelling_it(app: Flask, client: Client, url: str) -> None:
    case, _ = _send(app, client, 2)
    cancel = m.CancelProcessInstanceRequest()
    with pytest.raises(errors.UnexpectedStatus, match="FORBIDDEN"):
        client("head").cancel_process_instance(process_instance_key=case, data=cancel)
    client("requester").cancel_process_instance(process_instance_key=case, data=cancel)
    file = httpx.get(f"{url}/api/cases/{case}", auth=("requester", PASSWORD)).json()
    assert (file["state"], file["outcome"]) == ("COMPLETED", "withdrawn")
    assert tasks(client("head"), case) == []


def _step(own: CamundaClient, case: Any, form_id: str, **answers: Any) -> None:
    """Answer the one open task of the case, whose form this is."""
    [task] = tasks(own, case)
    form = own.get_user_task_form(user_task_key=task.user_task_key)
    assert form.form_id == form_id
    assert {component["type"] for component in json.loads(form.schema)["components"]}
    complete(own, task, **answers)


def _send(app: Flask, client: Client, serial: int) -> tuple[Any, dict[str, Any]]:
    """A request sent by ``requester`` for somebody of unit 99001; gives the case and the applicant."""
    requester = client("requester")
    process = ProcessCreationById(process_definition_id=ProcessDefinitionId("access_request"))
    case = requester.create_process_instance(data=process).process_instance_key
    pid = citizen_id.make("0995", serial)
    applicant = {
        "request_kind": "new",
        "applicant_type": "unit",
        "pid": pid,
        "title": "นาง",
        "first_name": "ทดสอบ",
        "last_name": "ตัวอย่าง",
        "position": "เจ้าหน้าที่",
        "unit_code": "99001",
        "mobile": f"089123456{serial}",
        "email": f"applicant{pid}@example.org",
    }
    letter = requester.create_document(
        data=m.CreateDocumentData(file=File(io.BytesIO(samples.picture()), "letter.jpg", "image/jpeg"))
    ).to_dict()
    _step(requester, case, "nda", nda_accepted="yes")
    _step(requester, case, "applicant", **applicant)
    _step(requester, case, "roles", roles=["906"])
    _step(requester, case, "attachments", letter=[letter], evidence_kind="citizen_card", id_copy=[letter])
    with pytest.raises(errors.BadRequestError, match="otp_code"):
        _step(requester, case, "otp", otp_code="000000" if _otp(app, case) != "000000" else "000001")
    _step(requester, case, "otp", otp_code=_otp(app, case))
    return case, applicant


def _otp(app: Flask, case: Any) -> str:
    """The code in the newest SMS of the case."""
    product = app.extensions["sitthi"]
    with product.runtime.reading() as db:
        sent = [one for one in outbox.messages(db, product.keyring) if one["kind"] == "sms"]
    [newest] = [one for one in sent if str(one["case_id"]) == str(case)][:1]
    found = re.search(r"\b\d{6}\b", newest["payload"]["text"])
    assert found is not None
    return found[0]
