"""The rules about what people type into diagrams and forms: expressions, literals and variable names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from workflows.engine.gate.findings import Rule, error, warning

VALUE_RULES: Final[Mapping[str, Rule]] = {
    "expression-missing": error(
        '{what} ของ "{name}" ว่างอยู่ ให้ใส่สูตร',
        'The {what} of "{name}" is empty; fill in an expression',
    ),
    "expression-no-equals": error(
        '{what} ของ "{name}" ต้องเป็นสูตรที่ขึ้นต้นด้วย = เช่น ={value}',
        'The {what} of "{name}" must be an expression beginning with =, such as ={value}',
    ),
    "expression-syntax": error(
        '{what} ของ "{name}" อ่านไม่ได้: {reason}',
        'The {what} of "{name}" cannot be read: {reason}',
    ),
    "expression-double-equals": error(
        '{what} ของ "{name}" อ่านไม่ได้: {reason}',
        'The {what} of "{name}" cannot be read: {reason}',
    ),
    "expression-juel": error(
        '{what} ของ "{name}" ใช้ ${{...}} ซึ่งเป็นของ Camunda 7 ให้เขียนเป็นสูตรที่ขึ้นต้นด้วย =',
        'The {what} of "{name}" uses ${{...}} of Camunda 7; write an expression beginning with =',
    ),
    "variable-name": error(
        'ชื่อตัวแปร "{variable}" ({what} ของ "{name}") ใช้ไม่ได้ ให้ใช้ตัวอักษรอังกฤษ ตัวเลข และ _ '
        "โดยไม่ขึ้นต้นด้วยตัวเลข และไม่ใช่คำสงวนของ FEEL",
        'Variable name "{variable}" ({what} of "{name}") is refused; use English letters, digits and _, '
        "no digit first and no FEEL keyword",
    ),
    "literal-looks-like-name": warning(
        '{what} ของ "{name}" เป็นข้อความ "{value}" ถ้าหมายถึงตัวแปรให้เขียน ={value}',
        'The {what} of "{name}" is the text "{value}"; if you mean the variable, write ={value}',
    ),
    "date-literal": error(
        '{what} ของ "{name}" ต้องเป็นวันเวลาพร้อมเขตเวลา เช่น 2026-12-31T16:30:00+07:00 หรือสูตรที่ขึ้นต้นด้วย =',
        'The {what} of "{name}" must be a date and time with zone such as 2026-12-31T16:30:00+07:00, or an expression',
    ),
    "priority": error(
        'ความสำคัญของ "{name}" ต้องเป็นจำนวนเต็ม 0 ถึง 100 หรือสูตรที่ขึ้นต้นด้วย =',
        'The priority of "{name}" must be a whole number from 0 to 100, or an expression beginning with =',
    ),
    "function-unknown": warning(
        '{what} ของ "{name}" เรียกฟังก์ชัน "{function}" ซึ่งไม่มีอยู่{hint}',
        'The {what} of "{name}" calls function "{function}", which does not exist{hint}',
    ),
    "result-stays-local": warning(
        'ตัวแปร "{variable}" จาก "{name}" ใช้ในขั้นอื่น แต่ไม่อยู่ใน Outputs จึงไม่ออกไปนอกงานนี้ ให้เพิ่มใน Outputs',
        'Variable "{variable}" of "{name}" is read elsewhere but is none of its outputs, so it is lost; add an output',
    ),
    "case-property": error(
        'ไม่รู้จักคุณสมบัติ "{property}" ที่ใช้ได้คือ {allowed}',
        'Property "{property}" is unknown; the known ones are {allowed}',
    ),
    "name-never-set": warning(
        'ใช้ตัวแปร "{variable}" ({what} ของ "{name}") แต่ไม่มีขั้นตอนใดในแผนผังกำหนดค่า{hint}',
        'Variable "{variable}" ({what} of "{name}") is used but nothing in the diagram sets it{hint}',
    ),
    "input-stays-local": warning(
        'ตัวแปร "{variable}" อยู่ใน Inputs ของ "{name}" ค่าใหม่จึงไม่ออกไปนอกงานนี้ ให้เพิ่มใน Outputs หรือเปลี่ยนชื่อใน Inputs',
        'Variable "{variable}" is an input of "{name}": its new value stays inside; map an output or rename the input',
    ),
}
