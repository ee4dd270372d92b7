"""Telling units' own systems what happened: a row for each endpoint that asked, in the transaction of what happened."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, insert, or_, select

from workflows.clock import real_now
from workflows.records import WebhookDelivery, WebhookEndpoint, new_id
from workflows.work import Work

_ASKING = select(WebhookEndpoint.id, WebhookEndpoint.events).where(
    or_(WebhookEndpoint.unit_code == "", WebhookEndpoint.unit_code == bindparam("unit")),
    WebhookEndpoint.state == "active",
)

_OF_AUTHENTICATIONS = ("claim_code", "service_code", "visit_kind", "profession", "method", "state", "review")
AUTHENTICATION_DATA = (*_OF_AUTHENTICATIONS, "service_on", "pid")
CASE_DATA = ("case", "number", "process", "outcome")
"""What the ``data`` of an event holds."""


def announce(work: Work, kind: str, unit_code: str, data: Mapping[str, Any]) -> int:
    """Queue an event (``workflows.rules.webhooks.EVENTS``) for the endpoints of its unit and for those of all units.

    ``data`` must hold nothing personal: claim code, codes, states, a masked citizen ID. Gives how many asked for it.
    """
    asking = work.db.execute(_ASKING, {"unit": unit_code})
    wanted = [row.id for row in asking if kind in row.events]
    if wanted:
        queue(work, wanted, kind, {"unit": unit_code, "created": work.now.isoformat(timespec="seconds"), "data": data})
    return len(wanted)


def queue(work: Work, endpoints: list[int], kind: str, said: Mapping[str, Any]) -> None:
    """Queue one event for these endpoints; all get the same event id."""
    event_id, now = f"evt_{new_id()}", real_now()
    body = json.dumps({"id": event_id, "type": kind, **said}, ensure_ascii=False, separators=(",", ":"))
    work.write(insert(WebhookDelivery), [delivery(endpoint, event_id, kind, body, now) for endpoint in endpoints])


def delivery(endpoint_id: int, event_id: str, kind: str, body: str, now: Any) -> dict[str, Any]:
    """The row of a message that is to be sent now."""
    return {
        "id": new_id(),
        "endpoint_id": endpoint_id,
        "event_id": event_id,
        "kind": kind,
        "body": body,
        "state": "pending",
        "made_at": now,
        "run_at": now,
        "attempts": 0,
        "tried_at": None,
        "status": None,
        "error": "",
        "milliseconds": None,
    }


def announce_authentication(work: Work, kind: str, row: Mapping[str, Any]) -> int:
    """Queue an event of an authentication; ``row`` is the authentication as it now is (``records.Authentication``)."""
    data = {name: row[name] for name in _OF_AUTHENTICATIONS}
    return announce(
        work, kind, row["unit_code"], {**data, "service_on": str(row["service_on"]), "pid": row["pid_masked"]}
    )
