"""Every rule about decision files: severity and what a process owner is told. ``{name}`` is the decision's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from workflows.engine.gate.bpmn_rules import FILE_RULES
from workflows.engine.gate.findings import Rule, error, warning

NAMESPACES: Final = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    }
)
"""DMN 1.1 to 1.5; the editors write 1.3."""

RULES: Final[Mapping[str, Rule]] = {
    "duplicate-id": FILE_RULES["duplicate-id"],
    "id-missing": FILE_RULES["id-missing"],
    "id-form": FILE_RULES["id-form"],
    "no-decision": error(
        "ไฟล์ไม่มีการตัดสินใจ ให้เพิ่ม decision อย่างน้อยหนึ่งตัว",
        "The file has no decision; add at least one",
    ),
    "decision-name": warning(
        'การตัดสินใจ "{id}" ไม่มีชื่อ ให้ตั้งชื่อที่คนอ่านเข้าใจ',
        'Decision "{id}" has no name; give it one that people understand',
    ),
    "decision-empty": error(
        '"{name}" ยังไม่มีตารางหรือสูตร ให้เพิ่มตารางหรือ literal expression',
        '"{name}" has no table or expression; add a decision table or a literal expression',
    ),
    "decision-kind": error(
        '"{name}" ใช้ {kind} ซึ่งไม่รองรับ ให้ใช้ตารางหรือสูตร FEEL',
        '"{name}" uses {kind}, which is not supported; use a decision table or a FEEL expression',
    ),
    "requirement-unknown": error(
        '"{name}" ต้องใช้ "{href}" ซึ่งไม่มีในไฟล์นี้ ให้ลากเส้นใหม่หรือลบออก',
        '"{name}" requires "{href}", which is not in this file; draw the line again or delete it',
    ),
    "requirement-loop": error(
        '"{name}" ต้องใช้ผลของตัวเองวนกลับ ให้ลบเส้นที่ทำให้วน',
        '"{name}" requires its own result in a circle; delete the line that closes it',
    ),
    "hit-policy": error(
        'ตารางของ "{name}" ใช้วิธีเลือกแถว {policy} ซึ่งไม่รู้จัก ให้เลือก Unique, First, Any, Priority, Rule order, '
        "Output order หรือ Collect",
        'The table of "{name}" has hit policy {policy}, which is unknown; choose Unique, First, Any, Priority, '
        "Rule order, Output order or Collect",
    ),
    "no-output": error(
        'ตารางของ "{name}" ไม่มีคอลัมน์ผลลัพธ์ ให้เพิ่มอย่างน้อยหนึ่งคอลัมน์',
        'The table of "{name}" has no output column; add at least one',
    ),
    "output-name": error(
        'ตารางของ "{name}" มีผลลัพธ์หลายคอลัมน์ แต่คอลัมน์ที่ {column} ไม่มีชื่อหรือชื่อซ้ำ ให้ตั้งชื่อที่ไม่ซ้ำ',
        'The table of "{name}" has several outputs, but number {column} has no name of its own; give it one',
    ),
    "no-rules": warning(
        'ตารางของ "{name}" ไม่มีแถว ผลจึงว่างเสมอ ให้เพิ่มแถว',
        'The table of "{name}" has no rules, so its result is always empty; add a rule',
    ),
    "cell-count": error(
        'แถวที่ {row} ของ "{name}" มีช่องเงื่อนไข {inputs} ช่องและช่องผลลัพธ์ {outputs} ช่อง '
        "ต้องเป็น {wanted_inputs} และ {wanted_outputs}",
        'Row {row} of "{name}" has {inputs} input and {outputs} output cells; '
        "it needs {wanted_inputs} and {wanted_outputs}",
    ),
    "cell-empty": warning(
        'แถวที่ {row} ของ "{name}" มีช่องผลลัพธ์ว่าง ซึ่งได้ค่า null ถ้าตั้งใจให้เขียน null',
        'Row {row} of "{name}" has an empty output cell, which means null; write null if you mean it',
    ),
    "decision": error(
        "{place} ใช้ไม่ได้: {reason}",
        "{place} cannot be used: {reason}",
    ),
}
