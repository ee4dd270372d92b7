"""A process owner uploads diagrams: checking changes nothing, one bad file keeps all out, good ones are deployed."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.engine.small_diagrams import chain, script, user_task
from tests.engine.test_gate_form import UNIT, form
from tests.house.test_routes import application, signed_in

__all__ = ["application"]
GOOD = {"own.bpmn": chain(user_task()).replace(b'id="P"', b'id="own_process"'), "f.form": form(UNIT)}
BAD = {"bad.bpmn": chain('<serviceTask id="A" name="แจ้งผล"/>')}


@pytest.fixture
def designer(application: Flask) -> FlaskClient:
    return signed_in(application, "designer")


def upload(client: FlaskClient, files: dict[str, bytes], **fields: str) -> tuple[int, str]:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/diagrams").text)
    assert token is not None
    parts = [(io.BytesIO(data), name) for name, data in files.items()]
    answer = client.post("/diagrams", data={"files": parts, "csrf_token": token[1], **fields})
    return answer.status_code, answer.text


def test_upload(designer: FlaskClient) -> None:
    status, text = upload(designer, GOOD | BAD, only="check")
    assert (status, "ยังไม่ได้เลือกงานที่ระบบต้องทำ" in text) == (200, True)
    assert upload(designer, GOOD, only="check")[0] == 200
    assert upload(designer, GOOD | BAD)[0] == 422
    assert designer.get("/diagrams/bpmn/own_process").status_code == 404
    status, text = upload(designer, GOOD)
    assert (status, "นำขึ้นใช้งานแล้ว" in text) == (200, True)
    assert designer.get("/diagrams/bpmn/own_process").status_code == 200


def test_a_name_that_nothing_sets_is_a_warning_that_asks_what_was_meant(designer: FlaskClient) -> None:
    body = chain(script("=100", result="total", id="T"), script("=totl + 1")).replace(b'id="P"', b'id="misspelt"')
    for fields, answer in (({"only": "check"}, "ควรแก้ 1 แห่ง"), ({}, "นำขึ้นใช้งานแล้ว")):
        status, text = upload(designer, {"misspelt.bpmn": body}, **fields)
        assert (status, answer in text, "หมายถึง total หรือไม่" in text) == (200, True, True)
    assert "หมายถึง total หรือไม่" in designer.get("/diagrams/bpmn/misspelt").text
