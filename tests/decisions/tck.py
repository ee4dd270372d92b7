"""Run the DMN Technology Compatibility Kit: ``python -m tests.decisions.tck DIR``.

DIR holds ``compliance-level-2/`` and ``compliance-level-3/``. One JSON object per level on standard output, failures on
standard error. A case passes when every result node has the expected value, to a relative 1e-8 for numbers; an
evaluation that ends in an error counts as null, which is what DMN says it is. Whatever is wrong with a file of the kit
or with the product, its cases count as failed and the run goes on.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from workflows.decisions import DecisionModel, parse_dmn
from workflows.decisions.elements import child, children, local, name_of, text_of
from workflows.errors import SitthiError
from workflows.feel import Environment, to_feel_string
from workflows.feel.compare import equal
from workflows.feel.errors import Mismatch
from workflows.feel.limits import Run
from workflows.feel.temporal_text import read_date, read_date_time, read_duration, read_time, write_temporal
from workflows.feel.values import Function, kind, number

NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
TEMPORAL = {"date": read_date, "time": read_time, "dateTime": read_date_time, "duration": read_duration}
NUMERIC = {"decimal", "double", "integer", "int", "float", "long"}
ENVIRONMENT = Environment(lambda: datetime.now(UTC))


@dataclass(frozen=True)
class Result:
    """One test case: where it stands, and why it failed (empty if it passed)."""

    level: str
    folder: str
    case: str
    failures: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.folder}/{self.case}"


def run(root: Path) -> Iterator[Result]:
    """Every test case below the folder, level by level."""
    for level in sorted(root.glob("compliance-level-*")):
        for folder in sorted(path for path in level.iterdir() if path.is_dir()):
            for file in sorted(folder.glob("*test*.xml")):
                yield from _run_file(level.name, folder, file)


def _run_file(level: str, folder: Path, file: Path) -> Iterator[Result]:
    try:
        cases = children(_root(file), "testCase")
    except (OSError, etree.XMLSyntaxError) as error:
        # As many cases as can be seen in what is no XML, so that a level's total hardly depends on its health.
        seen = len(re.findall(r"<(?:\w+:)?testCase\b", file.read_text(errors="replace"))) if file.is_file() else 0
        for at in range(1, max(seen, 1) + 1):
            yield Result(level, folder.name, f"{file.stem}/unreadable-{at}", (_why(error),))
        return
    try:
        kit: _Kit | None = _Kit(folder, text_of(_root(file), "modelName"))
        why = ""
    except Exception as error:
        kit, why = None, _why(error)
    for case in cases:
        failures = (why,) if kit is None else kit.failures(case)
        yield Result(level, folder.name, f"{file.stem}/{case.get('id')}", failures)


def _root(file: Path) -> etree._Element:
    return etree.parse(file, etree.XMLParser(resolve_entities=False, no_network=True)).getroot()


def _why(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


class _Kit:
    """The model that a test file is about."""

    def __init__(self, folder: Path, name: str) -> None:
        root = _root(folder / name)
        others = [_root(path) for path in sorted(folder.glob("*.dmn")) if path.name != name]
        self.model: DecisionModel = parse_dmn(root, others, tolerant=True)
        wanted = ("decision", "decisionService", "businessKnowledgeModel")
        # The kit speaks of names; the model of ids, which an element may lack.
        self.ids = {name_of(part): part.get("id", name_of(part)) for part in root if local(part) in wanted}

    def failures(self, case: etree._Element) -> tuple[str, ...]:
        """Why each wrong result node is wrong."""
        try:
            inputs = {node.get("name", ""): value_of(node) for node in children(case, "inputNode")}
            found = (self._failure(case, node, inputs) for node in children(case, "resultNode"))
            return tuple(why for why in found if why)
        except Exception as error:
            return (_why(error),)

    def _failure(self, case: etree._Element, node: etree._Element, inputs: dict[str, Any]) -> str | None:
        expected = child(node, "expected")
        wanted = None if expected is None else value_of(expected)
        name = node.get("name", "")
        try:
            found = self._evaluate(case, name, inputs)
        except SitthiError as error:
            return None if wanted is None else f"{name}: {error}, expected {shown(wanted)}"
        return None if same(found, wanted) else f"{name}: {shown(found)}, expected {shown(wanted)}"

    def _evaluate(self, case: etree._Element, name: str, inputs: dict[str, Any]) -> Any:
        invoked = case.get("invocableName") if case.get("type") in ("decisionService", "bkm") else None
        if not invoked:
            return self.model.evaluate(self.ids.get(name, name), inputs, ENVIRONMENT).output
        found = self.model.invoke(self.ids.get(invoked, invoked), inputs, ENVIRONMENT)
        several = isinstance(found, dict) and invoked != name and name in found
        return found[name] if several else found


def value_of(element: etree._Element) -> Any:
    """The value in the ``value``, ``list`` or ``component`` children of an element."""
    for part in element:
        if local(part) == "value":
            return _scalar(part)
        if local(part) == "list":
            return None if part.get(NIL) == "true" else [value_of(item) for item in children(part, "item")]
        if local(part) == "component":
            return {
                entry.get("name"): None if entry.get(NIL) == "true" else value_of(entry)
                for entry in children(element, "component")
            }
    return None


def _scalar(element: etree._Element) -> Any:
    if element.get(NIL) == "true":
        return None
    what, text = (element.get(TYPE) or "string").rpartition(":")[2], element.text or ""
    if what in NUMERIC:
        exact = Decimal(text.strip())
        return exact if exact.is_finite() else None
    if what == "boolean":
        return text.strip() == "true"
    if what in TEMPORAL:
        try:
            return TEMPORAL[what](text.strip())
        except Mismatch:
            raise ValueError(f"the kit expects {text!r}, which is no {what}") from None
    return text


def same(found: Any, wanted: Any) -> bool:
    """Equal as the kit compares: numbers nearly, times by their text or their moment."""
    if kind(found) != kind(wanted):
        return False
    one, two = number(found), number(wanted)
    if one is not None and two is not None:
        return abs(one - two) <= Decimal("1e-8") * max(Decimal(1), abs(two))
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(same(a, b) for a, b in zip(found, wanted, strict=True))
    if isinstance(wanted, dict):
        return found.keys() == wanted.keys() and all(same(found[key], wanted[key]) for key in wanted)
    if kind(wanted) in ("time", "date and time") and write_temporal(found) == write_temporal(wanted):
        return True
    return equal(found, wanted, Run(ENVIRONMENT)) is True


def shown(value: Any) -> str:
    return "a function" if isinstance(value, Function) else to_feel_string(value)[:200]


def main(folder: str) -> None:
    if not folder or not any(Path(folder).glob("compliance-level-*")):
        sys.exit(f"TCK_DIR must name the folder that holds compliance-level-2/ and compliance-level-3/, not {folder!r}")
    levels: dict[str, list[Result]] = {}
    for result in run(Path(folder)):
        levels.setdefault(result.level, []).append(result)
        for failure in result.failures:
            print(f"{result.level} {result.name}: {failure}", file=sys.stderr)
    for level, results in levels.items():
        passed = sum(not result.failures for result in results)
        print(json.dumps({"level": level, "passed": passed, "total": len(results)}))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
