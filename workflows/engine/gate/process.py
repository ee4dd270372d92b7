"""Inspect a process diagram: every check, then the real loader."""

from __future__ import annotations

from workflows.engine.definition import load
from workflows.engine.gate import diagram as bpmn_diagram
from workflows.engine.gate.bpmn_rules import RULES
from workflows.engine.gate.diagram import bpmn
from workflows.engine.gate.document import check_document
from workflows.engine.gate.events import check_events
from workflows.engine.gate.findings import Findings
from workflows.engine.gate.flow import check_flow
from workflows.engine.gate.known import Known
from workflows.engine.gate.tasks import check_tasks
from workflows.engine.gate.values import Values
from workflows.engine.gate.variables import check_variables
from workflows.engine.problems import Inspection
from workflows.engine.xml import Element
from workflows.errors import DiagramRejected


def inspect_process(name: str, data: bytes, root: Element, known: Known) -> Inspection:
    findings = Findings(RULES)
    diagram = bpmn_diagram.read(root)
    check_document(diagram, findings)
    if diagram.process is not None:
        values = Values(findings)
        check_flow(diagram, findings)
        check_tasks(diagram, known, values)
        check_events(diagram, known, values)
        check_variables(diagram, known, values)
    if diagram.executable and not any(problem.severity == "error" for problem in findings.problems()):
        _try_loader(name, data, diagram.executable[0].get("id") or "", findings)
    return Inspection("process", process_ids(root), findings.problems())


def process_ids(root: Element) -> tuple[tuple[str, str], ...]:
    """The executable processes of a file by id and name."""
    found = (process for process in root.findall(bpmn("process")) if process.get("isExecutable") == "true")
    return tuple((process.get("id") or "", process.get("name") or "") for process in found)


def _try_loader(name: str, data: bytes, process_id: str, findings: Findings) -> None:
    """The last word is the engine's own: whatever it cannot build is one more problem, never a surprise at run time."""
    try:
        load(process_id, {name: data})
    except DiagramRejected as refused:
        details = refused.details
        findings.place("parser", details.get("element_id"), details.get("line") or 1, reason=refused.text)
    except Exception as error:
        findings.place("parser", None, 1, reason=f"{type(error).__name__}: {error}")
