"""Messages from the outside to waiting cases. For process owners and administrators; a requester may withdraw."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import jsonify

from app.access import allow, current_actor, product
from app.api.body import Body, read_body
from app.api.describe import ANYTHING, KEY, NUMBER, TEXT, describe, options, record
from app.api.resource import TENANT, key, refuse_other_tenant, resource
from workflows.commands.publish_message import PublishMessage
from workflows.commands.withdraw_case import MESSAGE as WITHDRAW
from workflows.commands.withdraw_case import WithdrawCase
from workflows.errors import EngineIncident, NotAllowed, NotFound, Text
from workflows.queries import search_cases
from workflows.records import new_id
from workflows.rules.scopes import FULL

SENDERS = frozenset({"designer", "admin"})
_LONGEST_LIFE = timedelta(days=31)

routes = resource("messages")


@routes.post("/messages/publication")
@allow("api", scope=FULL)
@describe(
    "Bring a message to the case that waits for it, or keep it for timeToLive milliseconds",
    body=options(
        ("name",),
        name=TEXT,
        correlationKey=TEXT,
        timeToLive=NUMBER,
        messageId=TEXT,
        variables=ANYTHING,
        tenantId=TEXT,
    ),
    answers={200: record(tenantId=TEXT, messageKey=KEY)},
)
def publish() -> Any:
    message_key, _ = _publish(read_body(), must_correlate=False)
    return jsonify(tenantId=TENANT, messageKey=key(message_key))


@routes.post("/messages/correlation")
@allow("api", scope=FULL)
@describe(
    "Bring a message to the case that waits for it; 404 when none does",
    body=options(("name",), name=TEXT, correlationKey=TEXT, variables=ANYTHING, tenantId=TEXT),
    answers={200: record(tenantId=TEXT, messageKey=KEY, processInstanceKey=KEY)},
)
def correlate() -> Any:
    message_key, case_id = _publish(read_body(), must_correlate=True)
    return jsonify(tenantId=TENANT, messageKey=key(message_key), processInstanceKey=key(case_id))


def _publish(body: Body, *, must_correlate: bool) -> tuple[int, int | None]:
    refuse_other_tenant(body.text("tenantId"))
    name, correlation_key = body.required_text("name", longest=256), body.text("correlationKey", longest=1000) or ""
    variables, message_id = body.mapping("variables"), body.text("messageId", longest=256)
    longest = _LONGEST_LIFE // timedelta(milliseconds=1)
    life = timedelta(milliseconds=body.number("timeToLive", low=0, high=longest) or 0)
    runtime, actor = product().runtime, current_actor()
    if not actor.roles & SENDERS:
        return new_id(), _withdraw(name, correlation_key)
    command = PublishMessage(name, correlation_key, variables, life, message_id, must_correlate)
    try:
        return runtime.execute(command, actor)
    except EngineIncident as incident:
        if "case" not in incident.details:
            raise
        return new_id(), int(incident.details["case"])  # the message was taken and is kept with the incident


def _withdraw(name: str, correlation_key: str) -> int:
    """The one message a requester may send: to take back their own request, as the page does."""
    runtime, actor = product().runtime, current_actor()
    if name != WITHDRAW or not (correlation_key.isascii() and correlation_key.isdigit() and len(correlation_key) < 19):
        raise NotAllowed(
            Text(
                "เฉพาะเจ้าของกระบวนงานและผู้ดูแลระบบส่งข้อความถึงเรื่องได้",
                "Only process owners and administrators may send messages to cases",
            )
        )
    with runtime.reading() as db:
        case = search_cases.by_id(db, actor, int(correlation_key))
    if case["state"] != "ACTIVE":
        raise NotFound(Text("ไม่มีเรื่องใดรอข้อความนี้", "No case waits for this message"))
    runtime.execute(WithdrawCase(int(case["id"])), actor)
    return int(case["id"])
