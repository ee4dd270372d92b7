"""Trying a decision: the row that applies, the answer, what is wrong in which cell; nothing is stored."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.access import product
from app.decision_inputs import read_input
from tests.decisions.support import decision, dmn, literal, table
from tests.feel.support import ENVIRONMENT
from tests.house.test_routes import WRITES, application, signed_in
from workflows.actor import DEPLOYER
from workflows.commands.deploy_diagrams import DeployDiagrams
from workflows.errors import Text
from workflows.feel.temporal import Date

__all__ = ["application"]
LEVEL = decision("try_level", table(["score"], ["level"], [["< 5", '"low"'], [">= 5", '"high"']]))
RULES = [['"high"', "> 100", "1"], ['"high"', "> 10", "amount * 2"], ["-", "-", "assert(3, vip)"]]
FEE = decision("try_fee", table(["try_level", "amount"], ["fee"], RULES, "FIRST"), requires=["try_level"])
SUM = decision("try_sum", literal("count(items) + 1"))
PATH = "/decision-test?decision="


@pytest.fixture(scope="module", autouse=True)
def deployed(application: Flask) -> None:
    with application.app_context():
        product().runtime.execute(DeployDiagrams({"try.dmn": dmn(LEVEL, FEE, SUM)}), DEPLOYER)


@pytest.fixture
def designer(application: Flask) -> FlaskClient:
    return signed_in(application, "designer")


def ask(client: FlaskClient, decision_id: str, *values: str, status: int = 200) -> str:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(PATH + decision_id).text)
    assert token is not None
    fields = {f"v{at}": value for at, value in enumerate(values)} | {"csrf_token": token[1]}
    answer = client.post(PATH + decision_id, data=fields)
    assert answer.status_code == status
    return answer.text


def rows(text: str, state: str) -> list[str]:
    return re.findall(rf'<tr class="{state}"><td class="num muted">(\d+)', text)


def test_the_page_asks_for_what_the_decision_reads(designer: FlaskClient) -> None:
    text = designer.get(PATH + "try_fee").text
    assert re.findall(r'name="(v\d)"', text) == ["v0", "v1", "v2"]
    assert [word in text for word in ("amount", "score", "vip", "การตัดสินใจที่ต้องใช้ก่อน")] == [True] * 4
    assert not rows(text, "hit")
    assert designer.get(PATH + "no_such_decision").status_code == 404
    assert designer.get(PATH + "try_fee&version=99").status_code == 404
    assert designer.get("/decision-test").status_code == 200


def test_it_shows_the_answer_and_the_rows_that_apply(designer: FlaskClient) -> None:
    text = ask(designer, "try_fee", "50", "7", "")
    assert rows(text, "hit") == ["2", "2"]  # of the table itself, and of the one it requires
    assert rows(text, "beside") == ["3"]
    assert '<pre class="code"' in text
    assert "100" in text.partition('id="answer"')[2].partition("</section>")[0]
    assert "= <code>100</code>" in text  # what the output cell gave
    assert "ได้ <code>&#34;high&#34;</code>" in text


def test_a_cell_that_fails_or_cannot_be_compared_says_so(designer: FlaskClient) -> None:
    text = ask(designer, "try_fee", '="fifty"', "7", "")
    assert text.count("เทียบกับค่านี้ไม่ได้") == 2
    assert "ตัดสินใจไม่ได้" in text
    assert '<td class="failed"><code>assert(3,<wbr> vip)</code>' in text


def test_what_cannot_be_read_is_said_beside_the_field_and_kept(designer: FlaskClient) -> None:
    text = ask(designer, "try_fee", "=a ==", "7", "", status=422)
    assert 'value="=a =="' in text
    assert "FEEL เปรียบเทียบด้วย = ตัวเดียว" in text
    assert 'id="answer"' not in text


def test_a_formula_is_tried_too(designer: FlaskClient) -> None:
    assert ">4</code>" in ask(designer, "try_sum", "=[1, 2, 3]")


def test_only_readers_of_decisions_try_them_and_nothing_is_written(application: Flask, designer: FlaskClient) -> None:
    for person in ("requester", "region", "issuer"):
        assert signed_in(application, person).get(PATH + "try_fee").status_code == 403
    assert signed_in(application, "auditor").get(PATH + "try_fee").status_code == 200
    with _writes(application) as written:
        ask(designer, "try_fee", "50", "7", "")
    assert written == []


class _writes:
    """The statements that change something, while it is open."""

    def __init__(self, application: Flask) -> None:
        with application.app_context():
            self.database = product().database
        self.found: list[str] = []

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if WRITES.match(statement):
            self.found.append(statement)

    def __enter__(self) -> list[str]:
        event.listen(self.database, "before_cursor_execute", self._note)
        return self.found

    def __exit__(self, *_error: Any) -> None:
        event.remove(self.database, "before_cursor_execute", self._note)


TYPED: list[tuple[str, str, Any]] = [
    ("string", "378", "378"),
    ("string", "", None),
    ("string", '=""', ""),
    ("string", '=upper case("a")', "A"),
    ("number", "1,500.50", Decimal("1500.50")),
    ("number", "๑๒", Decimal(12)),
    ("number", '="7"', "7"),
    ("date", "23/11/2569", "2026-11-23"),
    ("date", '=date("2026-11-23")', Date(2026, 11, 23)),
    ("date and time", "2026-11-23T08:30:00", "2026-11-23T08:30:00"),
    ("days and time duration", "P3D", "P3D"),
    ("boolean", "true", True),
    ("", "12", Decimal(12)),
    ("", "0123", "0123"),
    ("", "false", False),
    ("", "null", None),
    ("", "กก", "กก"),
]


@pytest.mark.parametrize(("type_", "text", "value"), TYPED)
def test_typed_values(type_: str, text: str, value: Any) -> None:
    found = read_input(type_, text, ENVIRONMENT)
    assert (found, type(found)) == (value, type(value))


WRONG = [("number", "x"), ("date", "2026"), ("time", "half past"), ("days and time duration", "3 days"), ("", "=1 +")]


@pytest.mark.parametrize(("type_", "text"), WRONG)
def test_what_is_no_value_of_its_type_is_told(type_: str, text: str) -> None:
    assert isinstance(read_input(type_, text, ENVIRONMENT), Text)
