"""The yearly review: who of a unit still has what, and what its head takes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.operators.notices import mail
from workflows.operators.registry import operator
from workflows.ports import Change, Context, Message, Result
from workflows.rules import thai_dates

PAGE = 50
"""How many lines one work item lists at most."""


@operator(
    "review.load",
    inputs={"unit_code": "code of the unit"},
    outputs={
        "unit": "code, name, province, region of the unit",
        "pages": "the lines of the staff, at most 50 in a page: [{lines: [{username, name, position, role_code, role, "
        "system, since, last_use}]}]",
        "head_lines": "the lines of the unit's heads, who do not review themselves",
        "has_head": "true if the unit has a head who can review",
    },
)
def load(inputs: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
    """List every role that somebody holds for the unit. Heads do not review themselves: their lines stand apart."""
    code = str(inputs["unit_code"])
    unit = context.lookups.unit(code) or {"code": code, "name": code, "province": "", "region": ""}
    lines: list[dict[str, Any]] = []
    head_lines: list[dict[str, Any]] = []
    for held in context.lookups.grants_of_unit(code):
        line = {key: held[key] for key in ("username", "name", "position", "role_code", "role", "system")}
        line["since"] = thai_dates.short(held["granted_at"])
        line["last_use"] = thai_dates.short(held["last_used_at"]) if held["last_used_at"] else "–"
        (head_lines if held["is_head"] else lines).append(line)
    return {
        "unit": {key: unit[key] for key in ("code", "name", "province", "region")},
        "pages": [{"lines": lines[start : start + PAGE]} for start in range(0, len(lines), PAGE)],
        "head_lines": head_lines,
        "has_head": bool(context.lookups.group_emails(f"unit_head:{code}")),
    }


@operator(
    "review.apply",
    inputs={
        "unit": "the unit as review.load gives it",
        "lines": "the lines, each with its action keep or revoke",
        "case_number": "number of the case",
    },
    outputs={"kept": "how many roles stay", "revoked": "how many were taken back"},
)
def apply(inputs: Mapping[str, Any], context: Context) -> Result:
    """Take back the roles that the review does not keep, and tell each person by mail. What was taken back in another
    way meanwhile is left alone."""
    unit = inputs["unit"]
    held = {(each["username"], each["role_code"]): each for each in context.lookups.grants_of_unit(unit["code"])}
    gone = [line for line in inputs["lines"] if line["action"] == "revoke"]
    gone = [line for line in gone if (line["username"], line["role_code"]) in held]
    changes = tuple(
        Change("grant.revoke", {**{k: line[k] for k in ("username", "role_code")}, "unit_code": unit["code"]})
        for line in gone
    )
    messages: list[Message] = []
    for username in dict.fromkeys(line["username"] for line in gone):
        theirs = [line for line in gone if line["username"] == username]
        person = held[username, theirs[0]["role_code"]]
        values = {
            "name": person["name"],
            "unit_name": unit["name"],
            "case_number": inputs["case_number"],
            "roles": "\n".join(f"- {line['system']}: {line['role_code']} {line['role']}" for line in theirs),
        }
        messages.append(mail("mail.review_revoked", person["email"], values, context))
    counts = {"kept": len(inputs["lines"]) - len(gone), "revoked": len(gone)}
    return Result(counts, messages=tuple(messages), changes=changes)
