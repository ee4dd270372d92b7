"""Checks of one component of a form: its type, key, options, limits and expressions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from workflows.engine.gate.findings import Findings
from workflows.engine.gate.patterns import pattern_fault
from workflows.engine.gate.values import VARIABLE, shorten, syntax_fault
from workflows.errors import Text
from workflows.feel import BUILTINS, KEYWORDS

INPUTS: Final = frozenset(
    {"textfield", "textarea", "number", "checkbox", "checklist", "taglist", "radio", "select", "datetime", "filepicker"}
)
"""Types that a person fills in; each needs a key."""
KEYED: Final = INPUTS | {"expression"}
SHOWN: Final = frozenset({"text", "table", "separator", "spacer", "image", "documentPreview"})
GROUPS: Final = frozenset({"group", "dynamiclist"})
IGNORED: Final = frozenset({"button"})
OPTIONS: Final = frozenset({"checklist", "taglist", "radio", "select"})

_ADVICE: Final = {
    "html": Text("ให้ใช้ text (Markdown)", "use text (Markdown)"),
    "iframe": Text("ให้ใส่ลิงก์ใน text", "put a link in a text"),
}
_OTHER = Text("ให้ใช้ชนิดในตารางที่รองรับ", "use a type of the supported table")
_NUMBER = re.compile(r"-?\d+(\.\d+)?\Z")
_TEMPLATE = re.compile(r"\{\{\s*(#if\b|#loop\b|/if\b|/loop\b)?\s*(.*?)\s*\}\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Field:
    """A component of the schema, and where its answer lands: below the keys in ``path``."""

    schema: dict[str, Any]
    path: tuple[str, ...]
    findings: Findings
    lines: Mapping[str, int]

    @property
    def type(self) -> str:
        return str(self.schema["type"])

    @property
    def id(self) -> str | None:
        value = self.schema.get("id")
        return value if isinstance(value, str) else None

    @property
    def answer(self) -> str:
        """The name its answer gets: the key, or for groups and lists the path."""
        if self.type in SHOWN | IGNORED:
            return ""
        value = self.schema.get("path" if self.type in GROUPS else "key")
        return value if isinstance(value, str) else ""

    @property
    def names(self) -> tuple[str, ...]:
        """The answer's name in parts: ``person.name`` is a member of ``person``."""
        return tuple(self.answer.split(".")) if self.answer else ()

    @property
    def is_open(self) -> bool:
        """Whether a person may change the answer."""
        return not self.schema.get("disabled") and self.schema.get("readonly") is not True

    def add(self, rule: str, **values: object) -> None:
        label = self.schema.get("label") or self.answer or self.id or self.type
        line = self.lines.get(self.id or "") or self.lines.get(self.answer) or 1
        self.findings.place(rule, self.id, line, **{"name": label, **values})

    def group(self, name: str) -> dict[str, Any]:
        """A nested object such as ``validate``; empty if absent or odd."""
        value = self.schema.get(name)
        return value if isinstance(value, dict) else {}


def check_field(field: Field) -> None:
    if field.type in IGNORED:
        field.add("component-ignored", type=field.type)
        return
    if field.type not in KEYED | SHOWN | GROUPS or field.type in _ADVICE:
        field.add("component-refused", type=field.type, advice=_ADVICE.get(field.type, _OTHER))
        return
    _check_key(field)
    _check_expressions(field)
    _check_limits(field)
    if field.type in OPTIONS:
        _check_options(field)
    if field.type == "image" and not _is_own_picture(str(field.schema.get("source") or "")):
        advice = Text("ให้ฝังภาพในแบบฟอร์ม (data:)", "embed the picture in the form (data:)")
        field.add("component-refused", type=Text("ภาพจากที่อยู่ภายนอก", "image from an address"), advice=advice)
    pattern = field.group("validate").get("pattern")
    fault = pattern_fault(pattern) if isinstance(pattern, str) else None
    if fault is not None:
        field.add("pattern", reason=fault)
    subtype = field.schema.get("subtype")
    if field.type == "datetime" and subtype not in ("date", "time", "datetime"):
        field.add("choice", what=Text("ชนิดวันเวลา", "subtype"), allowed="date, time, datetime")
    validation = field.group("validate").get("validationType")
    if validation not in (None, "", "custom", "email", "phone"):
        field.add("choice", what=Text("ชนิดการตรวจ", "validation type"), allowed="email, phone, custom")


def _is_own_picture(source: str) -> bool:
    """In the form, on this site, or known when the form is shown."""
    return source.startswith(("data:image/", "=")) or (source.startswith("/") and not source.startswith("//"))


def _check_key(field: Field) -> None:
    if not field.answer:
        if field.type in KEYED or field.type == "dynamiclist":
            field.add("key-missing")
    elif not all(VARIABLE.match(name) for name in field.names) or field.names[0] in KEYWORDS:
        field.add("key-form", key=field.answer)
    elif field.names[0] in BUILTINS:
        field.add("key-function", key=field.answer)


def _check_expressions(field: Field) -> None:
    hide = field.group("conditional").get("hide")
    if hide:
        _expression(field, hide, Text("เงื่อนไขการซ่อน", "hide condition"))
    for name, what in _EITHER.items():
        text = field.schema.get(name)
        if isinstance(text, str) and text.startswith("="):
            _expression(field, text, what)
        elif isinstance(text, str):
            _check_template(field, text, what)
    for name, text in field.group("properties").items():
        if name.endswith("_en") and isinstance(text, str):
            _check_template(field, text, Text(f"คุณสมบัติ {name}", f"property {name}"))
    for name, (types, what) in _ALWAYS.items():
        text = field.schema.get(name)
        if name == "dataSource" and isinstance(text, str) and text and not text.startswith(("=", "$")):
            text = f"={text}"
        if text or field.type in types:
            _expression(field, text, what)


def _check_template(field: Field, text: str, what: Text) -> None:
    """``{{expression}}``, ``{{#if condition}}...{{/if}}`` and ``{{#loop list}}...{{/loop}}``."""
    opened: list[str] = []
    for block, source in _TEMPLATE.findall(text):
        if block.startswith("/"):
            if not opened or opened.pop() != block[1:]:
                field.add("template", what=what)
                return
            continue
        if block:
            opened.append(block[1:])
        _expression(field, "=" + source, what)
    if opened:
        field.add("template", what=what)


_EITHER: Final = {
    "readonly": Text("ค่าอ่านอย่างเดียว", "readonly"),
    "label": Text("ป้าย", "label"),
    "description": Text("คำอธิบาย", "description"),
    "text": Text("ข้อความ", "text"),
    "multiple": Text("หลายไฟล์", "multiple"),
    "accept": Text("ชนิดไฟล์", "accept"),
    "alt": Text("คำบรรยายภาพ", "alternative text"),
}
_ALWAYS: Final[dict[str, tuple[frozenset[str], Text]]] = {
    "expression": (frozenset({"expression"}), Text("สูตร", "expression")),
    "dataSource": (frozenset({"table"}), Text("ข้อมูลตาราง", "data source")),
    "columnsExpression": (frozenset(), Text("สูตรคอลัมน์", "columns expression")),
    "valuesExpression": (frozenset(), Text("สูตรตัวเลือก", "values expression")),
}


def _expression(field: Field, text: object, what: Text) -> None:
    text = text.strip() if isinstance(text, str) else ""
    if not text.lstrip("="):
        field.add("expression-missing", what=what)
    elif not text.startswith(("=", "$")):
        field.add("expression-no-equals", what=what, value=shorten(text))
    else:
        fault = syntax_fault(text.removeprefix("="))
        if fault is not None:
            rule, details = fault
            field.add(rule, what=what, **details)


def _check_limits(field: Field) -> None:
    limits = {name: (field.group("validate").get(name), what) for name, what in _LIMITS.items()}
    limits |= {name: (field.schema.get(name), what) for name, what in _SETTINGS.items()}
    for value, what in limits.values():
        if isinstance(value, str) and value.startswith("="):
            _expression(field, value, what)
        elif isinstance(value, bool) or not (
            value in (None, "") or isinstance(value, int | float) or (isinstance(value, str) and _NUMBER.match(value))
        ):
            field.add("number", what=what)


_LIMITS: Final = {
    "min": Text("ค่าต่ำสุด", "minimum"),
    "max": Text("ค่าสูงสุด", "maximum"),
    "minLength": Text("ความยาวต่ำสุด", "minimum length"),
    "maxLength": Text("ความยาวสูงสุด", "maximum length"),
}
_SETTINGS: Final = {
    "decimalDigits": Text("จำนวนทศนิยม", "decimal digits"),
    "increment": Text("ช่วงการเพิ่ม", "increment"),
    "defaultRepetitions": Text("จำนวนแถวเริ่มต้น", "default repetitions"),
}


def _check_options(field: Field) -> None:
    values = field.schema.get("values")
    sources = [name for name in ("values", "valuesKey", "valuesExpression") if field.schema.get(name)]
    if len(sources) != 1:
        field.add("options-source")
    if not isinstance(values, list):
        return
    seen: set[str] = set()
    for option in values:
        value = option.get("value") if isinstance(option, dict) else None
        if value in (None, "") or str(value) in seen or not option.get("label"):
            field.add("option")
            return
        seen.add(str(value))
