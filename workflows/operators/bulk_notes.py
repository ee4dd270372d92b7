"""The lines of a bulk request while a step runs: as the register has them, and what the step makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workflows.operators.notices import mail
from workflows.ports import Context, Message
from workflows.rules import masking


def lines_of(context: Context) -> list[Mapping[str, Any]]:
    """The lines as they will be once everything this run has done so far is stored."""
    if "lines" not in context.notes:
        context.notes["lines"] = {line["line"]: line for line in context.lookups.lines(context.case_id)}
    noted: dict[int, Mapping[str, Any]] = context.notes["lines"]
    return list(noted.values())


def note(context: Context, changed: Sequence[Mapping[str, Any]]) -> None:
    """Remember what these lines will be ({line, …what changes})."""
    lines_of(context)
    noted = context.notes["lines"]
    noted.update({line["line"]: {**noted.get(line["line"], {}), **line} for line in changed})


def waits(line: Mapping[str, Any], level: str, system: Mapping[str, Any] | None = None) -> bool:
    """Whether a line waits for the decision of this level, or of the owner of this system."""
    if line["state"] != "open":
        return False
    if system is None:
        return bool(line["level"] != level)
    of_system = {str(role["code"]) for role in system["roles"]}
    return not of_system.isdisjoint(line["roles"]) and line["systems"].get(system["code"]) not in ("approve", "reject")


def rejection(
    line: Mapping[str, Any], reason: str | None, case_number: str, unit_name: str, context: Context
) -> Message:
    """The mail that tells a person why not."""
    person = line["person"]
    values = {
        "name": f"{person['first_name']} {person['last_name']}",
        "case_number": case_number,
        "unit_name": unit_name,
        "reason": masking.in_text(reason or "-"),
        "site": context.base_url,
    }
    return mail("mail.rejected", person["email"], values, context)
