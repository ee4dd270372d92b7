"""Rules that a reader could check with a search, checked on every run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.sources import name, python_files, tracked_files

LONGEST = 350
FORBIDDEN_CALLS = {"eval", "exec", "__import__"}
THE_SAME_IN_ANY_LANGUAGE = {"", "null", "true", "false"}
THAI = re.compile("[\u0e00-\u0e7f]")
# Written in pieces so that this file does not contain what it looks for.
STRANGERS = re.compile(
    "|".join(
        [
            "/wo" + r"rk/(main|wt|shared|scratch|venv|\.library)\b",
            "/ro" + "ot/",
            "/ho" + r"me/\w+/",
            "pypi" + r"\.org",
            "pythonho" + r"sted\.org",
            "npm" + r"js\.org",
            "deb" + r"ian\.org",
            r"\bspi" + r"kes/",
            r"\bshar" + r"ed/(facts|seeds|design|domain|hooks)",
            r"\bfac" + r"ts/\w+\.md",
        ]
    )
)


def calls(path: Path) -> Iterator[ast.Call]:
    tree = ast.parse(path.read_bytes(), str(path))
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def where(path: Path, node: ast.AST) -> str:
    return f"{name(path)}:{getattr(node, 'lineno', 0)}"


def test_there_is_one_transaction_and_nobody_commits() -> None:
    found: dict[str, list[str]] = {"begin": [], "commit": [], "rollback": []}
    for path in python_files("app", "workflows"):
        if "sqlalchemy" not in path.read_text():
            continue  # what knows no database begins something else
        for call in calls(path):
            if isinstance(call.func, ast.Attribute) and call.func.attr in found:
                found[call.func.attr].append(where(path, call))
    assert len(found["begin"]) == 1, f"the one transaction of the product, found at: {found['begin']}"
    assert found["begin"][0].startswith("workflows/runtime.py:")
    assert not found["commit"] + found["rollback"], "the runtime's block commits, or rolls back when it raises"


def test_no_module_is_too_long_to_read() -> None:
    lengths = {name(path): len(path.read_text().splitlines()) for path in python_files()}
    assert {module: lines for module, lines in lengths.items() if lines > LONGEST} == {}


def test_no_text_is_ever_executed_as_python() -> None:
    found = [
        where(path, call)
        for path in python_files()
        for call in calls(path)
        if isinstance(call.func, ast.Name) and call.func.id in FORBIDDEN_CALLS
    ]
    assert found == []


def test_every_message_below_the_web_speaks_both_languages() -> None:
    wrong = []
    for path in python_files("workflows", "forms"):
        for call in calls(path):
            if not (isinstance(call.func, ast.Name) and call.func.id == "Text"):
                continue
            words = [part.value for part in call.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
            if len(words) != 2 or words[1] in THE_SAME_IN_ANY_LANGUAGE:
                continue
            if not THAI.search(words[0]) or THAI.search(words[1]):
                wrong.append(f"{where(path, call)}: {words}")
    assert wrong == []


def test_no_file_names_a_machine_or_a_package_index() -> None:
    found = []
    for path in tracked_files():
        try:
            lines = path.read_text().splitlines()
        except UnicodeDecodeError:
            continue
        found += [
            f"{name(path)}:{number}: {line[:120]}" for number, line in enumerate(lines, 1) if STRANGERS.search(line)
        ]
    assert found == []


@pytest.mark.parametrize(
    "text", ["see /wo" + "rk/shared/x", "https://registry.npm" + "js.org/x", "fac" + "ts/engine.md"]
)
def test_the_search_for_strangers_finds_them(text: str) -> None:
    assert STRANGERS.search(text)
