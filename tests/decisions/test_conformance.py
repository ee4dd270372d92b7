"""The DMN Technology Compatibility Kit, where it is at hand: the list of cases that fail may only become shorter."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from tests.decisions.support import NAMESPACE, literal
from tests.decisions.tck import Result, main, run

EXPECTED = Path(__file__).with_name("expected_failures.txt")
BESIDE = Path(__file__).parents[3] / "shared" / "tck"


def kit() -> Path:
    """The folder with the kit: ``TCK_DIR``, or one beside the project; the test is skipped where there is none."""
    named = os.environ.get("TCK_DIR")
    folder = Path(named) if named else BESIDE
    if named and not folder.is_dir():
        pytest.fail(f"TCK_DIR names {named}, which is no folder")
    if not folder.is_dir():
        pytest.skip("no DMN conformance kit here; TCK_DIR names one")
    return folder


@pytest.fixture(scope="module")
def results() -> list[Result]:
    return list(run(kit()))


def expected_failures() -> set[str]:
    lines = (line.strip() for line in EXPECTED.read_text().splitlines())
    return {line for line in lines if line and not line.startswith("#")}


def test_nothing_fails_that_is_not_listed(results: list[Result]) -> None:
    unexpected = [result for result in results if result.failures and result.name not in expected_failures()]
    assert unexpected == []


def test_nothing_is_listed_that_passes(results: list[Result]) -> None:
    passed = {result.name for result in results if not result.failures}
    assert expected_failures() & passed == set(), "take these out of expected_failures.txt"


def test_the_levels_reach_their_marks(results: list[Result]) -> None:
    total = Counter(result.level for result in results)
    passed = Counter(result.level for result in results if not result.failures)
    assert passed["compliance-level-2"] == total["compliance-level-2"] > 100
    assert passed["compliance-level-3"] >= 0.99 * total["compliance-level-3"] > 2_000


MODEL = f"""<definitions xmlns="{NAMESPACE}" name="m" namespace="urn:m">
  <decision id="d" name="d"><variable name="d"/>{literal("1 + 1")}</decision></definitions>"""
SUITE = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"><modelName>{model}</modelName>
  <testCase id="right"><resultNode name="d"><expected><value xsi:type="xsd:decimal" xmlns:xsd="urn:x"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">2</value></expected></resultNode></testCase>
  <testCase id="wrong"><resultNode name="d"><expected><value>two</value></expected></resultNode></testCase>
</testCases>"""


def test_one_line_for_each_level_and_broken_files_are_failed_cases(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "compliance-level-2/0001-good/0001-good.dmn": MODEL,
        "compliance-level-2/0001-good/0001-good-test-01.xml": SUITE.format(model="0001-good.dmn"),
        "compliance-level-3/0001-lost/0001-lost-test-01.xml": SUITE.format(model="nowhere.dmn"),
        "compliance-level-3/0002-torn/0002-torn.dmn": MODEL[:200],
        "compliance-level-3/0002-torn/0002-torn-test-01.xml": SUITE.format(model="0002-torn.dmn"),
        "compliance-level-3/0003-half/0003-half-test-01.xml": SUITE[:-20],
        "compliance-level-3/0004-empty/0004-empty-test-01.xml": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    main(str(tmp_path))
    out, err = capsys.readouterr()
    assert [json.loads(line) for line in out.splitlines()] == [
        {"level": "compliance-level-2", "passed": 1, "total": 2},
        {"level": "compliance-level-3", "passed": 0, "total": 7},
    ]
    assert len(err.splitlines()) == 8


def test_a_folder_that_is_no_kit_says_so(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="TCK_DIR must name"):
        main(str(tmp_path))
