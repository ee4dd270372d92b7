"""Cases that begin other cases and speak to them, through the outbox: every case keeps its own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from workflows.operators.registry import operator
from workflows.ports import Context, Message, Result


def start_of_case(
    process_id: str,
    variables: Mapping[str, Any],
    *,
    key: str,
    requester: str = "",
    message: str = "",
    at: datetime | None = None,
) -> Message:
    """The message that starts a case, at once or at a moment. The same ``key`` starts one case only."""
    payload = {"process": process_id, "variables": dict(variables), "requester": requester, "message": message}
    return Message("case.start", payload, key=f"case.start:{key}", at=at)


def word_to_case(
    name: str, correlation: str, variables: Mapping[str, Any], *, key: str, lasts: timedelta = timedelta(days=7)
) -> Message:
    """The message ``name`` for the case that waits for it under ``correlation``, kept for so long if none waits yet."""
    payload = {
        "name": name,
        "correlation": correlation,
        "variables": dict(variables),
        "seconds": int(lasts.total_seconds()),
    }
    return Message("case.tell", payload, key=f"case.tell:{key}")


@operator(
    "case.start",
    inputs={
        "process": "id of the process",
        "variables?": "its variables",
        "requester?": "whose case it is: a username; none = the requester of nobody, the system's own",
        "message?": "the message it starts with; none = its plain start",
        "key?": "the same key starts one case only; none = one for each case and process",
    },
)
def start(inputs: Mapping[str, Any], context: Context) -> Result:
    """Start a case of another process, once this step is stored. It goes its own way; nothing waits for it."""
    key = inputs["key"] or f"{context.case_id}/{inputs['process']}"
    message = start_of_case(
        inputs["process"],
        inputs["variables"] or {},
        key=key,
        requester=inputs["requester"] or "",
        message=inputs["message"] or "",
    )
    return Result(messages=(message,))


@operator(
    "case.tell",
    inputs={
        "message": "name of the BPMN message",
        "correlation": "correlation key the other case waits with",
        "variables?": "what the message brings along",
    },
)
def tell(inputs: Mapping[str, Any], context: Context) -> Result:
    """Send a message to the case that waits for it. If none waits yet it is kept for seven days."""
    name, correlation = inputs["message"], str(inputs["correlation"])
    key = f"{context.case_id}/{context.now.isoformat()}/{name}/{correlation}"
    return Result(messages=(word_to_case(name, correlation, inputs["variables"] or {}, key=key),))
