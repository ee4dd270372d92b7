"""How a case ended is said in words, whatever diagram it came from; a case that runs has not ended."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.pages_support import OUTCOMES, case_state
from tests.support.world import World
from workflows.queries import journey

DIAGRAMS = sorted((Path(__file__).parents[2] / "bpmn").glob("*.bpmn"))
_WRITTEN = re.compile(r'<zeebe:output source="([^"]*)" target="outcome"/>')
_COMPARED = re.compile(r"= &quot;[a-z_]+&quot; then")
BADGES = (Path(__file__).parents[2] / "app/templates/macros/ui.html").read_text(encoding="utf-8")


def outcomes() -> set[str]:
    """Every outcome that a diagram of the product writes as a literal."""
    sources = [_COMPARED.sub("", found) for path in DIAGRAMS for found in _WRITTEN.findall(path.read_text("utf-8"))]
    return {word for source in sources for word in re.findall(r"&quot;([a-z_]+)&quot;", source)}


def test_every_outcome_has_words_and_a_badge() -> None:
    found = outcomes()
    assert {"registered", "not_eligible", "appointed", "voided"} <= found
    assert found - OUTCOMES.keys() == set()
    states = {case_state({"state": "COMPLETED", "outcome": each}) for each in found}
    assert {each for each in states if f'"{each}": (' not in BADGES} == set()


@pytest.mark.parametrize("process", ["oss_registration", "oss_reactivation"])
def test_a_registration_that_runs_has_no_outcome_and_shows_both_steps(world: World, process: str) -> None:
    case = world.case(world.start(process, "signatory").case_id)
    assert (case["state"], case["outcome"], case["stage"]) == ("ACTIVE", "", "หน่วยบริการกรอกข้อมูล")
    with world.runtime.reading() as db:
        shown = [(step.label, step.state) for step in journey.steps(db, case, [], ["parts"])]
    assert shown == [("หน่วยบริการกรอกข้อมูล", "current"), ("สปสช. เขต", "waiting")]
