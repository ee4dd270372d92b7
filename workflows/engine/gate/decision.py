"""Inspect a decision file: its structure here, its expressions and cells by the decision model itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from workflows.decisions import DecisionError, parse_dmn
from workflows.engine.gate.diagram import local
from workflows.engine.gate.dmn_rules import NAMESPACES, RULES
from workflows.engine.gate.findings import Findings, line_of
from workflows.engine.problems import Inspection
from workflows.engine.xml import Element
from workflows.errors import Text

HIT_POLICIES: Final = frozenset({"UNIQUE", "FIRST", "ANY", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT"})
_EXPRESSIONS: Final = frozenset(
    {
        "literalExpression", "decisionTable", "context", "invocation", "functionDefinition", "relation", "list",
        "conditional", "for", "some", "every", "filter",
    }
)  # fmt: skip
_NOT_EXPRESSIONS: Final = frozenset(
    {
        "description", "extensionElements", "question", "allowedAnswers", "variable", "informationRequirement",
        "knowledgeRequirement", "authorityRequirement", "supportedObjective", "impactedPerformanceIndicator",
        "decisionMaker", "decisionOwner", "usingProcess", "usingTask",
    }
)  # fmt: skip
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*\Z")


def inspect_decision(root: Element) -> Inspection:
    findings = Findings(RULES)
    decisions = list(_children(root, "decision"))
    if not decisions:
        findings.add("no-decision", root)
    _check_ids(root, findings)
    for decision in decisions:
        _check_decision(decision, findings)
        for expression in decision.iter():
            if local(expression) == "functionDefinition" and expression.get("kind", "FEEL") != "FEEL":
                findings.add("decision-kind", expression, kind=expression.get("kind"))
    for table in root.iter():
        if local(table) == "decisionTable":
            _check_table(table, findings)
    _check_requirements(root, decisions, findings)
    _try_model(root, findings)
    return Inspection("decision", decision_ids(root), findings.problems())


def decision_ids(root: Element) -> tuple[tuple[str, str], ...]:
    """The decisions of a file by id and name."""
    return tuple((decision.get("id") or "", decision.get("name") or "") for decision in _children(root, "decision"))


def _try_model(root: Element, findings: Findings) -> None:
    """What the decision model itself refuses, above all cells that do not compile; said once if said above already."""
    told = {problem.element_id for problem in findings.problems() if problem.severity == "error"}
    by_id = {element.get("id"): element for element in root.iter() if element.get("id")}
    try:
        parse_dmn(root)
    except DecisionError as refused:
        for element_id, line, text in refused.problems:
            if element_id not in told:
                place = _place(by_id.get(element_id))
                findings.place("decision", element_id or None, line, place=place, reason=text)


def _place(element: Element | None) -> Text:
    """Where in the file a person has to look: the decision, and for a cell its row and column."""
    if element is None:
        return Text("ไฟล์", "the file")
    name, rule = _name(element), element.getparent()
    table = rule.getparent() if rule is not None and local(element) in {"inputEntry", "outputEntry"} else None
    if rule is not None and table is not None:
        row = list(_children(table, "rule")).index(rule) + 1
        column = list(_children(rule, "inputEntry", "outputEntry")).index(element) + 1
        return Text(f'"{name}" แถวที่ {row} ช่องที่ {column}', f'"{name}", row {row}, cell {column}')
    return Text(f'"{name}"', f'"{name}"')


def _name(element: Element) -> str:
    """The name of the decision (or knowledge model) that an element belongs to."""
    owner: Element | None = element
    while owner is not None and local(owner) not in {"decision", "businessKnowledgeModel", "definitions"}:
        owner = owner.getparent()
    return "" if owner is None else owner.get("name") or owner.get("id") or ""


def _children(element: Element, *names: str) -> Iterator[Element]:
    return (child for child in element if local(child) in names)


def _check_ids(root: Element, findings: Findings) -> None:
    seen: dict[str, Element] = {}
    for element in root.iter():
        if etree.QName(element).namespace not in NAMESPACES:
            continue
        key = element.get("id")
        if key and key in seen:
            findings.add("duplicate-id", element, id=key, first=line_of(seen[key]))
        if key:
            seen.setdefault(key, element)
        if local(element) == "decision":
            if not key:
                findings.add("id-missing", element, kind="decision")
            elif not _ID.match(key):
                findings.add("id-form", element, id=key)


def _check_decision(decision: Element, findings: Findings) -> None:
    if not (decision.get("name") or "").strip():
        findings.add("decision-name", decision, id=decision.get("id") or "?")
    content = [child for child in decision if local(child) not in _NOT_EXPRESSIONS]
    if not content:
        findings.add("decision-empty", decision)
    for child in content:
        if local(child) not in _EXPRESSIONS:
            findings.add("decision-kind", child, kind=local(child))


def _check_table(table: Element, findings: Findings) -> None:
    name = _name(table)
    policy = table.get("hitPolicy", "UNIQUE")
    if policy not in HIT_POLICIES:
        findings.add("hit-policy", table, name=name, policy=policy)
    inputs, outputs = list(_children(table, "input")), list(_children(table, "output"))
    rules = list(_children(table, "rule"))
    if not outputs:
        findings.add("no-output", table, name=name)
    names = [output.get("name") for output in outputs]
    for column, own in enumerate(names, start=1):
        if len(names) > 1 and (not own or own in names[: column - 1]):
            findings.add("output-name", outputs[column - 1], name=name, column=column)
    if not rules:
        findings.add("no-rules", table, name=name)
    for row, rule in enumerate(rules, start=1):
        cells = list(_children(rule, "inputEntry")), list(_children(rule, "outputEntry"))
        if (len(cells[0]), len(cells[1])) != (len(inputs), len(outputs)):
            counts = {"inputs": len(cells[0]), "outputs": len(cells[1])}
            wanted = {"wanted_inputs": len(inputs), "wanted_outputs": len(outputs)}
            findings.add("cell-count", rule, name=name, row=row, **counts, **wanted)
        if any(not "".join(map(str, cell.itertext())).strip() for cell in cells[1]):
            findings.add("cell-empty", rule, name=name, row=row)


def _check_requirements(root: Element, decisions: list[Element], findings: Findings) -> None:
    here = {child.get("id") or "": child for child in root if child.get("id")}
    imports = any(True for _ in _children(root, "import"))
    needs: dict[str, list[str]] = {}
    for element in here.values():
        for reference in element.iter():
            href = reference.get("href") or ""
            if not local(reference).startswith("required") or local(reference) == "requiredAuthority":
                continue
            target = href.rpartition("#")[2]
            if target in here:
                needs.setdefault(element.get("id") or "", []).append(target)
            elif not (imports and not href.startswith("#")):
                findings.add("requirement-unknown", element, href=target)
    for decision in decisions:
        if _needs_itself(decision.get("id") or "", needs):
            findings.add("requirement-loop", decision)


def _needs_itself(start: str, needs: dict[str, list[str]]) -> bool:
    pending, seen = list(needs.get(start, [])), set[str]()
    while pending:
        name = pending.pop()
        if name == start:
            return True
        if name not in seen:
            seen.add(name)
            pending.extend(needs.get(name, []))
    return False
