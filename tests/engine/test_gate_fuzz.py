"""Whatever is done to a file, the gate answers with problems; it never raises and never hangs."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from workflows.engine.gate import Known, inspect
from workflows.engine.gate.folder import SUFFIXES

ROOT = Path(__file__).parents[2]
OURS = sorted(path for folder in ("bpmn", "forms") for path in (ROOT / folder).rglob("*") if path.suffix in SUFFIXES)
KNOWN = Known(frozenset(), frozenset(), frozenset(), frozenset({"notice.send"}), {})
ODD: list[Any] = [
    "",
    "=",
    "=1 +",
    "${x}",
    "Root",
    "ก ข",
    "=a[b[",
    "R/P1D",
    "-1",
    None,
    0,
    True,
    [],
    {},
    [[]],
    {"type": 7},
    1e400,
]


def mangled_xml(data: bytes, chance: random.Random) -> bytes:
    root = etree.fromstring(data)
    for _ in range(chance.randint(1, 4)):
        element = chance.choice([each for each in root.iter() if isinstance(each.tag, str)])
        parent, what = element.getparent(), chance.randint(0, 3)
        if what == 0 and parent is not None:
            parent.remove(element)
        elif what == 1 and element.attrib:
            element.set(chance.choice(list(element.attrib)), str(chance.choice(ODD)))
        elif what == 2 and element.attrib:
            del element.attrib[chance.choice(list(element.attrib))]
        else:
            other = chance.choice([each for each in root.iter() if isinstance(each.tag, str)])
            element.tag, element.text = other.tag, str(chance.choice(ODD))
    return etree.tostring(root)


def mangled_json(data: bytes, chance: random.Random) -> bytes:
    schema = json.loads(data)
    for _ in range(chance.randint(1, 4)):
        places: list[tuple[Any, Any]] = []
        pending = [schema]
        while pending:
            value = pending.pop()
            keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
            places += [(value, key) for key in keys]
            pending += [value[key] for key in keys]
        if places:
            holder, key = chance.choice(places)
            holder[key] = copy.deepcopy(chance.choice(ODD))  # or the next change would change the list itself
    return json.dumps(schema).encode()


@pytest.mark.parametrize("path", OURS, ids=[path.name for path in OURS])
def test_a_mangled_file_never_breaks_the_gate(path: Path) -> None:
    chance = random.Random(path.name)
    data = path.read_bytes()
    mangle = mangled_json if path.suffix == ".form" else mangled_xml
    told = 0
    for _ in range(15):
        inspection = inspect(path.name, mangle(data, chance), known=KNOWN)
        told += bool(inspection.problems)
        assert all(problem.line >= 1 and problem.text.th and problem.text.en for problem in inspection.problems)
    assert told > 0


@pytest.mark.parametrize("path", OURS, ids=[path.name for path in OURS])
def test_a_cut_file_never_breaks_the_gate(path: Path) -> None:
    data = path.read_bytes()
    for part in range(1, 20):
        assert not inspect(path.name, data[: len(data) * part // 20], known=KNOWN).accepted
