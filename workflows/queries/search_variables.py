"""Searching the variables of cases, which only their snapshots hold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows.queries.work_items import variables_of
from workflows.work import Services

CASES_READ = 200
"""How many cases are opened for one search that names none."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable; ``value`` is JSON text."""

    id: int
    case_id: int
    name: str
    value: str


def of_case(services: Services, case: Mapping[str, Any]) -> list[Variable]:
    """The variables of one case, by name."""
    return rows_of(int(case["id"]), variables_of(services, case))


def rows_of(case_id: int, variables: Mapping[str, Any]) -> list[Variable]:
    """Variables as rows, by name. The id of a variable follows from its case and its name."""
    return [Variable(_id(case_id, name), case_id, name, json_text(variables[name])) for name in sorted(variables)]


def json_text(value: Any) -> str:
    """A value as the one JSON text that equal values have."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _id(case_id: int, name: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{case_id}/{name}".encode(), digest_size=8).digest()) >> 1
