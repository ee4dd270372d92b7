"""The end of a bulk request: what was approved is issued in small parts, and everybody is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workflows.operators import accounts
from workflows.operators.bulk_notes import lines_of, note, rejection
from workflows.operators.notices import mail
from workflows.operators.other_cases import word_to_case
from workflows.operators.registry import operator
from workflows.ports import BpmnError, Change, Context, Message, Result

_AT_ONCE = 25
"""How many persons are issued in one transaction."""
_NEXT = "bulk_next"


@operator(
    "bulk.count",
    inputs={"requested_systems": "as bulk.load gives them"},
    outputs={"granted": "how many lines have at least one system that nobody refused"},
)
def count(inputs: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
    """Count the lines that can be issued."""
    open_lines = [line for line in lines_of(context) if line["state"] == "open"]
    return {"granted": sum(bool(_granted(line, inputs["requested_systems"])) for line in open_lines)}


@operator(
    "bulk.issue",
    inputs={
        "unit": "the unit as bulk.open gives it",
        "requested_systems": "as bulk.load gives them",
        "case_number": "number of the case",
    },
    outputs={"left": "how many lines are still to be issued"},
)
def issue(inputs: Mapping[str, Any], context: Context) -> Result:
    """Issue the next 25 persons: account, grants and a mail each, or a mail that says why not. While some are left the
    message ``bulk_next`` brings the case back, so that no transaction is long."""
    waiting = [line for line in lines_of(context) if line["state"] == "open"]
    messages: list[Message] = []
    changes: list[Change] = []
    settled = []
    for line in waiting[:_AT_ONCE]:
        reason = None
        granted = _granted(line, inputs["requested_systems"])
        if granted:
            try:
                done = accounts.issue(_person(line, granted, inputs), context)
            except BpmnError as refused:
                reason = refused.text.th
            else:
                messages += done.messages
                changes += done.changes
        state = "rejected" if not granted else "issued" if reason is None else "failed"
        reasons = {**line["reasons"], **({"issue": reason} if reason else {})}
        if state != "issued":
            why = reason or "; ".join(reasons.values())
            messages.append(rejection(line, why, inputs["case_number"], inputs["unit"]["name"], context))
        settled.append(
            {"line": line["line"], "state": state, "level": "issue", "systems": line["systems"], "reasons": reasons}
        )
    note(context, settled)
    if settled:
        changes.append(Change("bulk.decide", {"level": "issue", "lines": settled}))
    left = len(waiting) - len(settled)
    if left:
        key = f"{context.case_id}/{_NEXT}/{waiting[_AT_ONCE]['line']}"
        messages.append(word_to_case(_NEXT, str(context.case_id), {}, key=key))
    return Result({"left": left}, messages=tuple(messages), changes=tuple(changes))


@operator(
    "bulk.finish",
    inputs={
        "to": "e-mail address of the sender",
        "name": "name of the sender",
        "case_number": "number of the case",
        "unit_name": "name of the unit",
    },
    outputs={"outcome": "approved, partly_approved or rejected", "issued": "how many persons got what they asked for"},
)
def finish(inputs: Mapping[str, Any], context: Context) -> Result:
    """Tell the sender how it ended for how many."""
    lines = [line for line in lines_of(context) if line["state"] != "removed"]
    issued = [line for line in lines if line["state"] == "issued"]
    whole = len(issued) == len(lines) and not any("reject" in line["systems"].values() for line in issued)
    values = {
        **{key: inputs[key] for key in ("name", "case_number", "unit_name")},
        "issued": len(issued),
        "refused": len(lines) - len(issued),
        "link": f"{context.base_url}/cases/{inputs['case_number']}",
    }
    outcome = "approved" if whole else "partly_approved" if issued else "rejected"
    message = mail("mail.bulk_result", inputs["to"], values, context)
    return Result({"outcome": outcome, "issued": len(issued)}, messages=(message,))


def _granted(line: Mapping[str, Any], systems: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The systems of a line that nobody refused, with the roles it asks for in them."""
    return [each for each in _asked(line, systems) if line["systems"].get(each["code"]) != "reject"]


def _asked(line: Mapping[str, Any], systems: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    asked = ({**each, "roles": [r for r in each["roles"] if r["code"] in line["roles"]]} for each in systems)
    return [each for each in asked if each["roles"]]


def _person(line: Mapping[str, Any], granted: Sequence[Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """A line as account.issue wants it."""
    person, reasons = line["person"], line["reasons"]
    decided = line["systems"].items()
    return {
        **{key: person[key] for key in ("pid", "title", "first_name", "last_name", "position", "email", "mobile")},
        "request_kind": person["kind"],
        "handover": person["handover"],
        "unit": inputs["unit"],
        "granted_systems": granted,
        "requested_systems": _asked(line, inputs["requested_systems"]),
        "owner_results": [{"system": code, "decision": said, "comment": reasons.get(code)} for code, said in decided],
        "case_number": inputs["case_number"],
    }
