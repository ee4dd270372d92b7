"""Messages from the product to itself: they start cases, and bring words to cases that wait for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from workflows.actor import WORKER
from workflows.commands.publish_message import PublishMessage
from workflows.commands.put_back_items import PutBackItems
from workflows.commands.start_case import StartCase
from workflows.delivery import Effect
from workflows.errors import Conflict, EngineIncident
from workflows.runtime import Runtime


def starts_cases(runtime: Runtime) -> Effect:
    """Start a case; the answer says which. A message that comes again starts none."""

    def start(payload: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        command = StartCase(
            payload["process"],
            variables=dict(payload["variables"]),
            message=payload.get("message") or "",
            requester=payload.get("requester") or "",
            origin=key,
        )
        try:
            return {"started_case": str(runtime.execute(command, WORKER).case_id)}
        except EngineIncident as incident:
            if "case" not in incident.details:
                raise
            return {"started_case": str(incident.details["case"])}  # started, and now waits for someone to mend it

    return start


def puts_back_items(runtime: Runtime) -> Effect:
    """Release what somebody had taken. Doing it again releases nothing more."""

    def put_back(payload: Mapping[str, Any], key: str) -> None:
        runtime.execute(PutBackItems(payload["username"]), WORKER)

    return put_back


def tells_cases(runtime: Runtime) -> Effect:
    """Publish a BPMN message. One that comes again was received already."""

    def tell(payload: Mapping[str, Any], key: str) -> None:
        command = PublishMessage(
            payload["name"],
            payload["correlation"],
            dict(payload["variables"]),
            timedelta(seconds=payload["seconds"]),
            message_id=key,
        )
        try:
            runtime.execute(command, WORKER)
        except Conflict as conflict:
            if "message_id" not in conflict.details:
                raise
        except EngineIncident:
            pass  # it was received; the case that got it now waits for someone to mend it

    return tell
