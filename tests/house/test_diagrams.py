"""Every diagram that we ship passes the gate and is walked through by a journey."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from tests.house.sources import ROOT
from workflows.engine import xml
from workflows.engine.gate.folder import inspect_folder


def test_every_file_passes_the_gate() -> None:
    inspections = inspect_folder(ROOT / "bpmn", ROOT / "forms")
    problems = [
        f"{name}:{problem}" for name, found in inspections.items() for problem in found.problems if not found.accepted
    ]
    assert inspections
    assert problems == []


def test_smart_card_rights_are_approved_like_every_access() -> None:
    """Both diagrams show the levels in full, so that each can be read and followed alone; they may not drift apart."""

    def approval(process: str) -> bytes:
        root = xml.parse((ROOT / "bpmn" / f"{process}.bpmn").read_bytes())
        (found,) = (node for node in root.iter("{*}subProcess") if node.get("id") == "approval")
        return b"".join(line.strip() for line in etree.tostring(found, method="c14n", exclusive=True).splitlines())

    assert approval("smartcard_rights") == approval("access_request")


@pytest.mark.parametrize("process", sorted(path.stem for path in (ROOT / "bpmn").glob("*.bpmn")))
def test_a_process_has_a_journey(process: str) -> None:
    journey = f"tests/journeys/test_{process}.py"
    assert (ROOT / journey).is_file(), f"write {journey}"


BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_WITH_STEPS = ("receiveTask", "callActivity", "intermediateCatchEvent")


def spoken(node: etree._Element) -> dict[str, str]:
    """The properties and task headers of an element."""
    own = node.find(f"{BPMN}extensionElements")
    each = [] if own is None else [*own.iterfind("{*}properties/*"), *own.iterfind("{*}taskHeaders/*")]
    return {one.get("name") or one.get("key") or "": one.get("value") or "" for one in each}


@pytest.mark.parametrize("path", sorted((ROOT / "bpmn").glob("*.bpmn")), ids=lambda path: path.stem)
def test_what_people_read_in_a_diagram_has_its_english(path: Path) -> None:
    """English pages are a full translation: names, steps, stages, questions and buttons."""
    root, missing = xml.parse(path.read_bytes()), []
    named = list(root.iter(f"{BPMN}process", f"{BPMN}userTask"))
    for node in (*named, *root.iter(*(BPMN + tag for tag in _WITH_STEPS))):
        said = spoken(node)
        wanted = [*(["name"] if node in named else []), *(name for name in ("step", "ask", "submit") if name in said)]
        missing += [f"{node.get('id')}: {name}_en" for name in wanted if not said.get(f"{name}_en")]
    steps = {each.get("value") for each in root.iter("{*}property") if each.get("name") == "step"}
    for node in root.iter(f"{BPMN}process"):
        said = spoken(node)
        known = {words.partition("=")[0].strip() for words in said.get("stage_en", "").split("|")}
        stages = set(re.findall(r'"([^"]*[ก-๙][^"]*)"', said.get("case.stage", "")))
        missing += [f"stage_en of {words}" for words in sorted(stages - steps - known)]
    assert missing == []
