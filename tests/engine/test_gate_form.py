"""Each row is a form with one field wrong: the gate must say exactly that, at exactly that field."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from workflows.engine.gate import Known, inspect
from workflows.engine.gate.form import answers
from workflows.engine.gate.patterns import pattern_fault

UNIT: dict[str, Any] = {"id": "A", "type": "textfield", "key": "unit", "label": "หน่วยบริการ"}
CHOICE: dict[str, Any] = {"id": "A", "type": "select", "key": "decision", "label": "ผล"}
YES: dict[str, str] = {"label": "ใช่", "value": "yes"}


def form(*components: Any, **schema: Any) -> bytes:
    whole = {"id": "f", "schemaVersion": 19, "type": "default", "components": list(components)} | schema
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def checked(**validate: Any) -> bytes:
    return form(UNIT | {"validate": validate})


ROWS: list[tuple[bytes, str, str | None]] = [
    (b"{", "not-json", None),
    (b'{"components": [NaN]}', "not-json", None),
    (b'{"components": "x"' + b" " * 2**21 + b"}", "too-large", None),
    (b"[" * 100_000, "not-json", None),
    (b'{"id": "f"}', "not-a-form", None),
    (form(id="คำขอ"), "form-id", None),
    (form(schemaVersion=20), "schema-version", None),
    (form(*({"type": "spacer"} for _ in range(501))), "too-many-components", None),
    (form("text"), "component", None),
    (form({"id": "A", "type": "html", "content": "<script>"}), "component-refused", "A"),
    (form({"id": "A", "type": "iframe", "url": "https://example.test"}), "component-refused", "A"),
    (form({"id": "A", "type": "image", "source": "https://example.test/a.png"}), "component-refused", "A"),
    (form({"id": "A", "type": "hologram"}), "component-refused", "A"),
    (form({"id": "A", "type": "button"}), "component-ignored", "A"),
    (form(UNIT, UNIT | {"key": "other"}), "duplicate-id", "A"),
    (form(UNIT, UNIT | {"id": "B"}), "duplicate-key", "B"),
    (form({"id": "A", "type": "group", "components": [UNIT | {"id": "B"}]}, UNIT | {"id": "C"}), "duplicate-key", "C"),
    (form({"id": "A", "type": "number"}), "key-missing", "A"),
    (form(UNIT | {"key": "unit..code"}), "key-form", "A"),
    (form({"id": "A", "type": "text", "text": "{{#if a}}x"}), "template", "A"),
    (form({"id": "A", "type": "text", "text": "{{#if a}}x{{/loop}}"}), "template", "A"),
    (form(UNIT | {"properties": {"label_en": "Unit {{ name + }}"}}), "expression-syntax", "A"),
    (form(UNIT | {"key": "and"}), "key-form", "A"),
    (form(UNIT | {"key": "date"}), "key-function", "A"),
    (form(CHOICE), "options-source", "A"),
    (form(CHOICE | {"values": [YES], "valuesKey": "units"}), "options-source", "A"),
    (form(CHOICE | {"values": [YES, YES]}), "option", "A"),
    (form(CHOICE | {"values": ["yes"]}), "option", "A"),
    (form(CHOICE | {"valuesExpression": "units"}), "expression-no-equals", "A"),
    (form(UNIT | {"conditional": {"hide": "=decision == 1"}}), "expression-double-equals", "A"),
    (form(UNIT | {"conditional": {"hide": "=decision ="}}), "expression-syntax", "A"),
    (form(UNIT | {"readonly": "=not("}), "expression-syntax", "A"),
    (form({"id": "A", "type": "text", "text": "เรียน {{ name + }}"}), "expression-syntax", "A"),
    (form({"id": "A", "type": "expression", "key": "total"}), "expression-missing", "A"),
    (form({"id": "A", "type": "table", "dataSource": "${rows}"}), "expression-juel", "A"),
    (checked(min="many"), "number", "A"),
    (checked(maxLength=True), "number", "A"),
    (checked(max="=today() +"), "expression-syntax", "A"),
    (checked(validationType="iban"), "choice", "A"),
    (form({"id": "A", "type": "datetime", "key": "day", "subtype": "week"}), "choice", "A"),
    (checked(pattern="(a+)+$"), "pattern", "A"),
]


@pytest.mark.parametrize(("data", "rule", "element_id"), ROWS, ids=[f"{rule}-{at}" for _, rule, at in ROWS])
def test_the_gate_names_the_rule_and_the_field(data: bytes, rule: str, element_id: str | None) -> None:
    inspection = inspect("f.form", data, known=Known())
    assert inspection.kind == "form"
    assert [(problem.rule, problem.element_id) for problem in inspection.problems] == [(rule, element_id)]


def test_all_problems_of_a_form_come_at_once_with_their_lines() -> None:
    data = form(UNIT | {"key": "1st"}, CHOICE | {"id": "B"}, {"id": "C", "type": "html"})
    found = inspect("f.form", data, known=Known()).problems
    lines = data.decode().splitlines()
    assert [(problem.rule, f'"id": "{problem.element_id}"' in lines[problem.line - 1]) for problem in found] == [
        ("key-form", True),
        ("options-source", True),
        ("component-refused", True),
    ]


def test_a_form_that_uses_everything_passes() -> None:
    inner = UNIT | {"id": "I", "key": "name"}
    data = form(
        {
            "id": "T",
            "type": "text",
            "text": "# {{ subject }}{{#loop rows}}{{#if a}}{{this}}{{/if}}{{/loop}}",
            "conditional": {"hide": "=hidden"},
        },
        {"id": "G", "type": "group", "path": "person", "components": [inner]},
        {
            "id": "L",
            "type": "dynamiclist",
            "path": "people",
            "components": [inner | {"id": "J"}],
            "defaultRepetitions": 1,
        },
        {"id": "N", "type": "number", "key": "age", "decimalDigits": 0, "validate": {"min": "=16", "max": 60}},
        CHOICE | {"id": "D", "values": [YES]},
        {"id": "K", "type": "checklist", "key": "roles", "valuesExpression": "=catalogue.roles"},
        {"id": "R", "type": "radio", "key": "use", "valuesKey": "uses"},
        {"id": "W", "type": "datetime", "key": "day", "subtype": "date", "disallowPassedDates": True},
        {"id": "F", "type": "filepicker", "key": "letter", "accept": ".pdf,.jpg", "multiple": True},
        {"id": "E", "type": "expression", "key": "total", "expression": "=age * 2"},
        {
            "id": "P",
            "type": "textfield",
            "key": "contact.mobile",
            "validate": {"pattern": r"^(\+66|0)\d{8,9}$", "minLength": 9},
        },
        {"id": "X", "type": "table", "dataSource": "=rows", "columns": [{"key": "a", "label": "ก"}]},
        {"id": "V", "type": "textarea", "key": "shown", "readonly": True},
        {"type": "separator"},
    )
    inspection = inspect("anything", b"\xef\xbb\xbf" + data, known=Known())
    assert (inspection.kind, inspection.ids, inspection.problems) == ("form", (("f", "f"),), ())
    assert answers(data) == {"person", "people", "age", "decision", "roles", "use", "day", "letter", "total", "contact"}


@pytest.mark.parametrize(
    ("pattern", "is_safe"),
    [
        (r"^0[689]\d{8}$", True),
        (r"(ก|ข)-\d+", True),
        (r"(\d{3})+", True),
        (r"[(a+)+]*", True),
        (r"\(a+\)+", True),
        (r"(?:\d+,?)+", False),
        (r"(a|a)*b", False),
        (r"((ab)*c){2,}", False),
        (r"(a)\1", False),
        (r"(?<=a)b", False),
        (r"(?i)a", False),
        ("[", False),
        ("a" * 501, False),
        ("a{99999999999}", False),
    ],
)
def test_patterns_that_could_run_for_ever_are_refused(pattern: str, is_safe: bool) -> None:
    assert (pattern_fault(pattern) is None) == is_safe


def test_checking_a_hostile_pattern_or_form_is_quick() -> None:
    began = time.process_time()
    inspect("f.form", checked(pattern="(" * 200), known=Known())
    inspect(
        "f.form", b'{"components": [' + b'{"type":"group","components":[' * 300 + b"]}" * 300 + b"]}", known=Known()
    )
    assert time.process_time() - began < 2
