"""The service clock of a case. The case row keeps it; these only say when it starts, pauses, goes on and stops."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.operators.registry import operator
from workflows.ports import Change, Context, Result


@operator(
    "sla.start",
    inputs={"days": "how many days the region has", "day_kind": "working or calendar"},
)
def start(inputs: Mapping[str, Any], context: Context) -> Result:
    """Start the clock: the documents are complete and correct. A second start changes nothing."""
    return Result(changes=(Change("sla.start", {"total": int(inputs["days"]), "unit": inputs["day_kind"]}),))


@operator("sla.pause")
def pause(inputs: Mapping[str, Any], context: Context) -> Result:
    """Pause the clock: the request went back to its requester. Before the start there is nothing to pause."""
    return Result(changes=(Change("sla.pause", {}),))


@operator("sla.resume")
def resume(inputs: Mapping[str, Any], context: Context) -> Result:
    """Let a paused clock go on: the corrected request came back."""
    return Result(changes=(Change("sla.resume", {}),))


@operator("sla.stop")
def stop(inputs: Mapping[str, Any], context: Context) -> Result:
    """Stop the clock for good: the answer is sent."""
    return Result(changes=(Change("sla.stop", {}),))
