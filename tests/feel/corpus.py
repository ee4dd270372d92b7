"""The corpus: expressions with the variables they see and what they give, as a text file that people can read.

``# …`` is a heading, ``@ {"a": 1}`` the variables of the lines after it, ``expression → result`` a case and
``5 ? [1..10] → true`` the tests of a table cell with their input value. ⏎ stands for a line break.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("corpus.txt")


@dataclass(frozen=True)
class Case:
    """One line, here without its result; ``scope`` has the input value as ``?`` if ``tests``."""

    line: str
    source: str
    scope: dict[str, Any]
    tests: bool
    result: str


def cases() -> list[Case]:
    """Every case in order."""
    found = []
    scope: dict[str, Any] = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("@ "):
            scope = json.loads(line[2:])
        elif line and not line.startswith("# "):
            source, _, result = line.rpartition(" → ")
            value, mark, test = source.partition(" ? ")
            cell = bool(mark) and not value.startswith(("(", "if ")) and _is_json(value)
            given = {**scope, "?": json.loads(value)} if cell else scope
            found.append(Case(source, (test if cell else source).replace("⏎", "\n"), given, cell, result))
    return found


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
