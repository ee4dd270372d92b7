"""Pinning the product's clock, in demonstrations and tests only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import abort

from app.access import allow, current_actor, product
from app.api.body import read_body, wrong
from app.api.describe import NUMBER, describe, options
from app.api.resource import resource
from workflows.commands.pin_clock import PinClock
from workflows.pinned_clock import PinnedClock
from workflows.rules.scopes import FULL

FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)

routes = resource("clock")


@routes.put("/clock")
@allow("api", scope=FULL)
@describe(
    "Let the clock stand at a moment (milliseconds since 1970); 404 unless CLOCK_CONTROL=1. For administrators",
    body=options(("timestamp",), timestamp=NUMBER),
    answers={204: None},
)
def pin() -> Any:
    _demand_control()
    low, high = int(FIRST.timestamp() * 1000), int(LAST.timestamp() * 1000)
    timestamp = read_body().number("timestamp", low=low, high=high)
    if timestamp is None:
        raise wrong("timestamp", "given, in milliseconds since 1970", "มิลลิวินาทีนับจาก ค.ศ. 1970")
    return _set(datetime.fromtimestamp(timestamp / 1000, UTC))


@routes.post("/clock/reset")
@allow("api", scope=FULL)
@describe("Let the clock run again; 404 unless CLOCK_CONTROL=1. For administrators", answers={204: None})
def reset() -> Any:
    _demand_control()
    return _set(None)


def _demand_control() -> None:
    if not product().settings.clock_control:
        abort(404)


def _set(at: datetime | None) -> Any:
    runtime = product().runtime
    runtime.execute(PinClock(at), current_actor())
    if isinstance(runtime.clock, PinnedClock):
        runtime.clock.changed()
    return "", 204
