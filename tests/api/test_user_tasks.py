"""User tasks over the API: who sees them, claims them, answers them; the form decides what an answer is."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.api.conftest import As, start, task_of
from tests.api.samples import picture

_LOOKS = ("read", "form", "variables")
CALLS = (
    ("read", lambda key: ("GET", f"/v2/user-tasks/{key}"), None),
    ("form", lambda key: ("GET", f"/v2/user-tasks/{key}/form"), None),
    ("variables", lambda key: ("POST", f"/v2/user-tasks/{key}/variables/search"), {}),
    ("assign", lambda key: ("POST", f"/v2/user-tasks/{key}/assignment"), {}),
    ("unassign", lambda key: ("DELETE", f"/v2/user-tasks/{key}/assignee"), None),
    ("complete", lambda key: ("POST", f"/v2/user-tasks/{key}/completion"), {"variables": {"decision": "approve"}}),
)
"""Everything that one names a user task in."""


def test_a_task_is_claimed_put_back_and_completed(either: As) -> None:
    designer, issuer = either("designer"), either("issuer")
    case = start(designer, amount=1)
    key = task_of(issuer, case)
    task = issuer.get(f"user-tasks/{key}")
    assert {
        name: task[name] for name in ("name", "state", "assignee", "candidateGroups", "priority", "customHeaders")
    } == {
        "name": "decide",
        "state": "CREATED",
        "assignee": None,
        "candidateGroups": ["issuer"],
        "priority": 60,
        "customHeaders": {"ask": "Decide it"},
    }
    issuer.post(f"user-tasks/{key}/assignment", {"allowOverride": False}, 204)
    assert issuer.get(f"user-tasks/{key}")["assignee"] == "issuer"
    assert issuer("DELETE", f"/v2/user-tasks/{key}/assignee").status_code == 204
    assert issuer.get(f"user-tasks/{key}")["assignee"] is None
    issuer.post(f"user-tasks/{key}/completion", {"variables": {"decision": "approve", "colour": "red"}}, 204)
    done = issuer.get(f"user-tasks/{key}")
    assert (done["state"], done["assignee"], done["candidateGroups"], done["priority"]) == (
        "COMPLETED",
        "issuer",
        ["issuer"],
        60,
    )
    assert done["creationDate"] <= done["completionDate"] < done["dueDate"]
    assert done["formKey"] == task["formKey"]
    variables = {v["name"]: v["value"] for v in designer.find("variables", processInstanceKey=case)}
    assert variables == {
        "amount": "1",
        "case_id": f'"{case}"',
        "requester": '"designer"',
        "decision": '"approve"',
        "comment": '""',
        "colour": '"red"',
        "files": "[]",
    }


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({}, {"decision"}),
        ({"decision": "maybe"}, {"decision"}),
        ({"decision": 7}, {"decision"}),
        ({"decision": "reject"}, {"comment"}),
        ({"decision": "return", "comment": "  "}, {"comment"}),
        ({"decision": "approve", "colour": "green"}, {"colour"}),
        ({"decision": "approve", "files": [{"documentId": "nothing"}]}, {"files"}),
        ({"decision": ["approve"], "colour": {}}, {"decision", "colour"}),
    ],
)
def test_answers_are_checked_by_the_form(as_: As, answers: dict[str, Any], wrong: set[str]) -> None:
    issuer = as_("issuer")
    key = task_of(issuer, start(as_("designer"), amount=1))
    problem = issuer.post(f"user-tasks/{key}/completion", {"variables": answers}, 400)
    assert set(problem["errors"]) == wrong
    assert issuer.get(f"user-tasks/{key}")["state"] == "CREATED"


def test_a_form_takes_only_what_it_asks_for(as_: As) -> None:
    issuer, designer = as_("issuer"), as_("designer")
    case = start(designer, amount=1)
    key = task_of(issuer, case)
    issuer.post(f"user-tasks/{key}/completion", {"variables": {"decision": "approve", "amount": 999}}, 204)
    names = {v["name"]: v["value"] for v in designer.find("variables", processInstanceKey=case)}
    assert names["amount"] == "1"


def test_a_form_shows_its_options_to_the_caller(as_: As) -> None:
    issuer = as_("issuer")
    key = task_of(issuer, start(as_("designer"), amount=1))
    form = issuer.get(f"user-tasks/{key}/form")
    components = {c["key"]: c for c in json.loads(form["schema"])["components"]}
    assert [value["value"] for value in components["colour"]["values"]] == ["red", "blue"]
    assert (form["formId"], form["version"]) == ("api_decide", 1)
    assert issuer.get(f"user-tasks/{key}")["formKey"] == form["formKey"]


def test_who_may_do_what_with_a_task(as_: As) -> None:
    designer, issuer, stranger = as_("designer"), as_("issuer"), as_("requester2")
    key = task_of(issuer, start(designer, amount=1))
    answer = {"variables": {"decision": "approve"}}
    missing = {name: stranger(*call("1"), body) for name, call, body in CALLS}
    for name, call, body in CALLS:
        assert as_("auditor")(*call(key), body).status_code == (200 if name in _LOOKS else 403), name
        hidden = stranger(*call(key), body)
        assert hidden.status_code == 404, name
        assert hidden.json == {**missing[name].json, "instance": hidden.json["instance"]}, "as if there were none"
    assert stranger.find("user-tasks", userTaskKey=key) == []
    issuer.post(f"user-tasks/{key}/assignment", {"assignee": "requester2"}, 403)
    issuer.post(f"user-tasks/{key}/assignment", {"assignee": "nobody-at-all"}, 403)
    issuer.post(f"user-tasks/{key}/completion", answer, 204)
    taken = issuer.post(f"user-tasks/{key}/completion", answer, 409)
    assert taken["who"]
    issuer.post(f"user-tasks/{key}/assignment", {}, 409)
    issuer.get(f"user-tasks/{key}/form", 404)
    for name, call, body in CALLS:
        assert stranger(*call(key), body).status_code == 404, name  # nor learns from us who did it


def test_a_colleague_may_know_what_somebody_else_has_claimed(either: As) -> None:
    """It was in their inbox, and they may take it over; what it asks is not theirs to read until they do."""
    designer, head, other = either("designer"), either("head"), either("head2")
    key = task_of(head, start(designer, "api_shared"))
    head.post(f"user-tasks/{key}/assignment", {}, 204)
    assert other.get(f"user-tasks/{key}")["assignee"] == "head"
    other.post(f"user-tasks/{key}/completion", {}, 403)
    other.post(f"user-tasks/{key}/assignment", {"allowOverride": False}, 409)
    either("head4").post(f"user-tasks/{key}/assignment", {"allowOverride": False}, 404)
    head.post(f"user-tasks/{key}/completion", {}, 204)
    assert other.post(f"user-tasks/{key}/completion", {}, 409)["who"]
    assert other.get(f"user-tasks/{key}")["state"] == "COMPLETED"
    either("head4").post(f"user-tasks/{key}/completion", {}, 404)


def test_a_claimed_task_is_not_taken_over_without_saying_so(as_: As) -> None:
    admin, designer = as_("admin"), as_("designer")
    key = task_of(designer, start(designer, "api_bare"))
    designer.post(f"user-tasks/{key}/assignment", {"assignee": "designer"}, 204)
    admin.post(f"user-tasks/{key}/assignment", {"allowOverride": False}, 409)
    admin.post(f"user-tasks/{key}/assignment", {}, 204)
    assert admin.get(f"user-tasks/{key}")["assignee"] == "admin"
    designer.post(f"user-tasks/{key}/completion", None, 403)
    admin.post(f"user-tasks/{key}/completion", None, 204)


def test_what_is_offered_to_nobody_waits_for_the_process_owners(as_: As) -> None:
    designer, requester = as_("designer"), as_("requester")
    case = start(requester, "api_bare")
    key = task_of(designer, case)
    requester.post(f"user-tasks/{key}/completion", None, 403)
    designer.post(f"user-tasks/{key}/assignment", {"assignee": "requester"}, 204)
    requester.post(f"user-tasks/{key}/completion", {"variables": {"done": True}}, 204)
    assert requester.get(f"process-instances/{case}")["state"] == "COMPLETED"
    assert {"done": "true"}.items() <= {
        v["name"]: v["value"] for v in requester.find("variables", processInstanceKey=case)
    }.items()


def test_an_attachment_is_stored_named_and_seen_by_those_who_see_the_case(as_: As) -> None:
    designer, issuer, stranger = as_("designer"), as_("issuer"), as_("requester2")
    stored = issuer("POST", "/v2/documents", data={"file": (io.BytesIO(picture()), "letter.jpg")})
    assert stored.status_code == 201, stored.text
    reference = stored.json
    assert reference is not None
    assert reference["metadata"]["contentType"] == "image/jpeg"
    assert datetime.fromisoformat(reference["metadata"]["expiresAt"]) > datetime.now(UTC) + timedelta(days=6)
    path = f"/v2/documents/{reference['documentId']}"
    assert designer("GET", path).status_code == 404, "not yet part of a case, and not theirs"
    case = start(designer, amount=1)
    key = task_of(issuer, case)
    answers = {"decision": "approve", "files": [reference]}
    issuer.post(f"user-tasks/{key}/completion", {"variables": answers}, 204)
    seen = designer("GET", path)
    assert seen.status_code == 200
    assert seen.headers["Content-Security-Policy"].startswith("sandbox")
    assert stranger("GET", path).status_code == 404
    [document] = designer("GET", f"/api/cases/{case}").json["documents"]  # type: ignore[index]
    assert document["documentId"] == reference["documentId"]
    assert document["metadata"]["processInstanceKey"] == case
    assert document["metadata"]["expiresAt"] is None, "it stays as long as its case"
    # somebody else's attachment cannot be drawn into another case
    other = task_of(issuer, start(designer, amount=1))
    refused = issuer.post(f"user-tasks/{other}/completion", {"variables": answers}, 400)
    assert set(refused["errors"]) == {"files"}
