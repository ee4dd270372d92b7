"""The number of a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.clock import bangkok_date
from workflows.operators.registry import operator
from workflows.ports import Context
from workflows.rules import case_number


@operator(
    "case.number",
    outputs={"case_number": "such as 69-000123-8", "submitted_at": "when the request was sent (ISO, UTC)"},
)
def draw_number(inputs: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
    """Draw the number people follow their request by. It is drawn when the request is sent, so drafts use none up."""
    today = bangkok_date(context.now)
    running = int(context.lookups.next_number(case_number.series(today)))
    return {"case_number": case_number.make(today, running), "submitted_at": context.now.isoformat()}
