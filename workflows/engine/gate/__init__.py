"""The upload gate: everything that is wrong with a diagram, a decision table or a form, said at once before deploying.

``inspect`` looks at one file. The rules with their texts are the catalogues ``bpmn_rules``, ``dmn_rules`` and
``form_rules``; an error keeps the file out, a warning does not. ``python -m workflows.engine.gate`` does it by hand.
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from workflows.engine import xml
from workflows.engine.gate.decision import decision_ids, inspect_decision
from workflows.engine.gate.diagram import BPMN
from workflows.engine.gate.dmn_rules import NAMESPACES as DMN
from workflows.engine.gate.form import form_ids, inspect_form
from workflows.engine.gate.known import Known
from workflows.engine.gate.process import inspect_process, process_ids
from workflows.engine.problems import Inspection, Kind, Problem
from workflows.errors import DiagramRejected, Text

__all__ = ["Inspection", "Known", "Problem", "identify", "inspect"]

UNKNOWN_KIND: Final = Text(
    "ไฟล์นี้ไม่ใช่แผนผัง BPMN ตาราง DMN หรือแบบฟอร์มที่ระบบรู้จัก",
    "This file is not a BPMN diagram, a DMN decision or a form that the system knows",
)
_KINDS: dict[str, Kind] = {"bpmn": "process", "dmn": "decision", "form": "form"}


def identify(name: str, data: bytes) -> tuple[Kind, tuple[tuple[str, str], ...]]:
    """What kind of file it is and the ids and names it would deploy, without checking it; none if unreadable."""
    kind = _kind_by_name(name)
    if _is_form(kind, data):
        return "form", form_ids(data)
    try:
        root = xml.parse(data)
    except DiagramRejected:
        return kind, ()
    if etree.QName(root).namespace in DMN:
        return "decision", decision_ids(root)
    return kind, process_ids(root)


def inspect(name: str, data: bytes, *, known: Known) -> Inspection:
    """What the file is, what it would deploy, and all its problems. Never raises for what a person may upload.

    The content decides what kind of file it is; the name only where the content does not tell.
    """
    kind = _kind_by_name(name)
    if _is_form(kind, data):
        return inspect_form(data)
    try:
        root = xml.parse(data)
    except DiagramRejected as rejected:
        details = rejected.details
        return Inspection(kind, (), (Problem("error", None, details["line"], rejected.text, details["rule"]),))
    namespace = etree.QName(root).namespace
    if namespace == BPMN:
        return inspect_process(name, data, root, known)
    if namespace in DMN:
        return inspect_decision(root)
    return Inspection(kind, (), (Problem("error", None, 1, UNKNOWN_KIND, "unknown-kind"),))


def _kind_by_name(name: str) -> Kind:
    return _KINDS.get(name.rsplit(".", 1)[-1].lower(), "process")


def _is_form(kind: Kind, data: bytes) -> bool:
    return kind == "form" or data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
