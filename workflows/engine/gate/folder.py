"""Inspect files as one deployment: each may refer to what the others bring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from workflows.engine.gate import identify, inspect
from workflows.engine.gate.form import answers
from workflows.engine.gate.known import Known
from workflows.engine.problems import Inspection, Kind, Problem
from workflows.errors import Text

Operators = frozenset[str] | Mapping[str, object] | None
ID_IN_TWO_FILES: Final = Text(
    'รหัส "{id}" มีในไฟล์ {other} แล้ว ให้เหลือไฟล์เดียวหรือเปลี่ยนรหัส',
    'Id "{id}" is in file {other} already; keep one of the files or change the id',
)
SUFFIXES = (".bpmn", ".dmn", ".form")


def inspect_files(files: Mapping[str, bytes], *, operators: Operators = None) -> dict[str, Inspection]:
    """Every file by name. References are checked within these files; ``operators`` are the job types done here."""
    return inspect_together(files, known_from(files, operators))


def inspect_together(files: Mapping[str, bytes], known: Known) -> dict[str, Inspection]:
    """Every file of one deployment by name, and what they have against each other."""
    inspections = {name: inspect(name, data, known=known) for name, data in files.items()}
    brought: dict[tuple[Kind, str], str] = {}
    for name, found in inspections.items():
        twice = [key for key, _ in found.ids if brought.setdefault((found.kind, key), name) != name]
        problems = [_twice(key, brought[found.kind, key]) for key in twice]
        inspections[name] = replace(found, problems=(*problems, *found.problems))
    return inspections


def _twice(key: str, other: str) -> Problem:
    return Problem("error", key, 1, ID_IN_TWO_FILES.format(id=key, other=other), "id-in-two-files")


def known_from(files: Mapping[str, bytes], operators: Operators = None) -> Known:
    """What the files would deploy together."""
    ids: dict[Kind, set[str]] = {"process": set(), "decision": set(), "form": set()}
    filled: dict[str, frozenset[str]] = {}
    for name, data in files.items():
        kind, found = identify(name, data)
        ids[kind] |= {key for key, _ in found}
        if kind == "form":
            filled |= {key: answers(data) for key, _ in found}
    return Known(
        frozenset(ids["process"]), frozenset(ids["decision"]), frozenset(ids["form"]), operators, answers=filled
    )


def inspect_folder(*places: Path, operators: Operators = None) -> dict[str, Inspection]:
    """Every diagram, table and form in the folders (and below) or files given, by its path."""
    return inspect_files({str(path): path.read_bytes() for path in _paths(places)}, operators=operators)


def _paths(places: Iterable[Path]) -> list[Path]:
    found: set[Path] = set()
    for place in places:
        found |= {path for path in place.rglob("*") if path.suffix in SUFFIXES} if place.is_dir() else {place}
    return sorted(found)
