"""What the register knows about the unit of a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.errors import Text
from workflows.operators.registry import both, operator
from workflows.ports import BpmnError, Context

_KEPT = ("code", "name", "kind", "province", "region", "supervisor", "supervisor_name")


@operator(
    "unit.load",
    inputs={"unit_code": "code of the unit", "pid": "citizen ID of the applicant"},
    outputs={
        "unit": "code, name, kind, province, region, supervisor (code or null), supervisor_name",
        "applicant_is_head": "true if the applicant, or who asks for them, is a head of the unit and cannot decide it",
    },
    errors={"UNIT_UNKNOWN": "there is no such unit; variable problem says so"},
)
def load_unit(inputs: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
    """Read the unit from the register: its kind decides the roles, its region and supervisor the way of the request."""
    unit = context.lookups.unit(inputs["unit_code"])
    if unit is None:
        text = Text(
            f"ไม่พบหน่วยงานรหัส {inputs['unit_code']} ในทะเบียน กรุณาตรวจรหัสหน่วยงาน",
            f"There is no unit {inputs['unit_code']} in the register; check the code",
        )
        raise BpmnError("UNIT_UNKNOWN", text, {"problem": both(text)})
    asked_by_head = f"unit_head:{unit['code']}" in context.actor.groups
    return {
        "unit": {key: unit[key] for key in _KEPT},
        "applicant_is_head": asked_by_head or context.lookups.is_head(inputs["pid"], unit["code"]),
    }
