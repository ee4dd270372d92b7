"""Every diagram that we ship passes the gate and is walked through by a journey."""

from __future__ import annotations

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
