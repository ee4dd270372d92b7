"""Inspect a form: a form-js schema up to version 19, checked field by field."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from workflows.engine.gate.findings import Findings
from workflows.engine.gate.form_fields import Field, check_field
from workflows.engine.gate.form_rules import RULES
from workflows.engine.problems import Inspection
from workflows.engine.xml import MAX_BYTES
from workflows.errors import Text

MAX_COMPONENTS: Final = 500
MAX_NESTING: Final = 6
SCHEMA_VERSION: Final = 19

_FORM_ID = re.compile(r"[A-Za-z][A-Za-z0-9_.\-]*\Z")
_PLACE = re.compile(r'"(?:id|key)"\s*:\s*"([^"\\]+)"')
_GROUPS: Final = {"group", "dynamiclist"}


def inspect_form(data: bytes) -> Inspection:
    findings = Findings(RULES)
    if len(data) > MAX_BYTES:
        findings.place("too-large", None, 1)
        return Inspection("form", (), findings.problems())
    schema = _read(data, findings)
    if schema is None:
        return Inspection("form", (), findings.problems())
    lines = _lines(data)
    ids = _ids(schema)
    if not ids:
        findings.place("form-id", None, 1, id=schema.get("id") or "")
    version = schema.get("schemaVersion", SCHEMA_VERSION)
    if not isinstance(version, int) or version > SCHEMA_VERSION:
        findings.place("schema-version", None, 1, version=version)
    fields = list(_fields(schema["components"], findings, lines))
    for field in fields:
        check_field(field)
    _check_unique(fields)
    return Inspection("form", ids, findings.problems())


def form_ids(data: bytes) -> tuple[tuple[str, str], ...]:
    """The form of a file by id; a form has no name of its own."""
    schema = _read(data, Findings(RULES))
    return () if schema is None else _ids(schema)


def _ids(schema: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    form_id = schema.get("id")
    return ((form_id, form_id),) if isinstance(form_id, str) and _FORM_ID.match(form_id) else ()


def answers(data: bytes) -> frozenset[str]:
    """The keys that a person may fill in, at the top level of the answers; empty for a file that is not a form."""
    schema = _read(data, Findings(RULES))
    if schema is None:
        return frozenset()
    found = _fields(schema["components"], Findings(RULES), {})
    return frozenset(field.names[0] for field in found if not field.path and field.names and field.is_open)


def _read(data: bytes, findings: Findings) -> dict[str, Any] | None:
    try:
        schema = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        findings.place("not-json", None, error.lineno, reason=error.msg)
        return None
    except (ValueError, RecursionError) as error:
        findings.place("not-json", None, 1, reason=error)
        return None
    if not isinstance(schema, dict) or not isinstance(schema.get("components"), list):
        findings.place("not-a-form", None, 1)
        return None
    return schema


def _refuse_constant(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


def _lines(data: bytes) -> Mapping[str, int]:
    """The line on which each id or key is written first."""
    lines: dict[str, int] = {}
    for number, text in enumerate(data.decode("utf-8-sig").splitlines(), start=1):
        for name in _PLACE.findall(text):
            lines.setdefault(name, number)
    return lines


def _fields(components: list[Any], findings: Findings, lines: Mapping[str, int]) -> Iterator[Field]:
    """Every component, outer before inner, each with the groups around it that nest its answer."""
    pending: list[tuple[Any, tuple[str, ...], int]] = [(component, (), 1) for component in reversed(components)]
    count = 0
    while pending:
        schema, path, depth = pending.pop()
        count += 1
        if count > MAX_COMPONENTS or depth > MAX_NESTING:
            findings.place("too-many-components", None, 1, limit=MAX_COMPONENTS)
            return
        if not isinstance(schema, dict) or not isinstance(schema.get("type"), str):
            reason = Text("ต้องเป็น object ที่มี type", "it must be an object with a type")
            findings.place("component", None, 1, name=str(schema)[:30], reason=reason)
            continue
        field = Field(schema, path, findings, lines)
        yield field
        inner = schema.get("components")
        if field.type in _GROUPS and isinstance(inner, list):
            below = (*path, *field.names)
            pending.extend((component, below, depth + 1) for component in reversed(inner))


def _check_unique(fields: list[Field]) -> None:
    ids: set[str] = set()
    seen: set[tuple[str, ...]] = set()
    for field in fields:
        if field.id and field.id in ids:
            field.add("duplicate-id", id=field.id)
        ids.add(field.id or "")
        if field.names and (*field.path, *field.names) in seen:
            field.add("duplicate-key", key=field.answer)
        seen.add((*field.path, *field.names))
