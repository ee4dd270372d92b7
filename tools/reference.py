"""Write the references that process owners look things up in: ``docs/operators.md``, ``forms.md``, ``problems.md``
and ``feel.md``, ``feel.th.md``.

They are made from what they describe (the register of operators, the form schemas and the diagrams that use them, the
rules of the upload gate, the functions of FEEL), so they cannot say less or more than
there is. The house tests compare.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from lxml import etree

ROOT = Path(__file__).resolve().parent.parent
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
MADE = "<!-- Made by tools/reference.py; `make reference` makes it anew. -->\n"
FEEL_AREAS = {
    "aggregates": ("สรุปค่าในรายการ", "One value of many"),
    "contexts": ("Context", "Contexts"),
    "conversion": ("ค่าและการแปลง", "Values and conversion"),
    "lists": ("รายการ", "Lists"),
    "numbers": ("ตัวเลข", "Numbers"),
    "office": ("งานราชการ (ของระบบนี้)", "Office work (our own)"),
    "ranges": ("ช่วงค่า", "Ranges"),
    "strings": ("ข้อความ", "Texts"),
    "temporal": ("วันเวลา", "Dates and times"),
}
_FEEL_EN = (
    "What diagrams, decision tables and forms may call. The language itself: [expressions.md](expressions.md). A `?`"
    " marks an argument that may be left out, `*` one that may come any number of times. `whole`"
    " numbers have no fraction, `truncated` ones lose it, a `day` is a date or one as ISO text. Arguments that do not"
    ' fit give `null`. Arguments may be named: `substring(string: "abc", start position: 2)`. Try any of it with'
    " `flask --app wsgi feel 'upper case(\"a\")'`. A day beyond the holiday"
    " calendar is an error, never a guess."
)
_FEEL_TH = (
    "ฟังก์ชันที่แผนผัง ตารางตัดสินใจ และแบบฟอร์มเรียกใช้ได้ ตัวภาษาอธิบายไว้ใน [expressions.md](expressions.md)"
    " เครื่องหมาย `?` คือค่าที่ไม่ต้องระบุก็ได้ `*` คือใส่ได้หลายค่า"
    " `whole` คือจำนวนเต็ม `truncated` คือตัดเศษทิ้ง `day` คือวันที่หรือข้อความ ISO ค่าที่ใช้ไม่ได้ให้ผลเป็น `null` ระบุชื่อค่าได้ เช่น"
    ' `substring(string: "abc", start position: 2)` ทดลองได้ด้วยคำสั่ง `flask --app wsgi feel \'upper case("a")\'`'
    " วันที่ที่ปฏิทินวันหยุดยังไปไม่ถึงเป็นข้อผิดพลาด ระบบไม่เดา"
)
LIMITS = ("minLength", "maxLength", "min", "max", "pattern", "validationType")


def operators_page() -> str:
    """Every service task type: what it does, needs, gives, and the BPMN errors a diagram may catch."""
    from workflows import operators

    lines = [
        "# Operators",
        "",
        MADE,
        "A service task names its operator in *Task definition: Type*. Inputs are input mappings; a name that ends with"
        " `?` may be left out. Outputs are variables that output mappings may take. Errors are codes that an error"
        " boundary event catches.",
    ]
    for one in operators.documented():
        lines += ["", f"## `{one.type}`", "", " ".join(one.summary.split())]
        for title, names in (("Input", one.inputs), ("Output", one.outputs), ("Error", one.errors)):
            lines += _table(title, names)
    return "\n".join(lines) + "\n"


def _table(title: str, rows: Mapping[str, str]) -> list[str]:
    if not rows:
        return []
    return ["", f"| {title} | |", "|---|---|", *(f"| `{name}` | {_cell(text)} |" for name, text in rows.items())]


def forms_page() -> str:
    """Every form: where it is used and what each field asks for."""
    used = dict(_uses())
    lines = [
        "# Forms",
        "",
        MADE,
        "A form is a form-js schema in `forms/`. Fields carry their English in *custom properties* (`label_en`,"
        " `description_en`, `text_en`). Who validates, and how conditions work: ADR 0003.",
    ]
    for path in sorted((ROOT / "forms").rglob("*.form")):
        schema = json.loads(path.read_text())
        lines += ["", f"## `{schema['id']}`", ""]
        lines += [f"- {use}" for use in sorted(used.get(schema["id"], []))] or [
            "Not used by a diagram of this release."
        ]
        lines += ["", "| Field | Type | Asks for | Rules |", "|---|---|---|---|"]
        lines += [_field(component) for component in _fields(schema["components"])]
    return "\n".join(lines) + "\n"


def problems_page() -> str:
    """Every rule of the upload gate: what it says in both languages, and whether it keeps a file out."""
    from workflows.engine import xml
    from workflows.engine.gate import UNKNOWN_KIND, bpmn_rules, dmn_rules, form_rules
    from workflows.engine.gate.folder import ID_IN_TWO_FILES

    lines = [
        "# ปัญหาที่ระบบบอกเมื่อนำไฟล์ขึ้นใช้งาน · What the upload gate says",
        "",
        MADE,
        "**ต้องแก้ (error)**: a file with one is not deployed. **ควรแก้ (warning)**: it is deployed all the same. Words in"
        " braces are filled in from the file. Most rules are about one shape, which is named with its line.",
    ]
    said = {**xml.TEXTS, "unknown-kind": UNKNOWN_KIND, "id-in-two-files": ID_IN_TWO_FILES}
    whole = {rule: ("error", text) for rule, text in said.items()}
    for title, rules in (
        ("ทั้งไฟล์ · Whole files", whole),
        ("แผนผังกระบวนงาน · Processes (.bpmn)", bpmn_rules.RULES),
        ("ตารางตัดสินใจ · Decisions (.dmn)", dmn_rules.RULES),
        ("แบบฟอร์ม · Forms (.form)", form_rules.RULES),
    ):
        lines += ["", f"## {title}", "", "| rule | | |", "|---|---|---|"]
        for name, (severity, text) in rules.items():
            mark = "**ต้องแก้**" if severity == "error" else "ควรแก้"
            th, en = (_cell(words.replace("{{", "{").replace("}}", "}")) for words in text)
            lines.append(f"| `{name}` | {mark} | {th}<br>{en} |")
    return "\n".join(lines) + "\n"


def feel_page(language: str) -> str:
    """Every function of FEEL with examples that the tests run."""
    from workflows.feel.builtins.documentation import described

    thai = language == "th"
    lines = [
        "# ฟังก์ชันของ FEEL" if thai else "# Functions of FEEL",
        "",
        MADE,
        _FEEL_TH if thai else _FEEL_EN,
    ]
    area = ""
    for one in described():
        if one.area != area:
            area = one.area
            lines += ["", f"## {FEEL_AREAS[area][not thai]}"]
        calls = " · ".join(f"`{one.name}({signature})`" for signature in one.signatures)
        lines += ["", f"**{one.name}**: {one.text.th if thai else one.text.en}<br>{calls}", "", "```feel"]
        lines += [f"{expression}  →  {result}" for expression, result in one.examples] + ["```"]
    return "\n".join(lines) + "\n"


def _fields(components: list[dict[str, Any]], inside: str = "") -> Iterator[dict[str, Any]]:
    for component in components:
        path = inside + str(component.get("path", ""))
        if "key" in component:
            yield component | {"key": f"{inside}{component['key']}"}
        if "components" in component:
            yield from _fields(component["components"], f"{path}[]." if component["type"] == "dynamiclist" else inside)


def _field(component: dict[str, Any]) -> str:
    asks = component.get("label") or component.get("dateLabel") or component.get("timeLabel") or ""
    english = component.get("properties", {}).get("label_en", "")
    validate = component.get("validate", {})
    rules = ["required"] if validate.get("required") else []
    rules += ["a program has to give it"] if component.get("properties", {}).get("own_answer") else []
    rules += [f"{name} `{validate[name]}`" for name in LIMITS if validate.get(name) not in (None, "")]
    hidden = component.get("conditional", {}).get("hide")
    rules += [f"hidden when `{hidden.lstrip('=')}`"] if hidden else []
    rules += ["read-only"] if component.get("readonly") or component.get("disabled") else []
    text = " / ".join(part for part in (asks, english) if part)
    return f"| `{component['key']}` | {component['type']} | {_cell(text)} | {_cell('; '.join(rules))} |"


def _uses() -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "bpmn").glob("*.bpmn")):
        for form in etree.parse(path).getroot().iter(f"{ZEEBE}formDefinition"):
            task = next((above for above in form.iterancestors(f"{BPMN}userTask", f"{BPMN}startEvent")), None)
            if task is not None and form.get("formId"):
                found.setdefault(str(form.get("formId")), []).append(
                    f"`{path.stem}`: {task.get('name') or task.get('id')}"
                )
    return list(found.items())


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


PAGES: dict[str, Callable[[], str]] = {
    "operators.md": operators_page,
    "forms.md": forms_page,
    "problems.md": problems_page,
    "feel.md": lambda: feel_page("en"),
    "feel.th.md": lambda: feel_page("th"),
}


def main() -> None:
    for name, page in PAGES.items():
        (ROOT / "docs" / name).write_text(page())


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
