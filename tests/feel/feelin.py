"""Asks @bpmn-io/feelin, what the editors in the browser run, and compares its answers with ours."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from app.assets import SOURCES, _tools
from tests.feel.corpus import Case
from tests.support.tiers import unavailable
from workflows.feel.errors import Mismatch
from workflows.feel.temporal_text import read_temporal, write_temporal
from workflows.feel.values import Function, Range, kind, number

PACKAGE = SOURCES / "node_modules" / "@bpmn-io" / "feelin"
SCRIPT = Path(__file__).with_name("feelin.mjs")


def answers(cases: Sequence[Case]) -> list[Any]:
    """feelin's answers; the test is skipped by name (in CI: fails) where Node.js or the package is missing."""
    try:
        node = _tools()[0]
    except FileNotFoundError:
        unavailable("Node.js", "install node 18 or newer")
    if not PACKAGE.is_dir():
        unavailable("Node.js packages", "python -m app.assets")
    asked = [{"source": case.source, "scope": case.scope, "tests": case.tests} for case in cases]
    found = subprocess.run(
        [node, str(SCRIPT), str(SOURCES / "package.json")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
        timeout=120,
        env={"TZ": "Asia/Bangkok"},
    )
    return list(json.loads(found.stdout))


def shown(answer: Any) -> str:
    """feelin's answer in short, for people."""
    if "error" in answer:
        return "a syntax error"
    return _text(answer["value"])


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_text, value)) + "]"
    if isinstance(value, dict):
        what, inner = next(iter(value.items()))
        if what == "context":
            return "{" + ", ".join(f"{key}: {_text(item)}" for key, item in inner.items()) + "}"
        if what == "range":
            return f"{'[' if inner[2] else '('}{_text(inner[0])}..{_text(inner[1])}{']' if inner[3] else ')'}"
        return "function" if what == "function" else str(inner)
    return json.dumps(value, ensure_ascii=False)


def agrees(ours: Any, theirs: Any) -> bool:
    """The same value; numbers to twelve digits, as theirs are binary."""
    what = kind(ours)
    if what == "number":
        exact = number(ours)
        return exact is not None and isinstance(theirs, dict) and _near(exact, theirs.get("number"))
    if what == "list":
        return isinstance(theirs, list) and len(ours) == len(theirs) and all(map(agrees, ours, theirs))
    if what == "context":
        inner = theirs.get("context") if isinstance(theirs, dict) else None
        return inner is not None and ours.keys() == inner.keys() and all(agrees(ours[key], inner[key]) for key in ours)
    if isinstance(ours, Range):
        bounds = theirs.get("range") if isinstance(theirs, dict) else None
        return bounds is not None and (
            agrees(ours.low, bounds[0])
            and agrees(ours.high, bounds[1])
            and [ours.low_included, ours.high_included] == bounds[2:]
        )
    if isinstance(ours, Function):
        return bool(theirs == {"function": True})
    if what in ("null", "boolean", "string"):
        return ours is theirs or (type(ours) is type(theirs) and ours == theirs)
    return isinstance(theirs, dict) and _same_time(ours, theirs.get("time"))


def _near(exact: Decimal, text: Any) -> bool:
    try:
        return abs(exact - Decimal(str(text))) <= Decimal("1e-12") * max(Decimal(1), abs(exact))
    except InvalidOperation:
        return False


def _same_time(ours: Any, text: Any) -> bool:
    try:
        return write_temporal(ours) == write_temporal(read_temporal(str(text)))
    except Mismatch:
        return False
