"""Rounds of grants: the round of a request, and what a round does on its way. The registers count and move."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from workflows.clock import bangkok_date
from workflows.errors import Text
from workflows.operators.registry import operator
from workflows.ports import BpmnError, Change, Context, Result
from workflows.rules.round_schedules import NoSchedule, Placed, covering, placed, schedule_of
from workflows.rules.working_days import OutsideCalendar

_ASKED = {
    "channel": "regular or smartcard",
    "unit": "the unit as unit.load gives it",
    "systems?": "the systems asked for, as catalogue.systems gives them",
}
_FOUND = {
    "round": "id, schedule, name, cutoff, closes_on, effective_on, opens_on (ISO dates)",
    "effective_on": "the day the grants become effective (ISO date)",
}
_DECIDED = Text(
    "รอบออกสิทธิตัดสินรายการนี้ไปแล้ว รอผลของรอบ", "The round has decided this line already; its word is on the way"
)
_THIS = {"round_id": "id of the round"}


@operator(
    "round.choose",
    inputs=_ASKED,
    outputs={**_FOUND, "opens_on": "the day the round opens (ISO date), if that is still to come"},
)
def choose(inputs: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
    """The round a request would be in if it were sent now, so that its requester knows before sending.

    All are null where no schedule covers it or the calendar of holidays ends: nothing is promised then.
    """
    try:
        found = _round_of(inputs, context, context.now)
    except (NoSchedule, OutsideCalendar):
        return {"round": None, "effective_on": None, "opens_on": None}
    opens_on = found.round.opens_on if found.round.opens_after(bangkok_date(context.now)) else None
    return {
        "round": found.as_json(),
        "effective_on": found.round.effective_on.isoformat(),
        "opens_on": opens_on.isoformat() if opens_on else None,
    }


@operator(
    "round.join",
    inputs={**_ASKED, "sent_at?": "when it was sent (ISO), if that was before now"},
    outputs=_FOUND,
)
def join(inputs: Mapping[str, Any], context: Context) -> Result:
    """Enter the case into the round of the Bangkok day on which it was sent."""
    sent_at = datetime.fromisoformat(inputs["sent_at"]) if inputs["sent_at"] else context.now
    found = _round_of(inputs, context, sent_at)
    return _joined(found, "waiting")


@operator("round.enlist", inputs=_ASKED, outputs=_FOUND)
def enlist(inputs: Mapping[str, Any], context: Context) -> Result:
    """Everybody has agreed: put the case on the list of the round that is open now.

    Where no schedule covers it or the calendar of holidays ends it is in no round, both are null, and the issuer alone
    takes care of it.
    """
    try:
        return _joined(_round_of(inputs, context, context.now), "approved")
    except (NoSchedule, OutsideCalendar):
        return Result({"round": None, "effective_on": None})


@operator(
    "round.take",
    inputs={"round_result?": "what the round has said of the case already"},
    errors={"ROUND_DECIDED": "the round has decided it; the case must wait for its word"},
)
def take(inputs: Mapping[str, Any], context: Context) -> Result:
    """The issuer takes the case up by itself: it leaves the list of its round, so that nothing is issued twice."""
    line = context.lookups.round_line(context.case_id)
    if inputs["round_result"] is not None or line in (None, "singly", "left"):
        return Result()
    if line in ("effective", "refused"):
        raise BpmnError("ROUND_DECIDED", _DECIDED)
    return Result(changes=(Change("round.take", {}),))


@operator("round.ready")
def ready(inputs: Mapping[str, Any], context: Context) -> Result:
    """Everybody has agreed: the case is on the list of its round."""
    return Result(changes=(Change("round.ready", {}),))


@operator("round.leave")
def leave(inputs: Mapping[str, Any], context: Context) -> Result:
    """The case is rejected or withdrawn: its round goes on without it."""
    return Result(changes=(Change("round.leave", {}),))


@operator("round.open", inputs=_THIS)
def open_round(inputs: Mapping[str, Any], context: Context) -> Result:
    """This case carries out the round from now on."""
    return Result(changes=(Change("round.open", {"round_id": inputs["round_id"]}),))


@operator("round.close", inputs=_THIS, outputs={"lines": "how many approved cases are on the list"})
def close(inputs: Mapping[str, Any], context: Context) -> Result:
    """Close the list. What is not approved yet is carried over to the following round, and told why."""
    lines = context.lookups.round_lines(inputs["round_id"]).get("approved", 0)
    return Result({"lines": lines}, changes=(Change("round.close", {"round_id": inputs["round_id"], "lines": lines}),))


@operator("round.confirm", inputs=_THIS, outputs={"undecided": "lines that somebody else must still confirm"})
def confirm(inputs: Mapping[str, Any], context: Context) -> Result:
    """Confirm every line that nobody has decided yet, but for the issuer's own."""
    own = context.lookups.own_round_lines(inputs["round_id"], context.actor)
    return Result({"undecided": own}, changes=(Change("round.confirm", {"round_id": inputs["round_id"]}),))


@operator("round.carry", inputs={**_THIS, "reason": "why, as the requesters are told"})
def carry(inputs: Mapping[str, Any], context: Context) -> Result:
    """Carry what nobody has confirmed over to the following round."""
    rest = {"round_id": inputs["round_id"], "reason": inputs["reason"]}
    return Result(changes=(Change("round.carry", rest),))


@operator("round.effect", inputs=_THIS)
def effect(inputs: Mapping[str, Any], context: Context) -> Result:
    """The effective day has come: confirmed lines are granted, and their cases are told."""
    return Result(changes=(Change("round.effect", {"round_id": inputs["round_id"]}),))


@operator("round.end", inputs=_THIS)
def end(inputs: Mapping[str, Any], context: Context) -> Result:
    """Every line of the round is decided."""
    return Result(changes=(Change("round.end", {"round_id": inputs["round_id"]}),))


def _joined(found: Placed, line: str) -> Result:
    variables = {"round": found.as_json(), "effective_on": found.round.effective_on.isoformat()}
    return Result(variables, changes=(Change("round.join", {**found.as_json(), "line": line}),))


def _round_of(inputs: Mapping[str, Any], context: Context, sent_at: datetime) -> Placed:
    systems = inputs["systems"] or []
    row = covering(context.lookups.round_schedules(), inputs["channel"], str(inputs["unit"]["region"]), systems)
    return placed(row, schedule_of(row).open_round(sent_at, context.working_days))
