"""The incidents an engine run can end in. Error types are Camunda's names.

The texts name the step, the field and the kind of value, never the value itself: an incident is stored and read by
people who may not see what is in the case.
"""

from __future__ import annotations

from typing import Any

from workflows.errors import EngineIncident, SitthiError, Text

_KINDS: dict[type, Text] = {
    str: Text("ข้อความ", "a text"),
    list: Text("รายการ (list)", "a list"),
    dict: Text("กลุ่มค่า (context)", "a context"),
}


def incident(task: Any, error_type: str, text: Text) -> EngineIncident:
    """An incident at the flow node of this task."""
    spec = task.task_spec
    element_id = spec.bpmn_id or task.workflow.spec.name
    name = spec.bpmn_name or element_id
    return EngineIncident(
        Text(f"ขั้นตอน “{name}”: {text.th}", f"Step “{name}”: {text.en}"), element_id=element_id, error_type=error_type
    )


def endless_loop(task: Any) -> EngineIncident:
    return incident(
        task,
        "UNKNOWN",
        Text(
            "ขั้นตอนอัตโนมัติวนซ้ำไม่สิ้นสุด แก้ไขผังงานให้มีขั้นตอนที่รอคนหรือเวลาอยู่ในวงรอบ",
            "automatic steps loop without end; put a step that waits for a person or a time into the loop",
        ),
    )


def not_boolean(task: Any, source: str, value: Any) -> EngineIncident:
    kind = _kind(value)
    return incident(
        task,
        "CONDITION_ERROR",
        Text(
            f"เงื่อนไข {source} ต้องให้ผลเป็นจริงหรือเท็จ แต่ได้{kind.th}",
            f"the condition {source} must be true or false, it gave {kind.en}",
        ),
    )


def no_way_out(task: Any) -> EngineIncident:
    return incident(
        task,
        "CONDITION_ERROR",
        Text(
            "ไม่มีเงื่อนไขใดเป็นจริงและไม่มีเส้นทางเริ่มต้น (default flow)",
            "no condition is true and there is no default flow",
        ),
    )


def expression_failed(task: Any, error_type: str, source: str, reason: Text) -> EngineIncident:
    return incident(
        task,
        error_type,
        Text(f"คำนวณ {source} ไม่ได้: {reason.th}", f"{source} cannot be evaluated: {reason.en}"),
    )


def wrong_value(task: Any, what: Text, value: Any) -> EngineIncident:
    kind = _kind(value)
    return incident(
        task,
        "EXTRACT_VALUE_ERROR",
        Text(f"{what.th}ได้{kind.th}ซึ่งใช้ไม่ได้", f"{what.en} became {kind.en} that cannot be used"),
    )


def unhandled_error(task: Any, code: str, text: Text | None) -> EngineIncident:
    why = text or Text("", "")
    return incident(
        task,
        "UNHANDLED_ERROR_EVENT",
        Text(
            f"ไม่มีเหตุการณ์ใดรับข้อผิดพลาดรหัส {code} {why.th}".rstrip(),
            f"no event catches the error {code}. {why.en}".rstrip(". "),
        ),
    )


def operator_failed(task: Any, job_type: str, error: Exception) -> EngineIncident:
    name = type(error).__name__
    why = error.text if isinstance(error, SitthiError) else Text(name, name)
    return incident(
        task,
        "JOB_NO_RETRIES",
        Text(f"งานอัตโนมัติ {job_type} ทำไม่สำเร็จ: {why.th}", f"the operator {job_type} failed: {why.en}"),
    )


def decision_failed(task: Any, decision_id: str, reason: Text) -> EngineIncident:
    return incident(
        task,
        "DECISION_EVALUATION_ERROR",
        Text(f"ตารางตัดสินใจ {decision_id} คำนวณไม่ได้: {reason.th}", f"the decision {decision_id} failed: {reason.en}"),
    )


def nothing_to_call(task: Any, process_id: str) -> EngineIncident:
    return incident(
        task,
        "CALLED_ELEMENT_ERROR",
        Text(f"ไม่พบกระบวนการ {process_id} ที่ถูกเรียก", f"the called process {process_id} is not deployed"),
    )


def _kind(value: Any) -> Text:
    """The kind of a value; true, false and null are shown."""
    shown = {None: Text(" null ", "null"), True: Text(" true ", "true"), False: Text(" false ", "false")}
    if value is None or isinstance(value, bool):
        return shown[value]
    return _KINDS.get(type(value), Text("ตัวเลขหรือค่าอื่น", "a number or another value"))
