"""What the owner of a target system decides about differences between the register and what is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.operators.registry import operator
from workflows.ports import Change, Context, Result

_AGAIN = {"again": "grant", "revoke": "revoke"}
_BRINGS = {"missing": "again", "extra": "revoke"}


@operator(
    "drift.settle",
    inputs={
        "system": "the target system: code, name",
        "lines": "one {username, role_code, side, action, reason} each; action again, revoke or accept",
        "decide_by?": "bring = bring every line in line with the register, whatever its action says",
    },
    outputs={"settled": "how many lines were brought in line and how many accepted: {again, revoke, accept}"},
)
def settle(inputs: Mapping[str, Any], context: Context) -> Result:
    """Do what was decided line by line: grant again what is missing there, take away there what is too much, or accept
    the difference with its reason, which keeps it from being brought up again."""
    changes = []
    settled = {"again": 0, "revoke": 0, "accept": 0}
    for line in inputs["lines"]:
        action = _BRINGS[line["side"]] if inputs["decide_by"] == "bring" else line["action"]
        settled[action] += 1
        place = {
            "system_code": inputs["system"]["code"],
            "username": line["username"],
            "role_code": line["role_code"],
        }
        if action == "accept":
            changes.append(Change("difference.accept", {**place, "side": line["side"], "reason": line["reason"]}))
        else:
            changes.append(Change("provision.again", {**place, "action": _AGAIN[action]}))
    return Result({"settled": settled}, changes=tuple(changes))
