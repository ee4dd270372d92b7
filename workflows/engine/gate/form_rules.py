"""Every rule about forms: severity and what a process owner is told. ``{name}`` is the field's label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from workflows.engine.gate.findings import Rule, error, warning
from workflows.engine.gate.value_rules import VALUE_RULES

_EXPRESSIONS = ("expression-missing", "expression-no-equals", "expression-syntax", "expression-double-equals")

RULES: Final[Mapping[str, Rule]] = {
    "too-large": error(
        "ไฟล์ใหญ่เกิน 2 MiB ให้แบ่งแบบฟอร์ม",
        "The file is over 2 MiB; split the form",
    ),
    "not-json": error(
        "ไฟล์ไม่ใช่แบบฟอร์มที่ถูกต้อง (JSON: {reason}) ให้เปิดและบันทึกใหม่ด้วยโปรแกรมออกแบบแบบฟอร์ม",
        "The file is not a valid form (JSON: {reason}); open it in a form editor and save it again",
    ),
    "not-a-form": error(
        'ไฟล์ไม่ใช่แบบฟอร์ม: ต้องมี "components" เป็นรายการ ให้สร้างด้วยโปรแกรมออกแบบแบบฟอร์ม',
        'The file is not a form: it needs a list of "components"; make it with a form editor',
    ),
    "form-id": error(
        'รหัสแบบฟอร์ม "{id}" ใช้ไม่ได้ ให้ใช้ตัวอักษรอังกฤษ ตัวเลข _ - . โดยขึ้นต้นด้วยตัวอักษร',
        'Form id "{id}" cannot be used; use English letters, digits, _ - . and begin with a letter',
    ),
    "schema-version": warning(
        "แบบฟอร์มเป็นรุ่น {version} ระบบรู้จักถึงรุ่น 19 คุณสมบัติใหม่กว่านั้นจะไม่มีผล",
        "The form has schema version {version}; newer properties than version 19 have no effect",
    ),
    "too-many-components": error(
        "แบบฟอร์มมีช่องเกิน {limit} ช่องหรือซ้อนกันลึกเกินไป ให้แบ่งเป็นหลายแบบฟอร์ม",
        "The form has over {limit} components or is nested too deeply; split it",
    ),
    "component": error(
        'องค์ประกอบ "{name}" อ่านไม่ได้: {reason}',
        'Component "{name}" cannot be read: {reason}',
    ),
    "component-refused": error(
        'องค์ประกอบ "{name}" เป็นชนิด {type} ซึ่งไม่อนุญาต {advice}',
        'Component "{name}" is of type {type}, which is refused; {advice}',
    ),
    "component-ignored": warning(
        'องค์ประกอบ "{name}" เป็นชนิด {type} ซึ่งจะไม่แสดง',
        'Component "{name}" is of type {type}, which is not shown',
    ),
    "duplicate-id": error(
        'รหัส "{id}" ซ้ำในแบบฟอร์มเดียวกัน ให้เปลี่ยนรหัส',
        'Id "{id}" is used twice in this form; change one',
    ),
    "key-missing": error(
        'ช่อง "{name}" ไม่มีชื่อตัวแปร ให้ใส่ Key',
        'Field "{name}" has no key; fill it in',
    ),
    "key-form": error(
        'Key "{key}" ของ "{name}" ใช้ไม่ได้ ให้ใช้ตัวอักษรอังกฤษ ตัวเลข และ _ โดยไม่ขึ้นต้นด้วยตัวเลข และไม่ใช่คำสงวน',
        'Key "{key}" of "{name}" cannot be used; use English letters, digits and _, no digit first and no FEEL keyword',
    ),
    "key-function": warning(
        'Key "{key}" ของ "{name}" ตรงกับชื่อฟังก์ชัน สูตรอาจสับสน ให้เปลี่ยนชื่อ เช่น {key}_value',
        'Key "{key}" of "{name}" is also the name of a function; rename it, for instance {key}_value',
    ),
    "duplicate-key": error(
        'Key "{key}" ของ "{name}" ซ้ำกับช่องอื่น ให้ตั้งชื่อไม่ซ้ำ',
        'Key "{key}" of "{name}" is used by another field; give each its own',
    ),
    "template": error(
        '{what} ของ "{name}" เปิดหรือปิด {{{{#if}}}} {{{{#loop}}}} ไม่ครบคู่ ให้ปิดด้วย {{{{/if}}}} หรือ {{{{/loop}}}}',
        'The {what} of "{name}" has {{{{#if}}}} or {{{{#loop}}}} without its end {{{{/if}}}} or {{{{/loop}}}}; add it',
    ),
    "options-source": error(
        'ช่อง "{name}" ต้องมีตัวเลือกจากแหล่งเดียว: รายการคงที่ (values) ตัวแปร (valuesKey) หรือสูตร (valuesExpression)',
        'Field "{name}" needs options from one source: values, valuesKey or valuesExpression',
    ),
    "option": error(
        'ตัวเลือกของ "{name}" ต้องมีป้ายและค่าที่ไม่ซ้ำกัน',
        'The options of "{name}" need a label and a value of their own each',
    ),
    "number": error(
        '{what} ของ "{name}" ต้องเป็นตัวเลขหรือสูตรที่ขึ้นต้นด้วย =',
        'The {what} of "{name}" must be a number or an expression beginning with =',
    ),
    "choice": error(
        '{what} ของ "{name}" ต้องเป็นหนึ่งใน {allowed}',
        'The {what} of "{name}" must be one of {allowed}',
    ),
    "pattern": error(
        'รูปแบบ (pattern) ของ "{name}" ใช้ไม่ได้: {reason}',
        'The pattern of "{name}" cannot be used: {reason}',
    ),
    **{name: VALUE_RULES[name] for name in (*_EXPRESSIONS, "expression-juel")},
}
