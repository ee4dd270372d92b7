"""What is ours: the clock, following a request, the case file, attachments, the description of the whole."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, update

from app.api import openapi
from tests.api.conftest import As, callers, start, task_of
from tests.api.samples import picture
from workflows.records import Attempt, Case

NUMBER, PHONE = "69-07-000001", "0812345678"


@pytest.fixture
def numbered(app: Flask) -> Iterator[str]:
    """A case with a number and a phone, as one that was sent has; removed from sight afterwards."""
    designer = callers(app)("designer")
    key = start(designer, "api_bare")
    product = app.extensions["sitthi"]
    phone = product.keyring.index("phone", PHONE)
    _write(app, update(Case).where(Case.id == int(key)).values(number=NUMBER, phone_index=phone, stage="ตรวจ"))
    yield key
    _write(app, update(Case).where(Case.id == int(key)).values(number=None))


def _write(app: Flask, statement: Any) -> None:
    class Write:
        def run(self, work: Any) -> None:
            work.write(statement)

    from workflows.actor import DEPLOYER

    app.extensions["sitthi"].runtime.execute(Write(), DEPLOYER)


def test_a_request_is_followed_by_number_and_phone(app: Flask, numbered: str) -> None:
    nobody = app.test_client()
    found = nobody.post("/api/track", json={"case": NUMBER, "phone": "081-234-5678"})
    assert found.status_code == 200
    assert found.json is not None
    assert (found.json["number"], found.json["stage"], found.json["sla"]["state"]) == (NUMBER, "ตรวจ", "not_started")
    assert "designer" not in found.text


def test_a_wrong_pair_is_told_as_little_as_an_unknown_number(app: Flask, numbered: str) -> None:
    nobody = app.test_client()
    statements: list[list[str]] = [[]]

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if "FROM settings" not in statement and "FROM definitions" not in statement:
            statements[-1].append(statement)  # clock and diagrams are looked at anew every second or two, whoever asks

    database = app.extensions["sitthi"].database
    event.listen(database, "before_cursor_execute", note)
    answers = []
    nobody.post("/api/track", json={"case": "69-07-999999", "phone": PHONE})  # the first of an address is counted anew
    for body in (
        {"case": NUMBER, "phone": "0899999999"},
        {"case": "69-07-999999", "phone": PHONE},
        {"case": "69-07-999999", "phone": "0899999999"},
        {"case": "x", "phone": "y"},
    ):
        statements.append([])
        answers.append(nobody.post("/api/track", json=body))
    event.remove(database, "before_cursor_execute", note)
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1
    assert all(one == statements[1] for one in statements[2:])


@pytest.mark.parametrize("body", [{}, {"case": NUMBER}, {"case": 1, "phone": 2}, {"case": "", "phone": ""}, []])
def test_following_needs_both(app: Flask, body: Any) -> None:
    assert app.test_client().post("/api/track", json=body).status_code == 400


def test_following_is_limited_by_address(app: Flask) -> None:
    nobody = app.test_client()
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    body = {"case": "69-07-999999", "phone": "0899999999"}
    statuses = [nobody.post("/api/track", json=body, environ_overrides=elsewhere).status_code for _ in range(31)]
    assert statuses == [404] * 30 + [429]
    with app.extensions["sitthi"].runtime.reading() as db:
        keys = db.execute(Attempt.__table__.select()).all()
    assert not [row for row in keys if "203.0.113" in row.key], "the address itself is not kept"


def test_the_case_file(app: Flask, as_: As, numbered: str) -> None:
    designer = as_("designer")
    key = task_of(designer, numbered)
    designer.post(f"user-tasks/{key}/assignment", {}, 204)
    answer = designer("GET", f"/api/cases/{NUMBER}")
    assert answer.status_code == 200
    file = answer.json
    assert file is not None
    assert file == designer("GET", f"/api/cases/{numbered}").json
    assert (file["number"], file["process"]["id"], file["state"]) == (NUMBER, "api_bare", "ACTIVE")
    assert set(file["sla"]) == {"state", "due", "used", "total", "paused"}
    assert [one["kind"] for one in file["timeline"]] == ["case.started", "item.assigned"]
    assert file["timeline"][1]["who"]
    assert as_("requester2")("GET", f"/api/cases/{NUMBER}").status_code == 404
    assert app.test_client().get(f"/api/cases/{NUMBER}").status_code == 401


@pytest.mark.parametrize("number", ["unknown", "0", "9" * 30, "%00", "%F0%9F%99%88", "'; DROP TABLE cases"])
def test_an_unknown_case(as_: As, number: str) -> None:
    assert as_("admin")("GET", f"/api/cases/{number}").status_code == 404


def test_the_clock_stands_where_it_is_put(app: Flask, as_: As) -> None:
    admin, designer = as_("admin"), as_("designer")
    noon = datetime.fromisoformat("2026-03-10T12:00:00+07:00")
    try:
        assert admin("PUT", "/v2/clock", {"timestamp": int(noon.timestamp() * 1000)}).status_code == 204
        case = designer.get(f"process-instances/{start(designer, 'api_bare')}")
        assert case["startDate"] == "2026-03-10T05:00:00.000Z"
    finally:
        admin.post("clock/reset", None, 204)
    case = designer.get(f"process-instances/{start(designer, 'api_bare')}")
    assert case["startDate"] > "2026-03-11"
    assert designer("PUT", "/v2/clock", {"timestamp": 0}).status_code in (400, 403)
    designer.post("clock/reset", None, 403)


@pytest.mark.parametrize(
    "body", [{}, {"timestamp": "now"}, {"timestamp": -1}, {"timestamp": 10**18}, {"timestamp": 1.5}]
)
def test_a_time_that_is_none_is_refused(as_: As, body: Any) -> None:
    assert as_("admin")("PUT", "/v2/clock", body).status_code == 400


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("letter.exe", b"MZ"),
        ("letter.pdf", b"no pdf"),
        ("letter.jpg", b"%PDF-1.4"),
        ("letter.jpg", b""),
        ("large.jpg", b"\xff\xd8\xff" + b"\0" * (2 * 1024 * 1024)),
    ],
)
def test_an_attachment_must_be_what_it_says(as_: As, name: str, data: bytes) -> None:
    answer = as_("requester")("POST", "/v2/documents", data={"file": (io.BytesIO(data), name)})
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["detail_th"]


def test_an_attachment_without_a_file_is_refused(as_: As) -> None:
    requester = as_("requester")
    assert requester("POST", "/v2/documents", data={}).status_code == 400
    assert requester("POST", "/v2/documents", data={"file": "text"}).status_code == 400
    assert requester("POST", "/v2/documents", data={"other": (io.BytesIO(picture()), "a.jpg")}).status_code == 400
    assert requester("GET", "/v2/documents/" + "0" * 32).status_code == 404


def test_the_description_covers_every_route_and_no_other(app: Flask) -> None:
    described = app.test_client().get("/api/openapi.json").json
    assert described is not None
    routes = {
        (openapi._PLACE.sub(r"{\g<name>}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith(openapi.PREFIXES)
    }
    assert {(path, method) for path, methods in described["paths"].items() for method in methods} == routes
    operations = [operation for methods in described["paths"].values() for operation in methods.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert all(operation["summary"] and operation["responses"] for operation in operations)
    for path, methods in described["paths"].items():
        for operation in methods.values():
            named = {one["name"] for one in operation.get("parameters", []) if one["in"] == "path"}
            assert named == set(openapi.re.findall(r"{(\w+)}", path))
