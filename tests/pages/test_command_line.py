"""``flask feel`` says what an expression gives, with the product's calendar, and what is wrong in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from config import Settings
from tests.house.test_routes import application

__all__ = ["application"]


def feel(app: Flask, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["feel", *arguments])
    return result.exit_code, result.output.rstrip("\n")


def test_it_prints_what_the_expression_gives(application: Flask, tmp_path: Path) -> None:
    variables = tmp_path / "context.json"
    variables.write_text('{"amount": 0.1, "first name": "สมมุติ", "due": "2026-11-02"}')
    context = f"--context={variables}"
    assert feel(application, "amount + 0.2", context) == (0, "0.3")
    assert feel(application, '="1"') == (0, '"1"')
    assert feel(application, "first name", context) == (0, '"สมมุติ"')
    assert feel(application, "[1, due, null]", context, "--json") == (0, '[1, "2026-11-02", null]')
    assert feel(application, "working days after(due, 15)", context) == (0, "2026-11-23")


def test_it_tests_a_cell(application: Flask) -> None:
    assert feel(application, "[1..5]", "--unary", "3") == (0, "true")
    assert feel(application, 'not("a", "b")', "--unary", '"a"') == (0, "false")


def test_errors_have_a_place_and_two_languages(application: Flask, tmp_path: Path) -> None:
    code, output = feel(application, "a == 1")
    assert code == 1
    assert "บรรทัด 1 ตัวอักษรที่ 3" in output
    assert "line 1, character 3" in output
    code, output = feel(application, 'working days after("2999-01-01", 1)')
    assert (code, "does not reach 2999-01-01" in output) == (1, True)
    code, output = feel(application, "abs", "--json")
    assert (code, "cannot be stored" in output) == (1, True)
    (tmp_path / "list.json").write_text("[1]")
    assert feel(application, "1", f"--context={tmp_path / 'list.json'}")[0] == 2


@pytest.mark.parametrize("demo", ["0", "1"])
def test_without_a_database_only_the_calendar_is_missing(tmp_path: Path, demo: str) -> None:
    nowhere = f"sqlite:///{tmp_path}/none.db"
    values = {"DATABASE_URL": nowhere, "SECRET_KEY": "0" * 64, "DATA_DIR": str(tmp_path)}
    values |= {"DEMO": demo, "CLOCK_CONTROL": demo}
    app = create_app(Settings.from_env(values))
    assert feel(app, "today() instance of date") == (0, "true")
    code, output = feel(app, 'working days after("2026-01-05", 1)')
    assert (code, "There is no calendar" in output) == (1, True)
