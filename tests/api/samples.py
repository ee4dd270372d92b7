"""Small processes and forms that the tests of the API deploy."""

from __future__ import annotations

import io
import json
from typing import Any

from PIL import Image

from tests.engine.diagrams import (
    END,
    START,
    boundary,
    catch,
    diagram,
    end,
    event,
    flows,
    gateway,
    message,
    script,
    timer,
    user,
    zeebe,
)

OFFERED = '<zeebe:assignmentDefinition candidateGroups="issuer"/>'
SHARED = '<zeebe:assignmentDefinition candidateGroups="unit_head:99001, unit_head:99002"/>'
FORM = '<zeebe:formDefinition formId="{}"/>'


def order() -> bytes:
    """Decide (form, group issuer) -> amount above 100? -> pay (no form) -> message ``paid`` -> end.

    Without an amount the condition is not boolean: an incident.
    """
    decide = (
        FORM.format("api_decide")
        + OFFERED
        + '<zeebe:priorityDefinition priority="60"/><zeebe:taskSchedule dueDate="=now() + duration(&quot;P2D&quot;)"/>'
        + '<zeebe:taskHeaders><zeebe:header key="ask" value="Decide it"/></zeebe:taskHeaders>'
    )
    return diagram(
        START,
        user("decide", decide),
        gateway("exclusive", "large", default="pay"),
        user("check", OFFERED),
        user("pay", OFFERED),
        catch("paid", event("message", "M")),
        END,
        flows("s>decide", "decide>large", "large>check[=amount > 100]", "large>pay", "check>pay", "pay>paid", "paid>e"),
        process_id="api_order",
        top=message("M", "paid", "=order_no"),
    )


def bare(process_id: str = "api_bare", offered: str = "") -> bytes:
    """One user task, offered to nobody unless said otherwise; it is given up after a day."""
    return diagram(
        START,
        user("do", offered),
        boundary("late", "do", timer("P1D")),
        END,
        end("given_up"),
        flows("s>do", "do>e", "late>given_up"),
        process_id=process_id,
    )


def asked() -> bytes:
    """A start form, then nothing to wait for: the amount is doubled."""
    return diagram(
        f'<bpmn:startEvent id="s">{zeebe(FORM.format("api_start"))}</bpmn:startEvent>',
        script("double", "=amount * 2", "doubled"),
        END,
        flows("s>double", "double>e"),
        process_id="api_asked",
    )


def failing() -> bytes:
    """Before anything else a condition that has no value."""
    return diagram(
        START,
        gateway("exclusive", "fails", default="e"),
        END,
        end("other"),
        flows("s>fails", "fails>e", "fails>other[=amount > 1]"),
        process_id="api_failing",
    )


def form(form_id: str, *components: dict[str, Any]) -> bytes:
    """A form-js schema."""
    numbered = [{"id": f"{form_id}_{number}", **component} for number, component in enumerate(components)]
    return json.dumps({"type": "default", "id": form_id, "schemaVersion": 19, "components": numbered}).encode()


def choice(key: str, *values: str) -> dict[str, Any]:
    return {
        "type": "radio",
        "key": key,
        "label": key,
        "validate": {"required": True},
        "values": [{"label": value, "value": value} for value in values],
    }


FILES = {
    "api_order.bpmn": order,
    "api_bare.bpmn": bare,
    "api_found.bpmn": lambda: bare("api_found"),
    "api_shared.bpmn": lambda: bare("api_shared", SHARED),
    "api_asked.bpmn": asked,
    "api_failing.bpmn": failing,
    "api_decide.form": lambda: form(
        "api_decide",
        choice("decision", "approve", "return", "reject"),
        {"type": "textarea", "key": "comment", "label": "comment"},
        {"type": "select", "key": "colour", "label": "colour", "valuesExpression": '=["red", "blue"]'},
        {"type": "filepicker", "key": "files", "label": "files", "multiple": True},
    ),
    "api_start.form": lambda: form(
        "api_start", {"type": "number", "key": "amount", "label": "amount", "validate": {"required": True, "min": 1}}
    ),
}


def picture() -> bytes:
    """A small JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, "JPEG")
    return out.getvalue()
