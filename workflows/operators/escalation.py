"""Work that nobody did in time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.operators.registry import operator
from workflows.ports import Change, Context, Result


@operator(
    "work_items.escalate",
    inputs={"elements": "ids of the tasks of this case that are too late", "group": "who may do them from now on, too"},
)
def escalate(inputs: Mapping[str, Any], context: Context) -> Result:
    """Offer the open work items of these tasks to a further group, such as the head of the level. Nobody loses them."""
    values = {"elements": [str(element) for element in inputs["elements"]], "group": inputs["group"]}
    return Result(changes=(Change("work_items.offer", values),))
