"""The gate as a whole: all problems at once, kinds of files, catalogues, the command line, and our own diagrams."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.engine import test_gate_bpmn, test_gate_dmn, test_gate_form
from tests.engine.small_diagrams import PLATFORM, SHAPE, chain, file, flow, script, user_task
from workflows import operators
from workflows.engine.gate import Known, bpmn_rules, dmn_rules, form_rules, identify, inspect
from workflows.engine.gate.findings import Rule
from workflows.engine.gate.folder import inspect_files, inspect_folder, known_from
from workflows.engine.gate.values import syntax_fault

ROOT = Path(__file__).parents[2]
BROKEN = f"""<definitions id="F" xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:modeler="http://camunda.org/schema/modeler/1.0"
  xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" {PLATFORM}>
<process id="P" isExecutable="true">
<startEvent id="S"/>
<serviceTask id="A" name="แจ้งผล"/>
<exclusiveGateway id="G"/>
<scriptTask id="B"><extensionElements>
<zeebe:script expression="=1 +" resultVariable="x"/>
</extensionElements></scriptTask>
<endEvent id="End"/>
{flow("S", "A")}{flow("A", "G")}
{flow("G", "B", "=x == 1")}
{flow("G", "End")}
</process>{SHAPE}</definitions>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_everything_wrong_is_said_at_once_at_its_line(encoding: str) -> None:
    found = inspect("x.bpmn", BROKEN.encode(encoding), known=Known()).problems
    assert [(problem.line, problem.element_id, problem.rule) for problem in found] == [
        (6, "A", "job-type-missing"),
        (7, "G", "no-default-flow"),
        (9, "B", "expression-syntax"),
        (11, "End", "reserved-id"),
        (13, "G_B", "expression-double-equals"),
        (14, "G_End", "condition-missing"),
    ]
    assert "แจ้งผล" in found[0].text.th
    assert "character" in found[2].text.en  # the position in the expression


def test_a_refused_xml_file_is_one_problem() -> None:
    inspection = inspect("x.dmn", b"<!DOCTYPE d><d/>", known=Known())
    assert (inspection.kind, inspection.accepted, inspection.ids) == ("decision", False, ())
    assert [problem.rule for problem in inspection.problems] == ["doctype"]


def test_what_only_the_engine_refuses_is_a_problem_too() -> None:
    broken = SHAPE.replace("<di:BPMNShape ", '<di:BPMNShape id="x" ').replace(
        'bpmnElement="S"/>',
        'bpmnElement="S"><Bounds xmlns="http://www.omg.org/spec/DD/20100524/DC" x="left"/></di:BPMNShape>',
    )
    (problem,) = inspect("x.bpmn", chain(shapes=broken), known=Known()).problems
    assert (problem.rule, problem.severity) == ("parser", "error")
    assert "left" in problem.text.en


def test_another_kind_of_xml_is_named() -> None:
    assert [problem.rule for problem in inspect("x.svg", b"<svg/>", known=Known()).problems] == ["unknown-kind"]


BY_LOADER = {"parser"}  # said by the real loader, tested below
CATALOGUES = [
    (bpmn_rules.RULES, test_gate_bpmn.ROWS),
    (dmn_rules.RULES, test_gate_dmn.ROWS),
    (form_rules.RULES, test_gate_form.ROWS),
]


@pytest.mark.parametrize(("rules", "rows"), CATALOGUES, ids=["bpmn", "dmn", "form"])
def test_every_rule_is_tested_and_speaks_both_languages(
    rules: dict[str, Rule], rows: list[tuple[bytes, str, str | None]]
) -> None:
    assert set(rules) - {rule for _, rule, _ in rows} == BY_LOADER & set(rules)
    for rule in rules.values():
        assert re.search(r"[ก-๛]", rule.text.th) or rule.text.th == rule.text.en
        assert not re.search(r"[ก-๛]", rule.text.en)
        assert set(re.findall(r"\{\w+\}", rule.text.th)) == set(re.findall(r"\{\w+\}", rule.text.en))


def test_files_of_one_deployment_know_each_other() -> None:
    files = {"p.bpmn": chain(user_task()), "f.form": test_gate_form.form()}
    assert [problem.rule for problem in inspect_files(files)["p.bpmn"].problems] == []
    alone = inspect_files({"p.bpmn": files["p.bpmn"]})["p.bpmn"]
    assert [problem.rule for problem in alone.problems] == ["form-unknown"]


def test_two_files_of_one_deployment_may_not_bring_the_same_id() -> None:
    found = inspect_files({"p.bpmn": chain(), "q.bpmn": chain(), "P.form": test_gate_form.form(id="P")})
    told = {name: [problem.rule for problem in inspection.problems] for name, inspection in found.items()}
    assert told == {"p.bpmn": [], "q.bpmn": ["id-in-two-files"], "P.form": []}
    assert "p.bpmn" in found["q.bpmn"].problems[0].text.en


@pytest.mark.parametrize("data", [BROKEN.encode(), test_gate_form.form(), test_gate_dmn.dmn(), b"<", b"{", b"<svg/>"])
def test_the_ids_of_a_file_can_be_read_without_checking_it(data: bytes) -> None:
    inspection = inspect("x", data, known=Known())
    assert identify("x", data) == (inspection.kind, inspection.ids)


def test_what_is_deployed_already_may_be_referred_to() -> None:
    known = known_from({"p.bpmn": chain(user_task())})
    assert "form-unknown" in {problem.rule for problem in inspect("p.bpmn", chain(user_task()), known=known).problems}
    assert known.with_deployed((), (), ["f"]).forms == {"f"}
    assert known.with_deployed(["Q"], (), ()).processes == {"P", "Q"}


def test_a_large_diagram_is_checked_in_good_time() -> None:
    nodes = [script(f"=x{number} + 1", f"y{number}", id=f"N{number}") for number in range(2_000)]
    back = flow("N1999", "N0")
    began = time.process_time()
    found = inspect("x.bpmn", chain(*nodes, beside=back), known=Known()).problems
    assert time.process_time() - began < 10
    assert "endless-loop" in {problem.rule for problem in found}


@pytest.mark.parametrize("page", ["process-owner.th.md", "dialect.md"])
def test_every_expression_in_the_guides_compiles(page: str) -> None:
    shown = re.findall(r"`=([^`=][^`]*)`", (ROOT / "docs" / page).read_text())
    assert shown
    assert {source: fault for source in shown if (fault := syntax_fault(source))} == {}


def test_the_command_line_prints_problems_and_fails(tmp_path: Path) -> None:
    (tmp_path / "x.bpmn").write_bytes(file("<process id='P' isExecutable='true'/>"))
    run = subprocess.run(
        [sys.executable, "-m", "workflows.engine.gate", str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert run.returncode == 1
    assert re.search(r"x\.bpmn:1: P: .*ไม่มีจุดเริ่มต้น.* / .*no start event", run.stdout)


def test_our_own_diagrams_pass() -> None:
    refused = {
        name: [str(problem) for problem in inspection.errors]
        for name, inspection in inspect_folder(ROOT / "bpmn", ROOT / "forms", operators=operators.table()).items()
        if not inspection.accepted
    }
    assert refused == {}
